@testable import AssayKit
import AssayModel
import AssayRules
import Foundation
import Testing

/// `mailassay.yaml`: what is read, what is refused, and what it does to findings.
@Suite struct PolicyTests {
    private func policy(_ text: String) throws -> AuditPolicy {
        try AuditPolicy(RuleSource(name: "mailassay.yaml", bytes: Array(text.utf8)))
    }

    @Test(
        arguments: [
            ("- a", "1:1: a policy is a mapping"),
            (
                "profil: x",
                "1:1: a policy has no \"profil\"; it has accept, baseline, expect, fail_on, profile, role, rules, tier"
            ),
            ("fail_on: grave", "1:10: expected critical, high, medium, low, info, none"),
            ("role: [x]", "1:7: expected a text"),
            ("expect: { mx: { a: b } }", "1:15: expected a list"),
            (
                "expect: { host: a }",
                "1:11: an expectation has no \"host\"; it has ca, dmarc_reports, domains, mx, selectors, tls_reports"
            ),
            ("accept: [{ rule: a, reason: b, owner: c }]", "1:10: \"until\" is missing"),
            ("accept: [{ rule: a, reason: b, owner: c, until: soon }]", "1:49: \"until\" is a day, as 2027-01-31"),
            (
                "accept: [{ rule: a, reason: b, owner: c, until: 2027-02-30 }]",
                "1:49: \"until\" is a day, as 2027-01-31"
            ),
            ("accept: [{ rule: a, reason: \"\", owner: c, until: 2027-02-28 }]", "1:29: expected a text on one line"),
            ("profile: &a [x]\nrules: *a", "2:1: aliases are not allowed here"),
            ("profile: a\nprofile: b", "2:1: the key profile stands twice in one mapping"),
        ])
    func whatIsWrongIsNamedWithItsPlace(text: String, words: String) {
        do {
            _ = try policy(text)
            Issue.record("accepted: \(text)")
        } catch {
            let place = "\(error)".split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
            // A key's own place is where yaml says it is.
            #expect(place == words || "\(error)".hasSuffix(String(words.drop { $0 != " " })), "\(error)")
        }
    }

    @Test func theExampleIsReadWhole() throws {
        let path = Self.root.appendingPathComponent("docs/mailassay.yaml")
        let policy = try policy(String(contentsOf: path, encoding: .utf8))
        #expect(policy.profiles == ["strict"] && policy.tier == "extended" && policy.failOn == "medium")
        let own = policy.expectation(for: Sample.domain("example.com"))
        #expect(own.mx == ["mx1.example.com", "mx2.example.com"] && own.selectors == ["s2026a", "s2026b"])
        let shop = policy.expectation(for: Sample.domain("a.shop.example"))
        #expect(shop.mx == ["*.mail.protection.outlook.com"] && shop.ca == ["Let's Encrypt"])
        #expect(policy.acceptances.map(\.until) == ["2027-03-31"])
        try policy.check(against: try RuleBook().ruleSet)
    }

    @Test func anAcceptanceOfNoRuleIsRefused() throws {
        let text = "accept: [{ rule: email.nope, reason: r, owner: o, until: 2027-01-31 }]"
        let set = try RuleBook().ruleSet
        let policy = try policy(text)
        #expect(throws: RuleError.self) { try policy.check(against: set) }
    }

    // MARK: Acceptance

    private let accepting = """
        accept:
          - { rule: email.a, subject: mx2.*, domain: example.com, reason: r, owner: o, until: 2026-11-30 }
        """

    @Test(
        arguments: [
            ("email.a", "mx2.example.com", "example.com", "2026-11-30T23:59:59Z", true),
            ("email.a", "mx2.example.com", "example.com", "2026-12-01T00:00:00Z", false),
            ("email.a", "mx1.example.com", "example.com", "2026-11-01T00:00:00Z", false),
            ("email.b", "mx2.example.com", "example.com", "2026-11-01T00:00:00Z", false),
            ("email.a", "mx2.example.com", "example.org", "2026-11-01T00:00:00Z", false),
        ])
    func anAcceptanceFitsRuleSubjectDomainAndDay(
        rule: String, host: String, domain: String, moment: String, isAccepted: Bool
    ) throws {
        let finding = Sample.finding(rule, at: Subject(kind: .mx, name: host))
        let verdict = try policy(accepting).accepting(
            [finding], of: Sample.domain(domain), at: Sample.moment(moment))
        #expect((verdict.findings[0].accepted != nil) == isAccepted)
        #expect(verdict.expired.count == (moment.hasPrefix("2026-12") ? 1 : 0))
    }

    @Test func aBaselineHoldsWhatIsNoWorse() {
        let old = Sample.finding("email.a", .medium)
        var accepted = Sample.finding("email.b")
        accepted.accepted = .init(reason: "r", owner: "o", until: "2026-01-01")
        let baseline = BaselineFile([Sample.report("2026-11-01", findings: [old, accepted])])
        #expect(baseline.holds(old, of: Sample.domain()))
        #expect(baseline.holds(Sample.finding("email.a", .low), of: Sample.domain()))
        #expect(!baseline.holds(Sample.finding("email.a", .high), of: Sample.domain()))
        #expect(!baseline.holds(accepted, of: Sample.domain()))
        #expect(
            !baseline.holds(old, of: Sample.domain("example.org")) && !baseline.covers(Sample.domain("example.org")))
    }

    // MARK: Expectations

    private func expectation(_ text: String, _ seen: [Observation]) throws -> [Observation] {
        let expected = try policy("expect: \(text)").expectation(for: Sample.domain())
        return ExpectationFacts.observations(expected, seen, domain: Sample.domain())
    }

    private func hosts(_ names: String...) -> Observation {
        Sample.observation(
            "mx.hosts", .domain(Sample.domain()),
            .object(["hosts": .list(names.map { .object(["name": .string($0), "preference": .int(10)]) })]))
    }

    @Test func mailHostsAreComparedByPattern() throws {
        let seen = [hosts("mx1.example.com", "mx9.example.net")]
        let fact = try #require(
            try expectation("{ mx: [MX1.example.com, mx2.example.com] }", seen).first?.outcome.value)
        #expect(fact[path: "missing"] == .list([.string("mx2.example.com")]))
        #expect(fact[path: "unexpected"] == .list([.string("mx9.example.net")]))
        let all = try #require(try expectation("{ mx: \"mx*\" }", seen).first?.outcome.value)
        #expect(all[path: "missing"] == .list([]) && all[path: "unexpected"] == .list([]))
        #expect(try expectation("{ ca: x }", seen) == [])
    }

    @Test func whatCouldNotBeToldIsNeitherMetNorMissed() throws {
        let failed = Observation(
            fact: "mx.hosts", checker: "MX", subject: .domain(Sample.domain()), outcome: .undetermined(Cause(.deadline))
        )
        #expect(try expectation("{ mx: [a] }", [failed]).first?.outcome == .undetermined(Cause(.deadline)))
    }

    @Test func reportsAreComparedWithAndWithoutScheme() throws {
        let record = Subject(kind: .record, name: "_dmarc.example.com", object: "TXT")
        let text = "v=DMARC1; p=none; RUA = mailto:D@example.com!10m , mailto:x@example.net; ruf=mailto:f@example.com"
        let dmarc = Sample.observation("dmarc.record", record, .object(["text": .string(text)]))
        let fact = try #require(
            try expectation("{ dmarc_reports: mailto:d@example.com }", [dmarc]).first?.outcome.value)
        #expect(fact[path: "missing"] == .list([]) && fact[path: "unexpected"] == .list([.string("x@example.net")]))
        let tls = Sample.observation("tlsrpt.record", record, nil)
        let gone = try #require(try expectation("{ tls_reports: t@example.com }", [tls]).first?.outcome.value)
        #expect(gone[path: "missing"] == .list([.string("t@example.com")]))
    }

    // MARK: Schemas

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every rule file and example fits its schema, and what the loader refuses the schema refuses: python3-jsonschema.
    @Test func theSchemasFitTheFiles() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            Self.root.appendingPathComponent("Tests/StoreTests/check-schemas.py").path, Self.root.path,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(words)")
    }
}
