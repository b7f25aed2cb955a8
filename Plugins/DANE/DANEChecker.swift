import AssayDNS
package import AssayEngine
import AssayModel
import AssayProbes

/// DANE for SMTP: TLSA records of every MX host, and what a DANE sender comes to at each of its addresses.
///
/// Follows RFC 7672 section 2.2 step by step: address security before TLSA, base domains, lookup errors told from denials,
/// usable records, the verdict of OpenSSL's DANE engine on the chain that the shared SMTP conversation showed.
package struct DANEChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "DANE", title: "DANE for SMTP", tier: .extended,
        facts: [
            DANEHost.self, DANESet.self, DANERecord.self, DANEVerdictFact.self, DANEKeys.self, DANEAddresses.self,
            DANERollover.self, DANECoverage.self, DANEMisplaced.self,
        ],
        references: ["RFC 6698", "RFC 7671", "RFC 7672"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        let mail = await scan.evidence(for: MailHosts(scan.domain))
        if case .undetermined(let cause) = mail.lookup.status {
            scan.state(DANECoverage.self, .undetermined(cause), about: .domain(scan.domain))
            return
        }
        guard !mail.hosts.isEmpty else {
            scan.state(DANECoverage.self, .notApplicable("no_mail_hosts"), about: .domain(scan.domain))
            return
        }
        async let misplaced: Void = checkMisplaced(mail, scan)
        let plans = await withTaskGroup(of: (Int, HostPlan).self) { group in
            for (index, host) in mail.hosts.enumerated() {
                group.addTask {
                    let plan = await HostPlan.make(host, isMXSecure: mail.lookup.security == .secure, in: scan)
                    await HostCheck(plan: plan, mail: mail, scan: scan).state()
                    return (index, plan)
                }
            }
            var plans: [(Int, HostPlan)] = []
            for await plan in group { plans.append(plan) }
            return plans.sorted { $0.0 < $1.0 }.map(\.1)
        }
        stateCoverage(plans, scan)
        await misplaced
    }

    private func stateCoverage(_ plans: [HostPlan], _ scan: ScanContext) {
        let subject = Subject.domain(scan.domain)
        if let cause = plans.lazy.compactMap(\.undetermined).first {
            scan.state(DANECoverage.self, .undetermined(cause), about: subject)
            return
        }
        let covered = plans.filter { $0.level == .authenticate || $0.level == .unreachable }
        let uncovered = plans.filter { $0.level == .opportunistic || $0.level == .encrypt }
        let shared = Set(covered.map(\.host.preference)).intersection(uncovered.map(\.host.preference))
        scan.state(
            DANECoverage(
                covered: covered.map { "\($0.host.name)" }, uncovered: uncovered.map { "\($0.host.name)" },
                isPartial: !covered.isEmpty && !uncovered.isEmpty, isPartialAtOnePreference: !shared.isEmpty,
                isPublished: plans.contains { $0.published != nil || $0.level == .unreachable }),
            about: subject)
    }

    /// `_25._tcp` of the domain itself, where the domain is no mail host.
    private func checkMisplaced(_ mail: MailHosts.Evidence, _ scan: ScanContext) async {
        let subject = Subject.domain(scan.domain)
        guard !mail.hosts.contains(where: { $0.name == scan.domain }),
            let answer = await scan.evidence(for: TLSASet(scan.domain))
        else {
            scan.state(DANEMisplaced(owners: []), about: subject)
            return
        }
        if case .undetermined(let cause) = answer.status {
            scan.state(DANEMisplaced.self, .undetermined(cause), about: subject)
        } else {
            let isThere = answer.status == .records && answer.isWildcardExpansion != true
            scan.state(
                DANEMisplaced(owners: isThere ? ["\(answer.name)"] : []), about: subject,
                from: isThere ? answer.evidence : [])
        }
    }
}
