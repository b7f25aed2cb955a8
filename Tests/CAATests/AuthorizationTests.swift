import AssayDNS
import AssayModel
@testable import CAA
import Testing

@Suite struct AuthorizationTests {
    private static func set(_ lines: [String]) -> AuthorizationSet {
        AuthorizationSet(
            properties: lines.map { line in
                let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
                return CAAProperty(
                    flags: UInt8(parts[0]) ?? 0, tag: Array(parts[1].utf8),
                    value: parts.count > 2 ? Array(parts[2].utf8) : [])
            })
    }

    /// Who may issue for a name, for a wildcard, for S/MIME and mark certificates.
    @Test(arguments: [
        ([], "any", "any", "any", "any"),
        (["0 issue ca.example"], "listed", "listed", "any", "any"),
        (["0 issue ;"], "none", "none", "any", "any"),
        (["0 issue ;", "0 issue ca.example"], "listed", "listed", "any", "any"),
        (["0 issue %%%", "0 issue ca.example"], "listed", "listed", "any", "any"),
        (["0 issue %%%"], "none", "none", "any", "any"),
        (["0 issuewild ca.example"], "any", "listed", "any", "any"),
        (["0 issue a.example", "0 issuewild ;"], "listed", "none", "any", "any"),
        (["0 iodef mailto:a@example.com"], "any", "any", "any", "any"),
        (["0 tbs Unknown"], "any", "any", "any", "any"),
        (["128 tbs Unknown", "0 issue ca.example"], "none", "none", "none", "none"),
        (["1 tbs Unknown", "0 issue ca.example"], "listed", "listed", "any", "any"),
        (["128 issue ca.example"], "listed", "listed", "any", "any"),
        (["0 ISSUE ca.example"], "listed", "listed", "any", "any"),
        (["0 issue ca.example", "0 issuemail ;"], "listed", "listed", "none", "any"),
        (["0 issuevmc digicert.com"], "any", "any", "any", "listed"),
        (["0 issue ca.example; accounturi=1"], "none", "none", "any", "any"),
        (["0 issue ca.example; validationmethods=x"], "none", "none", "any", "any"),
    ])
    func permissions(_ lines: [String], _ server: String, _ wildcard: String, _ mail: String, _ mark: String) {
        let set = Self.set(lines)
        #expect(set.permission(.server).word == server)
        #expect(set.permission(.wildcard).word == wildcard)
        #expect(set.permission(.mail).word == mail)
        #expect(set.permission(.mark).word == mark)
    }

    @Test func aMalformedValueForbidsOnlyWhereItStandsAlone() {
        #expect(Self.set(["0 issue %%"]).malformedForbids)
        #expect(Self.set(["0 issue %%", "0 issuewild ca.example"]).malformedForbids)
        #expect(!Self.set(["0 issue %%", "0 issue ca.example"]).malformedForbids)
        #expect(Self.set(["0 issue ca.example", "0 issuemail %%"]).malformedForbids)
    }

    @Test(arguments: [
        ("mailto:a@example.com", true), ("https://example.com/x", true), ("HTTPS://example.com/", true),
        ("http://example.com/", false), ("a@example.com", false), ("mailto:a", false), ("ftp://example.com", false),
        ("https:", false), ("", false), ("mailto:a@example.com\u{0}", false),
    ])
    func reportAddresses(_ text: String, _ isGood: Bool) {
        #expect(Self.set(["0 iodef \(text)"]).badReports.isEmpty == isGood)
    }

    @Test(arguments: [
        ("contactemail a@example.com", true), ("contactemail example.com", false), ("contactemail @example.com", false),
        ("contactphone +1-555-0100", true), ("contactphone +1 555", false), ("contactphone 15550100", false),
    ])
    func contacts(_ text: String, _ isGood: Bool) {
        #expect(Self.set(["0 \(text)"]).badContacts.isEmpty == isGood)
    }

    @Test func tagsAndFlags() {
        let set = Self.set(["1 issue a.example", "129 issue a.example", "0 is-sue a.example", "0 ISSUE a.example"])
        #expect(set.reservedFlags.count == 2)
        #expect(set.badTags.count == 1)
        #expect(set.upperCaseTags.count == 1)
    }

    @Test func propertiesReadLikeAZoneFile() {
        #expect(CAAProperty(.issue, "a\"b\\c\u{1}").description == "0 issue \"a\\\"b\\\\c\\001\"")
        #expect(CAAProperty(flags: 128, tag: Array("tbs".utf8), value: []).description == "128 tbs \"\"")
    }

    private static let wire: [([UInt8], Bool)] = [
        ([0, 5] + Array("issueca.example".utf8), true), ([0, 0] + Array("issue".utf8), false), ([0, 200, 1, 2], false),
        ([0, 5] + Array("issue".utf8), true), ([], false), ([0], false), ([0, 1], false),
    ]

    /// RDATA as it is on the wire (RFC 8659 section 4.1).
    @Test(arguments: wire)
    func recordData(_ data: [UInt8], _ isProperty: Bool) throws {
        let header: [UInt8] = [0, 1, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0]
        let question: [UInt8] = [1, 97, 0, 1, 1, 0, 1]
        let head: [UInt8] = [0xC0, 12, 1, 1, 0, 1, 0, 0, 1, 44, UInt8(data.count >> 8), UInt8(data.count & 255)]
        let record = try #require(DNSMessage(parsing: header + question + head + data)?.answers.first)
        if case .caa = record.content { #expect(isProperty) } else { #expect(!isProperty) }
    }
}
