/// HTML being built, in UTF-8: text is escaped by its context, markup is written as such.
struct HTML {
    private(set) var octets: [UInt8] = []

    /// Markup of our own.
    mutating func raw(_ markup: StaticString) { append(markup) }

    /// Text from anywhere.
    mutating func text(_ text: String) { Self.escape(text, into: &octets) }

    /// `<tag class="...">`; `classes` are names of our own.
    mutating func open(_ tag: StaticString, class name: String? = nil, _ attributes: [(StaticString, String)] = []) {
        octets.append(UInt8(ascii: "<"))
        append(tag)
        if let name { attribute("class", name) }
        for (key, value) in attributes { attribute(key, value) }
        octets.append(UInt8(ascii: ">"))
    }

    private mutating func attribute(_ key: StaticString, _ value: String) {
        octets.append(UInt8(ascii: " "))
        append(key)
        append("=\"")
        text(value)
        octets.append(UInt8(ascii: "\""))
    }

    mutating func close(_ tag: StaticString) {
        append("</")
        append(tag)
        octets.append(UInt8(ascii: ">"))
    }

    private mutating func append(_ text: StaticString) {
        octets.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

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

    /// What is this program's own: the style sheet, the script, base64.
    mutating func ours(_ text: String) { octets += text.utf8 }

    /// HTML that was made apart.
    mutating func part(_ html: HTML) { octets += html.octets }

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
            if index > 0 { octets.append(0x0A) }
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
    private static func escape(_ text: String, into octets: inout [UInt8]) {
        var text = text
        let isPlain = text.withUTF8 { utf8 in
            let isPlain = utf8.allSatisfy(isHarmless)
            if isPlain { octets.append(contentsOf: utf8) }
            return isPlain
        }
        if isPlain { return }
        for octet in Wording.plain(text).utf8 {
            switch octet {
            case UInt8(ascii: "&"): octets += "&amp;".utf8
            case UInt8(ascii: "<"): octets += "&lt;".utf8
            case UInt8(ascii: ">"): octets += "&gt;".utf8
            case UInt8(ascii: "\""): octets += "&quot;".utf8
            case UInt8(ascii: "'"): octets += "&#39;".utf8
            default: octets.append(octet)
            }
        }
    }

    /// ASCII that stands for itself everywhere.
    private static func isHarmless(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
        default: (0x20..<0x7F).contains(octet)
        }
    }
}
