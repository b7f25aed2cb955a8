/// HTML being built: text is escaped by its context, markup is written as such.
struct HTML {
    private(set) var source = ""

    /// Markup of our own.
    mutating func raw(_ markup: StaticString) { source += markup.description }

    /// Text from anywhere.
    mutating func text(_ text: String) { source += Self.escaped(text) }

    /// `<tag class="...">`; `classes` are names of our own.
    mutating func open(_ tag: StaticString, class name: String? = nil, _ attributes: [(StaticString, String)] = []) {
        source += "<\(tag)"
        if let name { source += " class=\"\(Self.escaped(name))\"" }
        for (key, value) in attributes { source += " \(key)=\"\(Self.escaped(value))\"" }
        source += ">"
    }

    mutating func close(_ tag: StaticString) { source += "</\(tag)>" }

    mutating func element(_ tag: StaticString, class name: String? = nil, _ text: String) {
        open(tag, class: name)
        self.text(text)
        close(tag)
    }

    mutating func element(
        _ tag: StaticString, class name: String? = nil, _ attributes: [(StaticString, String)] = [],
        _ body: (inout HTML) -> Void
    ) {
        open(tag, class: name, attributes)
        body(&self)
        close(tag)
    }

    /// The style sheet of this program, which holds no markup.
    mutating func style(_ css: String) { source += css }

    /// Lines of text whose breaks stay; every line was made harmless before.
    mutating func preformatted(_ lines: String) {
        for (index, line) in lines.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { source += "\n" }
            text(String(line))
        }
    }

    /// Our own text with `code` between back-ticks.
    mutating func prose(_ text: String) {
        for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 { element("code", String(part)) } else { self.text(String(part)) }
        }
    }

    /// Good in text and in quoted attributes.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in Wording.plain(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
