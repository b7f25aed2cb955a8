package import AssayCrypto
package import AssayEngine
package import AssayModel
package import AssayTransport

/// One SMTP conversation with one address of one MX host.
package struct SMTPProbe: Probe {
    package let question: SMTPQuestion

    package init(
        host: DomainName, address: IPAddress, port: UInt16 = 25, ehloName: String, keys: KeyOffer = .any,
        visit: Int = 1,
        sendsServerName: Bool = true, injects: Bool = false
    ) {
        question = SMTPQuestion(
            address: address, port: port, serverName: host, ehloName: ehloName, keys: keys, visit: visit,
            sendsServerName: sendsServerName, injects: injects)
    }

    package func run(in scan: ScanContext) async -> SMTPConversation {
        await scan.services.require(Transport.self).converse(question, deadline: scan.stepDeadline)
    }
}

extension ScanContext {
    /// Talks to a mail server, once per scan.
    package func converse(with server: MailHosts.Evidence.Server) async -> SMTPConversation {
        await evidence(for: SMTPProbe(host: server.host, address: server.address, ehloName: options.ehloName))
    }
}

extension SMTPConversation {
    package var evidence: [EvidenceRecord] {
        guard !transcript.isEmpty else { return [] }
        return [
            EvidenceRecord(
                kind: .smtp, at: startedAt, name: "\(question.serverName)",
                server: question.address.family == .ipv6
                    ? "[\(question.address)]:\(question.port)" : "\(question.address):\(question.port)",
                body: .lines(transcript))
        ]
    }
}
