import AssayModel
import FoundationEssentials

/// A diff as text, Markdown, JSON or a page.
package enum DiffReport {
    package enum Format: String, Sendable, CaseIterable {
        case text, json, html
        case markdown = "md"
    }

    package static func render(_ diff: ReportDiff, as format: Format, options: RenderOptions) -> [UInt8] {
        switch format {
        case .text: Array(DiffText(diff, options).render().utf8)
        case .markdown: Array(DiffMarkdown(diff, Wording(options.catalogue)).render().utf8)
        case .json: json(diff)
        case .html: DiffHTML(diff, Wording(options.catalogue)).render()
        }
    }

    private static func json(_ diff: ReportDiff) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array((try? encoder.encode(DiffDocument(diff))) ?? Data()) + [0x0A]
    }
}

/// The words of a diff.
extension Wording {
    /// `2 new, 1 fixed`.
    func counts(_ diff: ReportDiff) -> String {
        let parts = [
            (diff.new.count, "new"), (diff.fixed.count, "fixed"), (diff.changed.count, "changed"),
            (diff.flapping.count, "flapping"), (diff.untold.count, "untold"),
        ]
        let words = parts.filter { $0.0 > 0 }.map { self("diff.counts.\($0.1)", ["n": "\($0.0)"]) }
        return words.isEmpty ? self("diff.same") : words.joined(separator: ", ")
    }

    func period(_ diff: ReportDiff) -> String {
        self("diff.period", ["from": "\(diff.from.startedAt)", "to": "\(diff.to.startedAt)"])
    }

    func change(_ change: ReportDiff.Change) -> String {
        var words =
            change.from.severity == change.to.severity
            ? [] : [self("diff.was", ["severity": name(of: change.from.severity)])]
        if change.from.accepted == nil, let accepted = change.to.accepted {
            words.append(self("diff.accepted", ["day": accepted.until]))
        }
        if change.from.accepted != nil, change.to.accepted == nil { words.append(self("diff.reopened")) }
        return words.joined(separator: ", ")
    }

    func untold(_ untold: ReportDiff.Untold) -> String { self(untold.wasAsked ? "diff.asked" : "diff.unasked") }

    /// Heads of columns, which a catalogue keeps in one text with bars between.
    func columns(_ key: String) -> [String] {
        self(key).utf8.split(separator: UInt8(ascii: "|")).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// `mailassay.diff/1`.
private struct DiffDocument: Encodable {
    struct Side: Encodable {
        let domain: DomainName
        let tier: String
        let startedAt: Timestamp
        let tool: Report.Tool
        let ruleset: Report.RulesetMark

        init(_ report: Report) {
            domain = report.domain
            tier = report.tier
            startedAt = report.startedAt
            tool = report.tool
            ruleset = report.ruleset
        }

        enum CodingKeys: String, CodingKey {
            case domain, tier, tool, ruleset
            case startedAt = "started_at"
        }
    }

    struct Change: Encodable {
        let from: Finding
        let to: Finding
    }

    struct Untold: Encodable {
        let finding: Finding
        let wasAsked: Bool

        enum CodingKeys: String, CodingKey {
            case finding
            case wasAsked = "was_asked"
        }
    }

    struct Record: Encodable {
        let fact: String
        let subject: Subject
        let before: String
        let after: String
        let words: [WordDiff.Part]
    }

    let schema = "mailassay.diff/1"
    let from: Side
    let to: Side
    let rulesChanged: Bool
    let new: [Finding]
    let fixed: [Finding]
    let changed: [Change]
    let flapping: [Finding]
    let untold: [Untold]
    let records: [Record]

    init(_ diff: ReportDiff) {
        from = Side(diff.from)
        to = Side(diff.to)
        rulesChanged = diff.rulesChanged
        new = diff.new
        fixed = diff.fixed
        changed = diff.changed.map { Change(from: $0.from, to: $0.to) }
        flapping = diff.flapping
        untold = diff.untold.map { Untold(finding: $0.finding, wasAsked: $0.wasAsked) }
        records = diff.records.map {
            Record(
                fact: $0.fact, subject: $0.subject, before: $0.before, after: $0.after, words: $0.words.parts)
        }
    }

    enum CodingKeys: String, CodingKey {
        case schema, from, to, new, fixed, changed, flapping, untold, records
        case rulesChanged = "rules_changed"
    }
}
