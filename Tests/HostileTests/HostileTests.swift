import AssayDNS
import AssayModel
import AssayProbes
@testable import AssayTransport
@testable import CAA
@testable import DKIM
import LabKit
@testable import MTASTS
import SPF
@testable import TLSRPT
import Testing

/// What every parser of foreign text must do with whatever comes: end, stay small, and show nothing raw.
@Suite struct HostileTests {
    struct Parser: Sendable, CustomTestStringConvertible {
        let name: String
        let seeds: [String]
        let parse: @Sendable ([UInt8]) -> Any

        var testDescription: String { name }
    }

    static let parsers: [Parser] = [
        Parser(name: "TagList", seeds: ["v=DKIM1; k=rsa; p=MIIB", "a = b ; c=d;"]) { TagList(parsing: $0) },
        Parser(
            name: "DMARC",
            seeds: ["v=DMARC1; p=reject; sp=none; rua=mailto:a@example.com!10m,mailto:b@example.net; pct=50; fo=1:d:s"]
        ) { DMARCRecord(parsing: $0) },
        Parser(
            name: "BIMI",
            seeds: ["v=BIMI1; l=https://example.com/a.svg; a=https://example.com/a.pem; avp=brand; lps=a,b"]
        ) { BIMIRecord(parsing: $0) },
        Parser(
            name: "DKIM key",
            seeds: [
                "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                "v=DKIM1; k=rsa; t=y:s; h=sha256; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALc",
            ]
        ) { DKIMKey(parsing: $0) },
        Parser(
            name: "DKIM signature",
            seeds: [
                "v=1; a=rsa-sha256; c=relaxed/simple; d=example.com; s=a; h=From:To; i=b@example.com; l=10; t=1; x=2; bh=aGk=; b=aGk="
            ]
        ) { DKIMSignature(parsing: $0) },
        Parser(
            name: "SPF",
            seeds: [
                "v=spf1 ip4:192.0.2.0/24 a:a.example/24//64 mx -include:%{d}.b.example exists:%{i1r-}.c.example ~all exp=%{h}.d.example",
                "v=spf1 ?ip6:2001:db8::/32 ptr redirect=e.example", " \tV=SPF1include=x",
            ]
        ) { octets in
            let record = SPFRecord(parsing: octets)
            return (record, record.faults.map(\.text), "\(record)", SPFRepair.corrected(octets), SPFSelection([octets]))
        },
        Parser(name: "URL", seeds: ["https://example.com:443/a/b?c#d"]) { octets in
            let url = try? HTTPSURL(parsing: octets)
            return url as Any
        },
        Parser(name: "MTASTS record", seeds: ["v=STSv1; id=20261101T1; x=1;"]) { STSRecord(parsing: $0) },
        Parser(
            name: "MTASTS policy",
            seeds: ["version: STSv1\r\nmode: enforce\r\nmx: *.example.com\r\nmx: a.example.com\r\nmax_age: 604800\r\n"]
        ) { STSPolicy(parsing: $0) },
        Parser(name: "TLSRPT", seeds: ["v=TLSRPTv1; rua=mailto:a@example.com,https://example.com/x; y=1"]) {
            TLSRPTRecord(parsing: $0)
        },
        Parser(
            name: "CAA issue",
            seeds: [
                "letsencrypt.org; accounturi=https://a.example/1; validationmethods=dns-01,http-01", ";", "ca.example",
            ]
        ) { octets in
            let set = AuthorizationSet(properties: [CAAProperty(flags: 0, tag: Array("issue".utf8), value: octets)])
            return (set.permission(.server), set.permission(.wildcard), set.malformed.map(\.shown))
        },
        Parser(name: "CAA others", seeds: ["mailto:a@example.com", "https://example.com/x", "+1-555-0100"]) { octets in
            let tags = [CAAProperty.Kind.iodef, .contactemail, .contactphone].map { Array($0.rawValue.utf8) }
            let set = AuthorizationSet(
                properties: tags.map { CAAProperty(flags: 1, tag: $0, value: octets) }
                    + [CAAProperty(flags: 128, tag: Array(octets.prefix(255)), value: octets)])
            return (set.badReports.map(\.shown), set.badContacts.map(\.shown), set.badTags.map(\.shown))
        },
        Parser(name: "DNS message", seeds: [dnsSeed]) { octets in
            let message = DNSMessage(parsing: octets)
            return message?.answers.map { "\($0.owner)" } as Any
        },
        Parser(name: "SMTP replies", seeds: ["220 mx.example.com ESMTP\r\n250-mx\r\n250-SIZE 1\r\n250 STARTTLS\r\n"]) {
            octets in
            var parser = SMTPReplyParser()
            return Array(
                [parser.receive(octets), parser.next(), parser.next()].compactMap(\.self).prefix(3).map(shown))
        },
        Parser(name: "domain name", seeds: ["mx.example.com", "a\\.b.example\\046com."]) { octets in
            DomainName(String(decoding: octets, as: UTF8.self)) as Any
        },
    ]

    /// An answer with a CAA and an MX record, names compressed.
    private static let dnsSeed = String(
        decoding: [0, 1, 0x04, 0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 97, 0, 1, 1, 0, 1] as [UInt8]
            + [0x40, 12, 1, 1, 0, 1, 0, 0, 1, 44, 0, 9, 0, 5] + Array("issue;;".utf8)
            + [0x40, 12, 0, 15, 0, 1, 0, 0, 1, 44, 0, 4, 0, 10, 0, 0], as: UTF8.self)

    private static func shown(_ event: SMTPReplyParser.Event) -> String {
        switch event {
        case .reply(let reply): "\(reply.code) \(reply.lines.count)"
        case .notSMTP(let text), .limit(let text): text
        }
    }

    /// Texts that go into facts and reports: none holds a control octet, and together they are not much more than was read.
    private func check(_ value: Any, of octets: [UInt8], _ parser: Parser, _ what: String) {
        var size = 0
        var raw: String?
        Self.visit(value, depth: 0) { text in
            size += text.utf8.count
            if raw == nil, text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { raw = text }
        }
        #expect(raw == nil, "\(parser.name), \(what): a control octet goes on")
        #expect(
            size <= 8 * octets.count + 4096, "\(parser.name), \(what): \(size) octets of text out of \(octets.count)")
    }

    /// Every text within a value; raw octets are not texts.
    private static func visit(_ value: Any, depth: Int, _ body: (String) -> Void) {
        if let text = value as? String { return body(text) }
        if value is [UInt8] || value is ArraySlice<UInt8> || depth > 12 { return }
        if let name = value as? DomainName { return body("\(name)") }
        for child in Mirror(reflecting: value).children { visit(child.value, depth: depth + 1, body) }
    }

    @Test(arguments: parsers)
    func recordsOf64KBEndSoonAndStaySmall(_ parser: Parser) throws {
        for name in HostileText.names {
            let octets = try #require(HostileText.make(name))
            let clock = ContinuousClock()
            var value: Any = ()
            let spent = clock.measure { value = parser.parse(octets) }
            // A debug build on a busy machine; `make bench` holds the release to 5 ms.
            #expect(spent < .seconds(2), "\(parser.name), \(name): \(spent)")
            check(value, of: octets, parser, name)
        }
    }

    @Test(arguments: parsers)
    func nothingTrapsAndNothingRawGoesOn(_ parser: Parser) {
        let seeds = parser.seeds.map { Array($0.utf8) }
        var mutation = Mutation(seed: UInt64(parser.name.utf8.count))
        var pool = seeds
        for round in 0..<4000 {
            let octets = mutation.mutate(pool[round % pool.count], seeds)
            check(parser.parse(octets), of: octets, parser, "round \(round)")
            // What was made goes on being changed, so that changes add up.
            if pool.count < 64 { pool.append(octets) } else { pool[round % 64] = octets }
            if round % 512 == 0 { pool = seeds + pool.suffix(16) }
        }
    }

    /// The same replies, however the octets are cut (reliability.md SMT-05).
    @Test func repliesDoNotDependOnSegments() {
        let seeds = ["220 a\r\n250-b\r\n250 c\r\n", "250-x\n250 y\r\n554 no\r\n"].map { Array($0.utf8) }
        var mutation = Mutation(seed: 25)
        for round in 0..<2000 {
            let octets = mutation.mutate(seeds[round % 2], seeds)
            func events(_ step: Int) -> [SMTPReplyParser.Event] {
                var parser = SMTPReplyParser()
                var events: [SMTPReplyParser.Event] = []
                for start in stride(from: 0, to: octets.count, by: step) {
                    var event = parser.receive(octets[start..<min(octets.count, start + step)])
                    while let found = event {
                        events.append(found)
                        guard case .reply = found else { return events }
                        event = parser.next()
                    }
                }
                return events
            }
            #expect(events(1) == events(7))
            #expect(events(1) == events(max(1, octets.count)))
        }
    }

    /// What was printed reads as what it was.
    @Test func printedValuesReadBack() {
        let seeds = ["ca.example; a=1; accounturi=https://a.example/1", "; x=y", "ca.example"].map { Array($0.utf8) }
        var mutation = Mutation(seed: 8659)
        var read = 0
        for round in 0..<6000 {
            guard let value = IssueValue(parsing: mutation.mutate(seeds[round % 3], seeds)) else { continue }
            read += 1
            #expect(IssueValue(parsing: Array(value.description.utf8)) == value)
        }
        #expect(read > 500)
    }
}
