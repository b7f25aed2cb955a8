package import AssayCrypto
package import AssayEngine
package import AssayModel
package import AssayTransport

/// The handshakes of one server by key type: as it comes, with the other type alone, and, where that is there too, with the
/// first type alone. At most three connections, one after the other.
package struct KeySurvey: Probe {
    package let host: DomainName
    package let address: IPAddress
    package let port: UInt16
    package let ehloName: String

    package init(host: DomainName, address: IPAddress, port: UInt16 = 25, ehloName: String) {
        self.host = host
        self.address = address
        self.port = port
        self.ehloName = ehloName
    }

    package struct Evidence: Codable, Sendable {
        package let first: SMTPConversation
        /// In the order they were made.
        package let further: [SMTPConversation]

        package var all: [SMTPConversation] { [first] + further }

        /// The chains shown, each with the key type of its leaf.
        package var chains: [(conversation: SMTPConversation, kind: String, chain: PresentedChain)] {
            all.compactMap { conversation in
                guard let chain = conversation.handshake?.chain, let leaf = chain.certificate(at: 0) else { return nil }
                return (conversation, leaf.key.kind.rawValue, chain)
            }
        }
    }

    package func run(in scan: ScanContext) async -> Evidence {
        let first = await scan.evidence(for: probe())
        guard first.connect == .connected, first.greeting?.code == 220, first.ehlo?.code == 250 else {
            return Evidence(first: first, further: [])
        }
        if first.starttls == nil, scan.options.connectionsPerAddress != 1, first.ehlo?.advertises("STARTTLS") == false {
            // Some servers offer it to those who come back (RFC 7672 section 9.2).
            return Evidence(first: first, further: [await scan.evidence(for: probe(visit: 2))])
        }
        // `--connections` counts these too.
        let limit = scan.options.connectionsPerAddress ?? .max
        guard limit > 1 else { return Evidence(first: first, further: []) }
        guard let leaf = first.handshake?.chain?.certificate(at: 0) else { return Evidence(first: first, further: []) }
        let own: KeyOffer = leaf.key.kind.rawValue.hasPrefix("rsa") ? .rsa : .ecdsa
        let other = await scan.evidence(for: probe(own == .rsa ? .ecdsa : .rsa))
        guard limit > 2, other.handshake?.chain != nil else { return Evidence(first: first, further: [other]) }
        let again = await scan.evidence(for: probe(own))
        return Evidence(first: first, further: [other, again])
    }

    private func probe(_ keys: KeyOffer = .any, visit: Int = 1) -> SMTPProbe {
        SMTPProbe(host: host, address: address, port: port, ehloName: ehloName, keys: keys, visit: visit)
    }
}

extension SMTPConversation {
    /// The server has no certificate for the key types offered: it answered the ClientHello with an alert
    /// (RFC 8446 section 4.2.3: handshake_failure).
    package var refusesKeyType: Bool {
        guard question.keys != .any, handshake?.chain == nil, let failure = handshake?.failure else { return false }
        return failure.reason == .alert
    }
}
