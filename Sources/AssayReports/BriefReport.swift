import AssayModel

/// The report on one screen: the verdict, what to mend first, and a line for each checker.
struct BriefReport {
    private let report: Report
    private let width: Int
    private let style: TextStyle
    private let words: Wording

    init(_ report: Report, _ options: RenderOptions) {
        words = Wording(options.catalogue)
        self.report = report
        width = max(40, options.width)
        style = TextStyle(isOn: options.color)
    }

    func render() -> String {
        var lines = TextReport.headline(report, width, style)
        lines += wrap(words.verdict(report))
        let counts = words.counts(report.findings)
        if let score = report.score {
            let label = words("score.label", ["score": "\(score.value)", "grade": score.grade])
            lines += wrap("\(label): \(counts).")
        } else {
            lines += wrap("\(counts). \(words("score.none"))")
        }
        lines.append("")
        lines += checkers()
        let fixes = (report.score?.fixes ?? []).prefix(3)
        if !fixes.isEmpty { lines += ["", style.bold(words("title.first").uppercased())] }
        for (number, fix) in fixes.enumerated() {
            guard let finding = report.findings.first(where: { $0.id == fix.finding }) else { continue }
            let after = words("first.after", ["score": "\(fix.score)", "grade": fix.grade])
            lines.append(line("\(number + 1). \(Wording.plain(finding.title)) -> \(after)"))
        }
        if report.summary.undetermined > 0 {
            lines.append(
                line(words("untold.checks.brief", ["checks": words.count(report.summary.undetermined, "check")])))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Worst first: the mark, the checker, and its worst finding.
    private func checkers() -> [String] {
        let open = report.findings.filter { $0.accepted == nil && $0.severity != .info }
        let findings = Dictionary(grouping: open, by: \.checker)
        let told = Dictionary(grouping: report.observations, by: \.checker).mapValues { own in
            own.contains { $0.outcome.cause == nil }
        }
        let names = Set(told.keys).union(findings.keys).sorted { left, right in
            let (a, b) = (findings[left]?.first?.severity.rank ?? 9, findings[right]?.first?.severity.rank ?? 9)
            return (a, left) < (b, right)
        }
        let column = (names.map(\.utf8.count).max() ?? 0) + 2
        return names.map { name in
            let gap = String(repeating: " ", count: column - name.utf8.count)
            guard let own = findings[name], let worst = own.first else {
                let isTold = told[name] == true
                return line("\(isTold ? "✓" : "?") \(name)\(gap)\(words(isTold ? "overview.pass" : "status.untold"))")
            }
            let more = Set(own.map(\.id)).count - 1
            let rest = more > 0 ? " " + words("brief.more", ["n": "\(more)"]) : ""
            let text =
                cut("\(name)\(gap)\(Wording.plain(worst.title))", to: width - 2 - TextLayout.columns(rest)) + rest
            return style.color(Wording.glyph(of: worst.severity), worst.severity) + " " + text
        }
    }

    private func wrap(_ text: String) -> [String] { TextLayout.wrap(text, width: width, indent: 0, hanging: 0) }

    private func line(_ text: String) -> String { cut(text, to: width) }

    private func cut(_ text: String, to columns: Int) -> String {
        guard TextLayout.columns(text) > columns else { return text }
        var (result, used) = (String.UnicodeScalarView(), 0)
        for scalar in text.unicodeScalars {
            let size = TextLayout.columns(String(scalar))
            if used + size > columns - 1 { break }
            result.append(scalar)
            used += size
        }
        return String(result) + "…"
    }
}
