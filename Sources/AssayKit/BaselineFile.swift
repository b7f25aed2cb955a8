package import AssayModel
package import AssayReports

/// Reports of an earlier day (`--baseline FILE`): what was open then does not decide the exit status now.
package struct BaselineFile: Sendable {
    private let reports: [String: Report]
    private let known: [String: [FindingKey: Severity]]

    package init(path: String) throws(AuditError) {
        let bytes = try WholeFile.read(path)
        do {
            self.init(try JSONReport.read(bytes))
        } catch {
            throw AuditError("--baseline \(path): \(error)")
        }
    }

    package init(_ reports: [Report]) {
        var known: [String: [FindingKey: Severity]] = [:]
        for report in reports {
            for finding in report.findings where finding.accepted == nil {
                known[report.domain.description, default: [:]][finding.key] = finding.severity
            }
        }
        self.known = known
        self.reports = Dictionary(reports.map { ($0.domain.description, $0) }) { _, last in last }
    }

    package func covers(_ domain: DomainName) -> Bool { reports[domain.description] != nil }

    /// It was there, and no less severe.
    package func holds(_ finding: Finding, of domain: DomainName) -> Bool {
        known[domain.description]?[finding.key].map { $0 >= finding.severity } ?? false
    }

    /// Adds what this file knows: the report to compare with, and the findings that do not decide.
    package func completing(_ past: ReportPast, of report: Report) -> ReportPast {
        var past = past
        if let earlier = reports[report.domain.description] {
            past.previous = earlier
            past.presence = nil
        }
        past.known = Set(report.findings.filter { holds($0, of: report.domain) }.map(\.key))
        return past
    }
}
