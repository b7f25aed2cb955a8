import AssayModel
@testable import AssayRules
import Testing

@Suite struct ScoreTests {
    private static let table = (try? ScoreTable.builtIn())

    private static func finding(
        _ id: String, _ severity: Severity, on name: String = "example.com", explains: [String]? = nil,
        accepted: Bool = false
    ) -> Finding {
        Finding(
            id: id, severity: severity, checker: "X", subject: Subject(kind: .domain, name: name), title: "", text: "",
            remedy: "", references: [], facts: [], profiles: [], explains: explains,
            accepted: accepted ? .init(reason: "", owner: "", until: "") : nil)
    }

    @Test(arguments: [
        ("nothing", [], 100, "A+"),
        ("worth knowing only", [finding("a", .info)], 100, "A+"),
        ("one low", [finding("a", .low)], 99, "A"),
        ("lows cost ten at most", (0..<30).map { finding("a\($0)", .low) }, 90, "A"),
        ("one fault at two hosts", [finding("a", .medium), finding("a", .medium, on: "b.example")], 94, "A"),
        ("two mediums", [finding("a", .medium), finding("b", .medium)], 90, "A"),
        ("one high is held down", [finding("a", .high)], 74, "C"),
        ("one critical is held down", [finding("a", .critical)], 40, "F"),
        ("never below nothing", (0..<9).map { finding("a\($0)", .critical) }, 0, "F"),
        ("what another explains", [finding("a", .high, explains: ["b"]), finding("b", .high)], 74, "C"),
        ("what somebody accepted", [finding("a", .high, accepted: true)], 100, "A+"),
    ]) func pointsAndGrade(_ what: String, _ findings: [Finding], _ value: Int, _ grade: String) throws {
        let score = try #require(Self.table?.score(findings, isComplete: true))
        #expect((score.value, score.grade) == (value, grade), "\(what)")
        let sum = score.start - score.steps.reduce(0) { $0 + $1.points }
        #expect(score.value == min(max(0, sum), score.ceiling?.value ?? 100), "the arithmetic that is shown")
    }

    @Test func theBestFixesComeFirstAndAddUp() throws {
        let findings = [
            Self.finding("low", .low), Self.finding("high", .high), Self.finding("critical", .critical),
            Self.finding("medium", .medium),
        ]
        let score = try #require(Self.table?.score(findings, isComplete: true))
        #expect(score.fixes.map(\.finding) == ["critical", "high", "medium"])
        #expect(score.fixes.map(\.score) == [74, 94, 99])
        for fix in score.fixes.indices {
            let mended = Set(score.fixes[...fix].map(\.finding))
            let rest = findings.filter { !mended.contains($0.id) }
            #expect(Self.table?.score(rest, isComplete: true)?.value == score.fixes[fix].score)
        }
    }

    @Test func anIncompleteScanHasNone() { #expect(Self.table?.score([], isComplete: false) == nil) }

    @Test(arguments: [
        ("score: { start: 100 }", "points is missing"), ("{}", "score is missing"),
    ]) func aBadTableIsNamed(_ text: String, _ words: String) {
        let source = RuleSource(name: "score.yaml", bytes: Array(text.utf8))
        let error = #expect(throws: RuleError.self) { try ScoreTable(source) }
        #expect(error?.description.hasSuffix(words) == true)
    }
}
