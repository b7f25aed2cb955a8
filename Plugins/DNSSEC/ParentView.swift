import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// What the servers of the zone above say of a zone: its delegation, and its DS records.
struct ParentView: Sendable {
    struct Referral: Sendable {
        let server: String
        let names: Set<DomainName>
        let glue: [DomainName: Set<IPAddress>]
    }

    let parent: DomainName
    let servers: [NameServerAddress]
    let referrals: [Referral]
    /// They serve the zone itself, so that nobody is ever referred.
    let servesZone: Bool
    /// DS records as each server has them.
    let delegationSigners: [(server: String, data: Set<[UInt8]>)]

    static func ask(about apex: DomainName, in scan: ScanContext) async -> ParentView? {
        guard !apex.isRoot, let above = apex.parent, let zone = await scan.evidence(for: ZoneQuestion(above)) else {
            return nil
        }
        let said = await withTaskGroup(of: (NameServerAddress, ns: ServerReply, ds: ServerReply).self) { group in
            for server in zone.servers {
                group.addTask {
                    async let ns = scan.evidence(for: ServerQuestion(server.address, apex, .ns))
                    async let ds = scan.evidence(for: ServerQuestion(server.address, apex, .ds))
                    return await (server, ns, ds)
                }
            }
            var said: [(NameServerAddress, ns: ServerReply, ds: ServerReply)] = []
            for await one in group { said.append(one) }
            return said.sorted { ($0.0.name, $0.0.address) < ($1.0.name, $1.0.address) }
        }
        var referrals: [Referral] = []
        var servesZone = false
        for (server, ns, _) in said {
            guard let message = ns.message, message.rcode == 0 else { continue }
            if message.isAuthoritative {
                servesZone = true
            } else if let referral = referral(message, apex, server) {
                referrals.append(referral)
            }
        }
        return ParentView(
            parent: zone.apex, servers: zone.servers, referrals: referrals, servesZone: servesZone,
            delegationSigners: said.compactMap { server, _, ds in
                guard ds.status == .answered, let message = ds.message, message.isAuthoritative else { return nil }
                return (
                    server.label,
                    Set(message.answers.filter { $0.type == RecordType.ds.rawValue && $0.owner == apex }.map(\.data))
                )
            })
    }

    private static func referral(
        _ message: DNSMessage, _ apex: DomainName, _ server: NameServerAddress
    ) -> Referral? {
        let names = (message.authority + message.answers).compactMap { record -> DomainName? in
            guard record.type == RecordType.ns.rawValue, record.owner == apex, case .name(let name) = record.content
            else { return nil }
            return name
        }
        guard !names.isEmpty else { return nil }
        var glue: [DomainName: Set<IPAddress>] = [:]
        for record in message.additional where names.contains(record.owner) {
            if case .address(let address) = record.content { glue[record.owner, default: []].insert(address) }
        }
        return Referral(server: server.label, names: Set(names), glue: glue)
    }

    /// The servers that the zone above lists.
    var names: Set<DomainName> { referrals.reduce(into: []) { $0.formUnion($1.names) } }

    /// Those of them that the zone's own list does not name, with addresses: they are asked like the others.
    func standby(beside known: [NameServerAddress], in scan: ScanContext) async -> [NameServerAddress] {
        let others = names.subtracting(known.map(\.name)).sorted()
        guard !others.isEmpty else { return [] }
        let found = await scan.evidence(for: ServerAddresses(others))
        let glue = referrals.flatMap { referral in
            referral.glue.flatMap { name, addresses in
                addresses.map { NameServerAddress(name: name, address: $0) }
            }
        }
        return Set(found + glue.filter { others.contains($0.name) })
            .subtracting(known).sorted { ($0.name, $0.address) < ($1.name, $1.address) }
    }

    // MARK: Facts

    func state(_ apex: DomainName, in scan: ScanContext) async {
        let subject = Subject.zone(apex)
        guard !referrals.isEmpty else {
            return scan.state(
                DNSDelegation.self,
                servesZone ? .notApplicable("parent_serves_zone") : .undetermined(Cause(.noAnswerFromServers)),
                about: subject)
        }
        let answer = await scan.resolve(apex, .ns)
        guard answer.status == .records else {
            return scan.state(
                DNSDelegation.self, .undetermined(answer.undeterminedCause ?? Cause(.dependsOnUndetermined)),
                about: subject)
        }
        let inside = Set(answer.names)
        scan.state(
            DNSDelegation(
                parent: "\(parent)", above: names.sorted().map { "\($0)" }, inside: inside.sorted().map { "\($0)" },
                onlyAbove: names.subtracting(inside).sorted().map { "\($0)" },
                onlyInside: inside.subtracting(names).sorted().map { "\($0)" },
                staleGlue: await staleGlue(apex, scan)),
            about: subject, from: answer.evidence)
    }

    /// Glue is a copy (RFC 1034 section 4.2.1); the zone that holds the server's name has the truth.
    private func staleGlue(_ apex: DomainName, _ scan: ScanContext) async -> [String] {
        var copies: [DomainName: Set<IPAddress>] = [:]
        for referral in referrals { copies.merge(referral.glue) { $0.union($1) } }
        var stale: [String] = []
        for (name, addresses) in copies.sorted(by: { $0.key < $1.key }) where name.isEqualOrBelow(apex) {
            for type in [RecordType.a, .aaaa] {
                let answer = await scan.resolve(name, type)
                guard answer.undeterminedCause == nil, answer.lookupError == nil else { continue }
                let own = Set(answer.addresses)
                let copied = addresses.filter { ($0.family == .ipv4) == (type == .a) }
                stale += copied.subtracting(own).sorted().map { "\(name) \($0)" }
            }
        }
        return stale
    }
}

extension NameServerAddress {
    /// `ns1.example.com [192.0.2.53]`.
    var label: String { "\(name) [\(address)]" }
}
