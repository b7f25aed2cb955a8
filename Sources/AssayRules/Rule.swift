package import AssayModel

/// One rule: when it fires, how bad that is, and what people are told.
package struct Rule: Sendable {
    package let id: String
    package private(set) var title: Template
    package private(set) var text: Template
    package private(set) var remedy: Template
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

    /// The rule with the words of another language, where the catalogue has them.
    func translated(by catalogue: Catalogue) -> Rule {
        var rule = self
        func words(_ part: String, _ own: Template) -> Template {
            guard let text = catalogue.optional("findings.\(id).\(part)"), let template = try? Template(text) else {
                return own
            }
            return template
        }
        rule.title = words("title", title)
        rule.text = words("text", text)
        rule.remedy = words("remedy", remedy)
        return rule
    }

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
