import AssayModel
@testable import DNSSEC
import Testing

@Suite struct TextTests {
    @Test(
        arguments: [
            ("v=spf1 mx -all", [], true, "v=spf1 mx -all"),
            ("\"v=spf1 mx -all\"", [.literalQuotes], true, "v=spf1 mx -all"),
            ("\\\"v=DMARC1; p=none\\\"", [.backslashQuotes], true, "v=DMARC1; p=none"),
            ("%22v=STSv1; id=1%22", [.percentQuotes], true, "v=STSv1; id=1"),
            ("\u{201C}v=DMARC1;\u{A0}p=none\u{201D}", [.smartQuotes, .noBreakSpace], true, "v=DMARC1; p=none"),
            ("v=DKIM1;\u{200B} p=abc", [.zeroWidth], true, "v=DKIM1; p=abc"),
            ("\u{FEFF}v=TLSRPTv1; rua=mailto:a@b.example", [.zeroWidth], true, "v=TLSRPTv1; rua=mailto:a@b.example"),
            // Quotes inside are another protocol's own.
            ("{\"a\": 1}", [], false, "{\"a\": 1}"),
            ("\"google-site-verification=x\"", [.literalQuotes], false, "google-site-verification=x"),
            ("token=\u{200B}x", [.zeroWidth], false, "token=x"),
            ("", [], false, ""),
            ("\"", [], false, "\""),
        ] as [(String, [TextSlips.Slip], Bool, String)])
    func slipsAreFoundAndTakenAway(_ text: String, _ slips: [TextSlips.Slip], _ isPolicy: Bool, _ corrected: String) {
        let found = TextSlips(parsing: Array(text.utf8))
        #expect(found.slips == slips)
        #expect(found.isPolicy == isPolicy)
        #expect(found.corrected == Array(corrected.utf8))
        #expect(TextSlips(parsing: found.corrected).slips == [], "what is corrected is in order")
    }

    @Test func aLongRecordIsReadInTime() {
        let text = [UInt8](repeating: 0xE2, count: 65_536)
        let time = ContinuousClock().measure { #expect(TextSlips(parsing: text).slips == []) }
        // Debug builds of a busy machine, too; 5 ms are asked of a release build.
        #expect(time < .milliseconds(500))
    }

    @Test(
        arguments: [
            ("v=TLSRPTv1; rua=mailto:tls@reports.example", ["reports.example"]),
            ("v=TLSRPTv1; rua=MAILTO:a@B.example,https://c.example:8443/x", ["b.example", "c.example"]),
            ("v=DMARC1; rua=mailto:a@x.example!10m; ruf=mailto:b@y.example", ["x.example", "y.example"]),
            ("v=DMARC1; rua=mailto:nobody", []), ("v=DMARC1; rua=mailto:", []), ("", []),
        ] as [(String, [String])])
    func reportDestinationsAreFound(_ text: String, _ domains: [String]) {
        #expect(ReportDestinations.domains(in: Array(text.utf8)).map { "\($0)" } == domains)
    }
}

@Suite struct NameTests {
    /// The wanted names are registered (RFC 8552 section 4.1 and those who came after), the others are not.
    @Test func policiesBelongAtRegisteredNames() throws {
        // BIMI's is asked for by a draft, and not registered yet.
        let registered = Set(UnderscoredNames.registry.filter { $0.type == "TXT" }.map(\.node) + ["_bimi"])
        for policy in UnderscoredNames.policies {
            let node = try #require(policy.label.split(separator: ".").last)
            #expect(registered.contains(String(node)), "\(policy.label)")
            #expect(!policy.mistaken.contains(policy.label))
        }
    }

    @Test(arguments: [
        ("ns1.pendingrenewaldeletion.com", true), ("ns1.renewyourname.net", true), ("expired1.namebrightdns.com", true),
        ("ns1.namebrightdns.com", false), ("dns1.registrar-servers.com", false), ("ns1.notrenewyourname.net", false),
    ])
    func placeholdersAreKnown(_ server: String, _ isPlaceholder: Bool) throws {
        #expect(PlaceholderServers.contains(try #require(DomainName(server))) == isPlaceholder)
        #expect(PlaceholderServers.names.count == 9)
    }
}
