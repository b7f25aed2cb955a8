import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// Turns answers into facts: a key for each selector that has one, what else the DNS said, and how complete all that is.
struct KeyStatement {
    /// A selector that somebody told, with its answer.
    struct Told: Sendable {
        let selector: String
        let answer: DNSAnswer
        let methods: [String]
    }

    /// A selector with key records.
    private struct Found {
        let selector: String
        let owner: DomainName
        let answer: DNSAnswer
        let methods: [String]
        let isGiven: Bool
        let isWildcard: Bool
        let text: [UInt8]
        let keyCount: Int
        let key: DKIMKey
    }

    let use: ProviderUse
    let proof: SubtreeProof
    let told: [Told]
    let search: SelectorSearch
    let isFaulty: Bool
    let scan: ScanContext

    func state() async {
        let all = answers
        let found = all.compactMap { self.found($0.selector, $0.answer, $0.methods, isGiven: $0.isGiven) } + wildcardKey
        for key in found.prefix(DKIMLimits.keys) { stateKey(key, among: found) }
        let keys = Set(found.map(\.selector))
        for item in all where !keys.contains(item.selector) {
            await stateLookup(item.selector, item.answer, item.methods, isGiven: item.isGiven)
        }
        await stateSubtreeFailure()
        stateSelectors(found)
        stateDenial()
        stateProviders(found)
    }

    /// Each selector with its answer, those told first; the confirming question at a name that does not exist counts too.
    private var answers: [(selector: String, answer: DNSAnswer, methods: [String], isGiven: Bool)] {
        var all = told.map { ($0.selector, $0.answer, $0.methods, true) }
        if proof.existence == .absent, let control = proof.control,
            !told.contains(where: { $0.answer.name == control.name })
        {
            let labels = Array(control.name.labels.dropLast(proof.base.labelCount))
            if let relative = try? DomainName(labels: labels) { all.append(("\(relative)", control, ["proof"], false)) }
        }
        let seen = Set(all.map(\.0))
        all += search.answered.filter { !seen.contains($0.selector) }.map {
            ($0.selector, $0.answer, [$0.method], false)
        }
        return all.map { (selector: $0.0, answer: $0.1, methods: $0.2, isGiven: $0.3) }
    }

    private var wildcardKey: [Found] {
        guard proof.wildcard == "key", let control = proof.control, let name = proof.base.prepending("*"),
            let key = pick(control.texts)
        else { return [] }
        return [
            Found(
                selector: "*", owner: name, answer: control, methods: ["proof"], isGiven: false, isWildcard: true,
                text: key.text, keyCount: key.count, key: key.key)
        ]
    }

    private func found(_ selector: String, _ answer: DNSAnswer, _ methods: [String], isGiven: Bool) -> Found? {
        let owner = answer.name
        guard let key = pick(answer.texts) ?? (isGiven ? forced(answer.texts) : nil) else { return nil }
        let isWildcard =
            answer.isWildcardExpansion ?? false || proof.wildcard != nil && answer.texts == proof.control?.texts
        // What a wildcard answers is not the selector's.
        if isWildcard, !isGiven { return nil }
        return Found(
            selector: selector, owner: owner, answer: answer, methods: methods, isGiven: isGiven,
            isWildcard: isWildcard, text: key.text, keyCount: key.count, key: key.key)
    }

    /// The record that is judged: the best of those that are meant as keys.
    private func pick(_ texts: [[UInt8]]) -> (text: [UInt8], count: Int, key: DKIMKey)? {
        let keys = texts.prefix(DKIMLimits.recordsPerSelector).filter(DKIMKey.isKey).map { ($0, DKIMKey(parsing: $0)) }
        let best = keys.max { left, right in
            (left.1.isUsable ? 1 : 0, left.1.bits ?? 0, right.0.count)
                < (right.1.isUsable ? 1 : 0, right.1.bits ?? 0, left.0.count)
        }
        return best.map { ($0.0, keys.count, $0.1) }
    }

    /// A selector that is in use has a broken key where a private key or half a record stands.
    private func forced(_ texts: [[UInt8]]) -> (text: [UInt8], count: Int, key: DKIMKey)? {
        guard let text = texts.first(where: { KeyText.firstIndex(of: "KEY-----", in: $0[...]) != nil }) else {
            return nil
        }
        return (text, 1, DKIMKey(parsing: text))
    }

    // MARK: Facts

    private func stateKey(_ found: Found, among all: [Found]) {
        let key = found.key
        let alias = found.answer.aliases.isEmpty ? nil : found.answer.canonicalName
        let owner = use.owner(of: found.selector, alias: alias)
        let date = SelectorDate(found.selector, now: scan.startedAt)
        let print = key.fingerprint
        let twins = all.filter { $0.selector != found.selector && $0.key.fingerprint == print && print != nil }
        let strings = found.answer.records.compactMap { record in
            if case .txt(let strings) = record.content, Array(strings.joined()) == found.text {
                strings.count
            } else {
                nil
            }
        }
        scan.state(
            DKIMKeyFact(
                selector: found.selector, text: printable(found.text, limit: DKIMLimits.shownOctets),
                foundBy: found.methods, isGiven: found.isGiven, kind: key.kind, bits: key.bits,
                exponent: key.rsa?.exponentText, exponentBits: key.rsa?.exponentBits, isRevoked: key.isRevoked,
                isUsable: key.isUsable && found.keyCount == 1, faults: key.faults.map(\.rawValue),
                damage: key.damage.map(\.rawValue), isBare: key.isBare,
                published: print.flatMap { digest in
                    use.directory.knownKeys.first { $0.sha256 == digest }?.published
                },
                weaknesses: key.weaknesses, holdsPrivateKey: key.holdsPrivateKey, hasVersion: key.tags["v"] != nil,
                hashes: key.hashes, acceptsSHA256: key.acceptsSHA256, services: key.services, isForMail: key.isForMail,
                isTesting: key.flags.contains("y"), isStrict: key.flags.contains("s"),
                granularity: key.tags["g"]?.text, notes: key.tags["n"]?.text, keyCount: found.keyCount,
                octets: found.text.count, strings: strings.first ?? 1, ttl: found.answer.ttl,
                isSecure: found.answer.security == .secure, aliasTarget: alias.map { "\($0)" },
                isWildcard: found.isWildcard, date: date?.day.dayText,
                ageDays: date.map { scan.startedAt.seconds(since: $0.day) / 86_400 }, provider: owner?.provider.name,
                isProviderGone: owner?.isGone, fingerprint: print, sharedWith: twins.map(\.selector).sorted(),
                suggestion: suggestion(found)),
            about: .selector(found.owner), from: found.answer.evidence)
    }

    /// Where several records stand, the one to keep.
    private func suggestion(_ found: Found) -> String? {
        let corrected = found.key.corrected
        if found.keyCount > 1 { return corrected ?? (found.key.isUsable ? "\(found.key)" : nil) }
        return corrected.flatMap { Array($0.utf8) == found.text ? nil : $0 }
    }

    private func stateLookup(_ selector: String, _ answer: DNSAnswer, _ methods: [String], isGiven: Bool) async {
        let subject = Subject.selector(answer.name)
        let status: DKIMLookup.Status
        switch answer.status {
        case .undetermined(let cause):
            if isGiven { scan.state(DKIMLookup.self, .undetermined(cause), about: subject) }
            return
        case .bogus: status = .bogus
        case .failed: status = .failed
        case .nxDomain where !answer.aliases.isEmpty: status = .dangling
        case .nxDomain, .noData: status = .missing
        case .records: status = .noKey
        }
        // A guess that nobody has made is no fact; neither is what a wildcard says of it.
        guard isGiven || status == .dangling && proof.wildcard == nil else { return }
        var registrable: DomainName?
        var isUnregistered = false
        if status == .dangling {
            registrable = scan.services.require(PublicSuffixes.self).registrableDomain(of: answer.canonicalName)
            if let registrable, !scan.domain.isEqualOrBelow(registrable) {
                isUnregistered = await scan.resolve(registrable, .ns).status == .nxDomain
            }
        }
        scan.state(
            DKIMLookup(
                status: status, words: answer.lookupError?.words, foundBy: methods, isGiven: isGiven,
                aliasTarget: answer.aliases.isEmpty ? nil : "\(answer.canonicalName)",
                registrableDomain: registrable.map { "\($0)" }, isUnregistered: isUnregistered),
            about: subject, from: answer.evidence)
    }

    /// The zone's servers fail at `_domainkey` itself.
    private func stateSubtreeFailure() async {
        guard let error = proof.answer.lookupError else { return }
        scan.state(
            DKIMLookup(
                status: error.kind == "bogus" ? .bogus : .failed, words: error.words, foundBy: ["proof"],
                isGiven: false,
                aliasTarget: nil, registrableDomain: nil, isUnregistered: false),
            about: .selector(proof.base), from: proof.answer.evidence)
    }

    private func stateSelectors(_ found: [Found]) {
        let subject = Subject.domain(scan.domain)
        if found.isEmpty, let cause = proof.answer.undeterminedCause {
            scan.state(DKIMSelectors.self, .undetermined(cause), about: subject)
            scan.state(DKIMPresence.self, .undetermined(cause), about: subject)
            return
        }
        if found.isEmpty, proof.answer.lookupError != nil {
            scan.state(DKIMSelectors.self, .notApplicable("lookup_error"), about: subject)
            scan.state(DKIMPresence.self, .notApplicable("lookup_error"), about: subject)
            return
        }
        let usable = found.filter { $0.key.isUsable && $0.keyCount == 1 }
        var methods = Set(told.flatMap(\.methods) + search.answered.map(\.method)).union(["proof"])
        if search.map.isNSEC3, search.denied > 0 { methods.insert("nsec3") }
        if search.walked != nil { methods.insert("walk") }
        let isAbsent = proof.existence == .provenAbsent && !isFaulty
        let isComplete = isAbsent || search.map.isComplete && proof.wildcard == nil
        statePresence(hasKey: !usable.isEmpty, isComplete: isComplete)
        scan.state(
            DKIMSelectors(
                existence: isFaulty ? .exists : proof.existence, proof: proof.proof,
                found: found.prefix(DKIMLimits.keys).map(\.selector).sorted(), foundCount: found.count,
                usableCount: usable.count, usableRSACount: usable.count { $0.key.rsa != nil },
                revokedCount: found.count(where: \.key.isRevoked),
                isComplete: isComplete,
                methods: methods.sorted(), candidates: search.candidateCount,
                asked: proof.asked + search.asked, deniedWithoutQuestion: search.denied,
                wildcard: proof.wildcard, hasEmptyNonTerminalFault: isFaulty, isCompactDenial: proof.isCompactDenial,
                providers: use.providers.map(\.provider.name),
                unguessable: use.providers.filter { $0.provider.hasOwnSelectors }.map(\.provider.name),
                hasFailures: search.answered.contains { $0.answer.lookupError != nil }),
            about: subject, from: proof.answer.evidence + (proof.control?.evidence ?? []))
    }

    /// That no key was found says that there is none only where the zone denies all others.
    private func statePresence(hasKey: Bool, isComplete: Bool) {
        let subject = Subject.domain(scan.domain)
        guard hasKey || isComplete || proof.existence == .absent && !isFaulty else {
            let cause = Cause("selectors_cannot_be_listed", detail: "_domainkey: \(proof.existence.rawValue)")
            return scan.state(DKIMPresence.self, .undetermined(cause), about: subject, from: proof.answer.evidence)
        }
        scan.state(
            DKIMPresence(hasKey: hasKey, isProven: hasKey || isComplete), about: subject,
            from: proof.answer.evidence)
    }

    private func stateDenial() {
        guard search.map.recordCount > 0 else { return }
        let names = search.map.disclosed.map { name in
            let labels = Array(name.labels.dropLast(proof.base.labelCount))
            return (try? DomainName(labels: labels)).map { "\($0)" } ?? ""
        }
        scan.state(
            DKIMDenial(
                kind: search.map.isNSEC ? "nsec" : "nsec3", disclosed: Array(names.prefix(DKIMLimits.keys)),
                learnt: search.answered.filter {
                    ["denial", "walk"].contains($0.method) && $0.answer.status == .records
                }
                .prefix(DKIMLimits.keys).map(\.selector),
                walked: search.walked, records: search.map.recordCount, deniedWithoutQuestion: search.denied),
            about: .domain(scan.domain))
    }

    private func stateProviders(_ found: [Found]) {
        let isTold =
            switch proof.existence {
            case .exists, .absent, .provenAbsent: !search.answered.contains { $0.answer.undeterminedCause != nil }
            case .ambiguous, .wildcard: false
            case .unknown: false
            }
        guard isTold else { return }
        let selectors = Set(found.map(\.selector))
        for (provider, seenBy) in use.providers {
            let own = provider.selectors.filter(selectors.contains)
            scan.state(
                DKIMProvider(
                    provider: provider.name, seenBy: seenBy, selectors: provider.selectors, found: own,
                    hasOwnSelectors: provider.hasOwnSelectors, otherKeyCount: selectors.count - own.count),
                about: Subject(kind: .domain, name: "\(scan.domain)", object: provider.name))
        }
    }
}

extension Subject {
    /// `s1._domainkey.example.com`.
    static func selector(_ owner: DomainName) -> Subject { Subject(kind: .selector, name: "\(owner)") }
}

extension DKIMKey {
    /// Of the key that was meant.
    var bits: Int? {
        switch meant {
        case .rsa(let key, _): key.bits
        case .ed25519: 256
        case nil: nil
        }
    }

    var rsa: RSAKey? { if case .rsa(let key, _) = meant { key } else { nil } }

    var isBare: Bool { if case .rsa(_, let isBare) = meant { isBare } else { false } }

    var weaknesses: [String] {
        guard let weak = rsa?.weaknesses else { return [] }
        return (weak.hasROCAFingerprint ? ["roca"] : []) + (weak.hasSmallFactor ? ["small_factor"] : [])
    }
}
