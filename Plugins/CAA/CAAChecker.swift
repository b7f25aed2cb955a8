import AssayCrypto
import AssayDNS
package import AssayEngine
import AssayModel
import AssayProbes

/// CAA: which authorities may issue certificates for the names that mail depends on, and whether those that issued the
/// certificates in use may issue the next ones.
///
/// For the mail domain, every mail host, the policy host of MTA-STS and the hosts of a BIMI record, the properties that count
/// are searched as an authority searches them (RFC 8659 section 3). The issuers of the certificates in use are compared by
/// the table of issuers; who is not in it is undetermined.
package struct CAAChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "CAA", title: "Who may issue certificates (CAA)", tier: .extended,
        facts: [
            CAAName.self, CAALookup.self, CAASetFact.self, CAAMissing.self, CAAIdentifier.self, CAAIssuer.self,
            CAAPin.self,
        ],
        references: ["RFC 8659", "RFC 8657", "RFC 9495"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        async let logo = LogoHosts.of(scan)
        async let policy = scan.evidence(for: PolicyFetch(scan.domain))
        async let ahead: Void = askAhead(scan)
        let mail = await scan.evidence(for: MailHosts(scan.domain))
        if mail.lookup.status == .nxDomain {
            scan.state(CAAName.self, .notApplicable("nxdomain"), about: .domain(scan.domain))
            return await ahead
        }
        var places = [Place(name: scan.domain, use: .domain)]
        // An address in place of a name is told as such (`mx.ip_literal`); no authority issues for it here.
        places += mail.hosts.map(\.name).filter { IPAddress("\($0)") == nil }.map { Place(name: $0, use: .mailHost) }
        async let liveOfMail = liveOfMail(mail, scan)
        async let climbsOfMail = climbs(places, scan)
        let (fetch, bimi) = await (policy, logo)
        var further: [Place] = []
        if let host = fetch.host, fetch.answers.contains(where: { !$0.addresses.isEmpty }) {
            further.append(Place(name: host, use: .policyHost))
        }
        further += bimi.hosts.map { Place(name: $0, use: .logo) }
        let climbsOfOthers = await climbs(further, scan)
        let climbs = await climbsOfMail.merging(climbsOfOthers) { first, _ in first }
        var seen = await liveOfMail
        if let host = fetch.host, further.contains(where: { $0.name == host }) {
            seen[host] = LiveIssuers.ofPolicyHost(fetch)
        }
        seen.merge(bimi.live) { first, _ in first }
        let judgement = Judgement(
            scan: scan, table: scan.services.require(LazyTable<IssuerTable>.self).value,
            suffixes: scan.services.require(PublicSuffixes.self), places: places + further, climbs: climbs, live: seen,
            hasBIMI: bimi.isPublished)
        judgement.state()
        await ahead
        await PinCheck(judgement: judgement, mail: mail).state()
    }

    /// The names that are known before their addresses are.
    private func askAhead(_ scan: ScanContext) async {
        scan.begin(DNSQuestion(scan.domain, .caa))
        if let parent = scan.domain.parent, !parent.isRoot { scan.begin(DNSQuestion(parent, .caa)) }
        let targets = await scan.resolve(scan.domain, .mx).records.compactMap { record -> DomainName? in
            if case .mx(_, let exchange) = record.content, !exchange.isRoot { exchange } else { nil }
        }
        for target in Set(targets).sorted().prefix(ProbeLimits.mailHosts) { scan.begin(DNSQuestion(target, .caa)) }
        guard let host = scan.domain.prepending("mta-sts") else { return }
        if await scan.resolve(host, .a).status == .records { scan.begin(DNSQuestion(host, .caa)) }
    }

    /// The search for every name, and for what a wildcard certificate of it would be for.
    private func climbs(_ places: [Place], _ scan: ScanContext) async -> [DomainName: Climb] {
        let names = Set(places.flatMap { [$0.name, $0.name.parent].compactMap(\.self) }.filter { !$0.isRoot })
        return await withTaskGroup(of: Climb.self) { group in
            for name in names { group.addTask { await Climb.of(name, in: scan) } }
            var climbs: [DomainName: Climb] = [:]
            for await climb in group { climbs[climb.name] = climb }
            for place in places { if let climb = climbs[place.name] { place.state(climb, scan) } }
            return climbs
        }
    }

    private func liveOfMail(_ mail: MailHosts.Evidence, _ scan: ScanContext) async -> [DomainName: LiveIssuers.Seen] {
        await withTaskGroup(of: (DomainName, LiveIssuers.Seen).self) { group in
            for host in mail.hosts {
                group.addTask { (host.name, await LiveIssuers.ofMailHost(host.name, mail, scan)) }
            }
            var live: [DomainName: LiveIssuers.Seen] = [:]
            for await (host, seen) in group { live[host] = seen }
            return live
        }
    }
}

/// A name that certificates are issued for, and what it is to the domain.
struct Place: Hashable, Sendable {
    enum Use: Sendable { case domain, mailHost, policyHost, logo }

    let name: DomainName
    let use: Use

    var subject: Subject {
        switch use {
        case .domain: .domain(name)
        case .mailHost: .mx(name)
        case .policyHost: .policyHost(name)
        case .logo: Subject(kind: .logo, name: "\(name)")
        }
    }

    func state(_ climb: Climb, _ scan: ScanContext) {
        let evidence = climb.answers.flatMap(\.evidence)
        switch climb.ending {
        case .undetermined(let cause): scan.state(CAAName.self, .undetermined(cause), about: subject)
        case .failed, .silent: scan.state(CAAName.self, .notApplicable("lookup_error"), about: subject, from: evidence)
        case .nothing, .found:
            let set = climb.set ?? AuthorizationSet(properties: [])
            let answer = climb.answers.last
            scan.state(
                CAAName(
                    name: "\(name)", climbed: climb.answers.map { "\($0.name)" }, foundAt: climb.owner.map { "\($0)" },
                    aliasTarget: climb.owner == nil || answer?.aliases.isEmpty != false
                        ? nil : answer.map { "\($0.canonicalName)" },
                    server: set.permission(.server).word, wildcard: set.permission(.wildcard).word,
                    mail: set.permission(.mail).word, mark: set.permission(.mark).word,
                    issuers: set.permission(.server).issuers, wildcardIssuers: set.permission(.wildcard).issuers),
                about: subject, from: evidence)
        }
    }
}

/// The hosts that a BIMI record names: of the logo, and of the mark certificate.
struct LogoHosts: Sendable {
    let isPublished: Bool
    let live: [DomainName: LiveIssuers.Seen]

    var hosts: [DomainName] { live.keys.sorted() }

    static func of(_ scan: ScanContext) async -> LogoHosts {
        guard let owner = scan.domain.prepending("default._bimi") else {
            return LogoHosts(isPublished: false, live: [:])
        }
        let records = BIMIRecord.select(from: await scan.resolve(owner, .txt).texts)
        guard let text = records.first, records.count == 1 else {
            return LogoHosts(isPublished: !records.isEmpty, live: [:])
        }
        let record = BIMIRecord(parsing: text)
        async let logo = seen(record.location.url.map { .logo($0) }, scan)
        async let mark = seen(record.authority.url.map { .markCertificate($0) }, scan)
        var live: [DomainName: LiveIssuers.Seen] = [:]
        for (host, seen) in await [logo, mark].compactMap(\.self) {
            let known = live[host]
            live[host] = LiveIssuers.Seen(
                certificates: (known?.certificates ?? []) + seen.certificates,
                undetermined: known?.undetermined ?? seen.undetermined)
        }
        return LogoHosts(isPublished: !record.isDeclination, live: live)
    }

    private static func seen(
        _ fetch: HTTPSFetch?, _ scan: ScanContext
    ) async -> (DomainName, LiveIssuers.Seen)? {
        guard let fetch else { return nil }
        let host = fetch.url.host
        let first = await scan.evidence(for: fetch).hops.first
        if let leaf = first?.chain?.certificate(at: 0) {
            return (host, LiveIssuers.Seen(certificates: [LiveCertificate(leaf, at: host)]))
        }
        return (host, LiveIssuers.Seen(undetermined: first?.exchange == nil ? nil : Cause("no_certificate")))
    }
}
