package import AssayModel

/// One area of mail security. Collects evidence, states facts, never judges.
package protocol Checker: Sendable {
    static var manifest: CheckerManifest { get }
    init()
    /// States each fact as soon as it is known: `scan.state(fact, about: subject)`. Returns when all are stated.
    func check(_ scan: ScanContext) async
}

/// What a checker is and may say.
package struct CheckerManifest: Sendable {
    /// The name of its folder in Plugins.
    package let name: String
    package let title: String
    /// The cheapest tier that runs it.
    package let tier: Tier
    /// Every fact it may state, with its schema.
    package let facts: [any Fact.Type]
    package let references: [String]

    package init(name: String, title: String, tier: Tier, facts: [any Fact.Type], references: [String]) {
        self.name = name
        self.title = title
        self.tier = tier
        self.facts = facts
        self.references = references
    }
}

/// How much a scan asks.
package enum Tier: String, Codable, Sendable, CaseIterable, Comparable {
    case basic, extended

    package static func < (left: Tier, right: Tier) -> Bool { left == .basic && right == .extended }
}

/// The checkers that exist: immutable, in the order they are listed.
package struct Registry: Sendable {
    package let checkers: [any Checker.Type]

    /// Two checkers of one name, or two facts of one id, are a mistake of the build: trap.
    package init(_ checkers: [any Checker.Type]) {
        let names = checkers.map { Self.fold($0.manifest.name) }
        precondition(Set(names).count == names.count, "two checkers have the same name")
        let facts = checkers.flatMap { $0.manifest.facts.map { $0.id } }
        precondition(Set(facts).count == facts.count, "two checkers state the same fact")
        self.checkers = checkers
    }

    /// The checker by name; case, `-` and `_` do not count.
    package func checker(named name: String) -> (any Checker.Type)? {
        checkers.first { Self.fold($0.manifest.name) == Self.fold(name) }
    }

    package var facts: [any Fact.Type] { checkers.flatMap { $0.manifest.facts } }

    private static func fold(_ name: String) -> String {
        String(name.lowercased().filter { $0 != "-" && $0 != "_" })
    }
}
