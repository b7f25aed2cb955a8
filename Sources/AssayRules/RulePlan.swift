import AssayModel

/// Rules made ready for judging: facts are numbers, so that nothing is looked up by name on every subject.
final class RulePlan: Sendable {
    /// Of the facts that rules are about.
    let numbers: [String: Int]
    /// By the number of the fact whose subjects they are judged on; each group in the order of the rules.
    let groups: [[ReadyRule]]

    init(_ rules: [Rule]) {
        var numbers: [String: Int] = [:]
        func number(_ fact: String) -> Int {
            if let known = numbers[fact] { return known }
            numbers[fact] = numbers.count
            return numbers.count - 1
        }
        func ready(_ condition: Condition) -> ReadyCondition {
            switch condition {
            case .fact(let condition): .fact(ReadyLeaf(condition, number(condition.fact)))
            case .all(let parts): .all(parts.map(ready))
            case .any(let parts): .any(parts.map(ready))
            case .not(let part): .not(ready(part))
            }
        }
        let all = rules.map { rule in
            ReadyRule(
                rule, anchor: number(rule.anchor), when: ready(rule.when),
                steps: rule.severity.steps.map { ($0.severity, ready($0.condition)) })
        }
        var groups = [[ReadyRule]](repeating: [], count: numbers.count)
        for rule in all { groups[rule.anchor].append(rule) }
        self.numbers = numbers
        self.groups = groups
    }
}

/// One rule of a plan.
final class ReadyRule: Sendable {
    let rule: Rule
    let anchor: Int
    let when: ReadyCondition
    let steps: [(severity: Severity, condition: ReadyCondition)]
    /// The outcome that the first condition asks for: where it is another, there may have been nothing to look at.
    let wanted: Outcome<FactValue>.Kind

    init(
        _ rule: Rule, anchor: Int, when: ReadyCondition,
        steps: [(severity: Severity, condition: ReadyCondition)]
    ) {
        self.rule = rule
        self.anchor = anchor
        self.when = when
        self.steps = steps
        wanted = rule.when.facts.first?.outcome ?? .observed
    }
}

indirect enum ReadyCondition: Sendable {
    case fact(ReadyLeaf)
    case all([ReadyCondition])
    case any([ReadyCondition])
    case not(ReadyCondition)
}

/// A condition on one fact, with the fact's number.
final class ReadyLeaf: Sendable {
    let condition: FactCondition
    let number: Int

    init(_ condition: FactCondition, _ number: Int) {
        self.condition = condition
        self.number = number
    }
}
