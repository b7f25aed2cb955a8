package import AssayModel

/// One address of one authoritative server.
package struct NameServerAddress: Hashable, Codable, Sendable {
    package let name: DomainName
    package let address: IPAddress

    package init(name: DomainName, address: IPAddress) {
        self.name = name
        self.address = address
    }
}

/// What one server said to one plain question.
package struct ServerReply: Hashable, Codable, Sendable {
    package let status: FailureExplanation.Verdict
    /// The DNS message; empty where there is none.
    package let octets: [UInt8]

    package init(status: FailureExplanation.Verdict, octets: [UInt8]) {
        self.status = status
        self.octets = octets
    }

    package var message: DNSMessage? { octets.isEmpty ? nil : DNSMessage(parsing: octets) }
}
