package import AssayDNS
package import AssayModel
import AssayProbes

/// Every record and address that an include tree leads to, each asked once, as soon as its name is known.
package struct SPFForest: Sendable {
    /// The SPF records at one name.
    package struct Source: Sendable {
        package let answer: DNSAnswer
        package let selection: SPFSelection
        /// Where there is exactly one.
        package let record: SPFRecord?

        init(_ answer: DNSAnswer) {
            self.answer = answer
            selection = SPFSelection(answer.texts)
            record = selection.records.count == 1 ? SPFRecord(parsing: selection.records[0]) : nil
        }
    }

    package struct Key: Hashable, Sendable {
        package let name: DomainName
        package let type: RecordType
    }

    package let root: DomainName
    package private(set) var sources: [DomainName: Source] = [:]
    package private(set) var answers: [Key: SPFAnswer] = [:]
    /// The limit of ours that left questions out: `spf.records 150`.
    package private(set) var limit: String?

    private var begun: Set<Key> = []
    private var depths: [DomainName: Int] = [:]

    /// Asks until nothing new comes up.
    package static func load(_ root: DomainName, _ lookup: some SPFLookup) async -> SPFForest {
        var forest = SPFForest(root: root)
        forest.depths[root] = 0
        await withTaskGroup(of: (Key, SPFAnswer).self) { group in
            var pending = forest.begin([Key(name: root, type: .txt)])
            while true {
                for key in pending { group.addTask { (key, await lookup.ask(key.name, key.type)) } }
                guard let (key, answer) = await group.next() else { break }
                pending = forest.begin(forest.take(key, answer))
            }
        }
        return forest
    }

    private init(root: DomainName) { self.root = root }

    package func answer(_ name: DomainName, _ type: RecordType) -> DNSAnswer? {
        answers[Key(name: name, type: type)]?.answer
    }

    /// Addresses of a name, of both families.
    package func addresses(of name: DomainName) -> [IPAddress] {
        [RecordType.a, .aaaa].flatMap { answer(name, $0)?.addresses ?? [] }
    }

    /// How long a receiver waits that asks for these names one after the other, and for the addresses of one family.
    package func milliseconds(of names: Set<DomainName>) -> Int {
        var slowest: [Key: Int] = [:]
        for (key, answer) in answers where names.contains(key.name) {
            let question = Key(name: key.name, type: key.type == .aaaa ? .a : key.type)
            slowest[question] = max(slowest[question] ?? 0, answer.milliseconds)
        }
        return slowest.values.reduce(0, +)
    }

    /// Those of `keys` that are new and within the limits.
    private mutating func begin(_ keys: [Key]) -> [Key] {
        var fresh: [Key] = []
        for key in keys where !begun.contains(key) {
            let isRecord = key.type == .txt
            let count = begun.count { ($0.type == .txt) == isRecord }
            guard count < (isRecord ? SPFLimits.records : SPFLimits.askedNames) else {
                limit = isRecord ? "spf.records \(SPFLimits.records)" : "spf.names \(SPFLimits.askedNames)"
                continue
            }
            begun.insert(key)
            fresh.append(key)
        }
        return fresh
    }

    /// Keeps an answer; gives the questions that follow from it.
    private mutating func take(_ key: Key, _ answer: SPFAnswer) -> [Key] {
        answers[key] = answer
        switch key.type {
        case .txt:
            let source = Source(answer.answer)
            sources[key.name] = source
            return source.record.map { questions(of: $0, at: key.name) } ?? []
        case .mx:
            let hosts = answer.answer.exchanges.filter { !$0.isRoot }
            return hosts.prefix(SPFLimits.names).flatMap { [Key(name: $0, type: .a), Key(name: $0, type: .aaaa)] }
        default: return []
        }
    }

    private mutating func questions(of record: SPFRecord, at domain: DomainName) -> [Key] {
        let depth = depths[domain] ?? 0
        var keys: [Key] = []
        func name(_ target: SPFMacroString?) -> DomainName? {
            guard let target else { return domain }
            return target.fixedName(domain: domain, sender: root)?.name
        }
        var children: [DomainName] = []
        for (_, mechanism, _) in record.directives {
            switch mechanism {
            case .include(let target): children += [name(target)].compactMap(\.self)
            case .a(let target, _):
                if let name = name(target) { keys += [Key(name: name, type: .a), Key(name: name, type: .aaaa)] }
            case .mx(let target, _): keys += [name(target)].compactMap(\.self).map { Key(name: $0, type: .mx) }
            case .exists(let target): keys += [name(target)].compactMap(\.self).map { Key(name: $0, type: .a) }
            case .all, .ptr, .ip4, .ip6: break
            }
        }
        // RFC 7208 section 6.1: `all` makes a redirect void.
        if record.all == nil, let redirect = record.redirect { children += [name(redirect.target)].compactMap(\.self) }
        guard depth < SPFLimits.depth else {
            if !children.isEmpty { limit = "spf.depth \(SPFLimits.depth)" }
            return keys
        }
        for child in children { depths[child] = min(depths[child] ?? .max, depth + 1) }
        return children.map { Key(name: $0, type: .txt) } + keys
    }
}
