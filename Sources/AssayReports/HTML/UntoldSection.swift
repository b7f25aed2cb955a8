import AssayModel

/// What could not be told, as large as what failed.
struct UntoldSection {
    let words: Wording

    func write(_ report: Report, _ html: inout HTML) {
        html.element("section", [("id", "\(report.domain)-untold")]) { html in
            html.element("h2", words("title.untold"))
            let rows = words.untold(report)
            if rows.isEmpty { return html.element("p", words("untold.none")) }
            html.element(
                "p", words("untold.lead", ["checks": words.count(report.summary.undetermined, "check")]))
            for row in rows {
                html.element("div", class: "finding untold") { html in
                    html.element("p") { html in
                        html.element("span", class: "badge") { html in
                            html.glyph("?")
                            html.text(" " + words("status.untold"))
                        }
                        html.element("span", class: "title", row.cause)
                    }
                    html.element("ul") { html in
                        for part in row.rows {
                            html.element("li") { html in
                                html.text(part.subjects.joined(separator: ", ") + ": ")
                                html.element("code", part.facts.joined(separator: ", "))
                            }
                        }
                    }
                }
            }
        }
    }
}
