import AssayModel

/// Who cannot deliver now, and who reads the mail: two tables whose cells open their reasoning.
struct SenderSection {
    let words: Wording

    func write(_ report: Report, _ html: inout HTML) {
        let table = SenderTable(words: words)
        let rows = table.rows(report)
        guard !rows.isEmpty else { return }
        html.element("section", [("id", "\(report.domain)-senders")]) { html in
            html.element("h2", words("title.cannot"))
            if rows.allSatisfy({ !$0.isStopped }) { html.element("p", words("sender.all")) }
            html.table(words("title.cannot"), class: "heat", columns: [words("sender.column"), words("attack.none")]) {
                html in
                for row in rows { self.row(row, ["none"], report, &html) }
            }
            guard rows.contains(where: { !$0.isStopped }) else { return }
            html.element("h2", words("title.reads"))
            let attacks = Array(SenderTable.attacks.dropFirst())
            html.table(
                words("title.reads"), class: "heat",
                columns: [words("sender.column")] + attacks.map(table.title(ofAttack:))
            ) { html in
                for row in rows { self.row(row, attacks, report, &html) }
            }
            directory(report, rows, &html)
        }
    }

    private func row(_ row: SenderTable.Row, _ attacks: [String], _ report: Report, _ html: inout HTML) {
        html.element("tr") { html in
            html.element("th", [("scope", "row")]) { $0.text(row.title) }
            for attack in attacks {
                guard let cell = row.cells.first(where: { $0.attack == attack }) else {
                    html.element("td", class: "untold") { html in
                        html.glyph("?")
                        html.text(" " + words("sender.cell.untold"))
                    }
                    continue
                }
                self.cell(cell, report, &html)
            }
        }
    }

    private func cell(_ cell: SenderTable.Cell, _ report: Report, _ html: inout HTML) {
        let isStopped = cell.outcome == "defer" || cell.outcome == "bounce"
        // The style sheet has a glyph for each name.
        let (name, key) =
            cell.isRead
            ? ("high", "read")
            : isStopped
                ? (cell.attack == "none" ? "critical" : "medium", "waits")
                : ("pass", cell.attack == "none" ? "delivers" : "safe")
        html.element("td", class: name) { html in
            html.element("details") { html in
                html.element("summary", words("sender.cell.\(key)"))
                html.element("p") { html in
                    html.text(cell.words)
                    if cell.dependsOnCache { html.text(". " + words("sender.cache")) }
                }
            }
        }
    }

    private func directory(_ report: Report, _ rows: [SenderTable.Row], _ html: inout HTML) {
        guard let directory = report.senderDirectory else { return }
        html.element("details", class: "names") { html in
            html.element("summary", words("sender.names", ["date": directory.asOf]))
            html.element("ul") { html in
                for row in rows where !row.names.isEmpty {
                    html.element("li", "\(row.title): \(row.names.joined(separator: "; "))")
                }
            }
        }
    }
}
