package import AssayModel

/// What an organisation asks of its domains, as a file (`mailassay.yaml`): profile, expectations, accepted risks.
package struct AuditPolicy: Sendable {
    /// For messages.
    package let file: String
    package var profiles: [String] = []
    package var role: String?
    package var tier: String?
    /// A severity, or `none`.
    package var failOn: String?
    /// Rule files and a baseline, as written: beside the policy file unless absolute.
    package var rulePaths: [String] = []
    package var baselinePath: String?
    package var expectations: [Expectation] = []
    package var acceptances: [Acceptance] = []

    init(file: String) { self.file = file }

    /// What should be so for some domains; nil where nothing is asked.
    package struct Expectation: Sendable, Equatable {
        /// Patterns with `*`; empty for every domain.
        package let domains: [String]
        package var mx: [String]?
        package var ca: [String]?
        package var selectors: [String]?
        package var dmarcReports: [String]?
        package var tlsReports: [String]?
    }

    /// A risk that somebody took, until a day.
    package struct Acceptance: Sendable, Equatable {
        package let rule: String
        /// Patterns with `*`, of the domain and of the finding's subject as it is printed; nil for any.
        package let domain: String?
        package let subject: String?
        package let reason: String
        package let owner: String
        /// The last day, `2027-01-31`.
        package let until: String
        /// `mailassay.yaml:12:5`.
        package let place: String
    }

    /// The expectations for a domain, put together: for each thing the first that asks for it.
    package func expectation(for domain: DomainName) -> Expectation {
        var result = Expectation(domains: [])
        for one in expectations where Self.fits(one.domains, domain) {
            result.mx = result.mx ?? one.mx
            result.ca = result.ca ?? one.ca
            result.selectors = result.selectors ?? one.selectors
            result.dmarcReports = result.dmarcReports ?? one.dmarcReports
            result.tlsReports = result.tlsReports ?? one.tlsReports
        }
        return result
    }

    private static func fits(_ patterns: [String], _ domain: DomainName) -> Bool {
        patterns.isEmpty || patterns.contains { Glob.matches(domain.description, $0) }
    }

    // MARK: Acceptance

    /// What the acceptances came to.
    package struct Verdict: Sendable {
        package let findings: [Finding]
        /// Ran out while their finding is still there: it is open again.
        package let expired: [Acceptance]
    }

    /// The findings with those marked that were accepted on the day of the scan.
    package func accepting(_ findings: [Finding], of domain: DomainName, at moment: Timestamp) -> Verdict {
        var expired: [Acceptance] = []
        let marked = findings.map { finding in
            let fitting = acceptances.filter { $0.fits(finding, of: domain) }
            var finding = finding
            if let valid = fitting.filter({ $0.until >= moment.dayText }).max(by: { $0.until < $1.until }) {
                finding.accepted = Finding.Acceptance(reason: valid.reason, owner: valid.owner, until: valid.until)
            } else {
                for acceptance in fitting where !expired.contains(acceptance) { expired.append(acceptance) }
            }
            return finding
        }
        return Verdict(findings: marked, expired: expired)
    }

    /// Throws where an acceptance is of a rule that is not there: it would never accept anything.
    package func check(against rules: RuleSet) throws(RuleError) {
        let known = Set(rules.rules.map(\.id))
        for acceptance in acceptances where !known.contains(acceptance.rule) {
            throw RuleError(acceptance.place, "there is no rule \"\(acceptance.rule)\"")
        }
    }
}

extension AuditPolicy.Acceptance {
    func fits(_ finding: Finding, of domain: DomainName) -> Bool {
        guard finding.id == rule, self.domain.map({ Glob.matches(domain.description, $0) }) ?? true else {
            return false
        }
        guard let subject else { return true }
        return Glob.matches(finding.subject.description, subject) || Glob.matches(finding.subject.name, subject)
    }
}
