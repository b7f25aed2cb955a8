import AssayDNS
package import AssayEngine
import AssayModel
import AssayProbes

/// DNSSEC of every zone that mail to the domain depends on: the domain's, each mail host's, those of TLSA records behind
/// aliases, and those of the policy names.
///
/// The validating resolver says what is secure; each authoritative server is then asked on its own, and its signatures are
/// checked with the keys that the resolver found secure: a secondary that lags or lacks signatures fails now and then only.
package struct DNSSECChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "DNSSEC", title: "DNSSEC and name servers", tier: .extended,
        facts: [
            DNSSECZone.self, DNSSECDelegation.self, DNSSECKey.self, DNSSECDenial.self, DNSSECSignatures.self,
            DNSSECServer.self, DNSSECServers.self, DNSSECAutomation.self, DNSSECChain.self, DNSZone.self,
            DNSOverTCP.self, DNSExtensions.self, DNSLetterCase.self, DNSAnswers.self, DNSDelegation.self,
            DNSAliases.self, DNSRegistration.self, DNSTexts.self, DNSText.self, DNSMisplaced.self,
        ],
        references: ["RFC 1034", "RFC 4033", "RFC 4035", "RFC 5155", "RFC 6891", "RFC 7766", "RFC 9276", "RFC 9904"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        async let chain: Void = ChainOfTrust(domain: scan.domain).state(scan)
        async let texts: Void = TextChecks(scan: scan).state()
        let names = await dependencies(scan)
        let zones = await withTaskGroup(of: (name: Dependency, zone: ZoneQuestion.Zone?).self) { group in
            for name in names { group.addTask { (name, await scan.evidence(for: ZoneQuestion(name.name))) } }
            var zones: [DomainName: (servers: [NameServerAddress], dependencies: [Dependency])] = [:]
            for await (name, zone) in group {
                guard let zone else {
                    if name.role == .domain {
                        scan.state(
                            DNSSECZone.self, .undetermined(Cause(.noAnswerFromServers)), about: .zone(scan.domain))
                    }
                    continue
                }
                zones[zone.apex, default: (zone.servers, [])].dependencies.append(name)
            }
            return zones
        }
        await stateBrokenDomain(zones.keys.contains(scan.domain), scan)
        await withTaskGroup(of: Void.self) { group in
            for (apex, zone) in zones {
                group.addTask {
                    await ZoneCheck(apex: apex, servers: zone.servers, dependencies: zone.dependencies, scan: scan)
                        .state()
                }
            }
        }
        _ = await (chain, texts)
    }

    /// A domain whose own servers fail is no zone that could be asked about; that they fail is what is to be said.
    private func stateBrokenDomain(_ isApex: Bool, _ scan: ScanContext) async {
        guard !isApex else { return }
        let answer = await scan.resolve(scan.domain, .soa)
        let status: DNSSECZone.Status
        switch answer.status {
        case .bogus: status = .bogus
        case .failed: status = .lookupError
        default: return
        }
        scan.state(
            DNSSECZone(
                status: status, why: answer.lookupError?.words, roles: ["domain"], isOnMailPath: true,
                isForReportsOnly: false, hasDS: false, hasKeys: false, parent: scan.domain.parent.map { "\($0)" }),
            about: .zone(scan.domain), from: answer.evidence)
    }

    /// The names that mail depends on.
    private func dependencies(_ scan: ScanContext) async -> [Dependency] {
        let domain = scan.domain
        var names = [Dependency(name: domain, role: .domain)]
        for label in ["mta-sts", "_domainkey"] {
            if let name = domain.prepending(label) { names.append(Dependency(name: name, role: .policyHost)) }
        }
        let selectors = scan.options.selectors.map { "\($0)._domainkey" }
        for label in ["_mta-sts", "_smtp._tls", "_dmarc"] + selectors {
            if let name = domain.prepending(label) { names.append(Dependency(name: name, role: .policy)) }
        }
        async let reports = reportDestinations(scan)
        let mail = await scan.evidence(for: MailHosts(domain))
        for host in mail.hosts {
            names.append(Dependency(name: host.name, role: .mailHost))
            let target = [host.ipv4, host.ipv6].first { $0.status == .records }?.canonicalName ?? host.name
            if target != host.name { names.append(Dependency(name: target, role: .mailHost)) }
            if let answer = await scan.evidence(for: TLSASet(host.name)) {
                names.append(Dependency(name: answer.name, role: .tlsa))
                if answer.canonicalName != answer.name {
                    names.append(Dependency(name: answer.canonicalName, role: .tlsa))
                }
            }
        }
        return names + (await reports).map { Dependency(name: $0, role: .report) }
    }

    /// Domains that reports about the domain's mail go to, the domain itself left out.
    private func reportDestinations(_ scan: ScanContext) async -> [DomainName] {
        var found: Set<DomainName> = []
        for label in ["_smtp._tls", "_dmarc"] {
            guard let name = scan.domain.prepending(label) else { continue }
            for text in await scan.resolve(name, .txt).texts { found.formUnion(ReportDestinations.domains(in: text)) }
        }
        return Array(found.subtracting([scan.domain]).sorted().prefix(DNSSECLimits.reportDestinations))
    }
}

/// A name that mail depends on, and for what.
struct Dependency: Hashable, Sendable {
    enum Role: Hashable {
        case domain, mailHost, tlsa
        /// A TXT record.
        case policy
        /// A host, or a branch, that holds policies.
        case policyHost
        case report

        /// As facts name it.
        var code: String {
            switch self {
            case .domain: "domain"
            case .mailHost: "mx"
            case .tlsa: "tlsa"
            case .policy, .policyHost: "policy"
            case .report: "report"
            }
        }
    }

    let name: DomainName
    let role: Role

    /// Senders come through it, or it is the domain's own zone.
    var isOnMailPath: Bool {
        switch role {
        case .domain, .mailHost, .tlsa: true
        case .policy, .policyHost, .report: false
        }
    }
}
