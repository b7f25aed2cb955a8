/// The words of reports by key, in one language, with English behind it (`rules/lang`).
package struct Catalogue: Sendable {
    /// `en`, `nl`.
    package let language: String
    private let texts: [String: String]
    private let fallback: [String: String]

    package init(language: String, texts: [String: String], fallback: [String: String] = [:]) {
        self.language = language
        self.texts = texts
        self.fallback = fallback
    }

    /// The text with `{name}` replaced; the key itself where nobody has it, so that a gap shows.
    package func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
        let text = optional(key) ?? key
        return values.isEmpty ? text : Self.filled(text, values)
    }

    package func optional(_ key: String) -> String? { texts[key] ?? fallback[key] }

    /// `1 check`, `2 checks`: of `count.check.one` and `count.check.other`.
    package func count(_ count: Int, _ noun: String) -> String {
        self("count.\(noun).\(count == 1 ? "one" : "other")", ["n": "\(count)"])
    }

    /// Values are put in as they are, once: a brace in a value is no placeholder.
    private static func filled(_ text: String, _ values: [String: String]) -> String {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")),
                let value = values[String(decoding: rest[..<end], as: UTF8.self)]
            else {
                result.append(byte)
                continue
            }
            result += Array(value.utf8)
            rest = rest[(end + 1)...]
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Names between braces, in order.
    package static func placeholders(_ text: String) -> [String] {
        var names: [String] = []
        var rest = Array(text.utf8)[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "{")),
            let end = rest[start...].firstIndex(of: UInt8(ascii: "}"))
        {
            names.append(String(decoding: rest[(start + 1)..<end], as: UTF8.self))
            rest = rest[(end + 1)...]
        }
        return names
    }
}
