package import AssayDNS
package import AssayEngine
package import AssayModel

/// Which zone holds a name, and the addresses of its servers.
package struct ZoneQuestion: Probe {
    package let name: DomainName

    package init(_ name: DomainName) { self.name = name }

    package struct Zone: Codable, Sendable {
        package let apex: DomainName
        package let servers: [NameServerAddress]
    }

    package func run(in scan: ScanContext) async -> Zone? {
        let known = await denyingZone(in: scan) ?? name
        return await scan.services.require(ValidatingResolver.self).zone(of: known, deadline: scan.stepDeadline).map {
            Zone(apex: $0.apex, servers: $0.servers)
        }
    }

    /// The zone that denies TXT at a name for policies, which is asked for anyway: its SOA comes with the denial (RFC 2308).
    private func denyingZone(in scan: ScanContext) async -> DomainName? {
        guard name.labels.first?.first == UInt8(ascii: "_") else { return nil }
        let answer = await scan.resolve(name, .txt)
        guard answer.status == .nxDomain || answer.status == .noData, answer.aliases.isEmpty else { return nil }
        return DNSMessage(parsing: answer.packet)?.authority.first {
            $0.type == RecordType.soa.rawValue && name.isEqualOrBelow($0.owner)
        }?.owner
    }
}

/// What one authoritative server says to one question.
package struct ServerQuestion: Probe {
    package let server: IPAddress
    package let name: DomainName
    package let type: RecordType

    package init(_ server: IPAddress, _ name: DomainName, _ type: RecordType) {
        self.server = server
        self.name = name
        self.type = type
    }

    package func run(in scan: ScanContext) async -> ServerReply {
        guard scan.stepDeadline > .now else { return ServerReply(status: .notAsked, octets: []) }
        return await scan.services.require(ValidatingResolver.self).ask(server, name, type)
    }
}

/// What one authoritative server says to a question that is put in another form.
package struct ServerTrial: Probe {
    package let server: IPAddress
    package let name: DomainName
    package let type: RecordType
    package let form: QueryForm

    package init(_ server: IPAddress, _ name: DomainName, _ type: RecordType, _ form: QueryForm) {
        self.server = server
        self.name = name
        self.type = type
        self.form = form
    }

    /// Asks again where a datagram may have been lost, or dropped by a limit on the rate of answers.
    package func run(in scan: ScanContext) async -> ServerReply {
        var reply = ServerReply(status: .notAsked, octets: [])
        for _ in 0..<([.overTCP, .withoutEDNS].contains(form) ? 1 : 2) {
            guard scan.stepDeadline > .now else { return reply }
            reply = await scan.services.require(ValidatingResolver.self).ask(server, name, type, form: form)
            guard reply.status == .silent else { break }
        }
        return reply
    }
}

/// Addresses of name servers that a zone's own list does not name.
package struct ServerAddresses: Probe {
    package let names: [DomainName]

    package init(_ names: [DomainName]) { self.names = names }

    package func run(in scan: ScanContext) async -> [NameServerAddress] {
        await scan.services.require(ValidatingResolver.self).addresses(ofServers: names, deadline: scan.stepDeadline)
    }
}
