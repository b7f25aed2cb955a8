import AssayEngine
import AssayKit
import AssayModel
@testable import AssayRules
import Testing

@Suite struct RuleTests {
    static let catalogue = FactCatalogue(facts: BuiltIn.facts)

    private func load(_ yaml: String) throws(RuleError) -> RuleSet {
        try RuleSet.load([RuleSource(name: "x.yaml", bytes: Array(yaml.utf8))], catalogue: Self.catalogue)
    }

    private func observation(
        _ fact: String, _ subject: Subject, _ outcome: Outcome<FactValue>, checker: String = "MX"
    ) -> Observation {
        Observation(fact: fact, checker: checker, subject: subject, outcome: outcome)
    }

    static let rule = """
        - id: email.mx_x
          when: { fact: mx.lookup, where: { shape: mx } }
          severity: high
          title: t
          text: t
          remedy: r
          references: [RFC 1]
        """

    @Test func theBuiltInCasesPassAndEveryMutantIsNoticed() throws {
        let book = try RuleBook()
        let (failures, cases) = book.test()
        #expect(failures == [])
        #expect(cases > 2 * book.ruleCount)
    }

    @Test func aCaseThatNoticesNothingIsReported() throws {
        let set = try load(Self.rule + "\n  cases: [{ fires: no, given: { mx.lookup: { shape: none, ttl: 1 } } }]\n")
        #expect(RuleTester(set).failures().count == 0 || RuleTester(set).failures()[0].contains("no case notices"))
        let weak = try load(
            Self.rule.replacing("{ shape: mx }", with: "{ shape: mx, ttl: { below: 5 } }")
                + "\n  cases: [{ fires: no, given: { mx.lookup: { shape: none, ttl: 9 } } }]\n")
        #expect(
            RuleTester(weak).failures() == [
                "x.yaml:1: email.mx_x: no case notices when this test is turned round: mx.lookup where shape",
                "x.yaml:1: email.mx_x: no case notices when this test is turned round: mx.lookup where ttl",
            ])
    }

    @Test(arguments: [
        ("{ shape: mx }", "{ shap: mx }", "x.yaml:2:37: mx.lookup has no field \"shap\""),
        ("mx.lookup", "mx.nothing", "x.yaml:2:17: there is no fact \"mx.nothing\""),
        ("severity: high", "severity: awful", "x.yaml:3:13: a severity is critical, high, medium, low or info"),
        ("  remedy: r\n", "", "x.yaml:1:3: \"remedy\" is missing"),
        ("{ shape: mx }", "{ ttl: many }", "x.yaml:2:42: expected an integer"),
        (
            "{ shape: mx }", "{ ttl: { over: 5 } }",
            "x.yaml:2:44: there is no operator \"over\"; there are equals, oneOf, below, atLeast, contains, matches, exists"
        ),
        ("text: t", "text: \"{nothing}\"", "x.yaml:5:9: {nothing} names no field of mx.lookup"),
        (
            "text: t", "text: \"{ttl|loud}\"",
            "x.yaml:5:9: there is no filter \"loud\"; there are duration, date, list, count, txt, code, or:TEXT"
        ),
        (
            "title: t", "titel: t",
            "x.yaml:4:3: a rule has no \"titel\"; it has cases, explains, forEach, id, references, remedy, severity, text, title, when"
        ),
        ("id: email.mx_x", "id: &a email.mx_x\n  explains: [*a]", "x.yaml:2:13: aliases are not allowed here"),
    ])
    func aBadRuleIsNamedWithItsPlace(_ what: String, _ by: String, _ message: String) {
        do {
            _ = try load(Self.rule.replacing(what, with: by) + "\n")
            Issue.record("it was taken")
        } catch {
            #expect(error.description == message)
        }
    }

    @Test func limitsOfFiles() throws {
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(throws: RuleError.self) { try load(deep) }
        #expect(throws: RuleError.self) { try load(String(repeating: "#", count: RuleLimits.fileOctets + 1)) }
        #expect(throws: RuleError.self) { try load("") }
        #expect(throws: RuleError.self) { try load(Self.rule + "\n" + Self.rule) }
    }

    @Test func unknownIsNeitherPassNorFinding() throws {
        let set = try load(Self.rule + "\n")
        let domain = try #require(DomainName("example.com"))
        let context = EvaluationContext(domain: domain, unicodeDomain: "example.com", role: "auto")
        func result(_ outcome: Outcome<FactValue>) -> Check.Result? {
            set.evaluate(observations: [observation("mx.lookup", .domain(domain), outcome)], context: context).checks
                .first?.result
        }
        #expect(result(.observed(.object(["shape": .string("mx")]))) == .finding)
        #expect(result(.observed(.object(["shape": .string("null")]))) == .pass)
        #expect(result(.undetermined(Cause(.deadline))) == .undetermined)
        #expect(result(.absent) == .notApplicable)
        #expect(result(.notApplicable("x")) == .notApplicable)
    }

    @Test func aHostOfBetterPreferenceMasksAndAnEqualOneStepsDown() throws {
        let set = try load(
            """
            - id: email.starttls_x
              when: { fact: starttls.offer, where: { is_offered: false } }
              severity: high
              title: t
              text: "{subject}"
              remedy: r
              references: [RFC 1]
            """)
        let domain = try #require(DomainName("example.com"))
        let context = EvaluationContext(domain: domain, unicodeDomain: "example.com", role: "auto")
        func finding(preferences: (Int, Int), firstIsGood: Bool) throws -> Finding {
            let names = ["a.example.com", "b.example.com"]
            var observations = [
                observation(
                    "mx.hosts", .domain(domain),
                    .observed(
                        .object([
                            "hosts": .list(
                                zip(names, [preferences.0, preferences.1]).map {
                                    .object(["name": .string($0), "preference": .int($1)])
                                })
                        ])))
            ]
            for (name, isOffered) in zip(names, [firstIsGood, false]) {
                observations.append(
                    observation(
                        "starttls.offer", Subject(kind: .address, name: name, address: "192.0.2.1"),
                        .observed(.object(["is_offered": .bool(isOffered)]))))
            }
            return try #require(set.evaluate(observations: observations, context: context).findings.last)
        }
        let alone = try finding(preferences: (10, 10), firstIsGood: false)
        #expect((alone.severity, alone.masked) == (.high, nil))
        let equal = try finding(preferences: (10, 10), firstIsGood: true)
        #expect((equal.severity, equal.masked) == (.medium, nil))
        let backup = try finding(preferences: (10, 20), firstIsGood: true)
        #expect((backup.severity, backup.masked) == (.medium, true))
        let best = try finding(preferences: (20, 10), firstIsGood: true)
        #expect((best.severity, best.masked) == (.high, nil))
        #expect(best.text == "b.example.com [192.0.2.1]")
    }

    @Test(arguments: [
        ("v=spf1 -all", "\"v=spf1 -all\""), ("", "\"\""), ("a\"b\\c\u{7f}", "\"a\\\"b\\\\c\\127\""),
        (
            String(repeating: "x", count: 256),
            "\"" + String(repeating: "x", count: 255) + "\" \"x\""
        ),
    ])
    func textsAreSplitAsAZoneFileNeeds(_ text: String, _ wanted: String) throws {
        let template = try Template("{value|txt}")
        #expect(template.render { _ in .string(text) } == wanted)
    }

    @Test func theWorstOfSeveralProfilesCountsAndTheFirstDecides() throws {
        let profile = "profile: mild\ntitle: t\nseverity:\n  email.mx_x: low\n"
        let sources = [
            RuleSource(name: "x.yaml", bytes: Array((Self.rule + "\n").utf8)),
            RuleSource(name: "p.yaml", bytes: Array(profile.utf8)),
        ]
        let domain = try #require(DomainName("example.com"))
        let seen = [observation("mx.lookup", .domain(domain), .observed(.object(["shape": .string("mx")])))]
        let context = EvaluationContext(domain: domain, unicodeDomain: "example.com", role: "auto")
        let set = try RuleSet.load(sources, catalogue: Self.catalogue, profiles: ["mild", "default"])
        let evaluation = set.evaluate(observations: seen, context: context)
        #expect(evaluation.findings.map(\.severity) == [.high])
        #expect(evaluation.findings.map(\.profiles) == [["mild", "default"]])
        #expect(evaluation.deciding.values.max() == .low)
        #expect(throws: RuleError.self) { try RuleSet.load(sources, catalogue: Self.catalogue, profiles: ["nope"]) }
    }
}
