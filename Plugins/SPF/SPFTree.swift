import AssayDNS
package import AssayModel
import AssayProbes

/// The include tree as a receiver walks it to the end: no term matches, so every one is evaluated (RFC 7208 section 4.6.4).
///
/// A pure function of what was asked. The walk goes on where a receiver would stop, so that the whole is seen.
package struct SPFTree: Sendable {
    /// What a term led to.
    package enum Status: String, Codable, Sendable {
        /// Nothing to ask, or answered with what is needed.
        case ok
        /// The target has no SPF record, or several, or a malformed one (RFC 7208 section 5.2).
        case none, multiple, malformed
        case nxdomain
        case noData = "no_data"
        /// SERVFAIL, REFUSED, bogus: the servers said so.
        case temperror
        /// Nobody answered us.
        case undetermined
        case loop
        /// Depends on the client or the message.
        case macro
        /// No name of the DNS.
        case badName = "bad_name"
        /// More than ten MX records (RFC 7208 section 4.6.4).
        case tooMany = "too_many"
        case limit
    }

    package struct Node: Sendable {
        /// 0 for the domain's own record.
        package let depth: Int
        /// Whose record the term stands in.
        package let domain: DomainName
        package let term: String
        package let mechanism: String
        package let qualifier: SPFRecord.Qualifier
        package let target: DomainName?
        package let countsAsLookup: Bool
        /// Up to and with this term.
        package var lookups: Int
        package var voids: Int
        package let status: Status
        package let words: String?
        /// The registrable domain of the target, where the DNS says that it does not exist.
        package var unregistered: DomainName?
    }

    package private(set) var nodes: [Node] = []
    package private(set) var lookups = 0
    /// Terms that find nothing for a client of each family.
    package private(set) var voidsIPv4 = 0
    package private(set) var voidsIPv6 = 0
    /// Index of the node that is the eleventh lookup.
    package private(set) var crossing: Int?
    package private(set) var hasLoop = false
    package private(set) var limit: String?
    /// The qualifier of the `all` that decides in the end, through redirects; nil without one.
    package private(set) var finalAll: SPFRecord.Qualifier?
    package private(set) var deepest = 0
    /// Records of the tree, in the order they are met.
    package private(set) var records: [DomainName] = []

    private let forest: SPFForest

    package init(_ forest: SPFForest) {
        self.forest = forest
        limit = forest.limit ?? forest.sources.values.lazy.compactMap { $0.record?.limit }.first
        finalAll = walk(forest.root, depth: 0, path: [forest.root])
    }

    package var voids: Int { max(voidsIPv4, voidsIPv6) }

    /// What a receiver that follows the worst way can never come to: terms behind the eleventh lookup.
    package var unreached: [Node] {
        guard let crossing else { return [] }
        return Array(nodes[crossing...])
    }

    /// Walks one record; gives the qualifier of its `all`, or that of its redirect's.
    private mutating func walk(_ domain: DomainName, depth: Int, path: [DomainName]) -> SPFRecord.Qualifier? {
        guard let record = forest.sources[domain]?.record else { return nil }
        deepest = max(deepest, depth)
        if !records.contains(domain) { records.append(domain) }
        for (qualifier, mechanism, term) in record.directives {
            guard nodes.count < SPFLimits.nodes else {
                limit = "spf.nodes \(SPFLimits.nodes)"
                return record.all
            }
            visit(mechanism, qualifier, term, domain, depth, path)
        }
        if record.all != nil { return record.all }
        guard let redirect = record.redirect else { return nil }
        return follow(redirect.target, redirect.term, .pass, "redirect", domain, depth, path)
    }

    private mutating func visit(
        _ mechanism: SPFRecord.Mechanism, _ qualifier: SPFRecord.Qualifier, _ term: SPFRecord.Term,
        _ domain: DomainName, _ depth: Int, _ path: [DomainName]
    ) {
        func add(_ tree: inout SPFTree, _ status: Status, _ target: DomainName?, _ words: String? = nil) {
            tree.append(term, qualifier, mechanism.name, mechanism.isLookup, domain, depth, status, target, words)
        }
        switch mechanism {
        case .all, .ip4, .ip6: add(&self, .ok, nil)
        case .ptr: add(&self, .macro, nil)
        case .include(let target): _ = follow(target, term, qualifier, "include", domain, depth, path)
        case .a(let target, _), .mx(let target, _):
            guard let name = resolve(target, domain) else { return add(&self, .macro, nil) }
            guard let target = name.name else { return add(&self, .badName, nil) }
            if case .mx = mechanism {
                mx(target) { add(&$0, $1, target, $2) }
            } else {
                a(target) { add(&$0, $1, target, $2) }
            }
        case .exists(let target):
            guard let name = resolve(target, domain) else { return add(&self, .macro, nil) }
            guard let target = name.name else { return add(&self, .badName, nil) }
            guard let answer = forest.answer(target, .a) else { return add(&self, .limit, target) }
            if answer.isVoid { count(void4: true, void6: true) }
            add(&self, Self.status(answer), target, Self.words(answer))
        }
    }

    private mutating func a(_ target: DomainName, _ add: (inout SPFTree, Status, String?) -> Void) {
        guard let ipv4 = forest.answer(target, .a), let ipv6 = forest.answer(target, .aaaa) else {
            return add(&self, .limit, nil)
        }
        // A receiver asks for the family of its client alone (RFC 7208 section 5).
        count(void4: ipv4.isVoid, void6: ipv6.isVoid)
        if ipv4.isError || ipv6.isError {
            let answer = ipv4.isError ? ipv4 : ipv6
            return add(&self, Self.status(answer), Self.words(answer))
        }
        if ipv4.isVoid, ipv6.isVoid { return add(&self, ipv4.status == .nxDomain ? .nxdomain : .noData, nil) }
        add(&self, .ok, nil)
    }

    private mutating func mx(_ target: DomainName, _ add: (inout SPFTree, Status, String?) -> Void) {
        guard let answer = forest.answer(target, .mx) else { return add(&self, .limit, nil) }
        if answer.isVoid { count(void4: true, void6: true) }
        guard answer.status == .records else { return add(&self, Self.status(answer), Self.words(answer)) }
        let hosts = answer.exchanges
        if hosts.count > SPFLimits.names { return add(&self, .tooMany, "\(hosts.count)") }
        let found = Set(hosts).sorted().flatMap { host in [RecordType.a, .aaaa].map { forest.answer(host, $0) } }
        if let failed = found.lazy.compactMap(\.self).first(where: \.isError) {
            return add(&self, Self.status(failed), Self.words(failed))
        }
        add(&self, .ok, nil)
    }

    /// An include or redirect; gives the qualifier of the target's `all`.
    private mutating func follow(
        _ spec: SPFMacroString, _ term: SPFRecord.Term, _ qualifier: SPFRecord.Qualifier, _ mechanism: String,
        _ domain: DomainName, _ depth: Int, _ path: [DomainName]
    ) -> SPFRecord.Qualifier? {
        func add(_ tree: inout SPFTree, _ status: Status, _ target: DomainName?, _ words: String? = nil) {
            tree.append(term, qualifier, mechanism, true, domain, depth, status, target, words)
        }
        guard let name = resolve(spec, domain) else {
            add(&self, .macro, nil)
            return nil
        }
        guard let target = name.name else {
            add(&self, .badName, nil)
            return nil
        }
        guard !path.contains(target) else {
            hasLoop = true
            add(&self, .loop, target)
            return nil
        }
        guard let source = forest.sources[target] else {
            add(&self, .limit, target)
            return nil
        }
        if source.answer.isVoid { count(void4: true, void6: true) }
        guard let record = source.record else {
            let status =
                source.answer.status != .records
                ? Self.status(source.answer) : source.selection.records.isEmpty ? .none : .multiple
            add(&self, status, target, Self.words(source.answer))
            return nil
        }
        add(&self, record.isValid ? .ok : .malformed, target, record.faults.first?.text)
        guard depth < SPFLimits.depth else {
            limit = "spf.depth \(SPFLimits.depth)"
            return nil
        }
        return walk(target, depth: depth + 1, path: path + [target])
    }

    private mutating func append(
        _ term: SPFRecord.Term, _ qualifier: SPFRecord.Qualifier, _ mechanism: String, _ isLookup: Bool,
        _ domain: DomainName, _ depth: Int, _ status: Status, _ target: DomainName?, _ words: String?
    ) {
        if isLookup { lookups += 1 }
        if lookups > SPFLimits.lookups, crossing == nil { crossing = nodes.count }
        nodes.append(
            Node(
                depth: depth, domain: domain, term: term.text, mechanism: mechanism, qualifier: qualifier,
                target: target, countsAsLookup: isLookup, lookups: lookups, voids: voids, status: status, words: words))
    }

    private mutating func count(void4: Bool, void6: Bool) {
        if void4 { voidsIPv4 += 1 }
        if void6 { voidsIPv6 += 1 }
    }

    private func resolve(_ target: SPFMacroString?, _ domain: DomainName) -> SPFTargetName? {
        guard let target else { return .name(domain) }
        return target.fixedName(domain: domain, sender: forest.root)
    }

    /// Marks nodes whose target lies in a domain that nobody registered.
    package mutating func mark(unregistered: [DomainName: DomainName]) {
        for index in nodes.indices {
            if let target = nodes[index].target { nodes[index].unregistered = unregistered[target] }
        }
    }

    private static func status(_ answer: DNSAnswer) -> Status {
        switch answer.status {
        case .records: .ok
        case .noData: .noData
        case .nxDomain: .nxdomain
        case .bogus, .failed: .temperror
        case .undetermined: .undetermined
        }
    }

    private static func words(_ answer: DNSAnswer) -> String? {
        answer.isError ? answer.statusWords : nil
    }
}
