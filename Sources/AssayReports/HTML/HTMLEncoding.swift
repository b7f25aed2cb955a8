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

    /// What is this program's own: the style sheet, the script, escaped JSON.
    mutating func ours(_ text: String) { source += text }

    /// A sign beside a word that says the same.
    mutating func glyph(_ glyph: String) {
        element("span", class: "glyph", [("aria-hidden", "true")]) { $0.text(glyph) }
    }

    /// A table that scrolls by itself on a narrow screen; `label` names it for who does not see it.
    mutating func table(
        _ label: String, class name: String? = nil, columns: [String], _ rows: (inout HTML) -> Void
    ) {
        element("div", class: "scroll", [("tabindex", "0"), ("role", "region"), ("aria-label", label)]) { html in
            html.element("table", class: name) { html in
                if !columns.isEmpty {
                    html.raw("<thead><tr>")
                    for column in columns { html.element("th", [("scope", "col")]) { $0.text(column) } }
                    html.raw("</tr></thead>")
                }
                html.element("tbody") { rows(&$0) }
            }
        }
        raw("\n")
    }

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
