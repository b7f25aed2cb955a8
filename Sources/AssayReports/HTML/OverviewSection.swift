import AssayModel

/// Many domains on one page: a league table, how the grades spread, and what one change would mend at once.
struct OverviewSection {
    let words: Wording

    func write(_ reports: [Report], _ html: inout HTML) {
        let hasArticles = reports.count <= ReportLimits.wholeReports
        html.element("header") { html in
            html.element("p", class: "kicker", words("title.kicker"))
            html.element("h1", words("title.overview"))
            html.element("p", words("overview.lead", ["domains": "\(reports.count)"]))
        }
        html.element("section") { html in
            distribution(reports, &html)
            shared(reports, &html)
            let checkers = Set(reports.flatMap { $0.observations.map(\.checker) }).sorted()
            let sorted = reports.sorted { (Self.rank($0), "\($0.domain)") < (Self.rank($1), "\($1.domain)") }
            html.table(
                words("title.overview"), class: "heat",
                columns: [words("overview.domain"), words("overview.score")]
                    + checkers.map { words.optional("checker.name.\($0)") ?? $0 }
            ) { html in
                for report in sorted { row(report, checkers, isLinked: hasArticles, &html) }
            }
        }
    }

    private static func rank(_ report: Report) -> Int { report.score?.value ?? -1 }

    private func row(_ report: Report, _ checkers: [String], isLinked: Bool, _ html: inout HTML) {
        var worst: [String: Severity] = [:]
        for finding in report.findings where finding.accepted == nil && finding.severity != .info {
            worst[finding.checker] = max(worst[finding.checker] ?? .low, finding.severity)
        }
        let ran = Set(report.observations.map(\.checker))
        html.element("tr") { html in
            html.element("th", [("scope", "row")]) { html in
                if isLinked {
                    html.element("a", [("href", "#\(report.domain)")]) { $0.text(Wording.domain(report)) }
                } else {
                    html.text(Wording.domain(report))
                }
            }
            html.element("td", report.score.map { "\($0.value) \($0.grade)" } ?? words("status.untold"))
            for checker in checkers {
                let severity = worst[checker]
                let isTold = ran.contains(checker)
                html.element("td", class: severity?.rawValue ?? (isTold ? "pass" : "untold")) { html in
                    html.glyph(severity.map(Wording.glyph) ?? (isTold ? "✓" : "?"))
                    html.text(" " + (severity.map(words.name) ?? words(isTold ? "status.pass" : "status.untold")))
                }
            }
        }
    }

    private func distribution(_ reports: [Report], _ html: inout HTML) {
        let grades = Dictionary(grouping: reports.compactMap { $0.score?.grade }) { $0 }.mapValues(\.count)
        guard !grades.isEmpty else { return }
        html.element("h2", words("overview.distribution"))
        html.element("ul", class: "tiles") { html in
            // `A+` before `A`.
            for (grade, count) in grades.sorted(by: { $0.key + "~" < $1.key + "~" }) {
                html.element("li", class: "tile") { html in
                    html.element("strong", "\(count)")
                    html.element("span", grade)
                }
            }
        }
    }

    /// The same fault on the same thing (a provider's host, a shared zone) at several domains.
    private func shared(_ reports: [Report], _ html: inout HTML) {
        struct Cause: Hashable {
            let id: String
            let subject: Subject
        }
        var domains: [Cause: (title: String, severity: Severity, count: Int)] = [:]
        for report in reports {
            for finding in report.findings where finding.accepted == nil && finding.severity != .info {
                let cause = Cause(id: finding.id, subject: finding.subject)
                domains[cause, default: (finding.title, finding.severity, 0)].count += 1
            }
        }
        let common = domains.filter { $0.value.count > 1 }.sorted {
            ($1.value.count, $0.key.id, $0.key.subject) < ($0.value.count, $1.key.id, $1.key.subject)
        }.prefix(10)
        guard !common.isEmpty else { return }
        html.element("h2", words("overview.shared"))
        html.element("ul") { html in
            for (cause, item) in common {
                html.element("li", class: item.severity.rawValue) { html in
                    let title = "\(item.title), \(Wording.subject(cause.subject))"
                    html.text(words("overview.shared.row", ["title": title, "domains": "\(item.count)"]))
                }
            }
        }
    }
}
