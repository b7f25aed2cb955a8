package import AssayModel

/// What changed between two reports of one domain. A pure function of both, and of the scans between where they are known.
package struct ReportDiff: Sendable {
    /// The same finding in both, with another severity or other words.
    package struct Change: Sendable, Equatable {
        package let from: Finding
        package let to: Finding
    }

    /// In the first report; the second could not tell, or did not ask.
    package struct Untold: Sendable, Equatable {
        package let finding: Finding
        /// The check was made and came to nothing; false where it was not made.
        package let wasAsked: Bool
    }

    /// A record that is not what it was; one that was not there, or is gone, is the empty text.
    package struct RecordChange: Sendable, Equatable {
        package let fact: String
        package let subject: Subject
        package let before: String
        package let after: String
        package var words: WordDiff { WordDiff(from: before, to: after) }
    }

    package let from: Report
    package let to: Report
    package let new: [Finding]
    package let fixed: [Finding]
    package let changed: [Change]
    /// New or gone, but not for the first time lately; or absent for a while between the two. Not among the new and the fixed.
    package let flapping: [Finding]
    package let untold: [Untold]
    package let records: [RecordChange]

    /// Which scans had a finding, in order of time.
    package struct Presence: Sendable {
        /// Of the latest scans up to the second report.
        package let recent: [FindingKey: [Bool]]
        /// From the first report to the second.
        package let between: [FindingKey: [Bool]]

        package init(recent: [FindingKey: [Bool]], between: [FindingKey: [Bool]]) {
            self.recent = recent
            self.between = between
        }
    }

    package init(from: Report, to: Report, presence: Presence? = nil) {
        self.from = from
        self.to = to
        let before = Dictionary(from.findings.map { ($0.key, $0) }) { first, _ in first }
        let after = Dictionary(to.findings.map { ($0.key, $0) }) { first, _ in first }
        var flapping = Set((presence?.between ?? [:]).filter { Self.flips($0.value) >= 2 }.keys)
        for (key, scans) in presence?.recent ?? [:] where Self.flips(scans) >= 2 {
            if (before[key] == nil) != (after[key] == nil) { flapping.insert(key) }
        }
        new = to.findings.filter { before[$0.key] == nil && !flapping.contains($0.key) }
        changed = to.findings.compactMap { finding in
            guard let old = before[finding.key],
                old.severity != finding.severity || old.isAccepted != finding.isAccepted
            else { return nil }
            return Change(from: old, to: finding)
        }
        let checks = Dictionary(to.checks.map { ($0.key, $0.result) }) { first, _ in first }
        let rules = Set(to.checks.map(\.id))
        let told = Set(to.observations.filter { $0.outcome.cause == nil }.map(\.checker))
        var (fixed, untold): ([Finding], [Untold]) = ([], [])
        for finding in from.findings where after[finding.key] == nil {
            switch checks[finding.key] {
            case .undetermined?: untold.append(Untold(finding: finding, wasAsked: true))
            case .finding?, .pass?, .notApplicable?:
                if !flapping.contains(finding.key) { fixed.append(finding) }
            case nil:
                // The subject is gone (a mail host that is no longer there), or nobody asked.
                let wasAsked = rules.contains(finding.id) || told.contains(finding.checker)
                if !wasAsked {
                    untold.append(Untold(finding: finding, wasAsked: false))
                } else if to.checks.contains(where: { $0.id == finding.id && $0.result == .undetermined }) {
                    untold.append(Untold(finding: finding, wasAsked: true))
                } else if !flapping.contains(finding.key) {
                    fixed.append(finding)
                }
            }
        }
        self.fixed = fixed
        self.untold = untold
        self.flapping = (to.findings + from.findings.filter { after[$0.key] == nil }).filter {
            flapping.contains($0.key)
        }
        records = Self.records(from, to)
    }

    /// Something that a person would want to know; what could not be told is no change.
    package var isEmpty: Bool {
        new.isEmpty && fixed.isEmpty && changed.isEmpty && flapping.isEmpty && records.isEmpty
    }

    /// The rules were others, so not all changes are the domain's.
    package var rulesChanged: Bool { from.ruleset.sha256 != to.ruleset.sha256 }

    private static func flips(_ presence: [Bool]) -> Int {
        zip(presence, presence.dropFirst()).count { $0 != $1 }
    }

    // MARK: Records

    private struct RecordKey: Hashable {
        let fact: String
        let subject: Subject
    }

    private static func records(_ from: Report, _ to: Report) -> [RecordChange] {
        let (before, after) = (texts(from), texts(to))
        let (asked, askedBefore) = (facts(to), facts(from))
        return Set(before.keys).union(after.keys).compactMap { key -> RecordChange? in
            // A fact that one of the scans could not tell, or did not ask for, has not changed.
            guard asked.contains(key.fact), askedBefore.contains(key.fact) else { return nil }
            let (old, new) = (before[key] ?? "", after[key] ?? "")
            guard !old.utf8.elementsEqual(new.utf8) else { return nil }
            return RecordChange(fact: key.fact, subject: key.subject, before: old, after: new)
        }.sorted { ($0.fact, $0.subject) < ($1.fact, $1.subject) }
    }

    private static func texts(_ report: Report) -> [RecordKey: String] {
        var result: [RecordKey: String] = [:]
        for observation in report.observations {
            guard let text = RecordText.of(observation) else { continue }
            result[RecordKey(fact: observation.fact, subject: observation.subject)] = text
        }
        return result
    }

    /// Facts of which the report tells everything.
    private static func facts(_ report: Report) -> Set<String> {
        let untold = Set(report.observations.filter { $0.outcome.cause != nil }.map(\.fact))
        return Set(report.observations.map(\.fact)).subtracting(untold)
    }
}

extension Finding {
    fileprivate var isAccepted: Bool { accepted != nil }
}
