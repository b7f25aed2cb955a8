import AssayModel

/// Who can send as the domain: a heat-map of forged messages by what receivers check; each cell opens its reasoning.
struct ForgerySection {
    let words: Wording

    func write(_ report: Report, _ html: inout HTML) {
        let rows = ForgeryTable(words: words).rows(report)
        guard !rows.isEmpty else { return }
        html.element("section", [("id", "\(report.domain)-forgers")]) { html in
            html.element("h2", words("title.forge"))
            html.element("p", words("forge.lead"))
            html.table(
                words("title.forge"), class: "heat",
                columns: [words("forge.column")]
                    + ForgeryTable.Receiver.allCases.map { words("forge.receiver.\($0.rawValue)") }
            ) { html in
                for row in rows { write(row, &html) }
            }
        }
    }

    private func write(_ row: ForgeryTable.Row, _ html: inout HTML) {
        html.element("tr") { html in
            html.element("th", [("scope", "row")]) { html in
                html.text(words("forge.identity.\(row.identity.rawValue)"))
                html.element("span", class: "example", row.example)
            }
            for cell in row.cells { write(cell, &html) }
        }
    }

    private func write(_ cell: ForgeryTable.Cell, _ html: inout HTML) {
        html.element("td", class: Self.tone(cell.outcome)) { html in
            html.element("details") { html in
                html.element("summary", words("forge.outcome.\(cell.outcome.rawValue)"))
                html.element("p", cell.reason)
            }
        }
    }

    private static func tone(_ outcome: ForgeryTable.Outcome) -> String {
        switch outcome {
        case .delivered: "high"
        case .partly: "medium"
        case .junk: "low"
        case .rejected: "pass"
        case .untold: "untold"
        }
    }
}
