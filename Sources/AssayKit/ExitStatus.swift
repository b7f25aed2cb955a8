package import AssayModel

/// How the command ends.
package enum ExitStatus: Int32, Sendable {
    case clean = 0
    case findings = 1
    case incomplete = 2
    case badInput = 3
    case interrupted = 130

    /// Of one domain, by the worst severity of the first profile; `failOn` nil never fails.
    package init(isComplete: Bool, worst: Severity?, failOn: Severity?) {
        if let failOn, let worst, worst >= failOn {
            self = .findings
        } else {
            self = isComplete ? .clean : .incomplete
        }
    }

    /// Of several domains: 130 beats 3 beats 1 beats 2 beats 0.
    package static func worst(_ statuses: [ExitStatus]) -> ExitStatus {
        let order: [ExitStatus] = [.interrupted, .badInput, .findings, .incomplete]
        return order.first(where: statuses.contains) ?? .clean
    }
}
