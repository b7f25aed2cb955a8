import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// States the facts about one zone.
struct ZoneCheck {
    let apex: DomainName
    let servers: [NameServerAddress]
    let dependencies: [Dependency]
    let scan: ScanContext

    private var subject: Subject { .zone(apex) }

    func state() async {
        async let soaAnswer = scan.resolve(apex, .soa)
        async let keyAnswer = scan.resolve(apex, .dnskey)
        async let dsAnswer = scan.resolve(apex, .ds)
        async let parentView = isForReportsOnly ? nil : ParentView.ask(about: apex, in: scan)
        let (soa, keys, ds, parent) = await (soaAnswer, keyAnswer, dsAnswer, parentView)
        stateZone(soa, keys, ds)
        // What becomes of reports is for their receiver to look into.
        if isForReportsOnly { return }
        // A server that the zone above lists and the zone itself does not is asked by everybody who comes from above.
        let all = servers + (await parent?.standby(beside: servers, in: scan) ?? [])
        let views = await ServerViews.collect(
            apex: apex, servers: all, dependencies: dependencies, keys: keys.keys, isSecure: keys.security == .secure,
            scan: scan)
        await stateDelegation(parent)
        if isOfDomain {
            stateNegativeTTL(soa)
            await stateRegistration(parent)
        }
        await views.state(parent: parent)
        views.stateAnswers(parent: parent)
        views.stateAliases()
        // Of a bogus zone the validator gives no keys: what the servers show tells why.
        let known = keys.keys.isEmpty ? views.keyRecords : keys.keys
        guard !known.isEmpty else {
            for fact in [DNSSECDelegation.self, DNSSECDenial.self, DNSSECSignatures.self, DNSSECAutomation.self]
                as [any Fact.Type]
            {
                func state<F: Fact>(_ type: F.Type) { scan.state(type, .notApplicable("not_signed"), about: subject) }
                state(fact)
            }
            return
        }
        let signing = views.signingTags
        stateDelegation(ds, known, signing)
        stateKeys(known, signing, keys.evidence)
        stateSignatures(views, soa)
        stateDenial(views)
        await stateAutomation(views)
    }

    private var isForReportsOnly: Bool { dependencies.allSatisfy { $0.role == .report } }

    /// The zone that holds the domain's name.
    private var isOfDomain: Bool { dependencies.contains { $0.role == .domain } }

    private func stateDelegation(_ parent: ParentView?) async {
        if let parent { return await parent.state(apex, in: scan) }
        scan.state(
            DNSDelegation.self,
            apex.isRoot ? .notApplicable("root") : .undetermined(Cause(.noAnswerFromServers)), about: subject)
    }

    private func stateRegistration(_ parent: ParentView?) async {
        let own = await scan.resolve(apex, .ns)
        let names = (parent?.names ?? []).union(own.names)
        guard !names.isEmpty else {
            return scan.state(
                DNSRegistration.self, .undetermined(own.undeterminedCause ?? Cause(.dependsOnUndetermined)),
                about: .domain(scan.domain))
        }
        scan.state(
            DNSRegistration(
                zone: "\(apex)", nameServers: names.sorted().map { "\($0)" },
                placeholders: names.filter(PlaceholderServers.contains).sorted().map { "\($0)" }),
            about: .domain(scan.domain), from: own.evidence)
    }

    private func stateZone(_ soa: DNSAnswer, _ keys: DNSAnswer, _ ds: DNSAnswer) {
        let status: DNSSECZone.Status
        var why: String?
        switch soa.status {
        case .undetermined(let cause):
            scan.state(DNSSECZone.self, .undetermined(cause), about: subject, from: soa.evidence)
            return
        case .bogus(let words): (status, why) = (.bogus, words)
        case .failed: (status, why) = (.lookupError, soa.lookupError?.words)
        case .records, .noData, .nxDomain:
            if case .bogus(let words) = keys.status {
                (status, why) = (.bogus, words)
            } else {
                status = soa.security == .secure ? .secure : .insecure
            }
        }
        scan.state(
            DNSSECZone(
                status: status, why: why, roles: Set(dependencies.map(\.role.code)).sorted(),
                isOnMailPath: dependencies.contains(where: \.isOnMailPath),
                isForReportsOnly: isForReportsOnly, hasDS: ds.status == .records, hasKeys: keys.status == .records,
                parent: apex.parent.map { "\($0)" }),
            about: subject, from: soa.evidence + ds.evidence)
    }

    private func stateNegativeTTL(_ soa: DNSAnswer) {
        for record in soa.records {
            guard case .soa(let numbers) = record.content else { continue }
            scan.state(
                DNSZone(negativeTTL: min(record.ttl, Int(numbers.minimum))), about: .domain(scan.domain),
                from: soa.evidence)
            return
        }
        scan.state(DNSZone.self, .undetermined(Cause("no_soa")), about: .domain(scan.domain))
    }

    // MARK: Delegation and keys

    private func stateDelegation(_ answer: DNSAnswer, _ keys: [KeyRecord], _ signing: Set<UInt16>) {
        let records = answer.delegations
        guard !records.isEmpty else {
            scan.state(DNSSECDelegation.self, .absent, about: subject, from: answer.evidence)
            return
        }
        func isMatched(_ ds: DelegationSigner) -> Bool {
            keys.contains { key in
                guard key.tag == ds.keyTag, key.algorithm == ds.algorithm, key.isZoneKey else { return false }
                let digest = DNSSECVerifier.delegationDigest(type: ds.digestType, owner: apex.wireFormat, key: key.data)
                // A digest that is not known here says nothing against the record.
                return digest.map { $0 == ds.digest } ?? true
            }
        }
        let unmatched = records.filter { !isMatched($0) }
        let signed = Set(keys.filter { signing.contains($0.tag) }.map(\.algorithm))
        // RFC 8624 section 3: what every validator has; SHA-1 is on its way out (RFC 9905), and counts as unsupported.
        let supported = records.filter {
            [8, 10, 13, 14, 15, 16].contains($0.algorithm) && [2, 4].contains($0.digestType)
        }
        let strong = records.filter { [2, 4].contains($0.digestType) }
        scan.state(
            DNSSECDelegation(
                keyTags: records.map { Int($0.keyTag) }.uniqued(),
                algorithms: records.map { Int($0.algorithm) }.uniqued(),
                digestTypes: records.map { Int($0.digestType) }.uniqued(),
                matchingCount: records.count - unmatched.count,
                unmatchedTags: unmatched.map { Int($0.keyTag) }.uniqued(),
                hasUnsignedAlgorithm: unmatched.contains { !signed.contains($0.algorithm) },
                isUnsupportedOnly: supported.isEmpty, hasWeakDigestOnly: strong.isEmpty,
                hasSHA1Beside: !strong.isEmpty && records.contains { $0.digestType == 1 }),
            about: subject, from: answer.evidence)
    }

    private func stateKeys(_ keys: [KeyRecord], _ signing: Set<UInt16>, _ evidence: [EvidenceRecord]) {
        let signed = Set(keys.filter { signing.contains($0.tag) }.map(\.algorithm))
        for key in keys {
            let rsa = key.rsa
            scan.state(
                DNSSECKey(
                    keyTag: Int(key.tag), algorithm: Int(key.algorithm), isSEP: key.isSEP, isRevoked: key.isRevoked,
                    bits: rsa?.bits, hasOddExponent: rsa.map { Self.isOdd($0.exponent) } ?? false,
                    isSigning: signing.contains(key.tag),
                    isOnlyAlgorithm: signed.subtracting([key.algorithm]).isEmpty),
                about: Subject(kind: .record, name: "\(apex)", object: "DNSKEY \(key.tag) \(key.algorithm)"),
                from: evidence)
        }
    }

    /// 1, an even number, or more than 2^32 + 1.
    private static func isOdd(_ exponent: [UInt8]) -> Bool {
        guard exponent.count <= 5 else { return true }
        let value = exponent.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return value < 3 || value & 1 == 0 || value > 4_294_967_297
    }

    // MARK: Signatures

    private func stateSignatures(_ views: ServerViews, _ soa: DNSAnswer) {
        let signed = views.signed
        let now = scan.observedAt
        guard let first = signed.min(by: { $0.signature.expiration < $1.signature.expiration })?.signature else {
            scan.state(DNSSECSignatures.self, .undetermined(Cause("no_signature_seen")), about: subject)
            return
        }
        func validity(_ signature: SignatureRecord) -> Int { signature.expiration.seconds(since: signature.inception) }
        let left = first.expiration.seconds(since: now)
        let tlsa = signed.filter { $0.signature.covered == RecordType.tlsa.rawValue }.map { validity($0.signature) }
            .max()
        var expire: Int?
        for record in soa.records { if case .soa(let numbers) = record.content { expire = Int(numbers.expire) } }
        scan.state(
            DNSSECSignatures(
                count: signed.count, secondsLeft: left,
                permilleLeft: validity(first) > 0 ? Int(Double(left) / Double(validity(first)) * 1000) : 0,
                longestValidity: signed.map { validity($0.signature) }.max() ?? 0, longestTLSAValidity: tlsa,
                isInFuture: signed.contains { $0.signature.inception.seconds(since: now) > 3600 },
                isOutlivedByTTL: signed.contains { $0.ttl > $0.signature.expiration.seconds(since: now) },
                isOutlivedByExpire: expire.map { $0 > validity(first) } ?? false,
                isMadeOnTheSpot: views.hasCompactDenial, endsOn: "\(first.expiration)"),
            about: subject)
    }

    private func stateDenial(_ views: ServerViews) {
        guard let denial = views.denial else {
            scan.state(DNSSECDenial.self, .undetermined(Cause("no_denial_seen")), about: subject)
            return
        }
        switch denial.kind {
        case .nsec:
            scan.state(
                DNSSECDenial(
                    kind: .nsec, iterations: nil, saltOctets: nil, isOptOut: false, isOptOutAtTLSA: false, hash: nil,
                    isCompact: views.hasCompactDenial),
                about: subject)
        case .nsec3(let hash, let isOptOut, let iterations, let salt, _):
            scan.state(
                DNSSECDenial(
                    kind: .nsec3, iterations: iterations, saltOctets: salt.count, isOptOut: isOptOut,
                    isOptOutAtTLSA: views.isOptOutAtTLSA, hash: Int(hash), isCompact: false),
                about: subject)
        }
    }

    private func stateAutomation(_ views: ServerViews) async {
        let answer = await scan.resolve(apex, .cds)
        if let cause = answer.undeterminedCause {
            return scan.state(DNSSECAutomation.self, .undetermined(cause), about: subject)
        }
        let differing = views.comparison { [.cds, .cdnskey].contains($0) }.lines
        guard answer.status == .records || !differing.isEmpty else {
            return scan.state(DNSSECAutomation.self, .absent, about: subject)
        }
        // RFC 8078 section 4: algorithm 0 asks for the removal.
        scan.state(
            DNSSECAutomation(
                asksForRemoval: answer.delegations.contains { $0.algorithm == 0 }, differing: differing),
            about: subject, from: answer.evidence)
    }
}

extension Array where Element == Int {
    /// Sorted, each once.
    fileprivate func uniqued() -> [Int] { Set(self).sorted() }
}
