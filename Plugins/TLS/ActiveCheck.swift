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
    func run(_ survey: Survey, budget: Int) async {
        guard scan.options.isActive else { return stateAll(Cause(.notAsked)) }
        guard survey.stop == nil else { return stateAll(survey.stop ?? Cause(.fault)) }
        if budget > 0 { await askInjection() }
        if budget > 1 { await askHeartbeat() }
        if budget > 2 { await askEarlyChange() }
        await askRobot(survey, budget: budget - TLSLimits.activeWithoutRobot)
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
                let isCarriedOut = [250, 500, 502, 503].contains(reply.code)
                scan.state(
                    CommandInjection(
                        isCarriedOut: isCarriedOut,
                        reply: isCarriedOut
                            ? "\(reply.code) \(printable(Array(reply.lines.joined(separator: [0x20])), limit: 100))"
                            : nil),
                    about: subject, from: conversation.evidence)
            } else if let handshake = conversation.handshake, handshake.failure == nil {
                scan.state(CommandInjection.self, .undetermined(Cause("no_answer")), about: subject)
            } else if conversation.starttls?.code == 220, let reason = conversation.handshake?.failure?.reason,
                [.alert, .protocolError, .closed, .reset].contains(reason)
            {
                // The command was taken for a hello, or for a reason to hang up: nothing was carried out inside TLS.
                scan.state(
                    CommandInjection(isCarriedOut: false, reply: nil), about: subject, from: conversation.evidence)
            } else {
                let refusal = [conversation.greeting, conversation.starttls].compactMap(\.self).last { $0.code >= 400 }
                let cause =
                    refusal.map { Cause(.blocked, detail: "\($0.code) \($0.words)") } ?? Cause("no_answer")
                scan.state(CommandInjection.self, .undetermined(cause), about: subject, from: conversation.evidence)
            }
        }
    }

    private func askHeartbeat() async {
        let exchange = await ask(.heartbeat)
        // Whoever does not answer the extension takes no heartbeats.
        state(exchange, whereNotSent: Heartbleed(isAnswered: false)) { reactions in
            Heartbleed(isAnswered: reactions == [.record(24)])
        }
    }

    private func askEarlyChange() async {
        let exchange = await ask(.earlyChange)
        state(exchange, whereNotSent: nil) { reactions in
            // Silence, and then a record that it could not decrypt (bad_record_mac, decryption_failed).
            EarlyChange(isTaken: reactions == [.silence, .alert(20)] || reactions == [.silence, .alert(21)])
        }
    }

    /// ROBOT: five secrets, and once more those that the server took unlike the sound one.
    private func askRobot(_ survey: Survey, budget: Int) async {
        func state(_ outcome: Outcome<Robot>, _ evidence: [EvidenceRecord] = []) {
            for server in servers {
                scan.state(Robot.self, outcome, about: .address(server.address, of: server.host), from: evidence)
            }
        }
        switch survey.verdict(of: .staticRSA) {
        case .refused: return state(.notApplicable("no_static_rsa"))
        case .open(let cause): return state(.undetermined(cause))
        case .accepted: break
        }
        guard let host = servers.first?.host, let version = survey.classicVersion, budget >= FollowUp.robot.count * 2
        else {
            return state(.undetermined(Cause(.budget)))
        }
        let hello = Question.classes([.staticRSA], version: version, without: []).hello(serverName: "\(host)")
        var reactions: [Reaction] = []
        var evidence: [EvidenceRecord] = []
        for followUp in FollowUp.robot {
            let exchange = await ask(followUp, hello)
            evidence += exchange?.evidence(of: host) ?? []
            guard let reaction = exchange?.reactions.first, reaction != .notSent else {
                return state(.undetermined(Cause("no_hello")), evidence)
            }
            reactions.append(reaction)
        }
        // A connection can break by chance: where anything differs, the sound one and what differs must do so twice.
        var isOracle = false
        let differing = FollowUp.robot.indices.filter { reactions[$0] != reactions[0] }
        for index in (differing.isEmpty ? [] : [0]) + differing {
            let again = await ask(FollowUp.robot[index], hello, visit: 2)
            evidence += again?.evidence(of: host) ?? []
            guard let reaction = again?.reactions.first, reaction == reactions[index] else {
                return state(.undetermined(Cause("unsteady")), evidence)
            }
            if index > 0 { isOracle = true }
        }
        state(.observed(Robot(isOracle: isOracle, reactions: reactions.map(\.words))), evidence)
    }

    private func ask(_ followUp: FollowUp) async -> HelloExchange? {
        guard let first = servers.first else { return nil }
        var hello = Question.everything.hello(serverName: "\(first.host)")
        hello.serverName = "\(first.host)"
        hello.offersCompression = false
        hello.offersHeartbeat = true
        return await ask(followUp, hello)
    }

    private func ask(_ followUp: FollowUp, _ hello: ClientHello, visit: Int = 1) async -> HelloExchange? {
        guard let first = servers.first else { return nil }
        return await scan.evidence(
            for: HelloProbe(
                hello, address: first.address, ehloName: scan.options.ehloName, followUp: followUp, visit: visit))
    }

    private func state<F: Fact>(_ exchange: HelloExchange?, whereNotSent: F?, _ fact: ([Reaction]) -> F) {
        for server in servers {
            let subject = Subject.address(server.address, of: server.host)
            guard let exchange, case .hello(let hello) = exchange.answer, hello.isWhole, hello.alertBehind == nil else {
                scan.state(F.self, .undetermined(Cause("no_hello")), about: subject)
                continue
            }
            let wasSent = !exchange.reactions.isEmpty && exchange.reactions != [.notSent]
            guard let fact = wasSent ? fact(exchange.reactions) : whereNotSent else {
                scan.state(F.self, .undetermined(Cause("no_hello")), about: subject)
                continue
            }
            scan.state(fact, about: subject, from: exchange.evidence(of: server.host))
        }
    }

    private func stateAll(_ cause: Cause) {
        for server in servers {
            let subject = Subject.address(server.address, of: server.host)
            scan.state(CommandInjection.self, .undetermined(cause), about: subject)
            scan.state(Heartbleed.self, .undetermined(cause), about: subject)
            scan.state(EarlyChange.self, .undetermined(cause), about: subject)
            scan.state(Robot.self, .undetermined(cause), about: subject)
        }
    }
}
