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
        await scan.services.require(ValidatingResolver.self).zone(of: name, deadline: scan.stepDeadline).map {
            Zone(apex: $0.apex, servers: $0.servers)
        }
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
