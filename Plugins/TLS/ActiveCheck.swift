import AssayCrypto
import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// What could disturb a server and is done with `--active` alone: one connection for each question, as the literature has it.
struct ActiveCheck {
    let servers: [MailHosts.Evidence.Server]
    let scan: ScanContext

    /// The questions that `budget` has room for, the gravest first.
    func run(budget: Int, stop: Cause?) async {
        guard scan.options.isActive else { return stateAll(Cause(.notAsked)) }
        guard stop == nil else { return stateAll(stop ?? Cause(.fault)) }
        if budget > 0 { await askInjection() }
        if budget > 1 { await askHeartbeat() }
        if budget > 2 { await askEarlyChange() }
        stateAll(Cause(.budget))
    }

    /// CVE-2011-0411: RFC 3207 section 4.2 has the server forget what came before TLS.
    private func askInjection() async {
        guard let first = servers.first else { return }
        let conversation = await scan.evidence(
            for: SMTPProbe(
                host: first.host, address: first.address, ehloName: scan.options.ehloName, injects: true))
        for server in servers {
            let subject = Subject.address(server.address, of: server.host)
            if let reply = conversation.firstReplyInTLS {
                // A sound server answers QUIT here; a broken one the NOOP, even if it does not know it.
                let isCarriedOut = reply.code == 250 || reply.code >= 500
                scan.state(
                    CommandInjection(
                        isCarriedOut: isCarriedOut,
                        reply: isCarriedOut
                            ? "\(reply.code) \(printable(Array(reply.lines.joined(separator: [0x20])), limit: 100))"
                            : nil),
                    about: subject, from: conversation.evidence)
            } else if let handshake = conversation.handshake, handshake.failure == nil {
                scan.state(CommandInjection.self, .undetermined(Cause("no_answer")), about: subject)
            } else {
                // The command was taken for a hello, or for a reason to hang up: nothing was carried out inside TLS.
                scan.state(
                    CommandInjection(isCarriedOut: false, reply: nil), about: subject, from: conversation.evidence)
            }
        }
    }

    private func askHeartbeat() async {
        let exchange = await ask(.heartbeat)
        state(exchange) { reactions in
            Heartbleed(isAnswered: reactions == [.record(24)])
        }
    }

    private func askEarlyChange() async {
        let exchange = await ask(.earlyChange)
        state(exchange) { reactions in
            // Silence, and then a record that it could not decrypt (bad_record_mac, decryption_failed).
            EarlyChange(isTaken: reactions == [.silence, .alert(20)] || reactions == [.silence, .alert(21)])
        }
    }

    private func ask(_ followUp: FollowUp) async -> HelloExchange? {
        guard let first = servers.first else { return nil }
        var hello = Question.everything.hello(serverName: "\(first.host)")
        hello.serverName = "\(first.host)"
        hello.offersCompression = false
        hello.offersHeartbeat = true
        return await scan.evidence(
            for: HelloProbe(hello, address: first.address, ehloName: scan.options.ehloName, followUp: followUp))
    }

    private func state<F: Fact>(_ exchange: HelloExchange?, _ fact: ([Reaction]) -> F) {
        for server in servers {
            let subject = Subject.address(server.address, of: server.host)
            guard let exchange, case .hello = exchange.answer else {
                scan.state(F.self, .undetermined(Cause("no_hello")), about: subject)
                continue
            }
            scan.state(fact(exchange.reactions), about: subject, from: exchange.evidence(of: server.host))
        }
    }

    private func stateAll(_ cause: Cause) {
        for server in servers {
            let subject = Subject.address(server.address, of: server.host)
            scan.state(CommandInjection.self, .undetermined(cause), about: subject)
            scan.state(Heartbleed.self, .undetermined(cause), about: subject)
            scan.state(EarlyChange.self, .undetermined(cause), about: subject)
        }
    }
}
