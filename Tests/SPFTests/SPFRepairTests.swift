import AssayModel
import Testing

@testable import SPF

/// The corrected record keeps what was right.
@Suite struct SPFRepairTests {
    private func repaired(_ texts: String..., mx: Bool = true) -> String {
        var knowledge = SPFRepair.Knowledge()
        knowledge.fallback = mx ? "mx" : nil
        return SPFRepair(texts.map { [Array($0.utf8)] }, knowledge).record
    }

    @Test(arguments: [
        ("v=spf1 mx -all", "v=spf1 mx -all"),
        ("v=spf1 include=_spf.a.example ~all", "v=spf1 include:_spf.a.example ~all"),
        ("v=spf1 ipv4:192.0.2.1 -all", "v=spf1 -all"), ("v=spf1 ipv4:198.18.0.1 -all", "v=spf1 -all"),
        ("v=spf1 ipv4:193.0.2.1 -all", "v=spf1 ip4:193.0.2.1 -all"),
        ("v=spf1 ip4:193.0.2.1:25 -all", "v=spf1 ip4:193.0.2.1 -all"),
        ("v=spf1 a:193.0.2.1 mx:193.0.2.2 -all", "v=spf1 ip4:193.0.2.1 ip4:193.0.2.2 -all"),
        ("v=spf1 ip4:mail.a.example -all", "v=spf1 a:mail.a.example -all"),
        ("v=spf1 193.0.2.1/24 -all", "v=spf1 ip4:193.0.2.0/24 -all"),
        ("v=spf1 ip4:193.0.2.1/33 -all", "v=spf1 ip4:193.0.2.1 -all"),
        ("v=spf1 ip4:2a00::1 -all", "v=spf1 ip6:2a00::1 -all"),
        ("v=spf1 mail.a.example -all", "v=spf1 a:mail.a.example -all"), ("v=spf1 mx, a, -all.", "v=spf1 mx a -all"),
        ("v=spf1 redirect:_spf.a.example", "v=spf1 redirect=_spf.a.example"), ("v=spf1 mx +all", "v=spf1 mx ~all"),
        ("v=spf1 mx ?all", "v=spf1 mx ~all"), ("v=spf1 mx", "v=spf1 mx ~all"), ("v=spf1 -all mx", "v=spf1 mx -all"),
        ("v=spf1 -all redirect=_spf.a.example", "v=spf1 include:_spf.a.example -all"),
        ("V=SPF1 MX ~ALL", "v=spf1 mx ~all"),
        ("v=spf1 a:Mail.A.Example. -all", "v=spf1 a:mail.a.example -all"), ("v=spf1mx -all", "v=spf1 mx -all"),
        ("\u{FEFF}\u{201C}v=spf1 mx\u{A0}-all\u{201D}", "v=spf1 mx -all"),
        ("v=spf1\tmx\t\u{2013}all", "v=spf1 mx -all"),
        ("v=spf1 a:b\u{FC}cher.example -all", "v=spf1 a:xn--bcher-kva.example -all"),
        ("spf1 mx -all", "v=spf1 mx -all"),
        ("v=spf1 +all", "v=spf1 mx ~all"), ("v=spf1 ptr -all", "v=spf1 mx -all"),
        ("v=spf1 mx mx -all", "v=spf1 mx -all"),
        ("v=spf1 ip4:193.0.2.0/24 ip4:193.0.2.9 -all", "v=spf1 ip4:193.0.2.0/24 -all"),
        ("v=spf1 x=y mx -all", "v=spf1 mx -all x=y"),
        ("v=spf1 -include:_spf.a.example ~all", "v=spf1 include:_spf.a.example ~all"),
        ("v=spf1 ip4:10.0.0.1 mx -all", "v=spf1 mx -all"),
        ("v=spf1 exp=a.example mx exp=b.example -all", "v=spf1 mx -all exp=a.example"),
    ])
    func `puts right what can be known`(text: String, wanted: String) {
        #expect(repaired(text) == wanted)
        #expect(SPFRecord(parsing: Array(wanted.utf8)).isValid)
        #expect(repaired(wanted) == wanted, "a right record stays")
    }

    @Test func `makes one record of several`() {
        #expect(repaired("v=spf1 mx -all", "v=spf1 include:a.example ~all") == "v=spf1 include:a.example mx ~all")
        #expect(repaired("v=spf1 mx -all", "v=spf1 redirect=a.example") == "v=spf1 mx include:a.example ~all")
        #expect(repaired() == "v=spf1 mx ~all")
        #expect(repaired(mx: false) == "v=spf1 -all")
    }

    @Test(arguments: [
        (["v=spf1 a", "mx -all"], ["amx"]),
        (["v=spf1 include:a.example", "include:b.example -all"], ["include:a.exampleinclude:b.example"]),
        (["v=spf1 ip4:192.0.2", ".1 -all"], []), (["v=spf1 include:_spf.goo", "gle.com -all"], []),
        (["v=spf1 mx ", "a -all"], []),
        (["v=spf1", "mx -all"], ["v=spf1mx"]), (["v=spf1 mx", "-all"], ["mx-all"]),
        (["v=spf1 a:b.example", "mx -all"], ["a:b.examplemx"]), (["v=spf1 include:a.c", "a ~all"], []),
    ])
    func `finds where a space is missing between strings`(strings: [String], wanted: [String]) {
        #expect(SPFStringSplit.joinedTerms(strings.map { Array($0.utf8) }) == wanted)
    }
}
