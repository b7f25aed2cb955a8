package import AssayModel
import Yams

/// The languages of reports (`rules/lang/*.yaml`).
package enum Languages {
    /// `en` first, then by name.
    package static var all: [String] { ["en"] + RuleSource.languages.map(code).filter { $0 != "en" }.sorted() }

    /// The words in that language with English behind them; nil for a language that is not there.
    package static func catalogue(_ language: String) throws(RuleError) -> Catalogue? {
        guard let source = RuleSource.languages.first(where: { code($0) == language }) else { return nil }
        let texts = try read(source)
        if language == "en" { return Catalogue(language: language, texts: texts) }
        return Catalogue(language: language, texts: texts, fallback: try english())
    }

    /// English; it came with the program, and a test reads it.
    package static var standard: Catalogue {
        Catalogue(language: "en", texts: (try? english()) ?? [:])
    }

    private static func english() throws(RuleError) -> [String: String] {
        guard let source = RuleSource.languages.first(where: { code($0) == "en" }) else { return [:] }
        return try read(source)
    }

    /// Text by key; `findings.ID.title` and `findings.ID.remedy` for those of rules.
    package static func read(_ source: RuleSource) throws(RuleError) -> [String: String] {
        let document = try YAMLDocument(source)
        guard let words = document.root["words"]?.mapping else {
            throw document.error(document.root, "words is missing or no mapping")
        }
        var texts: [String: String] = [:]
        for (key, value) in words {
            guard let key = key.string, let text = value.string else { throw document.error(value, "a text is wanted") }
            texts[key] = text
        }
        for (id, value) in document.root["findings"]?.mapping ?? [:] {
            guard let id = id.string, let parts = value.mapping else {
                throw document.error(value, "title, text and remedy are wanted")
            }
            for (part, text) in parts {
                guard let part = part.string, ["title", "text", "remedy"].contains(part), let text = text.string else {
                    throw document.error(text, "title, text and remedy are wanted")
                }
                texts["findings.\(id).\(part)"] = text
            }
        }
        return texts
    }

    private static func code(_ source: RuleSource) -> String {
        let name = source.name.utf8.split(separator: UInt8(ascii: "/")).last ?? source.name.utf8[...]
        return String(decoding: name.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
    }
}
