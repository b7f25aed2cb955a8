import AssayDNS
package import AssayModel
import AssayProbes

/// The addresses that get a pass, worked out term by term as a receiver would.
package struct SPFReach: Sendable {
    /// A range that a term lets pass.
    package struct Row: Sendable {
        package let network: IPNetwork
        package let term: String
        package let domain: DomainName
        /// Every address of it was decided by an earlier term.
        package let isCovered: Bool
    }

    package private(set) var passes = AddressSpace()
    package private(set) var rows: [Row] = []
    package private(set) var rowCount = 0
    /// What depends on the client or the message, or could not be asked, is not in it.
    package private(set) var isPartial = false
    /// `+all` decides, here or in an include.
    package private(set) var passesAll = false
    /// The record whose `+all` does that.
    package private(set) var openDomain: DomainName?
    /// The limit of ours that left networks out.
    package private(set) var limit: String?
    private var networkCount = 0

    private let forest: SPFForest
    private var known: [DomainName: (space: AddressSpace, passesAll: Bool)] = [:]

    package init(_ forest: SPFForest) {
        self.forest = forest
        let result = reach(of: forest.root, path: [forest.root], isPassing: true)
        passes = result.space
        passesAll = result.passesAll
    }

    private mutating func reach(
        of domain: DomainName, path: [DomainName], isPassing: Bool
    ) -> (space: AddressSpace, passesAll: Bool) {
        if let known = known[domain], !isPassing || path.count > 1 { return known }
        guard let record = forest.sources[domain]?.record, record.isValid, path.count <= SPFLimits.depth + 1 else {
            isPartial = isPartial || forest.sources[domain] == nil
            return (AddressSpace(), false)
        }
        var passes = AddressSpace()
        // What an earlier term kept from passing.
        var denied = AddressSpace()
        var opens = false
        for (qualifier, mechanism, term) in record.directives {
            var matched = AddressSpace()
            switch mechanism {
            case .all:
                if qualifier == .pass {
                    opens = true
                    openDomain = openDomain ?? domain
                    passes = passes.union(AddressSpace.everything.subtracting(denied))
                }
                continue
            case .ip4, .ip6, .a, .mx:
                let networks = networks(of: mechanism, at: domain)
                for network in networks {
                    let own = AddressSpace(network)
                    guard networkCount < SPFLimits.networks else {
                        limit = "spf.networks \(SPFLimits.networks)"
                        isPartial = true
                        break
                    }
                    networkCount += 1
                    if qualifier == .pass, isPassing {
                        let isCovered =
                            passes.contains(network) || denied.contains(network) || matched.contains(network)
                        list(network, term, domain, isCovered: isCovered)
                    }
                    matched = matched.union(own)
                }
            case .include(let spec):
                guard let name = target(spec, domain), !path.contains(name) else { continue }
                let inner = reach(of: name, path: path + [name], isPassing: isPassing && qualifier == .pass)
                matched = inner.space
                if inner.passesAll, qualifier == .pass { opens = true }
            case .ptr, .exists:
                isPartial = true
                continue
            }
            if qualifier == .pass {
                passes = passes.union(matched.subtracting(denied))
            } else {
                denied = denied.union(matched.subtracting(passes))
            }
        }
        if record.all == nil, let redirect = record.redirect, let name = target(redirect.target, domain),
            !path.contains(name)
        {
            let inner = reach(of: name, path: path + [name], isPassing: isPassing)
            passes = passes.union(inner.space.subtracting(denied))
            opens = opens || inner.passesAll
        }
        known[domain] = (passes, opens)
        return (passes, opens)
    }

    private mutating func target(_ spec: SPFMacroString, _ domain: DomainName) -> DomainName? {
        guard let name = spec.fixedName(domain: domain, sender: forest.root)?.name else {
            isPartial = true
            return nil
        }
        return name
    }

    private mutating func networks(of mechanism: SPFRecord.Mechanism, at domain: DomainName) -> [IPNetwork] {
        switch mechanism {
        case .ip4(let value, let prefix): return [IPNetwork(.v4(value), prefix: prefix)]
        case .ip6(let value, let prefix): return [IPNetwork(.v6(value), prefix: prefix)]
        case .a(let spec, let lengths):
            guard let name = spec.map({ target($0, domain) }) ?? domain else { return [] }
            return networks(of: name, lengths)
        case .mx(let spec, let lengths):
            guard let name = spec.map({ target($0, domain) }) ?? domain,
                let answer = forest.answer(name, .mx)
            else { return [] }
            return Set(answer.exchanges.prefix(SPFLimits.names)).sorted().flatMap { networks(of: $0, lengths) }
        default: return []
        }
    }

    private mutating func networks(of name: DomainName, _ lengths: SPFRecord.PrefixLengths) -> [IPNetwork] {
        if forest.answer(name, .a)?.isError ?? true { isPartial = true }
        return Set(forest.addresses(of: name)).sorted().map { address in
            IPNetwork(address, prefix: address.family == .ipv4 ? lengths.ip4 : lengths.ip6)
        }
    }

    private mutating func list(_ network: IPNetwork, _ term: SPFRecord.Term, _ domain: DomainName, isCovered: Bool) {
        rowCount += 1
        guard rows.count < SPFLimits.listedRanges else { return }
        rows.append(Row(network: network, term: term.text, domain: domain, isCovered: isCovered))
    }
}
