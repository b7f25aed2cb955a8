package import AssayModel

/// One rule: when it fires, how bad that is, and what people are told.
package struct Rule: Sendable {
    package let id: String
    package let title: Template
    package let text: Template
    package let remedy: Template
    package let references: [String]
    package let file: String
    package let line: Int
    /// The file's checkers' facts, the anchor first.
    package var facts: [String] {
        var seen: Set<String> = []
        return allConditions.flatMap(\.facts).map(\.fact).filter { seen.insert($0).inserted }
    }
    /// The fact whose subjects the rule is judged on.
    package let anchor: String
    package let explains: [String]
    let when: Condition
    let severity: SeverityLadder
    let forEach: ForEach?
    let cases: [RuleCase]

    private var allConditions: [Condition] { [when] + severity.steps.map(\.condition) }

    /// `high, else medium where ..., else low` for people.
    package var severities: [Severity] { severity.steps.map(\.severity) + [severity.otherwise] }

    /// The worst severity it can have.
    package var worst: Severity { severities.min { $0.rank < $1.rank } ?? .info }
}

/// An ordered list; the first condition that is true decides.
struct SeverityLadder: Sendable, Equatable {
    struct Step: Sendable, Equatable {
        let severity: Severity
        let condition: Condition
    }

    let steps: [Step]
    let otherwise: Severity
}

/// One finding per item of a list in the anchor fact.
struct ForEach: Sendable, Equatable {
    let path: String
    /// The member that names the item; nil for a list of texts.
    let key: String?
    let tests: [FieldTest]
}

/// An example that a rule must get right.
struct RuleCase: Sendable {
    enum Expectation: Sendable, Equatable {
        case fires(Severity?)
        case doesNotFire
        case undetermined
    }

    let expectation: Expectation
    let given: [(fact: String, outcome: Outcome<FactValue>)]
    let line: Int
}

/// Changes to severities under a name.
package struct Profile: Sendable {
    package let name: String
    package let title: String
    let severity: [String: Severity]
    let disabled: Set<String>
    let file: String
}
