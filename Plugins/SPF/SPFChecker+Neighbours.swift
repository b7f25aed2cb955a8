import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// The names around the record: SPF is not inherited (RFC 7208 section 3.5).
extension SPFChecker {
    /// What DMARC makes of mail that fails, for the domain and for a subdomain.
    func checkSurroundings(_ scan: ScanContext) async {
        let subject = Subject.domain(scan.domain)
        let dmarc = await scan.evidence(for: DMARCDiscovery(author: scan.domain))
        let own = dmarc.effectivePolicy()
        let below = dmarc.effectivePolicy(for: .existingSubdomain)
        if own.state == .undetermined || below.state == .undetermined {
            scan.state(
                SPFSurroundings.self, .undetermined(Cause(.dependsOnUndetermined, detail: "DMARC")), about: subject)
        } else {
            scan.state(
                SPFSurroundings(policy: own.effective.rawValue, subdomainPolicy: below.effective.rawValue),
                about: subject)
        }
    }

    /// Mail hosts that call themselves by a name of the domain's: what a receiver finds at the name that they say in EHLO.
    func checkHelos(_ survey: SPFSurvey, _ mail: MailHosts.Evidence, _ scan: ScanContext) async {
        await withTaskGroup(of: Void.self) { group in
            for host in mail.hosts {
                let isAuthorised = host.addresses.contains { survey.reach.passes.contains(IPNetwork($0)) }
                group.addTask {
                    let names = await HeloNames.of(host, mail.servers.filter { $0.host == host.name }, scan)
                    await checkHelo(names, of: host, isAuthorised: isAuthorised, scan)
                }
            }
        }
    }

    /// One fact for a host, about the first of its names that has no record.
    private func checkHelo(
        _ names: [HeloNames.Name], of host: MailHosts.Host, isAuthorised: Bool, _ scan: ScanContext
    ) async {
        let subject = Subject.mx(host.name)
        guard !names.isEmpty else {
            if host.name.isEqualOrBelow(scan.domain) {
                scan.state(SPFHelo.self, .notApplicable("other_name"), about: subject)
            }
            return
        }
        var found: (fact: SPFHelo, evidence: [EvidenceRecord])?
        var cause: Cause?
        for name in names.prefix(SPFLimits.heloNames) {
            let answer = await scan.resolve(name.name, .txt)
            cause = cause ?? answer.undeterminedCause
            guard answer.undeterminedCause == nil, answer.lookupError == nil else { continue }
            let hasRecord = !SPFSelection(answer.texts).records.isEmpty
            guard found == nil || !hasRecord && found?.fact.hasRecord == true else { continue }
            let fact = SPFHelo(
                name: "\(name.name)", isSaid: name.isSaid, hasRecord: hasRecord, isAuthorised: isAuthorised,
                suggestion: name.suggestion(host))
            found = (fact, answer.evidence)
        }
        if let found, !found.fact.hasRecord || cause == nil {
            scan.state(found.fact, about: subject, from: found.evidence)
        } else if let cause {
            scan.state(SPFHelo.self, .undetermined(cause), about: subject)
        } else {
            scan.state(SPFHelo.self, .notApplicable("lookup_error"), about: subject)
        }
    }

    /// Names that people make, and that forgers like because they exist.
    func checkGaps(_ scan: ScanContext) async {
        let subject = Subject.domain(scan.domain)
        let names = ["www", "mail"].compactMap { scan.domain.prepending($0) }
        let mail = await scan.evidence(for: MailHosts(scan.domain))
        // Mail hosts have a finding of their own.
        let hosts = Set(mail.hosts.map(\.name))
        let candidates = names.filter { !hosts.contains($0) }
        let found = await withTaskGroup(of: (DomainName, Outcome<Bool>).self) { group in
            for name in candidates { group.addTask { (name, await isGap(name, scan)) } }
            var found: [(DomainName, Outcome<Bool>)] = []
            for await one in group { found.append(one) }
            return found.sorted { $0.0 < $1.0 }
        }
        let gaps = found.filter { $0.1.value == true }.map { "\($0.0)" }
        if gaps.isEmpty, let cause = found.lazy.compactMap(\.1.cause).first {
            return scan.state(SPFGaps.self, .undetermined(cause), about: subject)
        }
        scan.state(SPFGaps(names: gaps, candidates: candidates.map { "\($0)" }), about: subject)
    }

    /// True where the name has an address or MX, and no record.
    private func isGap(_ name: DomainName, _ scan: ScanContext) async -> Outcome<Bool> {
        async let ipv4 = scan.resolve(name, .a)
        async let ipv6 = scan.resolve(name, .aaaa)
        async let text = scan.resolve(name, .txt)
        let (addresses, answer) = await ([ipv4, ipv6], text)
        // The name answers as an alias does: its records are another's.
        let exists = addresses.contains { !$0.addresses.isEmpty }
        if !SPFSelection(answer.texts).records.isEmpty { return .observed(false) }
        if let cause = (addresses + [answer]).lazy.compactMap(\.undeterminedCause).first { return .undetermined(cause) }
        return .observed(exists && answer.lookupError == nil)
    }

    /// A wildcard record does not reach names that exist (RFC 7208 section 3.5, RFC 4592).
    func checkWildcard(_ scan: ScanContext) async {
        let subject = Subject.domain(scan.domain)
        guard let name = scan.domain.prepending("mailassay-wildcard-test") else {
            return scan.state(SPFWildcard.self, .notApplicable("name_too_long"), about: subject)
        }
        let answer = await scan.resolve(name, .txt)
        if let cause = answer.undeterminedCause {
            return scan.state(SPFWildcard.self, .undetermined(cause), about: subject)
        }
        let text = SPFSelection(answer.texts).records.first
        scan.state(
            SPFWildcard(
                isSynthesised: text != nil, text: text.map { printable($0, limit: SPFLimits.shownRecordOctets) }),
            about: subject, from: answer.evidence)
    }
}
