import AssayModel

/// Many domains on one page: how the grades spread, what one change would mend at once, and a league table.
struct OverviewSection {
    let words: Wording

    func write(_ overview: Overview, isLinked: Bool, _ html: inout HTML) {
        html.element("header") { html in
            html.element("p", class: "kicker", words("title.kicker"))
            html.element("h1", words("title.overview"))
            html.element("p", words("overview.lead", ["domains": "\(overview.count)"]))
        }
        html.element("section") { html in
            distribution(overview, &html)
            shared(overview, &html)
            html.element("h2", words("overview.league"))
            let order = overview.checkers.indices.sorted { overview.checkers[$0] < overview.checkers[$1] }
            let names = order.map { overview.checkers[$0] }
            html.table(
                words("title.overview"), class: "heat league",
                columns: [words("overview.domain"), words("overview.score")] + names
            ) { html in
                for row in overview.sorted { self.row(row, order, isLinked: isLinked, &html) }
            }
        }
    }

    /// Thousands of rows: tags that HTML closes by itself are left to it, and glyphs to the style sheet.
    private func row(_ row: Overview.Row, _ order: [Int], isLinked: Bool, _ html: inout HTML) {
        html.raw("<tr><th scope=row>")
        if isLinked {
            html.element("a", [("href", "#\(row.anchor)")]) { $0.text(row.domain) }
        } else {
            html.text(row.domain)
        }
        html.raw("<td>")
        html.text(row.score.map { "\($0) \(row.grade)" } ?? words("status.untold"))
        for number in order {
            let cell = number < row.cells.count ? row.cells[number] : Overview.untold
            if let severity = Overview.severity(cell) {
                html.raw(Self.cells[severity] ?? "<td>")
                html.text(words.name(of: severity))
            } else if cell == Overview.pass {
                html.raw("<td class=pass>")
                html.text(words("overview.pass"))
            } else {
                html.raw("<td class=untold>")
                html.text(words("status.untold"))
            }
        }
        html.raw("\n")
    }

    private static let cells: [Severity: StaticString] = [
        .critical: "<td class=critical>", .high: "<td class=high>", .medium: "<td class=medium>",
        .low: "<td class=low>", .info: "<td class=info>",
    ]

    private func distribution(_ overview: Overview, _ html: inout HTML) {
        guard !overview.grades.isEmpty else { return }
        html.element("h2", words("overview.distribution"))
        html.element("ul", class: "tiles") { html in
            // `A+` before `A`.
            for (grade, count) in overview.grades.sorted(by: { $0.key + "~" < $1.key + "~" }) {
                html.element("li", class: "tile") { html in
                    html.element("strong", "\(count)")
                    html.element("span", grade)
                }
            }
        }
    }

    private func shared(_ overview: Overview, _ html: inout HTML) {
        let shared = overview.shared
        guard !shared.isEmpty else { return }
        html.element("h2", words("overview.shared"))
        html.element("ul") { html in
            for cause in shared {
                html.element("li", class: cause.severity.rawValue) { html in
                    let title = "\(cause.title), \(Wording.subject(cause.subject))"
                    html.text(words("overview.shared.row", ["title": title, "domains": "\(cause.count)"]))
                }
            }
        }
    }
}
