import AssayDNS
package import AssayEngine
import AssayFacts
import AssayModel
import AssayProbes

/// Where mail for the domain goes: MX records, their hosts and addresses, and the domain's name itself.
///
/// Asks MX, the addresses of every host, their reverse names, and two labels that nobody made. States what was found;
/// whether a null MX is wanted or a missing address hurts is for the rules.
package struct MXChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "MX", title: "Mail hosts of the domain", tier: .basic,
        facts: [
            MXLookup.self, MXHosts.self, MXTarget.self, MXWildcard.self, MXReverse.self, SendingSigns.self,
            InternationalisedName.self, NonASCIIRecords.self,
        ],
        references: ["RFC 5321 section 5.1", "RFC 7505", "RFC 2181 section 10.3"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await checkHosts(scan) }
            group.addTask { await checkWildcard(scan) }
            group.addTask { await checkSendingSigns(scan) }
            group.addTask { await checkName(scan) }
        }
    }

    private func checkHosts(_ scan: ScanContext) async {
        let mail = await scan.evidence(for: MailHosts(scan.domain))
        stateLookup(mail, scan)
        if case .undetermined(let cause) = mail.lookup.status {
            scan.state(MXHosts.self, .undetermined(cause), about: .domain(scan.domain))
            return
        }
        stateHosts(mail, scan)
        await withTaskGroup(of: Void.self) { group in
            for host in mail.hosts where !host.isImplicit {
                group.addTask { await checkTarget(host, scan) }
            }
            for server in Set(mail.servers.map(\.address)) {
                guard let host = mail.servers.first(where: { $0.address == server })?.host else { continue }
                group.addTask { await checkReverse(of: server, host: host, scan) }
            }
        }
    }

    private func stateLookup(_ mail: MailHosts.Evidence, _ scan: ScanContext) {
        let answer = mail.lookup
        let subject = Subject.domain(scan.domain)
        let evidence = answer.evidence + mail.ownAddresses.flatMap(\.evidence)
        if let cause = answer.undeterminedCause {
            scan.state(MXLookup.self, .undetermined(cause), about: subject)
            return
        }
        let ownCauses = mail.ownAddresses.compactMap(\.undeterminedCause)
        let hasAddress = mail.ownAddresses.contains { !$0.addresses.isEmpty }
        if case .noData = answer.status, !hasAddress, let cause = ownCauses.first {
            scan.state(MXLookup.self, .undetermined(cause), about: subject, from: evidence)
            return
        }
        let error = answer.lookupError
        scan.state(
            MXLookup(
                shape: shape(of: mail, hasAddress: hasAddress), security: answer.security.rawValue, ttl: answer.ttl,
                error: error?.kind, words: error?.words,
                aliasTarget: answer.aliases.isEmpty ? nil : answer.canonicalName.description,
                hasAddress: mail.ownAddresses.isEmpty ? nil : hasAddress),
            about: subject, from: evidence)
    }

    private func shape(of mail: MailHosts.Evidence, hasAddress: Bool) -> MXLookup.Shape {
        switch mail.lookup.status {
        case .nxDomain: return .nxdomain
        case .noData:
            if !hasAddress, mail.ownAddresses.contains(where: { $0.lookupError != nil }) { return .lookupError }
            return hasAddress ? .implicit : .none
        case .bogus, .failed, .undetermined: return .lookupError
        case .records: break
        }
        let exchanges = mail.lookup.records.compactMap { record -> (Int, DomainName)? in
            if case .mx(let preference, let exchange) = record.content { (Int(preference), exchange) } else { nil }
        }
        let nulls = exchanges.filter { $0.1.isRoot }
        if nulls.isEmpty { return .mx }
        if exchanges.count > nulls.count || nulls.count > 1 { return .nullWithOthers }
        return nulls[0].0 == 0 ? .null : .nullNonzeroPreference
    }

    private func stateHosts(_ mail: MailHosts.Evidence, _ scan: ScanContext) {
        let subject = Subject.domain(scan.domain)
        guard !mail.hosts.isEmpty else {
            scan.state(MXHosts.self, .notApplicable("no_mail_host"), about: subject)
            return
        }
        let all = mail.hosts.flatMap(\.addresses)
        let distinct = Set(all)
        let networks = Set(distinct.map(Self.network))
        let published = mail.lookup.records.compactMap { record -> DomainName? in
            if case .mx(_, let exchange) = record.content { exchange } else { nil }
        }
        let duplicates = Dictionary(grouping: published, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
        let shared = distinct.filter { address in mail.hosts.count { $0.addresses.contains(address) } > 1 }.sorted()
        scan.state(
            MXHosts(
                hosts: mail.hosts.map {
                    .init(name: "\($0.name)", preference: $0.preference, addresses: $0.addresses.map { "\($0)" })
                },
                published: published.count, leftOut: mail.leftOut.map { "\($0)" },
                usable: mail.hosts.count { !$0.addresses.isEmpty },
                unresolved: mail.hosts.count { host in
                    host.addresses.isEmpty
                        && [host.ipv4, host.ipv6].contains { $0.undeterminedCause != nil }
                },
                addressCount: distinct.count, ipv4Count: distinct.count { $0.family == .ipv4 },
                ipv6Count: distinct.count { $0.family == .ipv6 }, networkCount: networks.count,
                duplicateNames: duplicates.map { "\($0)" }, sharedAddresses: shared.map { "\($0)" }),
            about: subject, from: mail.lookup.evidence)
    }

    /// The /24 or /48 of an address.
    private static func network(_ address: IPAddress) -> [UInt8] {
        address.family == .ipv4 ? Array(address.octets.prefix(3)) : Array(address.octets.prefix(6))
    }

    private func checkReverse(of address: IPAddress, host: DomainName, _ scan: ScanContext) async {
        let subject = Subject.address(address, of: host)
        let answer = await scan.resolve(address.reverseName, .ptr)
        switch answer.status {
        case .undetermined(let cause):
            scan.state(MXReverse.self, .undetermined(cause), about: subject)
        case .failed, .bogus:
            scan.state(
                MXReverse.self, .undetermined(Cause("lookup_error", detail: answer.lookupError?.words)), about: subject)
        case .noData, .nxDomain:
            scan.state(MXReverse.self, .absent, about: subject, from: answer.evidence)
        case .records:
            let names = Set(answer.names).sorted().prefix(Self.reverseNames)
            var isConfirmed = false
            for name in names where !isConfirmed {
                let back = await scan.resolve(name, address.family == .ipv4 ? .a : .aaaa)
                isConfirmed = back.addresses.contains(address)
            }
            scan.state(
                MXReverse(names: names.map { "\($0)" }, isForwardConfirmed: isConfirmed), about: subject,
                from: answer.evidence)
        }
    }

    /// Reverse names followed back.
    private static let reverseNames = 4
}
