@testable import CAA
import Testing

/// RFC 8659 section 4.2 and RFC 8657, row by row.
@Suite struct IssueValueTests {
    @Test(arguments: [
        ("letsencrypt.org", "letsencrypt.org"), (" \tletsencrypt.org  ", "letsencrypt.org"), ("", ";"), (";", ";"),
        (" ; ", ";"), ("LetsEncrypt.ORG", "letsencrypt.org"), ("ca1.example.net;", "ca1.example.net"),
        ("ca1.example.net; account=230123", "ca1.example.net; account=230123"),
        ("ca.example;a=1;b=2", "ca.example; a=1; b=2"), ("ca.example ; a = 1 ; b = 2 ", "ca.example; a=1; b=2"),
        ("; policy=ev", "; policy=ev"), ("ca.example; x=", "ca.example; x="), ("localhost", "localhost"),
        ("a--b.example", "a--b.example"),
    ])
    func goodValues(_ text: String, _ printed: String) throws {
        let value = try #require(IssueValue(parsing: Array(text.utf8)))
        #expect(value.description == printed)
        #expect(IssueValue(parsing: Array(value.description.utf8)) == value)
    }

    @Test(arguments: [
        ("%%%%%", "no label"), ("letsencrypt.org.", "an empty label"), ("\"letsencrypt.org\"", "quotation marks"),
        ("https://letsencrypt.org", "a URL"), ("lets_encrypt.org", "an underscore"),
        ("-ca.example", "a hyphen in front"),
        ("ca-.example", "a hyphen behind"), ("a.example, b.example", "a comma"), ("a.example b.example", "two names"),
        ("ca.example; x", "no equals sign"), ("ca.example; a=1;", "nothing behind the last semicolon"),
        ("ca.example; ; a=1", "an empty parameter"), ("ca.example; a=1 2", "a space in a value"),
        ("ca.example; a_b=1", "an underscore in a tag"), ("ca.example; =1", "no tag"),
        ("b\u{FC}cher.example", "not ASCII"),
        ("ca.example\u{0}", "NUL"), ("ca.example\u{301}", "a combining mark"), (".", "empty labels"),
    ])
    func badValues(_ text: String, _ reason: String) {
        #expect(IssueValue(parsing: Array(text.utf8)) == nil, "\(reason)")
    }

    @Test(arguments: [
        ("ca.example; accounturi=https://ca.example/acct/1", false, false),
        ("ca.example; accounturi=urn:x:1", false, false), ("ca.example; accounturi=12345", true, true),
        ("ca.example; accounturi=", true, true),
        ("ca.example; accounturi=https://a.example/1; accounturi=https://a.example/1", true, true),
        ("ca.example; validationmethods=dns-01,http-01", false, false),
        ("ca.example; validationmethods=dns", false, true), ("ca.example; validationmethods=", false, true),
        ("ca.example; validationmethods=dns,ca-own", false, false), ("ca.example; validationmethods=ca-", false, true),
        ("ca.example; AccountURI=1", false, false),
    ])
    func bindings(_ text: String, _ hasImpossibleAccount: Bool, _ isUnsatisfiable: Bool) throws {
        let value = try #require(IssueValue(parsing: Array(text.utf8)))
        #expect(value.hasImpossibleAccount == hasImpossibleAccount)
        #expect(value.isUnsatisfiable == isUnsatisfiable)
    }

    @Test func parametersBeyondTheLimitAreCheckedAndNotKept() throws {
        for count in [CAALimits.parameters - 1, CAALimits.parameters, CAALimits.parameters + 1] {
            let text = "ca.example; " + (0..<count).map { "p\($0)=1" }.joined(separator: "; ")
            let value = try #require(IssueValue(parsing: Array(text.utf8)))
            #expect(value.parameters.count == min(count, CAALimits.parameters))
        }
        let many = "ca.example; " + (0..<5000).map { "p\($0)=1" }.joined(separator: "; ")
        #expect(IssueValue(parsing: Array((many + "; x").utf8)) == nil)
        let late = many + "; accounturi=1"
        #expect(try #require(IssueValue(parsing: Array(late.utf8))).hasImpossibleAccount)
    }
}
