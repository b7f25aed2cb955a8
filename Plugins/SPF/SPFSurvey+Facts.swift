import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

extension SPFSurvey {
    /// Packets of the tree.
    var evidence: [EvidenceRecord] {
        tree.records.flatMap { forest.sources[$0]?.answer.evidence ?? [] }
    }

    var recordFact: SPFRecordFact {
        let text = source.selection.records.first ?? []
        let record = source.record ?? SPFRecord(parsing: text)
        let modifiers = record.terms.filter { if case .modifier(.unknown) = $0.content { true } else { false } }
        let ignoredRedirect = record.all == nil ? nil : record.redirect?.term
        return SPFRecordFact(
            text: printable(text, limit: SPFLimits.shownRecordOctets), count: source.selection.records.count,
            isMultiple: source.selection.records.count > 1, isValid: source.record?.isValid ?? false,
            faults: record.faults.prefix(SPFLimits.listedErrors).map {
                .init(kind: $0.error.kind.rawValue, term: $0.text, offset: $0.error.offset)
            },
            faultKinds: Set(record.faults.map(\.error.kind.rawValue)).sorted(),
            faultTerms: Self.listed(record.faults.map(\.text)), faultCount: record.faults.count,
            all: all(of: record), hasRedirect: record.redirect != nil,
            deniesAll: record.isValid && record.terms.map(\.content) == [.directive(.fail, .all)],
            unknownModifiers: Self.listed(modifiers.map(\.text)),
            silentTerms: Self.listed(modifiers.filter(Self.isSilentMechanism).map(\.text)),
            ignoredTerms: Self.listed((record.termsAfterAll + [ignoredRedirect].compactMap(\.self)).map(\.text)),
            joinedTerms: Self.listed(Self.strings(source).flatMap(SPFStringSplit.joinedTerms)),
            upperCaseTerms: Self.listed(Self.upperCase(text, record)),
            trailingDotTerms: Self.listed(record.terms.filter(Self.hasTrailingDot).map(\.text)),
            localPartTerms: Self.listed(record.terms.filter { Self.has("sl", $0) }.map(\.text)),
            badNameTerms: Self.listed(tree.nodes.filter { $0.depth == 0 && $0.status == .badName }.map(\.term)),
            exp: record.exp.map { "\($0.target)" }, ttl: source.answer.ttl,
            aliasTarget: source.answer.aliases.isEmpty ? nil : "\(source.answer.canonicalName)",
            suggestion: suggestion, limit: record.limit)
    }

    private func all(of record: SPFRecord) -> SPFRecordFact.All {
        switch record.all ?? tree.finalAll {
        case .pass: .pass
        case .neutral: .neutral
        case .softfail: .softfail
        case .fail: .fail
        case nil: .none
        }
    }

    var sizes: SPFSizes {
        let owner = "\(domain)".utf8.count
        let texts = source.answer.texts
        // Header, question and OPT record; two octets of a compressed name and ten of type, class, TTL and length per record.
        let data = source.answer.records.reduce(0) { sum, record in
            if case .txt(let strings) = record.content {
                sum + 12 + strings.reduce(0) { $0 + $1.count + 1 }
            } else {
                sum
            }
        }
        return SPFSizes(
            record: owner + (source.selection.records.first?.count ?? 0),
            texts: owner + texts.reduce(0) { $0 + $1.count }, answer: 12 + owner + 6 + 11 + data,
            textCount: texts.count)
    }

    var treeFact: SPFTreeFact {
        let nodes = tree.nodes
        func terms(_ belongs: (SPFTree.Node) -> Bool) -> [String] { Self.listed(nodes.filter(belongs).map(place)) }
        let dangling = nodes.filter { $0.unregistered != nil }
        let isInclude = { (node: SPFTree.Node) in node.mechanism == "include" }
        let isRedirect = { (node: SPFTree.Node) in node.mechanism == "redirect" }
        let isEmpty = { (node: SPFTree.Node) in [.none, .nxdomain, .noData, .badName].contains(node.status) }
        let isBroken = { (node: SPFTree.Node) in node.status == .malformed || node.status == .multiple }
        let own = { (node: SPFTree.Node) in node.depth == 0 }
        return SPFTreeFact(
            lookups: tree.lookups, voids: tree.voids, ipv4Voids: tree.voidsIPv4, ipv6Voids: tree.voidsIPv6,
            depth: tree.deepest, recordCount: tree.records.count,
            nodes: nodes.prefix(SPFLimits.listedNodes).map(Self.listed), nodeCount: nodes.count,
            eleventh: tree.crossing.map { place(nodes[$0]) },
            unreached: Self.listed(tree.unreached.filter { $0.mechanism != "all" }.map(place)),
            emptyIncludes: terms { isInclude($0) && isEmpty($0) },
            emptyRedirects: terms { isRedirect($0) && isEmpty($0) },
            brokenIncludes: terms { isInclude($0) && isBroken($0) },
            brokenRedirects: terms { isRedirect($0) && isBroken($0) },
            loops: terms { $0.status == .loop && $0.target != $0.domain },
            selfIncludes: terms { $0.status == .loop && $0.target == $0.domain }, repeatedIncludes: repeatedIncludes,
            qualifiedIncludes: terms { own($0) && isInclude($0) && $0.qualifier != .pass },
            trappedIncludes: trappedIncludes, danglingTerms: Self.listed(dangling.map(place)),
            registrableDomains: Set(dangling.compactMap(\.unregistered)).sorted().map { "\($0)" },
            voidTerms: terms { own($0) && ($0.status == .nxdomain || $0.status == .noData) },
            mxWithoutRecord: terms {
                own($0) && $0.mechanism == "mx" && ($0.status == .noData || $0.status == .nxdomain)
            },
            crowdedMX: terms { $0.mechanism == "mx" && $0.status == .tooMany },
            ptrTerms: Self.listed(
                terms { own($0) && $0.mechanism == "ptr" }
                    + (source.record?.terms.filter { Self.has("p", $0) }.map(\.text) ?? [])),
            manyNamedClients: manyNamedClients,
            macroTerms: terms { $0.mechanism != "ptr" && $0.status == .macro || $0.mechanism == "exists" },
            includedDomains: includedDomains, slowSeconds: slowSeconds, limit: tree.limit)
    }

    private var includedDomains: [String] {
        Set(tree.nodes.filter { ["include", "redirect"].contains($0.mechanism) }.compactMap(\.target)).sorted().map {
            "\($0)"
        }
    }

    /// RFC 7208 section 4.6.4: at least 20 seconds are to be allowed.
    private var slowSeconds: Int? {
        // What stands behind the eleventh lookup is never asked.
        let nodes = tree.crossing.map { tree.nodes[..<$0] } ?? tree.nodes[...]
        let targets = Set(nodes.compactMap(\.target)).union([domain])
        let hosts = targets.flatMap { forest.answer($0, .mx)?.exchanges.prefix(SPFLimits.names) ?? [] }
        let seconds = forest.milliseconds(of: targets.union(hosts)) / 1_000
        return seconds >= SPFLimits.seconds ? seconds : nil
    }

    /// Includes of the record itself whose target is included a second time, here or further down.
    private var repeatedIncludes: [String] {
        let includes = tree.nodes.filter { $0.mechanism == "include" && $0.status != .loop }
        let counts = Dictionary(grouping: includes, by: \.target).mapValues(\.count)
        var seen: Set<String> = []
        return Self.listed(
            includes.filter { $0.depth == 0 && counts[$0.target, default: 0] > 1 && $0.target != nil }.map(\.term)
                .filter { seen.insert($0).inserted })
    }

    /// RFC 7208 section 5.2: an include matches on pass alone, its `-all` says nothing about the rest.
    private var trappedIncludes: [String] {
        guard let record = source.record, record.redirect == nil, record.all == nil || record.all == .neutral else {
            return []
        }
        return Self.listed(
            tree.nodes.filter { node in
                guard node.depth == 0, node.mechanism == "include", let target = node.target else { return false }
                let all = forest.sources[target]?.record?.all
                return all == .fail || all == .softfail
            }.map(\.term))
    }

    /// Undetermined where nothing is known but silence.
    var answers: Outcome<SPFAnswersFact> {
        let failing = tree.nodes.filter { $0.status == .temperror }
        guard failing.isEmpty else {
            return .observed(
                SPFAnswersFact(
                    failingTerms: Self.listed(failing.map(place)),
                    words: Self.listed(Set(failing.compactMap(\.words)).sorted())))
        }
        let silent = tree.nodes.filter { $0.status == .undetermined }
        guard silent.isEmpty else {
            return .undetermined(Cause(.noAnswerFromServers, detail: silent.compactMap(\.target).first.map { "\($0)" }))
        }
        if let limit = tree.limit { return .undetermined(Cause(.limit, detail: limit)) }
        return .observed(SPFAnswersFact(failingTerms: [], words: []))
    }

    // MARK: Ranges

    var rangesFact: SPFRangesFact {
        let own = ownTerms
        return SPFRangesFact(
            ipv4Count: reach.passes.ipv4.subtracting(Self.specialIPv4).clampedCount, ipv6Count: reach.passes.ipv6.count,
            isPartial: reach.isPartial,
            ranges: reach.rows.map { row in
                .init(
                    network: "\(row.network.masked)", term: row.term, domain: "\(row.domain)",
                    purpose: row.network.specialPurpose?.rawValue, isCovered: row.isCovered)
            }, rangeCount: reach.rowCount, passesAll: reach.passesAll,
            openDomain: reach.openDomain.map { "\($0)" },
            openTerms: Self.listed(reach.rows.filter { isOwn($0.domain) && Self.isOpen($0.network) }.map(\.term)),
            broadTerms: Self.listed(
                reach.rows.filter { isOwn($0.domain) && Self.isBroad($0.network) && !Self.isOpen($0.network) }.map(
                    \.term)),
            privateTerms: Self.listed(
                own.filter { $0.network.specialPurpose != nil }.map(\.text)),
            hostBitTerms: Self.listed(own.filter(\.network.hasHostBits).map(\.text)),
            coveredTerms: Self.listed(coveredTerms(own)), sharedWebTerms: Self.listed(sharedWebTerms),
            limit: reach.limit)
    }

    private func isOwn(_ domain: DomainName) -> Bool { domain.isEqualOrBelow(ownDomain) }

    private static func isOpen(_ network: IPNetwork) -> Bool {
        network.specialPurpose == nil && network.prefix <= (network.address.family == .ipv4 ? 8 : 16)
    }

    private static func isBroad(_ network: IPNetwork) -> Bool {
        network.specialPurpose == nil && network.prefix < (network.address.family == .ipv4 ? 16 : 32)
    }

    /// Never the address of a client on the Internet (IANA IPv4 Special-Purpose Address Registry).
    private static let specialIPv4 = AddressSet(
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
        ].compactMap { IPNetwork($0)?.range })

    /// `ip4` and `ip6` terms that pass, of the record itself.
    private var ownTerms: [(text: String, network: IPNetwork)] {
        (source.record?.directives ?? []).compactMap { qualifier, mechanism, term in
            guard qualifier == .pass, let network = mechanism.network else { return nil }
            return (term.text, network)
        }
    }

    private func coveredTerms(_ terms: [(text: String, network: IPNetwork)]) -> [String] {
        var seen: Set<IPNetwork> = []
        return terms.filter { term in
            !seen.insert(term.network.masked).inserted || terms.contains { $0.network.holds(term.network) }
        }.map(\.text)
    }

    private var sharedWebTerms: [String] {
        var seen: Set<String> = []
        return reach.rows.compactMap { row in
            guard isOwn(row.domain), !row.term.utf8.starts(with: "ip".utf8),
                let owner = SharedWebNetworks.owner(of: row.network.address), seen.insert(row.term).inserted
            else { return nil }
            return "\(row.term) (\(owner))"
        }
    }

    // MARK: Terms

    /// `include:a.example (in b.example)` below the record itself.
    private func place(_ node: SPFTree.Node) -> String {
        node.depth == 0 ? node.term : "\(node.term) (\(node.domain))"
    }

    private static func listed(_ node: SPFTree.Node) -> SPFTreeFact.Node {
        SPFTreeFact.Node(
            depth: node.depth, domain: "\(node.domain)", term: node.term, target: node.target.map { "\($0)" },
            lookups: node.lookups, voids: node.voids, status: node.status.rawValue)
    }

    /// Each once, in their order.
    private static func listed(_ terms: [String]) -> [String] {
        var seen: Set<String> = []
        return Array(terms.filter { seen.insert($0).inserted }.prefix(SPFLimits.listedErrors))
    }

    /// `include=x`, `ip4=x`: no receiver does anything about it (RFC 7208 section 6).
    private static func isSilentMechanism(_ term: SPFRecord.Term) -> Bool {
        guard case .modifier(.unknown(let name, _)) = term.content else { return false }
        let names = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists", "ip", "ipv4", "ipv6"]
        return names.contains(String(decoding: name, as: UTF8.self))
    }

    private static func target(_ term: SPFRecord.Term) -> SPFMacroString? {
        switch term.content {
        case .directive(_, let mechanism): mechanism.target
        case .modifier(.redirect(let target)), .modifier(.exp(let target)): target
        case .modifier(.unknown): nil
        }
    }

    private static func has(_ letters: String, _ term: SPFRecord.Term) -> Bool {
        !(target(term)?.letters.isDisjoint(with: letters.utf8) ?? true)
    }

    private static func hasTrailingDot(_ term: SPFRecord.Term) -> Bool {
        guard case .literal(let bytes)? = target(term)?.pieces.last else { return false }
        return bytes.last == UInt8(ascii: ".")
    }

    /// The version, and names of mechanisms and modifiers, as written; names of domains do not count.
    private static func upperCase(_ text: [UInt8], _ record: SPFRecord) -> [String] {
        func holdsCapitals(_ bytes: some Sequence<UInt8>) -> Bool { bytes.contains { (0x41...0x5A).contains($0) } }
        let version = text.prefix(SPFRecord.version.count)
        let terms = record.terms.filter { holdsCapitals($0.octets.prefix { !":/=".utf8.contains($0) }) }.map(\.text)
        return (holdsCapitals(version) ? [printable(version)] : []) + terms
    }
}
