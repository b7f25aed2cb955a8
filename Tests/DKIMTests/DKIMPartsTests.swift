import AssayDNS
import AssayEngine
import AssayModel
import Testing

@testable import DKIM

struct CanonicalizationTests {
    private func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// RFC 6376 section 3.4.5, and bodies at the edge.
    @Test(arguments: [
        (" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n"), ("", "\r\n", ""), ("\r\n", "\r\n", ""),
        ("\r\n\r\n", "\r\n", ""), ("a", "a\r\n", "a\r\n"), ("a\t ", "a\t \r\n", "a\r\n"),
        (" \r\n \r\n", " \r\n \r\n", ""),
        ("a\r\n\r\nb", "a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n"),
    ])
    func bodies(body: String, simple: String, relaxed: String) {
        #expect(Canonicalization.simple.body(octets(body)) == octets(simple))
        #expect(Canonicalization.relaxed.body(octets(body)) == octets(relaxed))
    }

    @Test(arguments: [
        ("A: X\r\n", "a:X\r\n"), ("B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n"), ("c:\r\n", "c:\r\n"),
        ("D:  a  b\t\r\n", "d:a b\r\n"),
    ])
    func headers(field: String, relaxed: String) {
        let message = MailMessage(octets(field + "\r\n"))
        #expect(message.fields.count == 1)
        #expect(message.fields.map { Canonicalization.relaxed.header($0) } == [octets(relaxed)])
        #expect(message.fields.map { Canonicalization.simple.header($0) } == [octets(field)])
    }

    @Test func `line ends of files become those of mail`() {
        let message = MailMessage(octets("From a Mon\nFrom: a\nTo: b,\n c\n\nx\ny\r\nz"))
        #expect(message.fields.map(\.octets) == [octets("From: a\r\n"), octets("To: b,\r\n c\r\n")])
        #expect(message.body == octets("x\r\ny\r\nz"))
        #expect(message.hasBareLF)
    }
}

struct AuthorDomainTests {
    @Test(arguments: [
        ("joe@example.com", ["example.com"]), (" Joe <joe@Example.COM>", ["example.com"]),
        ("\"a, b@c.d <x@y.z>\" (c@d.e, f) <joe@example.com>", ["example.com"]),
        ("a@x.com, B <b@y.com>", ["x.com", "y.com"]), ("a@x.com, b@x.com", ["x.com"]),
        ("Group: a@x.com, b@y.com;", ["x.com", "y.com"]), ("", []), ("nobody", []),
    ])
    func domains(value: String, domains: [String]) {
        let author = AuthorDomain(Array(value.utf8))
        #expect(author.domains.map { "\($0)" } == domains)
        #expect(author.isMalformed == domains.isEmpty)
    }
}

struct SelectorDateTests {
    @Test(arguments: [
        ("20230601", "2023-06-01"), ("mimecast20190719", "2019-07-19"), ("dk2024", "2024-12-31"),
        ("202402r", "2024-02-29"), ("scph0819", "2019-08-31"), ("20210102030405pm", "2021-01-02"),
        ("2024a", "2024-12-31"),
        ("s1", nil), ("20300101", nil), ("20231301", nil), ("s1024", nil), ("default", nil), ("1522905413783", nil),
    ])
    func dates(selector: String, day: String?) throws {
        let now = try #require(Timestamp(parsing: "2026-11-24T00:00:00Z"))
        #expect(SelectorDate(selector, now: now)?.day.dayText == day)
    }
}

struct DenialTests {
    private func name(_ text: String) throws -> DomainName { try #require(DomainName(text)) }

    /// RFC 4034 section 6.1.
    @Test func `the order of names`() throws {
        let order = ["example", "a.example", "yljkjljk.a.example", "z.a.example", "zabc.a.example", "z.example"]
        for (index, low) in order.enumerated() {
            for high in order.dropFirst(index + 1) {
                #expect(try name(low).isCanonicallyBefore(name(high)))
                #expect(try !name(high).isCanonicallyBefore(name(low)))
            }
        }
    }

    @Test func `what a record denies`() throws {
        func range(_ owner: String, _ next: String, _ types: Set<UInt16> = [16, 46, 47]) throws -> DenialMap.Range {
            DenialMap.Range(owner: try name(owner), next: try name(next), types: types)
        }
        let plain = try range("b._domainkey.x.lab", "f._domainkey.x.lab")
        #expect(try plain.denies(name("c._domainkey.x.lab")))
        #expect(try plain.denies(name("a.b._domainkey.x.lab")))
        #expect(try !plain.denies(name("b._domainkey.x.lab")))
        #expect(try !plain.denies(name("g._domainkey.x.lab")))
        // The last of a zone points to its apex.
        #expect(try range("x._domainkey.x.lab", "x.lab").denies(name("y._domainkey.x.lab")))
        // Behind a delegation or a DNAME nothing is denied.
        #expect(try !range("_domainkey.x.lab", "z.x.lab", [2, 46, 47]).denies(name("a._domainkey.x.lab")))
        #expect(try !range("_domainkey.x.lab", "z.x.lab", [39, 46, 47]).denies(name("a._domainkey.x.lab")))
    }
}
