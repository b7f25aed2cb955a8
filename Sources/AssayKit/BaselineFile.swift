package import AssayModel
import AssayReports

/// A report of an earlier day (`--baseline FILE`): what was open then does not decide the exit status now.
package struct BaselineFile: Sendable {
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
    }

    package func covers(_ domain: DomainName) -> Bool { known[domain.description] != nil }

    /// It was there, and no less severe.
    package func holds(_ finding: Finding, of domain: DomainName) -> Bool {
        known[domain.description]?[finding.key].map { $0 >= finding.severity } ?? false
    }
}
