import AssayModel

/// Mail hosts by address: what was seen at each step of a delivery, worst in colour, glyph and word.
struct HostSection {
    let words: Wording

    func write(_ report: Report, _ html: inout HTML) {
        let rows = Hosts(words: words).table(report)
        guard !rows.isEmpty else { return }
        let hasDANE = rows.contains { !$0.dane.words.isEmpty }
        let columns = ["reach", "starttls", "tls", "certificate", "dane", "policy"].filter { hasDANE || $0 != "dane" }
        html.element("section", [("id", "\(report.domain)-hosts")]) { html in
            html.element("h2", words("title.hosts"))
            PathPicture(words: words).write(report, rows, &html)
            html.table(
                words("title.hosts"), columns: (["host", "address"] + columns).map { words("host.column.\($0)") }
            ) {
                html in
                for row in rows { write(row, hasDANE: hasDANE, &html) }
            }
            ChainPicture(words: words).write(report, &html)
        }
    }

    private func write(_ row: Hosts.Row, hasDANE: Bool, _ html: inout HTML) {
        html.element("tr") { html in
            html.element("th", [("scope", "row")]) { html in
                html.element("span", class: "pref", "\(row.preference)")
                html.text(" \(row.host)")
            }
            html.element("td", class: "mono", row.address)
            let cells =
                [row.reach, row.starttls, row.tls, row.certificate] + (hasDANE ? [row.dane] : []) + [row.policy]
            for cell in cells { self.cell(cell, &html) }
        }
    }

    private func cell(_ cell: Hosts.Cell, _ html: inout HTML) {
        if cell.words.isEmpty { return html.element("td", class: "none", "–") }
        html.element("td", class: cell.severity?.rawValue ?? (cell.isTold ? "pass" : "untold")) { html in
            html.glyph(cell.severity.map(Wording.glyph) ?? (cell.isTold ? "✓" : "?"))
            html.text(" " + cell.words)
        }
    }
}
