import AssayModel

/// A section per checker, worst first: its findings, and how much of it passed.
struct CheckerSections {
    let words: Wording

    func write(_ report: Report, _ html: inout HTML) {
        let names = Set(report.observations.map(\.checker)).union(report.findings.map(\.checker))
        let findings = Dictionary(grouping: report.findings, by: \.checker)
        let facts = Dictionary(report.observations.map { ($0.id, $0) }) { first, _ in first }
        let owners = owners(report)
        let passed = Dictionary(grouping: report.checks.filter { $0.result == .pass }) { owners[$0.id] ?? "" }
        let order = names.sorted { left, right in
            let (a, b) = (Self.rank(findings[left]), Self.rank(findings[right]))
            return (a, left) < (b, right)
        }
        for name in order {
            section(name, findings[name] ?? [], passed[name] ?? [], facts, report, &html)
        }
    }

    private static func rank(_ findings: [Finding]?) -> Int { findings?.map(\.severity.rank).min() ?? 9 }

    private func section(
        _ name: String, _ findings: [Finding], _ passed: [Check], _ facts: [String: Observation], _ report: Report,
        _ html: inout HTML
    ) {
        let worst = findings.filter { $0.accepted == nil && $0.severity != .info }.map(\.severity).max()
        html.element("section", class: "checker", [("id", "\(report.domain)-\(name)")]) { html in
            html.element("h2") { html in
                html.element("span", class: "mark \(worst?.rawValue ?? "pass")") { html in
                    html.glyph(worst.map(Wording.glyph) ?? "✓")
                    html.element("span", class: "hidden", worst.map(words.name) ?? words("status.pass"))
                }
                html.text(" " + (words.optional("checker.name.\(name)") ?? name))
            }
            if name == "SPF" { SPFPicture(words: words).write(report, &html) }
            let view = FindingView(words: words, report: report, facts: facts)
            for group in TextReport.groups(findings) { view.write(group, &html) }
            self.passed(passed, isAlone: findings.isEmpty, &html)
        }
    }

    private func passed(_ checks: [Check], isAlone: Bool, _ html: inout HTML) {
        guard !checks.isEmpty else { return }
        html.element("details", class: "passed") { html in
            html.element("summary") { html in
                html.element("span", class: "pass") { $0.glyph("✓") }
                html.text(
                    " "
                        + words(
                            isAlone ? "checker.good" : "checker.passed", ["checks": words.count(checks.count, "check")])
                )
            }
            html.element("ul", class: "columns") { html in
                for (id, rows) in Dictionary(grouping: checks, by: \.id).sorted(by: { $0.key < $1.key }) {
                    html.element("li") { html in
                        html.element("code", id)
                        if rows.count > 1 { html.text(" (\(words.count(rows.count, "time")))") }
                    }
                }
            }
        }
    }

    /// Which checker a rule belongs to: by the longest family of its facts' ids.
    private func owners(_ report: Report) -> [String: String] {
        var families: [String: String] = [:]
        for observation in report.observations {
            let family = String(decoding: observation.fact.utf8.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
            families["email.\(family)_"] = observation.checker
        }
        let longest = families.sorted { $0.key.utf8.count > $1.key.utf8.count }
        var owners: [String: String] = [:]
        for check in report.checks where owners[check.id] == nil {
            owners[check.id] = longest.first { check.id.utf8.starts(with: $0.key.utf8) }?.value
        }
        return owners
    }
}
