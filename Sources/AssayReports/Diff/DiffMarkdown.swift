import AssayModel

/// A diff for an issue or merge request.
struct DiffMarkdown {
    private let diff: ReportDiff
    private let words: Wording

    init(_ diff: ReportDiff, _ words: Wording) {
        self.diff = diff
        self.words = words
    }

    func render() -> String {
        let escaped = MarkdownReport.escaped
        var lines = ["# \(escaped(Wording.domain(diff.to)))", ""]
        lines += [escaped("\(words.period(diff)): \(words.counts(diff))"), ""]
        if diff.from.domain != diff.to.domain { lines += [escaped(words("diff.domains")), ""] }
        if diff.rulesChanged { lines += [escaped(words("diff.rules")), ""] }
        lines += table("diff.new", diff.new.map { ($0, "") })
        lines += table("diff.fixed", diff.fixed.map { ($0, "") })
        lines += table("diff.changed", diff.changed.map { ($0.to, words.change($0)) })
        lines += table("diff.flapping", diff.flapping.map { ($0, "") })
        if !diff.records.isEmpty {
            lines += ["## \(escaped(words("diff.records")))", ""]
            lines += diff.records.map(record) + [""]
        }
        lines += table("diff.untold", diff.untold.map { ($0.finding, words.untold($0)) })
        return lines.joined(separator: "\n")
    }

    private func table(_ key: String, _ rows: [(Finding, String)]) -> [String] {
        guard !rows.isEmpty else { return [] }
        let escaped = MarkdownReport.escaped
        let heads = words.columns("diff.columns").map(escaped).joined(separator: " | ")
        return ["## \(escaped(words(key)))", "", "| \(heads) |", "| --- | --- | --- | --- |"]
            + rows.map { finding, note in
                let cells = [
                    words.name(of: finding.severity), finding.title, Wording.subject(finding.subject), note,
                ]
                return "| \(cells.map(escaped).joined(separator: " | ")) |"
            } + [""]
    }

    /// Struck out what went, bold what came.
    private func record(_ change: ReportDiff.RecordChange) -> String {
        let parts = change.words.parts.map { part -> String in
            let text = MarkdownReport.escaped(part.text)
            switch part.kind {
            case .same: return text
            case .removed: return "~~\(text)~~"
            case .added: return "**\(text)**"
            }
        }
        return
            "* \(MarkdownReport.escaped("\(Wording.subject(change.subject)) \(change.fact)")): \(parts.joined(separator: " "))"
    }
}
