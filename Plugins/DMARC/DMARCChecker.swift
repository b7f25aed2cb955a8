import AssayDNS
package import AssayEngine
import AssayModel
import AssayProbes

/// DMARC: what receivers do with mail that claims to be from the domain and fails, and whom they tell.
///
/// Finds the policy as receivers of RFC 9989 do, by the tree walk, and as those of RFC 7489 do, by the public suffix list; both
/// are about. Reads the record with every tag of both, looks at each report destination, at records where nobody looks, and at
/// a few subdomains. Only names are looked up: nobody is connected to.
package struct DMARCChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "DMARC", title: "Policy for forged mail (DMARC)", tier: .basic,
        facts: [
            DMARCLookup.self, DMARCDiscoveryFact.self, DMARCEffective.self, DMARCUse.self, DMARCRecordFact.self,
            DMARCTags.self, DMARCDestination.self, DMARCWrongLocation.self, DMARCWildcard.self, DMARCSubdomain.self,
        ],
        references: ["RFC 9989", "RFC 9990", "RFC 9991", "RFC 7489"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        scan.begin(DNSQuestion(scan.domain, .txt))
        async let discovery = scan.evidence(for: DMARCDiscovery(author: scan.domain))
        async let mail = scan.evidence(for: MailHosts(scan.domain))
        async let wildcard = WildcardCheck(scan: scan).state()
        let (found, hosts) = await (discovery, mail)
        let check = PolicyCheck(found: found, mail: hosts, scan: scan)
        await check.state()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await LookupCheck(found: found, scan: scan).state() }
            group.addTask { await DestinationCheck(found: found, reports: check.reports, scan: scan).state() }
            group.addTask { await LocationCheck(found: found, reports: check.reports, scan: scan).state() }
            group.addTask { await SubdomainCheck(found: found, mail: hosts, scan: scan).state() }
        }
        await wildcard
    }
}
