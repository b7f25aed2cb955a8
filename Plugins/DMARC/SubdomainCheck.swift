import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// Subdomains with a record of their own: the names that mail is often sent from, and those of the mail hosts.
struct SubdomainCheck {
    let found: DMARCDiscovery.Evidence
    let mail: MailHosts.Evidence
    let scan: ScanContext

    func state() async {
        let inherited = found.effectivePolicy(for: .existingSubdomain)
        guard inherited.state == .applied else { return }
        // What a wildcard answers was not put there for one subdomain.
        let unmade = scan.domain.prepending("_dmarc.\(ProbeLimits.unmadeLabel)")
        let everywhere: [[UInt8]] = if let unmade { await scan.resolve(unmade, .txt).texts } else { [] }
        for visit in await DMARCVisit.of(names, in: scan) {
            if let owner = visit.owner, let cause = visit.cause {
                scan.state(DMARCSubdomain.self, .undetermined(cause), about: .record(owner, type: "TXT"))
            }
            guard let owner = visit.owner, let octets = visit.records.first, let record = visit.policyRecord,
                !everywhere.contains(octets)
            else { continue }
            let own: DMARCRecord.Policy =
                switch record.reading(by: .rfc9989) {
                case .asWritten: record.isTest ? (record.p ?? .none).oneLevelDown : record.p ?? .none
                case .asNone, .notApplied, .ignored: .none
                }
            let draft = RecordDraft(repairing: octets, reports: "mailto:dmarc-reports@\(scan.domain)").with { draft in
                draft.p = max(draft.p, inherited.effective)
                draft.isTest = false
            }
            scan.state(
                DMARCSubdomain(
                    domain: "\(visit.domain)", text: printable(octets, limit: DMARCLimits.shownOctets),
                    effective: own.rawValue, inherited: inherited.effective.rawValue,
                    isWeaker: own < inherited.effective, suggestion: "\(draft)"),
                about: .record(owner, type: "TXT"), from: await scan.resolve(owner, .txt).evidence)
        }
    }

    private var names: [DomainName] {
        let common = Self.commonLabels.compactMap { scan.domain.prepending($0) }
        let parents = mail.hosts.compactMap { $0.name.parent }.filter {
            $0 != scan.domain && $0.isEqualOrBelow(scan.domain)
        }
        return Array(Set(common + Set(parents).sorted().prefix(DMARCLimits.mailHostParents))).sorted()
    }

    private static let commonLabels = [
        "www", "mail", "email", "e", "em", "news", "newsletter", "marketing", "info", "bounce", "support", "shop",
    ]
}
