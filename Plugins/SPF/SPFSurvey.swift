import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// All that was learnt about a domain's record, and the facts that follow.
struct SPFSurvey: Sendable {
    let domain: DomainName
    /// What belongs to the same owner lies below this.
    let ownDomain: DomainName
    let forest: SPFForest
    let source: SPFForest.Source
    let tree: SPFTree
    let reach: SPFReach
    let manyNamedClients: [String]
    let mailHosts: MailHosts.Evidence
    let suggestion: String

    /// Asks the last questions that the tree leads to.
    static func make(_ forest: SPFForest, mail: MailHosts.Evidence, _ scan: ScanContext) async -> SPFSurvey {
        let walk = SPFTree(forest)
        let suffixes = scan.services.require(PublicSuffixes.self)
        async let unregistered = unregistered(walk, suffixes, scan)
        async let clients = manyNamedClients(walk, mail, scan)
        async let hosts = hostsWithoutMX(walk, scan)
        var tree = walk
        tree.mark(unregistered: await unregistered)
        return SPFSurvey(
            forest, tree, SPFReach(forest), await clients, mail, hostsWithoutMX: await hosts,
            ownDomain: suffixes.registrableDomain(of: scan.domain) ?? scan.domain)
    }

    private init(
        _ forest: SPFForest, _ tree: SPFTree, _ reach: SPFReach, _ clients: [String], _ mail: MailHosts.Evidence,
        hostsWithoutMX: Set<DomainName>, ownDomain: DomainName
    ) {
        domain = forest.root
        self.ownDomain = ownDomain
        self.forest = forest
        // Asked before anything else.
        source = forest.sources[forest.root] ?? SPFForest.Source(mail.lookup)
        self.tree = tree
        self.reach = reach
        manyNamedClients = clients
        mailHosts = mail
        let strings = Self.strings(source)
        suggestion = SPFRepair(strings, Self.knowledge(forest, tree, mail, hostsWithoutMX)).record
    }

    /// The character-strings of every record, or else of every text that was meant as one.
    static func strings(_ source: SPFForest.Source) -> [[[UInt8]]] {
        let wanted =
            source.selection.records.isEmpty ? source.selection.misfits.map(\.text) : source.selection.records
        return source.answer.records.compactMap { record in
            guard case .txt(let strings) = record.content, wanted.contains(Array(strings.joined())) else { return nil }
            return strings
        }
    }

    /// Targets that do not exist, with the registrable domain above them where that does not exist either.
    private static func unregistered(
        _ tree: SPFTree, _ suffixes: PublicSuffixes, _ scan: ScanContext
    ) async -> [DomainName: DomainName] {
        let missing = Set(tree.nodes.filter { $0.status == .nxdomain }.compactMap(\.target))
        return await withTaskGroup(of: (DomainName, DomainName)?.self) { group in
            for name in missing {
                guard let registrable = suffixes.registrableDomain(of: name), !scan.domain.isEqualOrBelow(registrable)
                else { continue }
                group.addTask {
                    guard await scan.resolve(registrable, .ns).status == .nxDomain else { return nil }
                    // Below a top-level domain that does not exist nobody sells names.
                    guard let suffix = registrable.parent, await scan.resolve(suffix, .ns).status != .nxDomain else {
                        return nil
                    }
                    return (name, registrable)
                }
            }
            var found: [DomainName: DomainName] = [:]
            for await pair in group { if let pair { found[pair.0] = pair.1 } }
            return found
        }
    }

    /// Mail hosts' addresses with more names than a receiver looks at (RFC 7208 section 4.6.4); asked where `ptr` is used.
    private static func manyNamedClients(
        _ tree: SPFTree, _ mail: MailHosts.Evidence, _ scan: ScanContext
    ) async -> [String] {
        guard tree.nodes.contains(where: { $0.mechanism == "ptr" }) else { return [] }
        let addresses = Set(mail.hosts.flatMap(\.addresses)).sorted()
        return await withTaskGroup(of: IPAddress?.self) { group in
            for address in addresses {
                group.addTask {
                    await scan.resolve(address.reverseName, .ptr).names.count > SPFLimits.names ? address : nil
                }
            }
            var found: [IPAddress] = []
            for await address in group { if let address { found.append(address) } }
            return found.sorted().map { "\($0)" }
        }
    }

    /// Targets of `mx` terms that have no MX and an address.
    private static func hostsWithoutMX(_ tree: SPFTree, _ scan: ScanContext) async -> Set<DomainName> {
        let names = tree.nodes.filter { $0.depth == 0 && $0.mechanism == "mx" && $0.status == .noData }.compactMap(
            \.target)
        return await withTaskGroup(of: DomainName?.self) { group in
            for name in Set(names) {
                group.addTask {
                    async let ipv4 = scan.resolve(name, .a)
                    async let ipv6 = scan.resolve(name, .aaaa)
                    return await [ipv4, ipv6].contains { !$0.addresses.isEmpty } ? name : nil
                }
            }
            var found: Set<DomainName> = []
            for await name in group { if let name { found.insert(name) } }
            return found
        }
    }

    // MARK: What the corrected record leaves out

    private static func knowledge(
        _ forest: SPFForest, _ tree: SPFTree, _ mail: MailHosts.Evidence, _ hostsWithoutMX: Set<DomainName>
    ) -> SPFRepair.Knowledge {
        var knowledge = SPFRepair.Knowledge()
        if let host = mail.hosts.first { knowledge.fallback = host.isImplicit ? "a" : "mx" }
        let isNothing = mail.lookup.status == .noData && mail.hosts.isEmpty
        knowledge.isNonSending = mail.isNullMX || isNothing && mail.ownAddresses.allSatisfy(\.isVoid)
        guard forest.sources[forest.root]?.record != nil else { return knowledge }
        let nested = Set(tree.nodes.filter { $0.depth > 0 && $0.mechanism == "include" }.compactMap(\.target))
        var branch: String?
        for node in tree.nodes {
            let term = canonical(node.term)
            if node.depth == 0 { branch = term }
            switch node.status {
            case _ where node.depth > 0:
                // A circle further down: what the include says is said here, without the circle.
                guard node.status == .loop, let branch,
                    let target = tree.nodes.first(where: {
                        $0.depth == 0 && canonical($0.term) == branch
                    })?.target
                else { continue }
                knowledge.replacements[branch] = forest.sources[target]?.record.map {
                    directives(of: $0, at: target, in: tree)
                }
            case .noData where node.mechanism == "mx" && node.target.map(hostsWithoutMX.contains) ?? false:
                // RFC 7208 section 5.4: no implicit MX. The address was meant.
                knowledge.replacements[term] = ["a\(String(decoding: term.utf8.dropFirst(2), as: UTF8.self))"]
            case .none, .nxdomain, .noData, .loop, .badName: knowledge.useless.insert(term)
            case .tooMany where node.target == forest.root:
                knowledge.replacements[term] = addresses(of: mail)
            default: break
            }
            if node.depth == 0, node.mechanism == "include", let target = node.target {
                if nested.contains(target) { knowledge.useless.insert(term) }
                if forest.sources[target]?.record?.all == .pass { knowledge.open.insert(term) }
            }
        }
        return knowledge
    }

    private static func canonical(_ term: String) -> String {
        guard let content = try? SPFTermParser.parse(Array(term.utf8)[...]) else { return term }
        return String(decoding: SPFTermPrinter.octets(SPFTokenRepair.tidied(content)), as: UTF8.self)
    }

    /// The mechanisms of an included record that lead in no circle.
    private static func directives(of record: SPFRecord, at domain: DomainName, in tree: SPFTree) -> [String] {
        let circles = Set(tree.nodes.filter { $0.status == .loop && $0.domain == domain }.map(\.term))
        return record.directives.compactMap { qualifier, mechanism, term in
            guard qualifier == .pass, mechanism != .all, !circles.contains(term.text),
                mechanism.target != nil || mechanism.network != nil
            else { return nil }
            return String(decoding: SPFTermPrinter.octets(mechanism), as: UTF8.self)
        }
    }

    private static func addresses(of mail: MailHosts.Evidence) -> [String] {
        Set(mail.hosts.flatMap(\.addresses)).sorted().map { $0.family == .ipv4 ? "ip4:\($0)" : "ip6:\($0)" }
    }
}
