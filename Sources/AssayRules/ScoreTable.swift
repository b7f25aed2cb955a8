package import AssayModel
import Yams

/// The arithmetic of the score (`rules/score.yaml`): data, applied to findings by a pure function.
package struct ScoreTable: Sendable {
    private let start: Int
    private let points: [Severity: Int]
    private let atMost: [Severity: Int]
    private let ceiling: [Severity: Int]
    /// Highest first.
    private let grades: [(name: String, from: Int)]

    /// What came with the program.
    package static func builtIn() throws(RuleError) -> ScoreTable {
        guard let source = RuleSource.score else { throw RuleError("rules/score.yaml", "is not in this program") }
        return try ScoreTable(source)
    }

    package init(_ source: RuleSource) throws(RuleError) {
        let document = try YAMLDocument(source)
        guard let table = document.root["score"] else { throw document.error(document.root, "score is missing") }
        func number(_ node: Node, _ key: String) throws(RuleError) -> Int {
            guard let text = node[key]?.string, let value = Int(text), (0...1000).contains(value) else {
                throw document.error(node[key] ?? node, "\(key) is a number from 0 to 1000")
            }
            return value
        }
        func bySeverity(_ key: String) throws(RuleError) -> [Severity: Int] {
            guard let node = table[key] else { throw document.error(table, "\(key) is missing") }
            var values: [Severity: Int] = [:]
            for severity in Severity.allCases { values[severity] = try number(node, severity.rawValue) }
            return values
        }
        start = try number(table, "start")
        points = try bySeverity("points")
        atMost = try bySeverity("at_most")
        ceiling = try bySeverity("ceiling")
        guard let list = table["grades"]?.sequence, !list.isEmpty else {
            throw document.error(table, "grades is missing or no list")
        }
        var grades: [(name: String, from: Int)] = []
        for item in list {
            guard let name = item["grade"]?.string else { throw document.error(item, "grade is missing") }
            grades.append((name, try number(item, "from")))
        }
        guard grades.last?.from == 0, zip(grades, grades.dropFirst()).allSatisfy({ $0.from > $1.from }) else {
            throw document.error(table, "grades go down to 0")
        }
        self.grades = grades
    }

    /// The score of a report's findings; nil where the scan is not complete, for what was not seen may be bad.
    package func score(_ findings: [Finding], isComplete: Bool) -> Score? {
        guard isComplete else { return nil }
        var open = Self.counted(findings)
        let now = sum(open)
        var fixes: [Score.Fix] = []
        while fixes.count < Self.fixCount, let best = bestFix(open) {
            open = open.filter { $0.id != best.id }
            fixes.append(Score.Fix(finding: best.id, score: best.score, grade: grade(best.score)))
        }
        return Score(
            value: now.value, grade: grade(now.value), start: start, steps: now.steps, ceiling: now.ceiling,
            fixes: fixes)
    }

    private struct Counted {
        let id: String
        let severity: Severity
    }

    /// The worst of each id that is open and that nothing else explains.
    private static func counted(_ findings: [Finding]) -> [Counted] {
        var explained: Set<FindingKey> = []
        for finding in findings {
            for id in finding.explains ?? [] { explained.insert(FindingKey(id: id, subject: finding.subject)) }
        }
        var worst: [String: Severity] = [:]
        for finding in findings where finding.accepted == nil && finding.severity != .info {
            if explained.contains(FindingKey(id: finding.id, subject: finding.subject)) { continue }
            worst[finding.id] = max(worst[finding.id] ?? .info, finding.severity)
        }
        return worst.map { Counted(id: $0.key, severity: $0.value) }.sorted { $0.id < $1.id }
    }

    private func sum(_ open: [Counted]) -> (value: Int, steps: [Score.Step], ceiling: Score.Ceiling?) {
        var value = start
        var steps: [Score.Step] = []
        var top = start
        var reason: Severity?
        for severity in Severity.allCases {
            let count = open.count { $0.severity == severity }
            guard count > 0 else { continue }
            let cost = min(count * (points[severity] ?? 0), atMost[severity] ?? 0)
            steps.append(Score.Step(severity: severity, count: count, points: cost))
            value -= cost
            if let limit = ceiling[severity], limit < top {
                top = limit
                reason = severity
            }
        }
        value = max(0, value)
        let isHeld = value > top
        return (min(value, top), steps, isHeld ? reason.map { Score.Ceiling(severity: $0, value: top) } : nil)
    }

    /// What to mend first: most points, then the worst severity (a ceiling may hide what a fix is worth), then by name.
    private func bestFix(_ open: [Counted]) -> (id: String, score: Int)? {
        let options = open.map { fix in (fix: fix, score: sum(open.filter { $0.id != fix.id }).value) }
        let best = options.max { left, right in
            (left.score, right.fix.severity.rank, right.fix.id) < (right.score, left.fix.severity.rank, left.fix.id)
        }
        return best.map { ($0.fix.id, $0.score) }
    }

    private func grade(_ value: Int) -> String { grades.first { value >= $0.from }?.name ?? "" }

    /// Fixes named in a report.
    private static let fixCount = 3
}
