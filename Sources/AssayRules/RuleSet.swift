package import AssayModel

/// All rules of a run, checked against the facts there are.
package struct RuleSet: Sendable {
    package let rules: [Rule]
    /// Those that were asked for, `default` where none was.
    package let profiles: [Profile]
    /// Every profile there is.
    package let knownProfiles: [Profile]
    let plan: RulePlan

    private init(rules: [Rule], profiles: [Profile], knownProfiles: [Profile]) {
        self.rules = rules
        self.profiles = profiles
        self.knownProfiles = knownProfiles
        plan = RulePlan(rules)
    }

    package static var builtInSources: [RuleSource] { RuleSource.builtIn }

    /// Reads all files. A later file may not repeat an id; `profiles` are names. `withCases` reads the cases of built-in
    /// rules, too. `facts`: of the built-in rules those alone that are judged on one of these; nil for all.
    package static func load(
        _ sources: [RuleSource], catalogue: FactCatalogue, profiles names: [String] = [], withCases: Bool = true,
        judgedOn facts: Set<String>? = nil
    ) throws(RuleError) -> RuleSet {
        var rules: [Rule] = []
        var places: [String: Rule] = [:]
        var leftOut: Set<String> = []
        var profiles: [Profile] = [.standard]
        for whole in sources {
            var source = withCases ? whole : whole.withoutCases
            if let facts {
                let (wanted, others, isEmpty) = source.judgedOn(facts)
                leftOut.formUnion(others)
                if isEmpty { continue }
                source = wanted
            }
            var reader = try RuleReader(source, catalogue: catalogue)
            switch try reader.read() {
            case .rules(let found):
                for rule in found {
                    if leftOut.contains(rule.id) {
                        throw RuleError(
                            rule.file, line: rule.line, column: 1, "the id \(rule.id) stands already in a built-in file"
                        )
                    }
                    if let other = places[rule.id] {
                        throw RuleError(
                            rule.file, line: rule.line, column: 1,
                            "the id \(rule.id) stands already in \(other.file):\(other.line)")
                    }
                    places[rule.id] = rule
                    rules.append(rule)
                }
            case .profile(let profile):
                if let other = profiles.first(where: { $0.name == profile.name }) {
                    throw RuleError(profile.file, "the profile \(profile.name) stands already in \(other.file)")
                }
                profiles.append(profile)
            }
        }
        for profile in profiles {
            for id in Set(profile.severity.keys).union(profile.disabled).sorted()
            where places[id] == nil && !leftOut.contains(id) {
                throw RuleError(profile.file, "the profile \(profile.name) speaks of \(id), and there is no such rule")
            }
        }
        for rule in rules {
            for id in rule.explains where places[id] == nil && !leftOut.contains(id) {
                throw RuleError(
                    rule.file, line: rule.line, column: 1, "\(rule.id) explains \(id), and there is no such rule")
            }
        }
        var chosen: [Profile] = []
        for name in names {
            guard let profile = profiles.first(where: { $0.name == name }) else {
                let known = profiles.map(\.name).joined(separator: ", ")
                throw RuleError("--profile \(name)", "there is no such profile; there are \(known)")
            }
            if !chosen.contains(where: { $0.name == name }) { chosen.append(profile) }
        }
        return RuleSet(
            rules: rules.sorted { $0.id < $1.id }, profiles: chosen.isEmpty ? [.standard] : chosen,
            knownProfiles: profiles)
    }

    /// The rules with the words of another language.
    package func translated(by catalogue: Catalogue) -> RuleSet {
        RuleSet(rules: rules.map { $0.translated(by: catalogue) }, profiles: profiles, knownProfiles: knownProfiles)
    }

    package func rule(_ id: String) -> Rule? { rules.first { $0.id == id } }
}

extension Profile {
    /// Every rule with the severity it has by itself.
    static let standard = Profile(
        name: "default", title: "The severities of the rules themselves", severity: [:], disabled: [], file: "built in")
}

/// What the rules need to know beside the observations.
package struct EvaluationContext: Sendable {
    package let domain: DomainName
    package let unicodeDomain: String
    package let role: String

    package init(domain: DomainName, unicodeDomain: String, role: String) {
        self.domain = domain
        self.unicodeDomain = unicodeDomain
        self.role = role
    }
}

/// What the rules came to.
package struct Evaluation: Sendable {
    package let findings: [Finding]
    package let checks: [Check]
    /// The findings that the first profile asks for, with the severity it gives them: they decide the exit status.
    package let deciding: [FindingKey: Severity]
}
