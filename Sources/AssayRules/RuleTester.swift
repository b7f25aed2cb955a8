import AssayModel

/// Runs the cases of rules, and shows that the cases would notice a change of any test in `when`.
package struct RuleTester {
    private let ruleSet: RuleSet

    package init(_ set: RuleSet) {
        ruleSet = set
    }

    /// One line per rule that fails, naming file and line; empty where all is well.
    package func failures() -> [String] {
        ruleSet.rules.flatMap { rule -> [String] in
            let place = "\(rule.file):\(rule.line): \(rule.id)"
            if rule.cases.isEmpty { return ["\(place): has no cases"] }
            let failed = rule.cases.filter { !passes($0, rule) }
            if !failed.isEmpty {
                return failed.map {
                    "\(rule.file):\($0.line): \(rule.id): this case came out otherwise: \(outcome(of: $0, rule))"
                }
            }
            return mutants(of: rule).filter { mutant in rule.cases.allSatisfy { passes($0, mutant.rule) } }
                .map { "\(place): no case notices when this test is turned round: \($0.what)" }
        }
    }

    /// How many cases there are.
    package var caseCount: Int { ruleSet.rules.reduce(0) { $0 + $1.cases.count } }

    private func passes(_ example: RuleCase, _ rule: Rule) -> Bool {
        let verdicts = judge(example, rule)
        switch example.expectation {
        case .fires(let severity):
            return verdicts.contains { verdict in
                verdict.finding.map { severity == nil || $0.severity == severity } ?? false
            }
        case .doesNotFire:
            return verdicts.allSatisfy { $0.check.result != .finding && $0.check.result != .undetermined }
        case .undetermined:
            return verdicts.contains { $0.check.result == .undetermined } && verdicts.allSatisfy { $0.finding == nil }
        }
    }

    private func outcome(of example: RuleCase, _ rule: Rule) -> String {
        judge(example, rule).map { verdict in
            verdict.finding.map { "finding, \($0.severity.rawValue)" } ?? verdict.check.result.rawValue
        }.joined(separator: "; ")
    }

    private func judge(_ example: RuleCase, _ rule: Rule) -> [Verdict] {
        guard let domain = DomainName("example.com") else { return [] }
        let observations = example.given.map { fact, outcome in
            Observation(fact: fact, checker: "", subject: .domain(domain), outcome: outcome)
        }
        let plan = RulePlan([rule])
        let facts = ObservationIndex(observations, plan.numbers)
        let context = EvaluationContext(domain: domain, unicodeDomain: "example.com", role: "auto")
        let writer = FindingWriter(facts: facts, context: context)
        return RuleJudge(facts: facts, context: context).all(plan).map { writer.verdict(of: $0, checker: nil) }
    }

    // MARK: Mutants

    private struct Mutant {
        let rule: Rule
        let what: String
    }

    /// The rule with one leaf of `when` turned round, for each leaf.
    private func mutants(of rule: Rule) -> [Mutant] {
        var mutants: [Mutant] = []
        for leaf in rule.when.facts {
            if leaf.tests.isEmpty {
                let changed = rule.when.map { $0.id == leaf.id ? .not(.fact($0)) : .fact($0) }
                mutants.append(
                    Mutant(rule: rule.replacing(when: changed), what: "\(leaf.fact) is \(leaf.outcome.rawValue)"))
            }
            for (index, test) in leaf.tests.enumerated() {
                let changed = rule.when.map { condition -> Condition in
                    guard condition.id == leaf.id else { return .fact(condition) }
                    var tests = condition.tests
                    tests[index].isNegated.toggle()
                    return .fact(
                        FactCondition(
                            id: condition.id, fact: condition.fact, outcome: condition.outcome, scope: condition.scope,
                            tests: tests))
                }
                mutants.append(Mutant(rule: rule.replacing(when: changed), what: "\(leaf.fact) where \(test.path)"))
            }
        }
        return mutants
    }
}

extension Rule {
    fileprivate func replacing(when condition: Condition) -> Rule {
        Rule(
            id: id, title: title, text: text, remedy: remedy, references: references, file: file, line: line,
            anchor: anchor,
            explains: explains, when: condition, severity: severity, forEach: forEach, cases: cases)
    }
}
