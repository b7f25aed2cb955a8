import AssayEngine
import AssayModel
import AssayProbes

/// Whether receivers may look at the indicator: the policies of the author domain and of its organizational domain
/// (draft-brand-indicators-for-message-identification, Authentication Requirements 7 to 9).
struct GateCheck {
    /// The policy of one domain, with the record that it comes from.
    private struct Policy {
        let domain: DomainName
        let word: String
        let visit: DMARCVisit?
        var record: DMARCRecord? { visit?.policyRecord }
        var isEnforcing: Bool { word == "quarantine" || word == "reject" }
    }

    private enum Answer {
        case policy(Policy)
        case unknown(Cause)
    }

    func state(_ scan: ScanContext) async {
        let subject = Subject.domain(scan.domain)
        let author = await scan.evidence(for: DMARCDiscovery(author: scan.domain))
        let organization = author.byWalk.domain
        let own = Self.policy(author)
        let parent =
            organization == scan.domain
            ? own : Self.policy(await scan.evidence(for: DMARCDiscovery(author: organization)))
        switch (own, parent) {
        case (.unknown(let cause), _), (_, .unknown(let cause)):
            scan.state(BIMIGate.self, .undetermined(cause), about: subject)
        case (.policy(let own), .policy(let parent)):
            scan.state(Self.fact(own, parent, organization, scan.domain), about: subject)
        }
    }

    /// As most receivers of BIMI still read the record: by RFC 7489, where `pct` counts. The walk's answer is the same without it.
    private static func policy(_ evidence: DMARCDiscovery.Evidence) -> Answer {
        let policy = evidence.effectivePolicy(for: .domain, by: .rfc9989)
        let visit = evidence.policyVisit()
        switch policy.state {
        case .applied: return .policy(Policy(domain: evidence.author, word: policy.requested.rawValue, visit: visit))
        case .noRecord: return .policy(Policy(domain: evidence.author, word: "absent", visit: nil))
        case .void: return .policy(Policy(domain: evidence.author, word: "void", visit: visit))
        case .lookupError: return .unknown(Cause(.dependsOnUndetermined, detail: "DMARC lookup error"))
        case .undetermined: return .unknown(Cause(.dependsOnUndetermined, detail: "DMARC"))
        }
    }

    private static func fact(
        _ own: Policy, _ parent: Policy, _ organization: DomainName, _ domain: DomainName
    ) -> BIMIGate {
        let policies = [own, parent]
        let records = policies.compactMap(\.record)
        let partial = policies.first { policy in
            policy.record.map { $0.has("pct") && $0.pct != nil && $0.pct != 100 } ?? false
        }
        let hasSubdomainNone = records.contains { $0.sp == DMARCRecord.Policy.none }
        let isTest = policies.contains { $0.record?.isTest ?? false && $0.word == "quarantine" }
        let isUnenforced = !own.isEnforcing || !parent.isEnforcing
        let isHeldBack = isUnenforced || hasSubdomainNone || partial != nil || isTest
        let culprit =
            policies.first { policy in
                !policy.isEnforcing || policy.record?.sp == DMARCRecord.Policy.none
                    || policy.record?.np == DMARCRecord.Policy.none || policy.record?.isTest ?? false
            } ?? partial
        let (name, suggestion) = culprit.map(mended) ?? (nil, nil)
        return BIMIGate(
            organization: "\(organization)", authorPolicy: own.word, organizationPolicy: parent.word,
            authorQualifies: own.isEnforcing, organizationQualifies: parent.isEnforcing,
            hasOrganization: organization != domain, isUnenforced: isUnenforced, hasSubdomainNone: hasSubdomainNone,
            hasNonexistentNone: records.contains { $0.np == DMARCRecord.Policy.none }, pct: partial?.record?.pct,
            pctPolicy: partial?.word, isTestOfQuarantine: isTest, isEnforced: !isHeldBack, dmarcName: name,
            suggestion: suggestion)
    }

    /// The record without what keeps the indicator back; all else stays.
    private static func mended(_ policy: Policy) -> (name: String?, suggestion: String?) {
        guard let visit = policy.visit, let record = visit.policyRecord else {
            let name = policy.domain.prepending("_dmarc")
            return (name.map { "\($0)" }, "v=DMARC1; p=quarantine; rua=mailto:dmarc@\(policy.domain)")
        }
        var parts: [String] = []
        for tag in record.list.tags {
            switch tag.name {
            case "p": parts.append("p=\(record.p == .reject ? "reject" : "quarantine")")
            case "sp" where record.sp == DMARCRecord.Policy.none, "np" where record.np == DMARCRecord.Policy.none:
                continue
            case "pct", "t": continue
            default: parts.append("\(tag.name)=\(tag.text)")
            }
        }
        return (visit.owner.map { "\($0)" }, parts.joined(separator: "; "))
    }
}
