import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// States what the searches and the certificates in use come to together.
struct Judgement {
    let scan: ScanContext
    let table: IssuerTable
    let suffixes: PublicSuffixes
    let places: [Place]
    let climbs: [DomainName: Climb]
    let live: [DomainName: LiveIssuers.Seen]
    let hasBIMI: Bool

    func state() {
        stateLookups()
        let uses = uses()
        let needs = needs(of: uses)
        stateSets(needs)
        stateMissing(needs)
        for use in uses { stateIssuer(use, needs) }
        for (host, seen) in live where seen.certificates.isEmpty {
            let outcome: Outcome<CAAIssuer> =
                seen.undetermined.map { .undetermined($0) } ?? .notApplicable("no_certificate")
            scan.state(CAAIssuer.self, outcome, about: Subject(kind: .certificate, name: "\(host)"))
        }
    }

    // MARK: Lookups

    private func stateLookups() {
        var ends: [DomainName: (answer: DNSAnswer, status: CAALookup.Status, names: [DomainName])] = [:]
        for name in Set(places.map(\.name)) {
            guard let climb = climbs[name], let last = climb.answers.last else { continue }
            let status: CAALookup.Status
            switch climb.ending {
            case .found, .nothing: status = .answered
            case .failed(let answer): status = answer.lookupError?.kind == "bogus" ? .bogus : .failed
            case .silent: status = .silent
            case .undetermined(let cause):
                scan.state(CAALookup.self, .undetermined(cause), about: .record(last.name, type: "CAA"))
                continue
            }
            // Where nothing is found, it is the name itself that the answer is about.
            let owner = climb.owner == nil && status == .answered ? name : last.name
            ends[owner, default: (last, status, [])].names.append(name)
        }
        for (owner, end) in ends {
            scan.state(
                CAALookup(
                    status: end.status, words: end.answer.lookupError?.words,
                    names: end.names.sorted().map(\.description), isFound: end.answer.status == .records,
                    isSecure: end.answer.security == .secure,
                    isOwn: isOwn(owner) && isOwn(end.answer.canonicalName)),
                about: .record(owner, type: "CAA"), from: end.answer.evidence)
        }
    }

    // MARK: Who issues

    /// The certificates of one issuer in use at one host.
    struct Use {
        let host: DomainName
        let certificates: [LiveCertificate]
        let authority: IssuerTable.Issuer?

        var issuer: String { certificates.first?.issuer ?? "" }
        var isSelfSigned: Bool { certificates.allSatisfy(\.isSelfSigned) }
        var names: [String] { Set(certificates.flatMap(\.names)).sorted() }
    }

    private func uses() -> [Use] {
        live.sorted { $0.key < $1.key }.flatMap { host, seen in
            Dictionary(grouping: seen.certificates, by: \.issuer).sorted { $0.key < $1.key }.map { _, certificates in
                let first = certificates.first
                return Use(
                    host: host, certificates: certificates,
                    authority: table.issuer(organization: first?.organization, commonName: first?.commonName))
            }
        }
    }

    /// A wildcard's properties are searched from the name below it (RFC 8659 section 3).
    private func question(_ name: String, at host: DomainName) -> (climb: Climb?, purpose: AuthorizationSet.Purpose) {
        name.utf8.starts(with: "*.".utf8) ? (host.parent.flatMap { climbs[$0] }, .wildcard) : (climbs[host], .server)
    }

    /// Identifiers to name at an owner of records, or at the place where records are missing.
    struct Needs {
        var server: [String] = []
        var wildcard: [String] = []
    }

    private func needs(of uses: [Use]) -> [DomainName: Needs] {
        var needs: [DomainName: Needs] = [:]
        for use in uses where !use.isSelfSigned {
            guard let identifier = use.authority?.identifiers.first else { continue }
            for name in use.names {
                let (climb, purpose) = question(name, at: use.host)
                guard let climb else { continue }
                let owner = climb.owner ?? home(of: climb.name)
                let path: WritableKeyPath<Needs, [String]> = purpose == .wildcard ? \.wildcard : \.server
                if !needs[owner, default: Needs()][keyPath: path].contains(identifier) {
                    needs[owner, default: Needs()][keyPath: path].append(identifier)
                }
            }
        }
        return needs
    }

    /// The whole set as it should be at `owner`; `place` is where it is to be published, the target of an alias.
    private func lines(
        _ owner: DomainName, at place: DomainName, _ set: AuthorizationSet, _ needs: [DomainName: Needs]
    ) -> [String]? {
        guard isOwn(place) else { return nil }
        let need = needs[owner] ?? Needs()
        // Without `issuewild`, `issue` counts for wildcards too.
        let server = need.server + need.wildcard.filter { !need.server.contains($0) }
        return Suggestion(
            owner: place, table: table, domain: scan.domain, isForDomain: scan.domain.isEqualOrBelow(owner),
            server: server, wildcard: need.wildcard
        ).lines(for: set)
    }

    // MARK: Whose

    /// The name is under one registration with the domain, or the domain is below it.
    private func isOwn(_ name: DomainName) -> Bool {
        if name.isEqualOrBelow(scan.domain) { return true }
        if scan.domain.isEqualOrBelow(name) { return !suffixes.isPublicSuffix(name) }
        let own = suffixes.registrableDomain(of: scan.domain)
        return own != nil && suffixes.registrableDomain(of: name) == own
    }

    /// Where records for a name belong: at the domain, or at the top of whoever's name it is.
    private func home(of name: DomainName) -> DomainName {
        if name.isEqualOrBelow(scan.domain) || scan.domain.isEqualOrBelow(name) { return scan.domain }
        return suffixes.registrableDomain(of: name) ?? name
    }

    // MARK: Sets

    private func stateSets(_ needs: [DomainName: Needs]) {
        var names: [DomainName: Set<DomainName>] = [:]
        var answers: [DomainName: DNSAnswer] = [:]
        for place in places {
            guard let climb = climbs[place.name], case .found(let answer) = climb.ending else { continue }
            names[answer.name, default: []].insert(place.name)
            answers[answer.name] = answer
        }
        for (owner, answer) in answers {
            let set = AuthorizationSet(answer.records)
            let lines = lines(owner, at: answer.canonicalName, set, needs)
            scan.state(
                fact(set, answer, names: (names[owner] ?? []).sorted(), suggestion: lines),
                about: .record(owner, type: "CAA"), from: answer.evidence)
            if isOwn(answer.canonicalName) { stateIdentifiers(set, owner, lines) }
        }
    }

    private func fact(
        _ set: AuthorizationSet, _ answer: DNSAnswer, names: [DomainName], suggestion: [String]?
    ) -> CAASetFact {
        func shown(_ properties: [CAAProperty]) -> [String] { properties.map(\.shown) }
        return CAASetFact(
            records: shown(set.properties), ttl: answer.ttl, isOwn: isOwn(answer.canonicalName),
            isSecure: answer.security == .secure,
            aliasTarget: answer.aliases.isEmpty ? nil : "\(answer.canonicalName)", names: names.map(\.description),
            isForDomain: names.contains(scan.domain), hasBIMI: hasBIMI, server: set.permission(.server).word,
            wildcard: set.permission(.wildcard).word, mail: set.permission(.mail).word,
            mark: set.permission(.mark).word, malformed: shown(set.malformed), malformedForbids: set.malformedForbids,
            hasWildcardOnly: set.hasWildcardOnly, criticalUnknown: shown(set.criticalUnknown),
            reservedFlags: shown(set.reservedFlags), badTags: shown(set.badTags),
            upperCaseTags: shown(set.upperCaseTags), unreadableCount: set.unreadableCount,
            accountBound: shown(set.issueProperties { !$0.accounts.isEmpty && !$0.hasImpossibleAccount }),
            accountImpossible: shown(set.issueProperties(where: \.hasImpossibleAccount)),
            methodBound: shown(set.issueProperties { $0.bindsMethods && !$0.hasNoMethod }),
            methodImpossible: shown(set.issueProperties(where: \.hasNoMethod)),
            unknownMethods: set.properties.compactMap { $0.kind?.isIssue ?? false ? $0.issueValue : nil }.flatMap {
                $0.methods(known: false)
            },
            badReports: shown(set.badReports), badContacts: shown(set.badContacts), suggestion: suggestion)
    }

    private func stateIdentifiers(_ set: AuthorizationSet, _ owner: DomainName, _ suggestion: [String]?) {
        for property in set.properties {
            guard let kind = property.kind, kind.isIssue, let identifier = property.issueValue?.issuer else { continue }
            let meant = table.meant(by: identifier)
            let isKnown = table.isKnown(identifier)
            let outcome: Outcome<CAAIdentifier> =
                isKnown || meant != nil
                ? .observed(
                    CAAIdentifier(
                        identifier: identifier, tag: kind.rawValue, isKnown: isKnown, meant: meant,
                        suggestion: suggestion))
                : .undetermined(Cause("issuer_not_in_table", detail: identifier))
            scan.state(
                CAAIdentifier.self, outcome,
                about: Subject(kind: .record, name: "\(owner)", object: "CAA \(kind.rawValue) \(identifier)"))
        }
    }

    private func stateMissing(_ needs: [DomainName: Needs]) {
        var missing: [DomainName: Set<DomainName>] = [:]
        for place in places {
            guard let climb = climbs[place.name], case .nothing = climb.ending else { continue }
            missing[home(of: place.name), default: []].insert(place.name)
        }
        for (owner, names) in missing {
            scan.state(
                CAAMissing(
                    names: names.sorted().map(\.description), isOwn: isOwn(owner),
                    suggestion: lines(owner, at: owner, AuthorizationSet(properties: []), needs)),
                about: .record(owner, type: "CAA"))
        }
        if missing[scan.domain] == nil, let climb = climbs[scan.domain] {
            let subject = Subject.record(scan.domain, type: "CAA")
            switch climb.ending {
            case .undetermined(let cause): scan.state(CAAMissing.self, .undetermined(cause), about: subject)
            case .failed, .silent: scan.state(CAAMissing.self, .notApplicable("lookup_error"), about: subject)
            case .found, .nothing: scan.state(CAAMissing.self, .absent, about: subject)
            }
        }
    }

    // MARK: Issuers

    private func stateIssuer(_ use: Use, _ needs: [DomainName: Needs]) {
        let subject = Subject(kind: .certificate, name: "\(use.host)", object: use.issuer)
        scan.state(CAAIssuer.self, outcome(use, needs), about: subject)
    }

    private func outcome(_ use: Use, _ needs: [DomainName: Needs]) -> Outcome<CAAIssuer> {
        if use.isSelfSigned { return .notApplicable("self_signed") }
        if use.names.isEmpty { return .notApplicable("other_names") }
        var blocked: [String] = []
        var foundAt: Set<DomainName> = []
        var permitted: Set<String> = []
        var lines: [String]?
        for name in use.names {
            let (climb, purpose) = question(name, at: use.host)
            guard let climb else { return .notApplicable("no_parent") }
            switch climb.ending {
            case .undetermined(let cause): return .undetermined(cause)
            // Told as such.
            case .failed, .silent: return .notApplicable("lookup_error")
            case .nothing: continue
            case .found(let answer):
                foundAt.insert(answer.name)
                let set = AuthorizationSet(answer.records)
                let permission = set.permission(purpose)
                if permission == .anybody { continue }
                guard let authority = use.authority else {
                    return .undetermined(Cause("issuer_not_in_table", detail: use.issuer))
                }
                permitted.formUnion(permission.issuers)
                if !permission.allows(anyOf: authority.identifiers) {
                    blocked.append(name)
                    lines = lines ?? self.lines(answer.name, at: answer.canonicalName, set, needs)
                }
            }
        }
        let ends = use.certificates.compactMap(\.notAfter).map(\.secondsSince1970).min()
        return .observed(
            CAAIssuer(
                issuer: use.issuer, authority: use.authority?.name, identifiers: use.authority?.identifiers ?? [],
                names: use.names, isPermitted: blocked.isEmpty, blockedNames: blocked,
                foundAt: foundAt.sorted().map(\.description), permitted: permitted.sorted(),
                secondsLeft: ends.map { Int($0 - scan.startedAt.secondsSince1970) }, suggestion: lines))
    }
}
