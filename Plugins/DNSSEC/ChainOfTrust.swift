import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// The zones from the root to the domain, with the keys and delegations that a validator walks along.
struct ChainOfTrust {
    let domain: DomainName

    func state(_ scan: ScanContext) async {
        var apexes: [DomainName] = []
        var name: DomainName? = domain
        while let candidate = name {
            guard let zone = await scan.evidence(for: ZoneQuestion(candidate)) else {
                scan.state(DNSSECChain.self, .undetermined(Cause(.noAnswerFromServers)), about: .domain(domain))
                return
            }
            if !apexes.contains(zone.apex) { apexes.append(zone.apex) }
            name = zone.apex.isRoot ? nil : zone.apex.parent
        }
        var links: [DNSSECChain.Link] = []
        var weak: [String] = []
        for apex in apexes.reversed() {
            async let ds = apex.isRoot ? nil : scan.resolve(apex, .ds)
            async let keys = scan.resolve(apex, .dnskey)
            let keyRecords = await keys.keys
            links.append(
                DNSSECChain.Link(
                    zone: "\(apex)", isSecure: await keys.security == .secure,
                    ds: (await ds?.delegations ?? []).map { "\($0.keyTag) \($0.algorithm) \($0.digestType)" }.sorted(),
                    keys: keyRecords.map { "\($0.tag) \($0.algorithm) \($0.flags)" }.sorted()))
            if apex != apexes.first, keyRecords.contains(where: { [5, 7].contains($0.algorithm) }) {
                weak.append("\(apex)")
            }
        }
        scan.state(DNSSECChain(links: links, weakParents: weak), about: .domain(domain))
    }
}

extension DNSAnswer {
    /// DNSKEY records of the answer.
    var keys: [KeyRecord] {
        records.compactMap { if case .opaque(let data) = $0.content { KeyRecord(data) } else { nil } }
    }

    /// DS or CDS records of the answer.
    var delegations: [DelegationSigner] {
        records.compactMap { if case .opaque(let data) = $0.content { DelegationSigner(data) } else { nil } }
    }
}
