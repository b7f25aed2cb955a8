package import AssayModel
import FoundationEssentials

/// The scans of a domain side by side, and how long each finding has been there.
package struct DomainHistory: Sendable {
    package struct Scan: Sendable {
        package let id: Int64
        package let startedAt: Timestamp
        package let tier: String
        package let isComplete: Bool
        package let undetermined: Int
        /// Every finding with its severity; accepted ones too.
        package let findings: [FindingKey: Severity]
        package let titles: [FindingKey: String]
        package let accepted: Set<FindingKey>

        package init(
            id: Int64, startedAt: Timestamp, tier: String, isComplete: Bool, undetermined: Int,
            findings: [FindingKey: Severity], titles: [FindingKey: String], accepted: Set<FindingKey>
        ) {
            self.id = id
            self.startedAt = startedAt
            self.tier = tier
            self.isComplete = isComplete
            self.undetermined = undetermined
            self.findings = findings
            self.titles = titles
            self.accepted = accepted
        }
    }

    /// How a finding stands in the last scan.
    package enum State: String, Sendable, Encodable, CaseIterable {
        case open
        /// Its check came to nothing, or was not made.
        case untold
        case gone
    }

    /// One finding over all scans.
    package struct Line: Sendable {
        package let key: FindingKey
        package let severity: Severity
        package let title: String
        package let firstSeen: Timestamp
        package let lastSeen: Timestamp
        package let count: Int
        package let state: State
        package let isAccepted: Bool
        /// Came and went at least twice.
        package let isFlapping: Bool
    }

    package let domain: DomainName
    /// In order of time.
    package let scans: [Scan]
    /// Open ones first, each part the worst first.
    package let lines: [Line]

    /// `last` is the report of the last scan: it tells what is gone from what could not be told.
    package init(domain: DomainName, scans: [Scan], last report: Report) {
        self.domain = domain
        let told = Told(report)
        self.scans = scans
        var lines: [Line] = []
        for key in Set(scans.flatMap(\.findings.keys)) {
            let having = scans.filter { $0.findings[key] != nil }
            guard let first = having.first, let last = having.last, let severity = last.findings[key] else { continue }
            let presence = scans.map { $0.findings[key] != nil }
            lines.append(
                Line(
                    key: key, severity: severity, title: last.titles[key] ?? key.id, firstSeen: first.startedAt,
                    lastSeen: last.startedAt, count: having.count,
                    state: scans.last?.findings[key] != nil ? .open : told.isGone(key) ? .gone : .untold,
                    isAccepted: last.accepted.contains(key),
                    isFlapping: zip(presence, presence.dropFirst()).count { $0 != $1 } >= 2))
        }
        self.lines = lines.sorted {
            ($0.state.rank, $0.severity.rank, $0.key) < ($1.state.rank, $1.severity.rank, $1.key)
        }
    }

    /// The checks of a report.
    private struct Told {
        private let results: [FindingKey: Check.Result]
        private let rules: Set<String>
        private let untold: Set<String>

        init(_ report: Report) {
            results = Dictionary(report.checks.map { ($0.key, $0.result) }) { first, _ in first }
            rules = Set(report.checks.map(\.id))
            untold = Set(report.checks.filter { $0.result == .undetermined }.map(\.id))
        }

        /// The check passed; or the subject is no more, and the rule was decided for all that are there.
        func isGone(_ key: FindingKey) -> Bool {
            if let result = results[key] { return result != .undetermined }
            return rules.contains(key.id) && !untold.contains(key.id)
        }
    }

    /// What each scan has that the one before had not, and the other way round.
    func change(at index: Int) -> (new: Int, gone: Int) {
        guard index > 0 else { return (0, 0) }
        let (before, now) = (scans[index - 1].findings, scans[index].findings)
        return (now.keys.count { before[$0] == nil }, before.keys.count { now[$0] == nil })
    }
}

extension DomainHistory.State {
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A history as text or JSON.
package enum HistoryReport {
    package enum Format: String, Sendable, CaseIterable { case text, json }

    package static func render(_ history: DomainHistory, as format: Format, options: RenderOptions) -> [UInt8] {
        switch format {
        case .text: Array(text(history, options).utf8)
        case .json: json(history)
        }
    }

    // MARK: Text

    private static func text(_ history: DomainHistory, _ options: RenderOptions) -> String {
        let width = max(40, options.width)
        func bold(_ text: String) -> String { options.color ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
        func wrap(_ text: String, _ indent: Int, _ hanging: Int) -> [String] {
            TextLayout.wrap(text, width: width, indent: indent, hanging: hanging)
        }
        let wording = Wording(options.catalogue)
        var lines = [bold("\(history.domain)"), wording.count(history.scans.count, "scan"), ""]
        lines.append(bold(row(wording.columns("history.columns"))))
        for (index, scan) in history.scans.enumerated().reversed() {
            let counts = Severity.allCases.map { severity in
                "\(scan.findings.values.count { $0 == severity })"
            }
            let (new, gone) = history.change(at: index)
            let change = [new > 0 ? "+\(new)" : nil, gone > 0 ? "-\(gone)" : nil].compactMap(\.self)
            lines.append(
                row(
                    ["\(scan.id)", "\(scan.startedAt)", scan.tier] + counts
                        + [
                            scan.isComplete ? "\(scan.undetermined)" : wording("history.all"),
                            change.joined(separator: " "),
                        ]))
        }
        for state in DomainHistory.State.allCases {
            let rows = history.lines.filter { $0.state == state }
            if rows.isEmpty, state != .open { continue }
            lines += ["", bold(wording("history.\(state.rawValue)").uppercased())]
            if rows.isEmpty { lines.append("  \(wording("history.none"))") }
            for line in rows { lines += wrap(words(line, wording), 2, 4) + wrap(place(line, wording), 4, 4) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let widths = [6, 22, 9, 5, 5, 5, 5, 5, 7, 8]

    private static func row(_ cells: [String]) -> String {
        var text = ""
        for (index, cell) in cells.prefix(widths.count).enumerated() {
            let gap = String(repeating: " ", count: max(1, widths[index] - cell.unicodeScalars.count))
            text += index == 1 || index == 2 ? cell + gap : index == 0 ? cell + gap : gap + cell
        }
        return String(decoding: text.utf8.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
    }

    private static func words(_ line: DomainHistory.Line, _ wording: Wording) -> String {
        let marks = [
            line.isAccepted ? " (\(wording("history.accepted")))" : "",
            line.isFlapping ? " (\(wording("history.flapping")))" : "",
        ]
        return "\(wording.title(of: line.severity))  \(Wording.plain(line.title))" + marks.joined()
    }

    private static func place(_ line: DomainHistory.Line, _ wording: Wording) -> String {
        let (first, last) = (line.firstSeen.dayText, line.lastSeen.dayText)
        let span =
            line.state == .open
            ? wording("history.since", ["day": first]) : wording("diff.period", ["from": first, "to": last])
        let subject = Wording.plain(Wording.subject(line.key.subject))
        return "\(subject)  \(span), \(wording.count(line.count, "scan")); \(line.key.id)"
    }

    // MARK: JSON

    private static func json(_ history: DomainHistory) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array((try? encoder.encode(HistoryDocument(history))) ?? Data()) + [0x0A]
    }
}

/// `mailassay.history/1`.
private struct HistoryDocument: Encodable {
    struct Scan: Encodable {
        let id: Int64
        let startedAt: Timestamp
        let tier: String
        let complete: Bool
        let summary: [String: Int]
        let new: Int
        let gone: Int

        enum CodingKeys: String, CodingKey {
            case id, tier, complete, summary, new, gone
            case startedAt = "started_at"
        }
    }

    struct Line: Encodable {
        let id: String
        let subject: Subject
        let severity: Severity
        let title: String
        let firstSeen: Timestamp
        let lastSeen: Timestamp
        let scans: Int
        let state: DomainHistory.State
        let accepted: Bool
        let flapping: Bool

        enum CodingKeys: String, CodingKey {
            case id, subject, severity, title, scans, state, accepted, flapping
            case firstSeen = "first_seen"
            case lastSeen = "last_seen"
        }
    }

    let schema = "mailassay.history/1"
    let domain: DomainName
    let scans: [Scan]
    let findings: [Line]

    init(_ history: DomainHistory) {
        domain = history.domain
        scans = history.scans.enumerated().map { index, scan in
            var summary: [String: Int] = ["undetermined": scan.undetermined]
            for severity in Severity.allCases {
                summary[severity.rawValue] = scan.findings.values.count { $0 == severity }
            }
            let (new, gone) = history.change(at: index)
            return Scan(
                id: scan.id, startedAt: scan.startedAt, tier: scan.tier, complete: scan.isComplete, summary: summary,
                new: new, gone: gone)
        }
        findings = history.lines.map {
            Line(
                id: $0.key.id, subject: $0.key.subject, severity: $0.severity, title: $0.title,
                firstSeen: $0.firstSeen, lastSeen: $0.lastSeen, scans: $0.count, state: $0.state,
                accepted: $0.isAccepted, flapping: $0.isFlapping)
        }
    }
}
