package import AssayEngine
package import AssayModel
package import AssayTransport

/// What one server answers to one ClientHello of ours: one connection.
package struct HelloProbe: Probe {
    package let question: HelloQuestion

    package init(_ hello: ClientHello, address: IPAddress, ehloName: String, followUp: FollowUp? = nil, visit: Int = 1)
    {
        question = HelloQuestion(
            address: address, ehloName: ehloName, hello: hello, followUp: followUp, visit: visit)
    }

    package func run(in scan: ScanContext) async -> HelloExchange {
        await scan.services.require(Transport.self).ask(question, deadline: scan.stepDeadline)
    }
}

extension HelloExchange {
    package func evidence(of host: DomainName) -> [EvidenceRecord] {
        guard !transcript.isEmpty else { return [] }
        let address = question.address
        return [
            EvidenceRecord(
                kind: .smtp, at: startedAt, name: "\(host)",
                server: address.family == .ipv6 ? "[\(address)]:\(question.port)" : "\(address):\(question.port)",
                body: .lines(transcript))
        ]
    }
}
