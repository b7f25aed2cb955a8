package import AssayModel

/// How the command ends.
package enum ExitStatus: Int32, Sendable {
    case clean = 0
    case findings = 1
    case incomplete = 2
    case badInput = 3
    case interrupted = 130

    /// Of one report; `failOn` nil never fails.
    package init(_ report: Report, failOn: Severity?) {
        if let failOn, report.findings.contains(where: { $0.accepted == nil && $0.severity >= failOn }) {
            self = .findings
        } else {
            self = report.complete ? .clean : .incomplete
        }
    }

    /// Of several domains: 130 beats 3 beats 1 beats 2 beats 0.
    package static func worst(_ statuses: [ExitStatus]) -> ExitStatus {
        let order: [ExitStatus] = [.interrupted, .badInput, .findings, .incomplete]
        return order.first(where: statuses.contains) ?? .clean
    }
}
