import AssayModel

/// A diff for a terminal.
struct DiffText {
    private let diff: ReportDiff
    private let words: Wording
    private let width: Int
    private let isColored: Bool

    init(_ diff: ReportDiff, _ options: RenderOptions) {
        self.diff = diff
        words = Wording(options.catalogue)
        width = max(40, options.width)
        isColored = options.color
    }

    func render() -> String {
        var lines = wrap(Wording.plain(Wording.domain(diff.to)), 0)
        lines += wrap(words.period(diff), 0)
        lines += wrap(words.counts(diff), 0)
        if diff.from.domain != diff.to.domain { lines += wrap(words("diff.domains"), 0) }
        if diff.rulesChanged { lines += wrap(words("diff.rules"), 0) }
        lines += section("diff.new", diff.new) { finding($0, "+", note: nil) }
        lines += section("diff.fixed", diff.fixed) { finding($0, "-", note: nil) }
        lines += section("diff.changed", diff.changed) { finding($0.to, "~", note: words.change($0)) }
        lines += section("diff.flapping", diff.flapping) { finding($0, "~", note: nil) }
        lines += section("diff.records", diff.records, record)
        lines += section("diff.untold", diff.untold) { finding($0.finding, "?", note: words.untold($0)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func section<Row>(_ key: String, _ rows: [Row], _ render: (Row) -> [String]) -> [String] {
        rows.isEmpty ? [] : ["", paint(words(key).uppercased(), "1")] + rows.flatMap(render)
    }

    private func finding(_ finding: Finding, _ sign: String, note: String?) -> [String] {
        let note = note.flatMap { $0.isEmpty ? nil : " (\($0))" } ?? ""
        let accepted = finding.accepted == nil ? "" : " (\(words("history.accepted")))"
        let head =
            "\(sign) \(words.title(of: finding.severity))  \(Wording.plain(finding.title))\(note)\(accepted)"
        return wrap(head, 2, hanging: 4)
            + wrap("\(Wording.plain(Wording.subject(finding.subject)))  \(finding.id)", 4, hanging: 4)
    }

    /// `[-was-] {+is+}` as of old (wdiff), in colour where there is some.
    private func record(_ change: ReportDiff.RecordChange) -> [String] {
        let parts = change.words.parts.map { part -> String in
            let text = Wording.plain(part.text)
            switch part.kind {
            case .same: return text
            case .removed: return each("[-\(text)-]", "31")
            case .added: return each("{+\(text)+}", "32")
            }
        }
        return wrap("\(Wording.plain(Wording.subject(change.subject)))  \(change.fact)", 2, hanging: 4)
            + wrap(parts.joined(separator: " "), 4, hanging: 4)
    }

    private func wrap(_ text: String, _ indent: Int, hanging: Int? = nil) -> [String] {
        TextLayout.wrap(text, width: width, indent: indent, hanging: hanging ?? indent)
    }

    private func paint(_ text: String, _ code: String) -> String {
        isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// Word by word, so that a line break never splits a coloured run.
    private func each(_ text: String, _ code: String) -> String {
        guard isColored else { return text }
        return text.utf8.split(separator: 0x20).map { paint(String(decoding: $0, as: UTF8.self), code) }
            .joined(separator: " ")
    }
}
