package import AssayDNS
package import AssayEngine
package import AssayModel

/// Where mail for a domain goes: its MX records with the addresses of every host (RFC 5321 section 5.1).
package struct MailHosts: Probe {
    package let domain: DomainName

    package init(_ domain: DomainName) {
        self.domain = domain
    }

    package struct Host: Codable, Sendable {
        package let name: DomainName
        package let preference: Int
        /// The domain itself, for want of MX records.
        package let isImplicit: Bool
        package let ipv4: DNSAnswer
        package let ipv6: DNSAnswer
        /// What may be connected to, at most `ProbeLimits.addressesPerFamily` of each family.
        package let addresses: [IPAddress]
        /// Addresses of no public use.
        package let special: [IPAddress]
        package let addressesLeftOut: Int
    }

    package struct Evidence: Codable, Sendable {
        package let lookup: DNSAnswer
        /// Best preference first, then by name; null MX left out.
        package let hosts: [Host]
        package let leftOut: [DomainName]
        /// Addresses at the domain itself, only asked where there is no MX.
        package let ownAddresses: [DNSAnswer]
    }

    package func run(in scan: ScanContext) async -> Evidence {
        // The domain's own addresses matter only without MX, but then they are asked already.
        scan.begin(DNSQuestion(domain, .a))
        scan.begin(DNSQuestion(domain, .aaaa))
        let lookup = await scan.resolve(domain, .mx)
        let targets = Self.targets(of: lookup)
        if case .noData = lookup.status {
            let host = await Self.host(domain, preference: 0, isImplicit: true, in: scan)
            let hasAny = !(host.ipv4.addresses.isEmpty && host.ipv6.addresses.isEmpty)
            return Evidence(
                lookup: lookup, hosts: hasAny ? [host] : [], leftOut: [], ownAddresses: [host.ipv4, host.ipv6])
        }
        let used = targets.prefix(ProbeLimits.mailHosts)
        let hosts = await withTaskGroup(of: Host.self) { group in
            for target in used {
                group.addTask {
                    await Self.host(target.name, preference: target.preference, isImplicit: false, in: scan)
                }
            }
            var hosts: [Host] = []
            for await host in group { hosts.append(host) }
            return hosts.sorted { ($0.preference, $0.name) < ($1.preference, $1.name) }
        }
        return Evidence(
            lookup: lookup, hosts: hosts, leftOut: targets.dropFirst(ProbeLimits.mailHosts).map(\.name),
            ownAddresses: [])
    }

    /// Distinct exchanges, best preference first; the null MX's root left out (RFC 7505 section 3).
    private static func targets(of lookup: DNSAnswer) -> [(name: DomainName, preference: Int)] {
        var best: [DomainName: Int] = [:]
        for record in lookup.records {
            guard case .mx(let preference, let exchange) = record.content, !exchange.isRoot else { continue }
            best[exchange] = min(best[exchange] ?? .max, Int(preference))
        }
        return best.map { ($0.key, $0.value) }.sorted { ($0.preference, $0.name) < ($1.preference, $1.name) }
    }

    /// One mail host with its addresses, whether or not an MX record names it.
    package static func host(
        _ name: DomainName, preference: Int, isImplicit: Bool, in scan: ScanContext
    ) async -> Host {
        scan.begin(TLSASet(name))
        async let ipv4 = scan.resolve(name, .a)
        async let ipv6 = scan.resolve(name, .aaaa)
        let answers = await (ipv4, ipv6)
        var usable: [IPAddress] = []
        var special: [IPAddress] = []
        var leftOut = 0
        for answer in [answers.0, answers.1] {
            var ofFamily = 0
            for address in Set(answer.addresses).sorted() {
                if let purpose = address.specialPurpose, !(scan.options.allowsPrivate && purpose.isPrivate) {
                    special.append(address)
                } else if ofFamily < ProbeLimits.addressesPerFamily {
                    ofFamily += 1
                    usable.append(address)
                } else {
                    leftOut += 1
                }
            }
        }
        return Host(
            name: name, preference: preference, isImplicit: isImplicit, ipv4: answers.0, ipv6: answers.1,
            addresses: usable, special: special, addressesLeftOut: leftOut)
    }
}

extension MailHosts.Evidence {
    /// A server to talk to, and whether the connection budget reaches it.
    package struct Server: Hashable, Sendable {
        package let host: DomainName
        package let address: IPAddress
        package let isInBudget: Bool
    }

    /// Every address of every host once per host, best preference first.
    package var servers: [Server] {
        var planned: Set<IPAddress> = []
        var servers: [Server] = []
        for host in hosts {
            for address in host.addresses {
                // Two names of one address are two handshakes, because the server name differs.
                let fits = servers.count(where: \.isInBudget) < ProbeLimits.connectionBudget
                planned.insert(address)
                servers.append(Server(host: host.name, address: address, isInBudget: fits))
            }
        }
        return servers
    }

    /// Exactly one record, exchange `.` (RFC 7505 section 3), whatever its preference.
    package var isNullMX: Bool {
        lookup.records.count == 1 && hosts.isEmpty && leftOut.isEmpty && lookup.status == .records
    }

    package var bestPreference: Int? { hosts.map(\.preference).min() }
}

/// The TLSA records of a host for a port (RFC 7672 section 2.2).
package struct TLSASet: Probe {
    package let host: DomainName
    package let port: UInt16

    package init(_ host: DomainName, port: UInt16 = 25) {
        self.host = host
        self.port = port
    }

    /// nil where the name would be too long.
    package var owner: DomainName? { host.prepending("_\(port)._tcp") }

    package func run(in scan: ScanContext) async -> DNSAnswer? {
        guard let owner else { return nil }
        return await scan.resolve(owner, .tlsa)
    }
}

/// How much the shared questions ask. The numbers are those of reliability.md section 3 and design.md section 8.
package enum ProbeLimits {
    /// MX hosts looked at, best preference first.
    package static let mailHosts = 20
    package static let addressesPerFamily = 4
    /// SMTP connections of a basic scan; one of the thirty is left for the policy host.
    package static let connectionBudget = 29
    /// RFC 8461 section 3.3: 64 kilobytes.
    package static let policyOctets = 65_536
    /// RFC 8461 section 3.3: one minute.
    package static let policySeconds = 60
    /// Of a logo or of the file of a mark certificate: what is read at all, above what may pass.
    package static let webOctets = 262_144
    package static let webSeconds = 30
    /// Of a revocation list.
    package static let revocationOctets = 1_048_576
    /// Redirects followed for them.
    package static let redirects = 3
    package static let urlOctets = 2048
    /// A label that nobody made: what answers below it is synthesised (RFC 4592 section 2.1.1).
    package static let unmadeLabel = "mailassay-wildcard-test"
}
