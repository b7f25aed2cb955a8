import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// Turns the fetch into the facts about the policy host and the policy (RFC 8461 section 3.3).
struct PolicyCheck {
    let fetch: PolicyFetch.Evidence
    let record: MTASTSChecker.RecordVerdict

    func state(_ scan: ScanContext) async -> MTASTSChecker.PolicyVerdict {
        guard let host = fetch.host else { return .absent }
        let subject = Subject.policyHost(host)
        let evidence = fetch.answers.flatMap(\.evidence) + (fetch.exchange?.evidence ?? [])
        let (hostOutcome, verdict) = judge(scan)
        scan.state(STSPolicyHost.self, hostOutcome, about: subject, from: evidence)
        let body = fetch.exchange?.response.flatMap { $0.status == 200 && !$0.bodyTruncated ? $0.body : nil }
        if let body, fetch.exchange?.failure == nil {
            let policy = STSPolicy(parsing: body)
            scan.state(fact(of: policy, scan), about: subject, from: fetch.exchange?.evidence ?? [])
            if case .served = verdict { return .served(policy) }
            return verdict
        }
        switch verdict {
        case .undetermined(let cause): scan.state(STSPolicyFact.self, .undetermined(cause), about: subject)
        default: scan.state(STSPolicyFact.self, .absent, about: subject)
        }
        return verdict
    }

    private func judge(_ scan: ScanContext) -> (Outcome<STSPolicyHost>, MTASTSChecker.PolicyVerdict) {
        guard let exchange = fetch.exchange else { return judgeWithoutAddress() }
        if let cause = undetermined(exchange) { return (.undetermined(cause), .undetermined(cause)) }
        let builder = PolicyHostBuilder(fetch: fetch, exchange: exchange, scan: scan)
        let fact = builder.fact()
        return (.observed(fact), fact.stage == .fetched ? .served(STSPolicy(parsing: [])) : .void)
    }

    private func judgeWithoutAddress() -> (Outcome<STSPolicyHost>, MTASTSChecker.PolicyVerdict) {
        if let cause = fetch.answers.lazy.compactMap(\.undeterminedCause).first {
            return (.undetermined(cause), .undetermined(cause))
        }
        let error = fetch.answers.lazy.compactMap(\.lookupError).first
        if error == nil, fetch.special.isEmpty, !record.isPresent {
            // No record and no host: there is no MTA-STS here, and nothing is wrong with it.
            if case .undetermined(let cause) = record { return (.undetermined(cause), .undetermined(cause)) }
            return (.absent, .absent)
        }
        let special = fetch.special.map { "\($0) \($0.specialPurpose?.rawValue ?? "")" }.joined(separator: ", ")
        let fact = STSPolicyHost(
            stage: error == nil ? .noAddress : .lookupError,
            words: error.map { "\($0.kind): \($0.words)" } ?? (special.isEmpty ? nil : special),
            aliasTarget: PolicyHostBuilder.aliasTarget(of: fetch.answers), ipv4Count: 0, ipv6Count: 0, ipv6Failed: [],
            isConnected: false, tlsVersion: nil, certificatePath: nil, certificateMissesIntermediate: nil,
            certificateNameMatches: nil, certificateDatesValid: nil, certificateIsValid: nil, certificateNames: [],
            certificateIsForAliasTarget: false, certificateSecondsLeft: nil, certificatePermilleLeft: nil, status: nil,
            location: nil, contentType: nil, mediaTypeIsTextPlain: nil, contentEncoding: nil, isTooLarge: false,
            durationSeconds: 0, isTimedOut: false)
        return (.observed(fact), .void)
    }

    /// Why the exchange says nothing about the host: our deadline, our library, or silence from every address.
    private func undetermined(_ exchange: HTTPSExchange) -> Cause? {
        if case .deadline(let stage) = exchange.failure { return Cause(.deadline, detail: "policy host: \(stage)") }
        if exchange.handshake?.failure?.reason == .local {
            return Cause("local_tls_fault", detail: exchange.handshake?.failure?.detail)
        }
        guard exchange.failure == .noConnection else { return nil }
        let isTold = exchange.attempts.contains { [.refused, .unreachable].contains($0.connect) }
        if isTold { return nil }
        if exchange.attempts.contains(where: { $0.connect == .timedOut }) { return Cause("no_answer_on_port_443") }
        return Cause(.noRoute, detail: "policy host")
    }

    private func fact(of policy: STSPolicy, _ scan: ScanContext) -> STSPolicyFact {
        let suffixes = scan.services.require(PublicSuffixes.self)
        let broad = policy.patterns.filter { $0.isWildcard && suffixes.isPublicSuffix($0.name) }
        return STSPolicyFact(
            isValid: policy.isValid, mode: policy.mode?.rawValue, maxAge: policy.maxAge,
            patterns: policy.patterns.prefix(100).map(\.description),
            badPatterns: policy.badPatterns.prefix(100).map { .init(pattern: $0.text, fault: $0.fault.rawValue) },
            faults: policy.faults.map(\.rawValue), unknownKeys: policy.unknownKeys,
            endsWithNewline: policy.endsWithNewline, broadPatterns: broad.map(\.description),
            lineCount: policy.lineCount, isAnnounced: record.isPresent)
    }
}

/// Reads one exchange as a sender would, stage by stage.
struct PolicyHostBuilder {
    let fetch: PolicyFetch.Evidence
    let exchange: HTTPSExchange
    let scan: ScanContext

    func fact() -> STSPolicyHost {
        let chain = exchange.handshake?.chain
        let leaf = chain?.certificate(at: 0)
        let verdict = chain.map(verdict(on:))
        let response = exchange.response
        let alias = Self.aliasTarget(of: fetch.answers)
        let (stage, words) = stage(verdict: verdict)
        let left = leaf?.notAfter?.seconds(since: scan.startedAt)
        let connected = exchange.attempts.first { $0.connect == .connected }
        return STSPolicyHost(
            stage: stage, words: words, aliasTarget: alias,
            ipv4Count: exchange.question.addresses.count { $0.family == .ipv4 },
            ipv6Count: exchange.question.addresses.count { $0.family == .ipv6 },
            ipv6Failed: connected == nil
                ? []
                : exchange.attempts.filter {
                    $0.address.family == .ipv6 && [.refused, .unreachable, .timedOut].contains($0.connect)
                }.map { "\($0.address)" },
            isConnected: connected != nil, tlsVersion: session?.version, certificatePath: verdict?.path.rawValue,
            certificateMissesIntermediate: verdict?.missesIntermediate, certificateNameMatches: verdict?.nameMatches,
            certificateDatesValid: verdict?.datesValid, certificateIsValid: verdict?.isValid,
            certificateNames: Array((leaf?.dnsNames ?? []).prefix(10)),
            certificateIsForAliasTarget: isForAliasTarget(chain, verdict), certificateSecondsLeft: left,
            certificatePermilleLeft: permille(left, leaf), status: response?.status,
            location: header("location"), contentType: header("content-type"),
            mediaTypeIsTextPlain: response.map { _ in Self.isTextPlain(header("content-type")) },
            contentEncoding: header("content-encoding").flatMap { $0.lowercased() == "identity" ? nil : $0 },
            isTooLarge: response?.bodyTruncated ?? false, durationSeconds: exchange.durationMilliseconds / 1000,
            isTimedOut: isTimedOut)
    }

    private var session: TLSSession? {
        if case .completed(let session) = exchange.handshake { session } else { nil }
    }

    private var isTimedOut: Bool {
        if case .timedOut = exchange.failure { true } else { false }
    }

    private func stage(verdict: PKIXVerdict?) -> (STSPolicyHost.Stage, String?) {
        if !exchange.attempts.contains(where: { $0.connect == .connected }) {
            return (.connect, exchange.attempts.map { "\($0.address): \($0.connect)" }.joined(separator: "; "))
        }
        if session == nil {
            let failure = exchange.handshake?.failure
            return (
                .handshake, failure.map { "\($0.reason.rawValue): \($0.detail)" } ?? "\(exchange.failure, default: "")"
            )
        }
        // RFC 8461 section 3.3 with RFC 8997: a sender does not fetch over anything older.
        if let version = session?.version, !["TLSv1.2", "TLSv1.3"].contains(version) {
            return (.handshake, "\(version) at best")
        }
        if verdict?.isValid != true { return (.certificate, verdict?.pathErrors.first?.name) }
        if let failure = exchange.failure { return (.http, "\(failure)") }
        guard let response = exchange.response, response.status == 200, !response.bodyTruncated else {
            return (.http, nil)
        }
        return (.fetched, nil)
    }

    private func verdict(on chain: PresentedChain) -> PKIXVerdict {
        ChainVerifier().verify(
            chain, name: exchange.question.host, at: scan.startedAt, store: scan.services.require(TrustStore.self))
    }

    /// The provider's certificate names the provider (RFC 8461 section 8.2).
    private func isForAliasTarget(_ chain: PresentedChain?, _ verdict: PKIXVerdict?) -> Bool {
        guard let chain, verdict?.nameMatches == false,
            let target = fetch.answers.first(where: { !$0.aliases.isEmpty })?.canonicalName
        else { return false }
        return ChainVerifier().verify(
            chain, name: target, at: scan.startedAt, store: scan.services.require(TrustStore.self)
        ).nameMatches
    }

    private func permille(_ left: Int?, _ leaf: Certificate?) -> Int? {
        guard let left, let start = leaf?.notBefore, let end = leaf?.notAfter else { return nil }
        let lifetime = end.seconds(since: start)
        guard lifetime > 0, lifetime < 1 << 40 else { return nil }
        return max(-1000, Int(Double(left) / Double(lifetime) * 1000))
    }

    private func header(_ name: String) -> String? {
        exchange.response?.headers.first { $0.name == name }?.value
    }

    static func aliasTarget(of answers: [DNSAnswer]) -> String? {
        answers.first { !$0.aliases.isEmpty }.map { "\($0.canonicalName)" }
    }

    /// `text/plain`, with no parameter but a charset of UTF-8 or US-ASCII that matters (RFC 8461 section 3.2).
    static func isTextPlain(_ value: String?) -> Bool {
        guard let value else { return false }
        let type = value.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != 0x20 && $0 != 0x09 }
            .map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        return type == Array("text/plain".utf8)
    }
}
