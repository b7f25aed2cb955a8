package import AssayModel

/// What is known of a domain from before its report.
package struct ReportPast: Sendable {
    /// A scan in the history of the score.
    package struct Mark: Sendable, Equatable {
        package let at: Timestamp
        package let score: Int

        package init(at: Timestamp, score: Int) {
            self.at = at
            self.score = score
        }
    }

    /// The report to compare with.
    package var previous: Report?
    package var presence: ReportDiff.Presence?
    /// Of earlier scans, in order of time.
    package var scores: [Mark] = []
    /// Findings that a baseline holds: they do not decide.
    package var known: Set<FindingKey> = []

    package init() {}

    /// What changed; nil where there is nothing to compare with.
    func diff(to report: Report) -> ReportDiff? {
        previous.map { ReportDiff(from: $0, to: report, presence: presence) }
    }
}
