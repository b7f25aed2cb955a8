import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// Surveys one address, known by one or several names.
struct ServerCheck {
    let servers: [MailHosts.Evidence.Server]
    /// Connections to the address, those of other checkers included.
    let limit: Int
    let scan: ScanContext

    func run() async -> [ServerResult] {
        guard let first = servers.first else { return [] }
        var surveys: [KeySurvey.Evidence] = []
        var used = 0
        for server in servers {
            let keys = await scan.evidence(
                for: KeySurvey(host: server.host, address: server.address, ehloName: scan.options.ehloName))
            surveys.append(keys)
            used += 1 + keys.further.count + (await reserve(for: server.host, keys))
        }
        let outcome = await outcome(of: surveys[0], named: first.host, budget: limit - used)
        for (server, keys) in zip(servers, surveys) {
            let statement = TLSStatement(server, scan)
            switch outcome {
            case .known(let survey, let evidence, _): statement.state(survey, keys, evidence)
            case .nothing(let stop): statement.stateAll(stop)
            }
        }
        guard case .known(let survey, _, let left) = outcome else {
            return servers.map { ServerResult(server: $0, survey: nil) }
        }
        await ActiveCheck(servers: servers, scan: scan).run(survey, budget: left)
        return servers.map { ServerResult(server: $0, survey: survey) }
    }

    /// Why there is no TLS to look at; nil where a handshake began. What kept us out is not what the server is.
    private static func stop(before conversation: SMTPConversation) -> TLSStatement.Stop? {
        switch conversation.connect {
        case .connected: break
        case .refused: return .notApplicable("no_connection")
        default: return .undetermined(Cause(.dependsOnUndetermined, detail: "connection"))
        }
        let replies = [conversation.greeting, conversation.ehlo, conversation.starttls].compactMap(\.self)
        if let refusal = replies.last, refusal.code >= 400, refusal.code < 500 || conversation.ehlo == nil {
            return .undetermined(Cause(.blocked, detail: "\(refusal.code) \(refusal.words)"))
        }
        guard conversation.greeting?.code == 220, conversation.ehlo != nil else {
            return .undetermined(Cause(.dependsOnUndetermined, detail: "greeting"))
        }
        guard conversation.starttls?.code == 220, conversation.plaintextAfterStartTLS.isEmpty else {
            return .notApplicable("no_tls")
        }
        return nil
    }

    private func exchanges(_ probes: [HelloProbe]) async -> [HelloExchange] {
        await withTaskGroup(of: (Int, HelloExchange).self) { group in
            for (index, probe) in probes.enumerated() {
                group.addTask { (index, await scan.evidence(for: probe)) }
            }
            var answers: [(Int, HelloExchange)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Connections to the address at a time: several only for lists, and where the operator says that haste does no harm.
    private var atOnce: Int {
        scan.options.listsEveryTLS && scan.options.isHasty ? TLSLimits.atOnce : 1
    }

    private enum Result {
        /// What is left of the budget.
        case known(Survey, [EvidenceRecord], left: Int)
        case nothing(TLSStatement.Stop)
    }

    /// DANE comes once more without a server name where no record matches, and with another name where the host is an alias
    /// (RFC 7672 sections 2.2 and 8.1).
    private func reserve(for host: DomainName, _ keys: KeySurvey.Evidence) async -> Int {
        if !(await scan.resolve(host, .a)).aliases.isEmpty { return 5 }
        let answer = await scan.evidence(for: TLSASet(host))
        let records = (answer?.records ?? []).compactMap { record -> TLSARecord? in
            guard case .tlsa(let usage, let selector, let matching, let data) = record.content else { return nil }
            return TLSARecord(usage: usage, selector: selector, matching: matching, data: data)
        }
        guard !records.isEmpty, let chain = keys.first.handshake?.chain else { return 0 }
        let verdict = DANEVerifier().verify(
            chain, records: Set(records).sorted(), names: [host, scan.domain], at: scan.startedAt)
        return verdict.kind == .mismatch ? 1 : 0
    }

    private func outcome(of keys: KeySurvey.Evidence, named host: DomainName, budget: Int) async -> Result {
        let first = keys.first
        if let stop = Self.stop(before: first) { return .nothing(stop) }
        guard let handshake = first.handshake else {
            return .nothing(.undetermined(Cause(.dependsOnUndetermined, detail: "handshake")))
        }
        var known = Survey.Known()
        if case .completed(let session) = handshake {
            known.version = TLSVersion.allCases.first { $0.name == session.version }
        } else if let failure = handshake.failure {
            switch failure.reason {
            // Old servers that OpenSSL cannot finish with, and those that fail on its hello, may answer another.
            case .alert, .incompatible, .protocolError, .chainTooLarge, .local, .closed, .reset: break
            case .timeout: return .nothing(.undetermined(Cause("no_answer", detail: "handshake")))
            case .notTLS: return .nothing(.notApplicable("no_tls"))
            }
        }
        let chains = keys.chains
        known.leaves = Set(chains.compactMap { $0.chain.certificates.first.map(Digest.sha256) })
        let curves = chains.map { $0.chain.certificate(at: 0)?.key.curve }
        if !curves.isEmpty, curves.allSatisfy({ $0 != nil }), let curve = curves.first ?? nil {
            known.leafCurve = NamedGroup.named(curve)
        }
        var survey = Survey(known: known, isFull: scan.options.listsEveryTLS)
        var evidence = first.evidence
        // What `--active` allows is worth more than the last questions.
        let wanted = scan.options.connectionsPerAddress == nil ? TLSLimits.active : TLSLimits.activeWithoutRobot
        let active = scan.options.isActive ? min(wanted, budget) : 0
        var left = budget - active
        let curve = known.leafCurve
        // In rounds: what is asked depends on the answers alone, not on which came first, and a replay asks the same.
        while true {
            var round: [Question] = []
            while round.count < min(left, atOnce), let question = survey.next(besides: Set(round)) {
                round.append(question)
            }
            guard !round.isEmpty else { break }
            left -= round.count
            let probes = round.map { question in
                HelloProbe(
                    question.hello(serverName: "\(host)", curve: curve), address: first.question.address,
                    ehloName: scan.options.ehloName)
            }
            for (question, exchange) in zip(round, await exchanges(probes)) {
                survey.learn(question, exchange.answer)
                evidence += exchange.evidence(of: host)
            }
        }
        return .known(survey, evidence, left: left + active)
    }
}
