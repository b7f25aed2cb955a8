/// How good a domain is in one number, with the arithmetic behind it (rules/score.yaml).
package struct Score: Sendable, Equatable, Codable {
    /// 0 to 100.
    package let value: Int
    package let grade: String
    package let start: Int
    /// What the findings of each severity cost, worst first; none where nothing is open.
    package let steps: [Step]
    /// The severity whose ceiling keeps the score down; nil where the sum alone decides.
    package let ceiling: Ceiling?
    /// The fixes that gain most, one after the other, with the score after each.
    package let fixes: [Fix]

    package struct Step: Sendable, Equatable, Codable {
        package let severity: Severity
        /// Different findings.
        package let count: Int
        package let points: Int
        package init(severity: Severity, count: Int, points: Int) {
            self.severity = severity
            self.count = count
            self.points = points
        }
    }

    package struct Ceiling: Sendable, Equatable, Codable {
        package let severity: Severity
        package let value: Int
        package init(severity: Severity, value: Int) {
            self.severity = severity
            self.value = value
        }
    }

    package struct Fix: Sendable, Equatable, Codable {
        /// Id of the finding.
        package let finding: String
        package let score: Int
        package let grade: String
        package init(finding: String, score: Int, grade: String) {
            self.finding = finding
            self.score = score
            self.grade = grade
        }
    }

    package init(value: Int, grade: String, start: Int, steps: [Step], ceiling: Ceiling?, fixes: [Fix]) {
        self.value = value
        self.grade = grade
        self.start = start
        self.steps = steps
        self.ceiling = ceiling
        self.fixes = fixes
    }
}
