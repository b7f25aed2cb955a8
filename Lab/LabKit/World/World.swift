/// The world: each domain and what is wrong with it, a file per area. What they must give stands in Lab/expected, a file per
/// checker.
public enum World {
    public static let domains: [LabDomain] =
        clean + mx + smtp + starttls + certificates + policies + reports + names + dane + dnssec + hygiene
        + authorization + dkim + spf + dmarc + bimi + tls

    /// A domain in good order; `change` spoils it.
    static func make(_ name: String, _ note: String, _ change: (inout LabDomain) -> Void = { _ in })
        -> LabDomain
    {
        var domain = LabDomain(name: name, note: note)
        domain.records = [
            "@ TXT \"v=spf1 mx -all\"", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@\(name)\"",
            "_mta-sts TXT \"v=STSv1; id=20261101\"", "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@\(name)\"",
        ]
        domain.authorizations = [
            "0 issue \"\(Plan.authorityIdentifier)\"", "0 issuemail \";\"", "0 iodef \"mailto:security@\(name)\"",
        ]
        domain.records.insert(goodKey, at: 3)
        domain.hosts = [MailHost(label: "mx1"), MailHost(label: "mx2")]
        domain.policy = PolicyHost(lines: policy("enforce", ["mx1.\(name)", "mx2.\(name)"]))
        change(&domain)
        return domain
    }

    static func policy(_ mode: String, _ hosts: [String], maxAge: String = "2419200") -> [String] {
        ["version: STSv1", "mode: \(mode)"] + hosts.map { "mx: \($0)" } + ["max_age: \(maxAge)"]
    }

    static func bare(_ name: String, _ note: String, _ records: [String]) -> LabDomain {
        var domain = LabDomain(name: name, note: note)
        domain.records = records
        return domain
    }

    static func bogus(_ name: String, _ note: String, _ how: LabDomain.Delegation) -> LabDomain {
        var domain = bare(name, note, ["@ MX 10 mx", "mx A 193.17.9.9"])
        domain.delegation = how
        return domain
    }
}
