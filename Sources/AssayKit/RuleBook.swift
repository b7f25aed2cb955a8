import AssayEngine
package import AssayRules

/// The rules without a scan: what `rules`, `explain` and `doctor` read.
package struct RuleBook: Sendable {
    package let ruleSet: RuleSet

    /// Built-in rules and those of `paths`.
    package init(_ paths: [String] = [], profiles: [String] = []) throws(AuditError) {
        let sources = RuleSet.builtInSources + (try RuleFilesOnDisk.sources(paths))
        do {
            ruleSet = try RuleSet.load(
                sources, catalogue: FactCatalogue(facts: BuiltIn.facts), profiles: profiles)
        } catch {
            throw AuditError(error.description)
        }
    }

    package var ruleCount: Int { ruleSet.rules.count }

    /// Rules whose id is the word, with or without `email.`, or contains it.
    package func find(_ word: String) -> [Rule] {
        if let rule = ruleSet.rule(word) ?? ruleSet.rule("email.\(word)") { return [rule] }
        let wanted = Array(word.utf8)
        return ruleSet.rules.filter { rule in
            let id = Array(rule.id.utf8)
            return id.indices.contains { id[$0...].starts(with: wanted) }
        }
    }

    /// Lines about cases that fail; empty where all is well.
    package func test() -> (failures: [String], cases: Int) {
        let tester = RuleTester(ruleSet)
        return (tester.failures(), tester.caseCount)
    }
}
