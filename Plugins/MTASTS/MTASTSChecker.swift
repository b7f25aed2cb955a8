import AssayDNS
package import AssayEngine
import AssayFacts
import AssayModel
import AssayProbes

/// MTA-STS: the TXT record, the policy host, the policy, and the MX hosts as an STS sender would judge them.
///
/// Record and policy are fetched at the same time; one HTTPS request, no redirect followed.
package struct MTASTSChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "MTASTS", title: "MTA-STS", tier: .basic,
        facts: [
            STSRecordLookup.self, STSRecordFact.self, STSPolicyHost.self, STSPolicyFact.self, STSInForce.self,
            STSCoverage.self, STSMXMatch.self, STSMXValidation.self,
        ],
        references: ["RFC 8461", "RFC 8997"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        let domain = Subject.domain(scan.domain)
        guard let owner = scan.domain.prepending("_mta-sts") else {
            scan.state(STSRecordFact.self, .absent, about: domain)
            scan.state(STSInForce.self, .absent, about: domain)
            return
        }
        scan.begin(MailHosts(scan.domain))
        async let answer = scan.resolve(owner, .txt)
        async let fetch = scan.evidence(for: PolicyFetch(scan.domain))

        let record = await checkRecord(await answer, scan)
        let policy = await PolicyCheck(fetch: await fetch, record: record).state(scan)
        stateInForce(record: record, policy: policy, scan)
        guard case .valid = record, case .served(let served) = policy, served.isValid, let mode = served.mode,
            mode != .none
        else {
            if case .undetermined(let cause) = record { stateMXUndetermined(cause, scan) }
            if case .undetermined(let cause) = policy, case .valid = record { stateMXUndetermined(cause, scan) }
            return
        }
        await MXMatching(policy: served, mode: mode).state(scan)
    }

    private func stateInForce(record: RecordVerdict, policy: PolicyVerdict, _ scan: ScanContext) {
        let outcome: Outcome<STSInForce>
        switch (record, policy) {
        case (.undetermined(let cause), _), (.valid, .undetermined(let cause)):
            outcome = .undetermined(cause)
        case (.valid, .served(let policy)) where policy.isValid:
            outcome = .observed(
                STSInForce(
                    mode: policy.mode?.rawValue ?? "none", maxAge: min(policy.maxAge ?? 0, STSPolicy.maxAgeCeiling),
                    patterns: policy.patterns.map(\.description)))
        default:
            outcome = .absent
        }
        scan.state(STSInForce.self, outcome, about: .domain(scan.domain))
    }

    private func stateMXUndetermined(_ cause: Cause, _ scan: ScanContext) {
        let domain = Subject.domain(scan.domain)
        scan.state(STSCoverage.self, .undetermined(cause), about: domain)
        scan.state(STSMXMatch.self, .undetermined(cause), about: domain)
        scan.state(STSMXValidation.self, .undetermined(cause), about: domain)
    }

    /// What the TXT record comes to for a sender.
    enum RecordVerdict {
        case valid
        /// There is a record, and senders ignore it.
        case void
        case absent
        case undetermined(Cause)

        var isPresent: Bool {
            switch self {
            case .valid, .void: true
            case .absent, .undetermined: false
            }
        }
    }

    /// What the policy host comes to.
    enum PolicyVerdict {
        /// Fetched over a valid certificate with status 200 and within the size limit.
        case served(STSPolicy)
        case void
        case absent
        case undetermined(Cause)
    }
}
