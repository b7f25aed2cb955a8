import AssayModel

/// What changed since an earlier report: findings that came, went or changed, and records word by word.
struct ChangesSection {
    let words: Wording

    func write(_ diff: ReportDiff, _ html: inout HTML) {
        html.element("section", class: "changes", [("id", "\(diff.to.domain)-changes")]) { html in
            html.element("h2", words("title.changes"))
            html.element("p", "\(words.period(diff)): \(words.counts(diff))")
            if diff.from.domain != diff.to.domain { html.element("p", class: "warning", words("diff.domains")) }
            if diff.rulesChanged { html.element("p", class: "meta", words("diff.rules")) }
            findings("diff.new", "+", diff.new.map { ($0, "") }, &html)
            findings("diff.fixed", "✓", diff.fixed.map { ($0, "") }, isFixed: true, &html)
            findings("diff.changed", "~", diff.changed.map { ($0.to, words.change($0)) }, &html)
            findings("diff.flapping", "~", diff.flapping.map { ($0, "") }, &html)
            records(diff.records, &html)
            findings("diff.untold", "?", diff.untold.map { ($0.finding, words.untold($0)) }, &html)
        }
    }

    private func findings(
        _ key: String, _ sign: String, _ rows: [(finding: Finding, note: String)], isFixed: Bool = false,
        _ html: inout HTML
    ) {
        guard !rows.isEmpty else { return }
        html.element("h3", "\(words(key)) (\(rows.count))")
        html.element("ul", class: "plain") { html in
            for (finding, note) in rows.prefix(ReportLimits.changes) {
                html.element("li", class: isFixed ? "pass" : finding.severity.rawValue) { html in
                    html.element("span", class: "badge") { html in
                        html.glyph(sign)
                        html.text(" " + words.name(of: finding.severity))
                    }
                    html.element("span", class: "title", finding.title)
                    html.text(" \(Wording.subject(finding.subject))")
                    if !note.isEmpty { html.element("span", class: "count", note) }
                }
            }
        }
        more(rows.count, &html)
    }

    private func records(_ records: [ReportDiff.RecordChange], _ html: inout HTML) {
        guard !records.isEmpty else { return }
        html.element("h3", "\(words("diff.records")) (\(records.count))")
        html.element("ul", class: "plain") { html in
            for change in records.prefix(ReportLimits.changes) {
                html.element("li") { html in
                    html.text("\(Wording.subject(change.subject)) ")
                    html.element("code", change.fact)
                    html.element("p", class: "mono") { html in
                        for (index, part) in change.words.parts.enumerated() {
                            if index > 0 { html.text(" ") }
                            switch part.kind {
                            case .same: html.text(part.text)
                            case .removed: html.element("del", part.text)
                            case .added: html.element("ins", part.text)
                            }
                        }
                    }
                }
            }
        }
        more(records.count, &html)
    }

    private func more(_ count: Int, _ html: inout HTML) {
        guard count > ReportLimits.changes else { return }
        html.element("p", class: "meta", words("diff.more", ["n": "\(count - ReportLimits.changes)"]))
    }
}
