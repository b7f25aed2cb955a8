import AssayModel
import AssayRules
@testable import CAA
import Testing

/// The whole set that a remedy names.
@Suite struct SuggestionTests {
    static func table() throws -> IssuerTable { try #require(try IssuerTableReader.builtIn()) }

    private func lines(_ properties: [CAAProperty], server: [String] = [], wildcard: [String] = []) throws -> [String]?
    {
        let domain = try DomainName(presentation: "example.com")
        let suggestion = Suggestion(
            owner: domain, table: try Self.table(), domain: domain, server: server, wildcard: wildcard)
        return suggestion.lines(for: AuthorizationSet(properties: properties)).map { lines in
            lines.map { String($0.dropFirst("example.com. CAA ".count)) }
        }
    }

    @Test func whatIsRightStays() throws {
        let good = [
            CAAProperty(.issue, "letsencrypt.org; validationmethods=dns-01", flags: 128), CAAProperty(.issuemail, ";"),
            CAAProperty(.iodef, "mailto:a@example.com"), CAAProperty(flags: 0, tag: Array("tbs".utf8), value: [0x78]),
        ]
        #expect(try lines(good, server: ["letsencrypt.org"]) == good.map(\.description))
    }

    @Test(arguments: [
        (CAAProperty(.issue, "\"letsencrypt.org\""), "0 issue \"letsencrypt.org\""),
        (CAAProperty(.issue, "https://letsencrypt.org/"), "0 issue \"letsencrypt.org\""),
        (CAAProperty(.issue, "letsencrypt.org."), "0 issue \"letsencrypt.org\""),
        (CAAProperty(.issue, "letsencypt.org"), "0 issue \"letsencrypt.org\""),
        (CAAProperty(.issue, "letsencrypt.com"), "0 issue \"letsencrypt.org\""),
        (CAAProperty(.issue, "letsencrypt.org", flags: 1), "0 issue \"letsencrypt.org\""),
        (CAAProperty(.issue, "letsencrypt.org", flags: 129), "128 issue \"letsencrypt.org\""),
        (CAAProperty(.issue, "letsencrypt.org; accounturi=1"), "0 issue \"letsencrypt.org\""),
        (
            CAAProperty(.issue, "letsencrypt.org; validationmethods=dns-01,dns"),
            "0 issue \"letsencrypt.org; validationmethods=dns-01\""
        ),
        (CAAProperty(flags: 0, tag: Array("ISSUE".utf8), value: Array("pki.goog".utf8)), "0 issue \"pki.goog\""),
        (CAAProperty(.issuewild, "pki.goog"), "0 issuewild \"pki.goog\""),
    ])
    func whatIsWrongIsMended(_ property: CAAProperty, _ mended: String) throws {
        let lines = try #require(try lines([property]))
        #expect(lines.contains(mended))
        #expect(lines.contains { $0.hasPrefix("0 issue ") || $0.hasPrefix("128 issue ") })
        #expect(lines.last == "0 issuemail \";\"")
    }

    @Test func whoIssuesTodayIsNamed() throws {
        #expect(
            try lines([CAAProperty(.issue, ";")], server: ["letsencrypt.org"])
                == ["0 issue \"letsencrypt.org\"", "0 issuemail \";\""])
        #expect(
            try lines([CAAProperty(.issue, "comodoca.com")], server: ["sectigo.com"])
                == ["0 issue \"comodoca.com\"", "0 issuemail \";\""])
        #expect(
            try lines(
                [CAAProperty(.issue, "pki.goog"), CAAProperty(.issuewild, ";")], server: ["pki.goog"],
                wildcard: ["pki.goog"])
                == ["0 issue \"pki.goog\"", "0 issuewild \"pki.goog\"", "0 issuemail \";\""])
        #expect(
            try lines([], server: ["pki.goog"])
                == ["0 issue \"pki.goog\"", "0 issuemail \";\"", "0 iodef \"mailto:security@example.com\""])
    }

    @Test func nobodyIsNamedWhereNobodyIsKnown() throws {
        #expect(try lines([]) == nil)
        #expect(try lines([CAAProperty(.issue, "%%")]) == nil)
    }
}

@Suite struct IssuerTableTests {
    @Test func theTableKnowsWhatItShould() throws {
        let table = try SuggestionTests.table()
        #expect(table.issuer(organization: "Let's Encrypt", commonName: "R11")?.identifiers == ["letsencrypt.org"])
        #expect(table.issuer(organization: "Mailassay Lab", commonName: nil) == nil)
        #expect(table.issuer(organization: nil, commonName: "R11") == nil)
        for issuer in table.issuers { for wrong in issuer.mistaken { #expect(!table.isKnown(wrong), "\(wrong)") } }
    }

    @Test(arguments: [
        ("letsencypt.org", "letsencrypt.org"), ("letsencrypt.com", "letsencrypt.org"), ("digicrt.com", "digicert.com"),
        ("letsencrypt.org", nil), ("example.com", nil), ("ca.lab", nil), ("pki.gog", nil),
        ("sectigo.comm", "sectigo.com"),
    ])
    func typingErrors(_ identifier: String, _ meant: String?) throws {
        #expect(try SuggestionTests.table().meant(by: identifier) == meant)
    }

    @Test func distances() {
        func distance(_ left: String, _ right: String) -> Int { Spelling.distance(Array(left.utf8), Array(right.utf8)) }
        #expect(distance("", "") == 0)
        #expect(distance("abc", "acb") == 1)
        #expect(distance("abc", "abd") == 1)
        #expect(distance("abc", "ab") == 1)
        #expect(distance("abcd", "badc") == 2)
    }

    @Test(arguments: [
        ("issuers: []", "as_of is missing"), ("as_of: 2026-01-01", "issuers is missing"),
        ("as_of: 2026-01-01\nissuers: [{ name: A, identifiers: [a.example], status: verified }]", "organizations"),
        (
            "as_of: 2026-01-01\nissuers: [{ name: A, organizations: [A], identifiers: [], status: verified }]",
            "identifiers"
        ),
        (
            "as_of: 2026-01-01\nissuers: [{ name: A, organizations: [A], identifiers: [A.example], status: verified }]",
            "lower"
        ),
        (
            "as_of: 2026-01-01\nissuers: [{ name: A, organizations: [A], identifiers: [a.example], status: x }]",
            "status"
        ),
    ])
    func aBadTableIsRefused(_ text: String, _ words: String) {
        let error = #expect(throws: RuleError.self) {
            try IssuerTableReader.read(RuleSource(name: "x.yaml", bytes: Array(text.utf8)))
        }
        #expect(error?.description.contains(words) == true)
        #expect(error?.description.hasPrefix("x.yaml:") == true)
    }

    @Test func ownTablesComeFirst() throws {
        let own = IssuerTable(
            asOf: "2026-01-01",
            issuers: [
                .init(
                    name: "Ours", organizations: ["Let's Encrypt"], commonNames: ["Our *"],
                    identifiers: ["ours.example"],
                    mistaken: [], isVerified: true)
            ])
        let table = try SuggestionTests.table().preceded(by: own)
        #expect(table.issuer(organization: "Let's Encrypt", commonName: "Our CA")?.name == "Ours")
        #expect(table.issuer(organization: "Let's Encrypt", commonName: "R11")?.name == "Let's Encrypt")
    }
}
