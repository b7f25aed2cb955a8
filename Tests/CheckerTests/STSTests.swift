import AssayModel
import Testing

@testable import MTASTS

struct STSRecordTests {
    @Test(arguments: [
        "v=STSv1; id=20261124T000000;", "v=STSv1;id=a", "v=STSv1 ;  id=1 ; ",
        "v=STSv1; id=12345678901234567890123456789012;",
        "v=STSv1; x-a=b; id=1;",
    ])
    func `accepts good records`(text: String) {
        let record = STSRecord(parsing: Array(text.utf8))
        #expect(record.isValid)
        #expect(record.id != nil)
        #expect(STSRecord(parsing: Array(record.description.utf8)).id == record.id)
    }

    @Test(arguments: [
        ("v=stsv1; id=1;", STSRecord.Fault.badVersion), ("v = STSv1; id=1;", .badVersion),
        (" v=STSv1; id=1;", .badVersion),
        ("\"v=STSv1; id=1;", .badVersion), ("v=STSv1;", .idMissing), ("v=STSv1; id=;", .idEmpty),
        ("v=STSv1; id=123456789012345678901234567890123;", .idTooLong), ("v=STSv1; id=2026-11-24;", .idCharset),
        ("v=STSv1; id=1;;", .extensionBad), ("v=STSv1; id=1; x", .extensionBad), ("v=STSv1; id=1; \"", .extensionBad),
        ("v=STSv1; id=1; \u{fc}=1", .nonASCII), ("v=STSv1; id=1\u{37e}", .nonASCII), ("v=STSv1 id=1;", .extensionBad),
    ])
    func `names the fault of bad ones`(text: String, fault: STSRecord.Fault) {
        let record = STSRecord(parsing: Array(text.utf8))
        #expect(record.faults.contains(fault))
        #expect(!record.isValid)
    }

    @Test func `takes the first of two ids`() {
        let record = STSRecord(parsing: Array("v=STSv1; id=1; id=2;".utf8))
        #expect(record.faults == [.duplicateField])
        #expect(record.isValid)
        #expect(record.id == "1")
    }

    @Test func `discards records by the literal prefix`() {
        let spf = Array("v=spf1 -all".utf8)
        let good = Array("v=STSv1; id=1;".utf8)
        let spaced = Array("v=STSv1 ; id=1;".utf8)
        #expect(STSRecord.select(from: [spf, good]).candidates == [good])
        #expect(STSRecord.select(from: [spaced, good]).candidates == [good])
        #expect(STSRecord.select(from: [spaced]).isNearMiss)
        #expect(STSRecord.select(from: [spf]).candidates.isEmpty)
    }
}

struct STSPolicyTests {
    private static let good =
        "version: STSv1\r\nmode: enforce\r\nmx: mx.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n"

    private func policy(_ text: String) -> STSPolicy { STSPolicy(parsing: Array(text.utf8)) }

    @Test func `reads a good policy`() {
        let policy = policy(Self.good)
        #expect(policy.isValid)
        #expect(policy.faults.isEmpty)
        #expect(policy.mode == .enforce)
        #expect(policy.maxAge == 604_800)
        #expect(policy.patterns.map(\.description) == ["mx.example.com", "*.example.net"])
        #expect(policy.endsWithNewline)
    }

    @Test func `needs neither CR nor a last newline`() {
        let policy = policy("version:STSv1 \nmode:none\nmax_age:  86400")
        #expect(policy.isValid)
        #expect(!policy.endsWithNewline)
    }

    @Test(arguments: [
        ("mode: enforce\nmx: a.example\nmax_age: 1\n", STSPolicy.Fault.versionMissing),
        ("version: stsv1\nmode: none\nmax_age: 1\n", .versionBad),
        ("version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1\n", .modeBad),
        ("version: STSv1\nmx: a.example\nmax_age: 1\n", .modeMissing),
        ("version: STSv1\nmode: none\n", .maxAgeMissing),
        ("version: STSv1\nmode: none\nmax_age: 1 day\n", .maxAgeBad),
        ("version: STSv1\nmode: none\nmax_age: 12345678901\n", .maxAgeBad),
        ("version: STSv1\nmode: none\nmax_age: -1\n", .maxAgeBad),
        ("version: STSv1\nmode: enforce\nmax_age: 1\n", .mxMissing),
        ("\u{feff}version: STSv1\nmode: none\nmax_age: 1\n", .bom),
        ("<html>version: STSv1</html>", .html),
        ("version: STSv1\n\nmode: none\nmax_age: 1\n", .blankLine),
        ("version: STSv1\nmode: none\nmax_age: 1\n\n", .blankLine),
        ("version: STSv1\rmode: none\rmax_age: 1\r", .bareCR),
        ("version : STSv1\nmode: none\nmax_age: 1\n", .spaceBeforeColon),
        (" version: STSv1\nmode: none\nmax_age: 1\n", .spaceBeforeKey),
        ("version: STSv1\nmode: none\nmax_age: 1\nnonsense\n", .lineBad),
    ])
    func `names what makes a policy void`(text: String, fault: STSPolicy.Fault) {
        let policy = policy(text)
        #expect(policy.faults.contains(fault))
        #expect(!policy.isValid)
    }

    @Test(arguments: [
        ("mode: none\nversion: STSv1\nmax_age: 1\n", STSPolicy.Fault.versionNotFirst),
        ("version: STSv1\nmode: none\nmax_age: 1\nmax_age: 2\n", .duplicateKey),
        ("version: STSv1\nmode: none\nmax_age: 31557601\n", .maxAgeTooLarge),
    ])
    func `forgives what senders forgive`(text: String, fault: STSPolicy.Fault) {
        let policy = policy(text)
        #expect(policy.faults == [fault])
        #expect(policy.isValid)
    }

    @Test(arguments: [
        ("mx.*.example", STSPattern.Fault.wildcardPosition), ("*", .wildcardPosition),
        ("*mx.example", .wildcardPosition),
        ("mx.example.", .trailingDot), ("m\u{fc}.example", .uLabel), ("192.0.2.1", .address), ("[192.0.2.1]", .address),
        ("a.example, b.example", .several), ("a.example b.example", .several), ("mx_1.example", .notAName),
        ("", .notAName),
    ])
    func `names the fault of a pattern`(text: String, fault: STSPattern.Fault) {
        #expect(STSPattern.parse(Array(text.utf8)) == .failure(fault))
    }

    @Test func `a wildcard is exactly one more label`() throws {
        let pattern = try STSPattern.parse(Array("*.example.com".utf8)).get()
        #expect(pattern.matches(try DomainName(presentation: "MX.example.com")))
        #expect(!pattern.matches(try DomainName(presentation: "example.com")))
        #expect(!pattern.matches(try DomainName(presentation: "a.b.example.com")))
        #expect(pattern.misses(try DomainName(presentation: "a.b.example.com")))
        #expect(!pattern.misses(try DomainName(presentation: "mx.example.net")))
    }

    @Test func `stops at a thousand patterns`() {
        let lines = (0..<1001).map { "mx: h\($0).example\n" }.joined()
        let policy = policy("version: STSv1\nmode: enforce\nmax_age: 1\n" + lines)
        #expect(policy.patterns.count == 1000)
        #expect(policy.faults == [.tooManyMX])
    }
}
