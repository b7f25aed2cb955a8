import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// States the facts about one MX host.
struct HostCheck {
    let plan: HostPlan
    let mail: MailHosts.Evidence
    let scan: ScanContext

    private var host: DomainName { plan.host.name }
    private var subject: Subject { .mx(host) }

    func state() async {
        if let cause = plan.undetermined {
            scan.state(DANEHost.self, .undetermined(cause), about: subject)
            scan.state(DANESet.self, .undetermined(cause), about: subject)
            return
        }
        guard let level = plan.level else {
            scan.state(DANEHost.self, .notApplicable("no_address"), about: subject)
            scan.state(DANESet.self, .notApplicable("no_address"), about: subject)
            return
        }
        scan.state(
            DANEHost(
                level: level, isMXSecure: plan.isMXSecure, isAddressSecure: plan.isAddressSecure, isAlias: plan.isAlias,
                candidates: plan.candidates.map(\.description), baseDomain: plan.base?.description,
                isInDomain: host.isEqualOrBelow(scan.domain), isAmbiguous: plan.isAmbiguous),
            about: subject, from: plan.host.ipv4.evidence + plan.host.ipv6.evidence)
        stateSet()
        let handshakes = await handshakes(level)
        stateRecords(handshakes.compactMap { $0.chain.map { ($0, plan.records) } })
        stateAddresses(handshakes)
        stateRollover(handshakes)
    }

    private func stateAddresses(_ handshakes: [Handshake]) {
        let judged = handshakes.filter { $0.verdict != nil }
        let failed = Set(judged.filter { $0.verdict?.kind != .verified }.map(\.address))
        let verified = Set(judged.map(\.address)).subtracting(failed)
        scan.state(
            DANEAddresses(
                verified: verified.sorted().map(\.description), failed: failed.sorted().map(\.description),
                isMixed: !verified.isEmpty && !failed.isEmpty),
            about: subject)
    }

    private func stateSet() {
        guard let answer = plan.published else {
            scan.state(
                DANESet.self, plan.level == .unreachable ? .notApplicable("no_address") : .absent, about: subject)
            return
        }
        let status: DANESet.Status
        switch answer.status {
        case .bogus: status = .bogus
        case .failed: status = .lookupError
        default: status = answer.security == .secure ? .secure : .insecure
        }
        let usable = plan.records.filter { $0.unusable == nil }
        scan.state(
            DANESet(
                status: status, owner: "\(answer.name)", words: answer.lookupError?.words, count: plan.records.count,
                usableCount: usable.count, ttl: answer.ttl,
                aliasTarget: answer.aliases.isEmpty ? nil : "\(answer.canonicalName)",
                isWildcard: answer.isWildcardExpansion ?? false, octets: answer.packet.count,
                isSHA512Only: !usable.isEmpty && usable.allSatisfy { $0.matching == 2 },
                otherParameters: Set(usable.map { "\($0.usage) \($0.selector) \($0.matching)" })
                    .subtracting(["3 1 1", "2 0 1"]).sorted()),
            about: subject, from: answer.evidence)
    }

    // MARK: Handshakes

    private struct Handshake: Sendable {
        let address: IPAddress
        let chain: PresentedChain?
        let verdict: DANEVerdict?
    }

    private func handshakes(_ level: DANELevel) async -> [Handshake] {
        let servers = mail.servers.filter { $0.host == host }
        return await withTaskGroup(of: [Handshake].self) { group in
            for server in servers { group.addTask { await check(server, level) } }
            var handshakes: [Handshake] = []
            for await ofAddress in group { handshakes += ofAddress }
            return handshakes
        }
    }

    private func check(_ server: MailHosts.Evidence.Server, _ level: DANELevel) async -> [Handshake] {
        let subject = Subject.address(server.address, of: host)
        func stop(_ outcome: Outcome<DANEVerdictFact>, _ evidence: [EvidenceRecord] = []) -> [Handshake] {
            scan.state(DANEVerdictFact.self, outcome, about: subject, from: evidence)
            scan.state(DANEKeys.self, .notApplicable("no_certificate"), about: subject)
            return [Handshake(address: server.address, chain: nil, verdict: nil)]
        }
        guard level == .authenticate || level == .encrypt else { return stop(.notApplicable("no_dane")) }
        guard scan.options.asksSMTP else { return stop(.undetermined(Cause(.notAsked))) }
        guard server.isInBudget else { return stop(.undetermined(Cause(.budget))) }
        // RFC 7672 section 8.1: the name sent is the TLSA base domain.
        let name = plan.base ?? host
        let survey = await scan.evidence(
            for: KeySurvey(host: name, address: server.address, ehloName: scan.options.ehloName))
        let conversation = survey.first
        let evidence = conversation.evidence
        guard conversation.connect == .connected else { return stop(.notApplicable("no_connection"), evidence) }
        switch conversation.security {
        case .notOffered: return stop(.observed(fact(.noSTARTTLS, nil, nil)), evidence)
        case .failed(let words): return stop(.observed(fact(.noTLS, words, nil)), evidence)
        case .unknown(let cause): return stop(.undetermined(cause), evidence)
        case .chain:
            return await judge(survey, at: server)
        }
    }

    /// One verdict for each certificate that the address shows: the first about the address, further ones with their key type.
    private func judge(_ survey: KeySurvey.Evidence, at server: MailHosts.Evidence.Server) async -> [Handshake] {
        let address = server.address
        var names = [plan.base ?? host, host]
        // RFC 7672 section 3.2.2: the mail domain counts only where the MX records are secure.
        if plan.isMXSecure { names.append(scan.domain) }
        var handshakes: [Handshake] = []
        var kinds: [(kind: String, isVerified: Bool)] = []
        var seen: Set<[UInt8]> = []
        for (conversation, kind, chain) in survey.chains {
            guard seen.insert(chain.certificates.first ?? []).inserted else { continue }
            let alike = kinds.count { $0.kind == kind }
            let subject = Subject(
                kind: .address, name: "\(host)", address: "\(address)",
                object: kinds.isEmpty ? nil : alike == 0 ? kind : "\(kind) \(alike + 1)")
            let verdict = DANEVerifier().verify(
                chain, records: plan.records, names: names.uniqued(), at: scan.startedAt)
            handshakes.append(Handshake(address: address, chain: chain, verdict: verdict))
            guard verdict.kind != .undetermined, let known = DANEVerdictFact.Kind(rawValue: verdict.kind.rawValue)
            else {
                scan.state(DANEVerdictFact.self, .undetermined(Cause("verifier_failed")), about: subject)
                continue
            }
            let matchesWithoutServerName =
                kinds.isEmpty && verdict.kind == .mismatch
                ? await matchesWithoutServerName(server, names: names.uniqued()) : false
            kinds.append((kind, verdict.kind == .verified))
            scan.state(
                fact(
                    known, verdict.words, chain, usage: verdict.usage,
                    matchesWithoutServerName: matchesWithoutServerName), about: subject, from: conversation.evidence)
        }
        let verified = Set(kinds.filter(\.isVerified).map(\.kind))
        let failed = Set(kinds.filter { !$0.isVerified }.map(\.kind))
        scan.state(
            DANEKeys(
                verified: verified.sorted(), failed: failed.sorted(),
                isMixed: !verified.isEmpty && !failed.isEmpty,
                isMixedWithinKind: !verified.isDisjoint(with: failed)),
            about: .address(address, of: host))
        return handshakes
    }

    /// Whether the server has the right certificate, and shows another to those who name it (RFC 7672 section 8.1).
    private func matchesWithoutServerName(_ server: MailHosts.Evidence.Server, names: [DomainName]) async -> Bool {
        let conversation = await scan.evidence(
            for: SMTPProbe(
                host: plan.base ?? host, address: server.address, ehloName: scan.options.ehloName,
                sendsServerName: false))
        guard let chain = conversation.handshake?.chain else { return false }
        return DANEVerifier().verify(chain, records: plan.records, names: names, at: scan.startedAt).kind == .verified
    }

    private func fact(
        _ kind: DANEVerdictFact.Kind, _ words: String?, _ chain: PresentedChain?, usage: UInt8? = nil,
        matchesWithoutServerName: Bool = false
    ) -> DANEVerdictFact {
        let rows =
            chain.map { DANEGrid($0, records: plan.records, at: scan.startedAt).rows.filter { $0.unusable == nil } }
            ?? []
        let parameters = Dictionary(grouping: rows) { "\($0.record.usage) \($0.record.selector) \($0.record.matching)" }
        let usable = plan.records.filter { $0.unusable == nil }
        let isTAOnly = !usable.isEmpty && usable.allSatisfy { $0.usage == 2 }
        let wanted = (chain?.octets.first ?? nil).flatMap { leaf in
            TLSARecord.association(leaf, selector: 1, matching: 1).map {
                "\(TLSARecord(usage: 3, selector: 1, matching: 1, data: $0))"
            }
        }
        return DANEVerdictFact(
            kind: kind, usage: usage.map(Int.init), words: words, isTAOnly: isTAOnly,
            failingParameters: parameters.filter { !$0.value.contains(where: \.isMatch) }.keys.sorted(),
            isOutranked: kind == .mismatch && rows.contains { $0.isMatch && $0.isOutranked },
            serverName: "\(plan.base ?? host)", wanted: wanted, matchesWithoutServerName: matchesWithoutServerName)
    }

    // MARK: Records

    private func stateRecords(_ grids: [(chain: PresentedChain, records: [TLSARecord])]) {
        guard let owner = plan.published?.name else { return }
        let rows = grids.map { DANEGrid($0.chain, records: $0.records, at: scan.startedAt).rows }
        let usableCount = plan.records.count { $0.unusable == nil }
        let store = scan.services.require(TrustStore.self)
        for (index, record) in plan.records.enumerated() {
            let isMatch = rows.isEmpty ? nil : rows.contains { $0[index].isMatch }
            let diagnosis =
                isMatch == true || !isDataAtFault(record)
                ? nil : grids.lazy.compactMap { TLSADiagnosis(record, chain: $0.chain) }.first
            scan.state(
                DANERecord(
                    record: "\(record)".count > 160 ? record.short : "\(record)", usage: Int(record.usage),
                    selector: Int(record.selector), matching: Int(record.matching),
                    unusable: record.unusable?.rawValue,
                    isAlone: usableCount == (record.unusable == nil ? 1 : 0), isMatch: isMatch,
                    mistake: diagnosis?.mistake.rawValue,
                    command: diagnosis.flatMap { $0.command.isEmpty ? nil : $0.command }, meant: diagnosis?.meant,
                    publicRoot: isMatch == false && record.usage == 2 && record.unusable == nil && diagnosis == nil
                        ? store.root(for: record) : nil,
                    isPublicIntermediate: isMatch == true && record.usage == 2
                        && grids.contains { pinsIntermediate(record, $0.chain, store) }),
                about: Subject(kind: .record, name: "\(owner)", object: record.short),
                from: plan.published?.evidence ?? [])
        }
    }

    /// A record with unknown numbers says nothing by its data.
    private func isDataAtFault(_ record: TLSARecord) -> Bool {
        [nil, .digestLength, .undecodable].contains(record.unusable)
    }

    /// The record is of a certificate between the leaf and a public root.
    private func pinsIntermediate(_ record: TLSARecord, _ chain: PresentedChain, _ store: TrustStore) -> Bool {
        let fits = DANEGrid(chain, records: [record], at: scan.startedAt).rows[0].fits.filter { $0 > 0 }
        guard fits.contains(where: { chain.certificate(at: $0)?.isSelfSigned == false }) else { return false }
        return ChainVerifier().verify(chain, name: host, at: scan.startedAt, store: store).path == .trusted
    }

    private func stateRollover(_ handshakes: [Handshake]) {
        let verified = handshakes.filter { $0.verdict?.kind == .verified }
        guard !verified.isEmpty, verified.count == handshakes.count, let ttl = plan.published?.ttl else {
            scan.state(DANERollover.self, .notApplicable("not_verified"), about: subject)
            return
        }
        let usable = plan.records.filter { $0.unusable == nil }
        let chains = verified.compactMap(\.chain)
        let rows = chains.map { DANEGrid($0, records: usable, at: scan.startedAt).rows }
        let matching = usable.indices.filter { index in rows.contains { $0[index].isMatch } }.map { usable[$0] }
        let issuers = matching.filter { $0.usage == 2 }
        let next = usable.filter { record in
            !matching.contains(record) && !chains.contains { TLSADiagnosis(record, chain: $0) != nil }
        }
        let keys = Set(chains.compactMap { $0.certificate(at: 0)?.spkiSHA256 })
        let shape: DANERollover.Shape =
            switch (matching.count - issuers.count, issuers.count, next.count) {
            case (0, _, _): .issuer
            case (_, _, 1...): .currentNext
            case (_, 1..., _): .currentIssuer
            case (1, _, _): .single
            default: keys.count > 1 ? .dual : .duplicate
            }
        let hasOther = !issuers.isEmpty || next.contains { $0.usage == 3 }
        let leaf = chains.compactMap { $0.certificate(at: 0) }.min { left, right in
            (left.notAfter?.secondsSince1970 ?? .max) < (right.notAfter?.secondsSince1970 ?? .max)
        }
        let left = leaf?.notAfter?.seconds(since: scan.startedAt)
        let renewal = leaf.flatMap(Self.renewal).flatMap { $0 > scan.startedAt ? $0 : nil }
        scan.state(
            DANERollover(
                shape: shape, usableCount: usable.count, nextCount: next.count,
                isSingleEE: usable.count == 1 && usable[0].usage == 3,
                bindsCertificate: matching.contains { $0.usage == 3 && $0.selector == 0 }, ttl: ttl,
                secondsLeft: left, isTooLate: left.map { $0 < 2 * ttl } ?? false, breaksWithNewKey: !hasOther,
                breaksWithSameKey: !hasOther && matching.allSatisfy { $0.usage == 3 && $0.selector == 0 },
                renewalOn: renewal.map { "\($0)" },
                publishBefore: renewal.map {
                    "\(Timestamp(secondsSince1970: $0.secondsSince1970 - Int64(2 * ttl)))"
                }),
            about: subject, from: plan.published?.evidence ?? [])
    }

    /// ACME clients renew when a third of the life is left; nobody wants to wait until the last month.
    private static func renewal(of leaf: Certificate) -> Timestamp? {
        guard let start = leaf.notBefore, let end = leaf.notAfter, end > start else { return nil }
        let lead = min((end.secondsSince1970 - start.secondsSince1970) / 3, 30 * 86_400)
        return Timestamp(secondsSince1970: end.secondsSince1970 - lead)
    }
}

extension SMTPConversation {
    /// How far TLS came, as far as a DANE sender cares.
    fileprivate enum TLSState {
        case notOffered
        case failed(String)
        case chain(PresentedChain)
        case unknown(Cause)
    }

    fileprivate var security: TLSState {
        guard greeting?.code == 220, let ehlo, ehlo.code == 250 else { return .unknown(Cause("blocked")) }
        guard ehlo.advertises("STARTTLS") else { return .notOffered }
        guard let starttls else { return .unknown(Cause("no_reply")) }
        guard starttls.code == 220 else { return .notOffered }
        switch handshake {
        case .completed(let session): return .chain(session.chain)
        case .broken(let failure), .brokenAfterCertificate(_, let failure):
            switch failure.reason {
            case .timeout, .local, .incompatible: return .unknown(Cause("handshake", detail: failure.detail))
            default: return .failed("\(failure.reason.rawValue) \(failure.detail)")
            }
        case nil: return ending == .plaintextAfterStartTLS ? .failed("plaintext") : .unknown(Cause("handshake"))
        }
    }
}

extension Array where Element: Hashable {
    /// Each once, in order.
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
