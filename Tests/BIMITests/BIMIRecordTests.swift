import AssayModel
import AssayProbes
import Testing

struct BIMIRecordTests {
    private func record(_ text: String) -> BIMIRecord { BIMIRecord(parsing: Array(text.utf8)) }

    @Test(arguments: [
        "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem;",
        "v=BIMI1;l=https://example.com/logo.svg",
        "v=BIMI1; l=https://example.com/logo.svg; a=; avp=personal; lps=a,b-c;",
        "v=BIMI1; l=https://example.com/logo.svg; unknown=x",
    ])
    func `accepts good records`(text: String) {
        let record = record(text)
        #expect(record.faults.isEmpty)
        #expect(record.isValid && !record.isDeclination)
        #expect(record.location.url?.host.description == "example.com")
        #expect(BIMIRecord(parsing: Array(record.description.utf8)) == record)
    }

    @Test(arguments: ["v=BIMI1; l=; a=;", "v=BIMI1; l=;", "v=BIMI1;l=;a=;lps=news"])
    func `knows a declination`(text: String) {
        #expect(record(text).isDeclination)
        #expect(record(text).faults.isEmpty)
    }

    @Test(arguments: [
        ("v=bimi1; l=https://example.com/l.svg", BIMIRecord.Fault.version),
        ("l=https://example.com/l.svg; v=BIMI1", .version), ("v=BIMI1 x; l=https://example.com/l.svg", .version),
        ("v=BIMI1; a=https://example.com/v.pem", .locationMissing), ("v=BIMI1;", .locationMissing),
        ("v=BIMI1; l=; a=https://example.com/v.pem", .locationEmpty),
        ("v=BIMI1; l=http://example.com/l.svg", .locationURL), ("v=BIMI1; l=https://192.0.2.1/l.svg", .locationURL),
        ("v=BIMI1; l=https://u@example.com/l.svg", .locationURL), ("v=BIMI1; l=https:///l.svg", .locationURL),
        ("v=BIMI1; l=https://example.com/l.svg,https://example.net/l.svg", .locationMultiple),
        ("v=BIMI1; l=https://example.com/l.svg; a=http://example.com/v.pem", .authorityURL),
        ("v=BIMI1; l=https://example.com/l.svg; avp=logo", .avp),
        ("v=BIMI1; l=https://example.com/l.svg; lps=a,b_c", .localParts),
        ("v=BIMI1; l=https://example.com/l.svg; l=https://example.com/m.svg", .duplicate),
        ("v=BIMI1; l=https://example.com/l.svg; x", .syntax), ("v=BIMI1;; l=https://example.com/l.svg", .syntax),
    ])
    func `names the fault`(text: String, fault: BIMIRecord.Fault) {
        #expect(record(text).faults.contains(fault))
    }

    @Test(arguments: [
        ("v=BIMI1; l=http://example.com/l.svg", "v=BIMI1; l=https://example.com/l.svg;"),
        ("v=bimi1; L=https://example.com/l.svg", "v=BIMI1; l=https://example.com/l.svg;"),
        ("v=BIMI1; l=https://joe:pw@example.com:8443/l.svg", "v=BIMI1; l=https://example.com/l.svg;"),
        ("v=BIMI1; l=example.com/l.svg", "v=BIMI1; l=https://example.com/l.svg;"),
        (
            "v=BIMI1; l=//example.com/l.svg; a=HTTP://example.com/v.pem",
            "v=BIMI1; l=https://example.com/l.svg; a=https://example.com/v.pem;"
        ),
        (
            "v=BIMI1; l=https://example.com/l.svg,https://b.example/; a=https://example.com/v.pem; avp=x; lps=a,b_c",
            "v=BIMI1; l=https://example.com/l.svg; a=https://example.com/v.pem; lps=a;"
        ),
    ])
    func `mends what was plainly meant`(text: String, corrected: String) throws {
        let better = try #require(record(text).corrected)
        #expect(better == corrected)
        #expect(record(better).faults.isEmpty)
    }

    @Test func `picks records by their version alone`() {
        let texts = ["x", "v=BIMI1; l=;", "V=BIMI1; l="].map { Array($0.utf8) }
        #expect(BIMIRecord.select(from: texts) == [texts[1]])
        #expect(BIMIRecord.select(from: [texts[2]]) == [texts[2]])
        #expect(BIMIRecord.select(from: [texts[0]]).isEmpty)
        // RFC 6376's white space, but nothing that only looks like it: U+037E is not a semicolon.
        #expect(record("v=BIMI1\u{37E} l=;").faults.contains(.version))
    }

    @Test func `reads a hostile record in time`() {
        let octets = Array(("v=BIMI1; " + String(repeating: "a=b;", count: 16_000)).utf8)
        let start = ContinuousClock.now
        #expect(!BIMIRecord(parsing: octets).isValid)
        #expect(start.duration(to: .now) < .milliseconds(50))
    }
}

struct HTTPSURLTests {
    @Test(arguments: [
        ("https://example.com", "example.com", "/"), ("HTTPS://Example.COM/A?b#c", "example.com", "/A?b"),
        ("https://example.com:443?x", "example.com", "/?x"), ("https://example.com:/x", "example.com", "/x"),
    ])
    func `reads good ones`(text: String, host: String, path: String) throws {
        let url = try HTTPSURL(parsing: text.utf8)
        #expect(url.host.description == host)
        #expect(url.path == path)
        #expect(try HTTPSURL(parsing: url.description.utf8) == url)
    }

    @Test(arguments: [
        ("http://example.com/", HTTPSURL.Fault.scheme), ("ftp://example.com/", .scheme), ("example.com/x", .scheme),
        ("https://u@example.com/", .userInfo), ("https://127.0.0.1/", .addressLiteral),
        ("https://0x7f.1/", .addressLiteral),
        ("https://127.1/", .addressLiteral), ("https://2130706433/", .addressLiteral),
        ("https://[::1]/", .addressLiteral),
        ("https://example.com:22/", .port), ("https:///x", .noHost), ("https://localhost/", .hostName),
        ("https://exa_mple.com/", .hostName), ("https://example.com/a b", .octet),
        ("https://example.com/\u{E4}", .octet),
        ("https://example.com/\r\nX: y", .octet),
    ])
    func `refuses others`(text: String, fault: HTTPSURL.Fault) {
        #expect(throws: fault) { try HTTPSURL(parsing: text.utf8) }
    }

    @Test(arguments: [
        ("/b", "https://example.com/b"), ("b?x", "https://example.com/d/b?x"),
        ("//example.net/z", "https://example.net/z"),
        ("https://example.net", "https://example.net/"),
    ])
    func `follows redirects`(location: String, target: String) throws {
        let base = try HTTPSURL(parsing: "https://example.com/d/a?q=/".utf8)
        #expect("\(try base.following(location))" == target)
    }

    @Test(arguments: [
        "http://example.net/", "file:///etc/passwd", "gopher://example.net/", "https://10.0.0.1/", "javascript:x",
    ])
    func `does not follow others`(location: String) throws {
        let base = try HTTPSURL(parsing: "https://example.com/d/a".utf8)
        #expect(throws: HTTPSURL.Fault.self) { try base.following(location) }
    }

    @Test func `knows the suffix`() throws {
        #expect(try HTTPSURL(parsing: "https://example.com/a.b/logo.SVG?x=y.z".utf8).suffix == "svg")
        #expect(try HTTPSURL(parsing: "https://example.com/a.b/logo".utf8).suffix == nil)
    }
}
