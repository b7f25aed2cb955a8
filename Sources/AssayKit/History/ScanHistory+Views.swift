package import AssayModel
package import AssayReports
import AssayStore

extension ScanHistory {
    /// The last scans of a domain; nil where there is none.
    package func history(of domain: DomainName, limit: Int) throws(AuditError) -> DomainHistory? {
        let scans = try scans(of: domain, limit: limit)
        guard let last = scans.first?.id else { return nil }
        return DomainHistory(domain: domain, scans: scans.reversed().map(Self.row), last: try report(last))
    }

    private static func row(_ scan: StoredScan) -> DomainHistory.Scan {
        let entries = scan.findings
        return DomainHistory.Scan(
            id: scan.id ?? 0, startedAt: scan.startedAt, tier: scan.tier, isComplete: scan.isComplete,
            undetermined: scan.undetermined,
            findings: Dictionary(entries.map { ($0.key, $0.severity) }) { first, _ in first },
            titles: Dictionary(entries.map { ($0.key, $0.title) }) { first, _ in first },
            accepted: Set(entries.filter(\.isAccepted).map(\.key)))
    }

    /// Which of the last ten scans up to `later`, and which since `earlier`, had a finding.
    package func presence(
        of domain: DomainName, from earlier: Timestamp, to later: Timestamp
    ) throws(AuditError) -> ReportDiff.Presence {
        let scans = try scans(of: domain, limit: Self.presenceScans).filter { $0.startedAt <= later }
        return ReportDiff.Presence(
            recent: Self.presence(scans.prefix(10).reversed()),
            between: Self.presence(scans.filter { $0.startedAt >= earlier }.reversed()))
    }

    /// What was before a report, which need not be kept yet: the scan before it, and the scores up to it.
    package func past(of report: Report) throws(AuditError) -> ReportPast {
        var past = ReportPast()
        let earlier = try scans(of: report.domain, limit: ReportLimits.historyScans)
            .filter { $0.startedAt < report.startedAt }
        past.scores = earlier.reversed().compactMap { scan in scan.score.map { .init(at: scan.startedAt, score: $0) } }
        guard let last = earlier.first, let id = last.id else { return past }
        past.previous = try self.report(id)
        let now = Set(report.findings.map(\.key))
        past.presence = ReportDiff.Presence(
            recent: Self.presence(earlier.prefix(9).reversed().map(Self.keys) + [now]),
            between: Self.presence([Self.keys(last), now]))
        return past
    }

    private static func keys(_ scan: StoredScan) -> Set<FindingKey> { Set(scan.findings.map(\.key)) }

    private static func presence(_ scans: [StoredScan]) -> [FindingKey: [Bool]] { presence(scans.map(keys)) }

    private static func presence(_ sets: [Set<FindingKey>]) -> [FindingKey: [Bool]] {
        var presence: [FindingKey: [Bool]] = [:]
        for key in Set(sets.flatMap(\.self)) { presence[key] = sets.map { $0.contains(key) } }
        return presence
    }

    /// The last scan at or before a moment.
    package func scan(of domain: DomainName, at moment: Timestamp) throws(AuditError) -> Int64? {
        try scans(of: domain).first { $0.startedAt <= moment }?.id
    }

    private static let presenceScans = 1000
}
