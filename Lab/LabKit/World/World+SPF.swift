/// Who may send as the domain.
extension World {
    /// A domain in good order but for its SPF records; `records` are those of other names, or further ones.
    private static func sender(
        _ name: String, _ note: String, _ texts: [String], records: [String] = [],
        _ change: (inout LabDomain) -> Void = { _ in }
    ) -> LabDomain {
        make(name, note) { domain in
            domain.records.removeAll { $0.hasPrefix("@ TXT \"v=spf1") }
            domain.records = texts.map { "@ TXT \($0.hasPrefix("\"") ? $0 : "\"\($0)\"")" } + domain.records + records
            change(&domain)
        }
    }

    private static func sender(_ name: String, _ note: String, _ text: String, _ records: String...) -> LabDomain {
        sender(name, note, [text], records: records)
    }

    static let spf: [LabDomain] = good + selection + syntax + ends + trees + ranges + around

    private static let good: [LabDomain] = [
        sender(
            "spfgood.lab", "in good order: addresses, an include of its own, softfail",
            "v=spf1 ip4:193.17.60.0/24 ip6:2a0f:1ab:60::/48 include:_spf.spfgood.lab ~all",
            "_spf TXT \"v=spf1 mx:spfgood.lab a:out.spfgood.lab -all\"", "out A 193.17.61.1", "out AAAA 2a0f:1ab:61::1"),
        sender(
            "spfredirected.lab", "in good order: a redirect", "v=spf1 redirect=_spf.spfgood.lab"),
        sender("spfnever.lab", "in good order: it never sends", "v=spf1 -all"),
    ]

    private static let selection: [LabDomain] = [
        sender("spfnone.lab", "no SPF record", []),
        sender(
            "spftwo.lab", "two SPF records", ["v=spf1 mx -all", "v=spf1 ip4:193.17.60.1 include:_spf.spfgood.lab ~all"]),
        sender(
            "spftype99.lab", "a record of type SPF alone", [], records: ["@ TYPE99 \\# 12 0b763d73706631202d616c6c"]),
        sender("spfnospace.lab", "no space behind the version", "v=spf1mx -all"),
        sender("spffront.lab", "a byte order mark and quotes in front", "\\239\\187\\191\\\"v=spf1 mx -all\\\""),
        sender("spftab.lab", "tabs between the terms", "v=spf1\\009mx\\009-all"),
        sender("spfsenderid.lab", "a record of Sender ID beside SPF", ["v=spf1 mx ~all", "spf2.0/pra mx ~all"]),
        sender("spfsplit.lab", "a space is missing between strings", "\"v=spf1 a:mx1.spfsplit.lab\" \"mx ~all\""),
        sender("spfcase.lab", "capitals", "V=SPF1 MX ~ALL"),
        sender(
            "spfbig.lab", "a record longer than 450 octets",
            "\"v=spf1 \(bulk(1, 12)) \" \"\(bulk(13, 30)) ~all\""),
        sender(
            "spfcrowd.lab", "many verification tokens",
            ["v=spf1 mx ~all"]
                + (1...9).map { "some-service-verification=\(String(repeating: "0123456789", count: 14))\($0)" }),
    ]

    /// Addresses that follow each other with a gap between, so that nothing lies within another.
    private static func bulk(_ first: Int, _ last: Int) -> String {
        (first...last).map { "ip4:193.17.62.\($0 * 3)" }.joined(separator: " ")
    }

    private static let syntax: [LabDomain] = [
        sender(
            "spfsyntax.lab", "terms that are none",
            "v=spf1 ipv4:193.17.60.1 a:193.17.60.2 ip4:mx1.spfsyntax.lab, 193.17.60.3 mx:mx1.spfsyntax.lab/24. -all."),
        sender("spfmacro.lab", "a macro with an unknown letter", "v=spf1 mx exists:%{x}.spfmacro.lab ~all"),
        sender("spfdomain.lab", "a name of one label", "v=spf1 mx a:spfdomain ~all"),
        sender("spfbadname.lab", "a name with an empty label", "v=spf1 mx a:mx1..spfbadname.lab ~all"),
        sender("spfcidr4.lab", "a prefix length of 33", "v=spf1 ip4:193.17.60.1/33 ~all"),
        sender("spfcidr6.lab", "a prefix length of 129", "v=spf1 ip6:2a0f:1ab::1/129 ~all"),
        sender("spfredirects.lab", "two redirects", "v=spf1 redirect=_spf.spfgood.lab redirect=spfgood.lab"),
        sender("spfexps.lab", "two explanations", "v=spf1 mx exp=a.spfexps.lab exp=b.spfexps.lab ~all"),
        sender(
            "spfequals.lab", "equals signs in place of colons",
            "v=spf1 include=_spf.spfgood.lab ip4=193.17.60.1 mx ~all"),
        sender("spfdot.lab", "a name with a last dot", "v=spf1 a:mx1.spfdot.lab. ~all"),
        sender(
            "spfexp.lab", "an explanation", "v=spf1 mx exp=why.spfexp.lab -all",
            "why TXT \"%{i} does not send for %{d}\""),
    ]

    private static let ends: [LabDomain] = [
        sender("spfall.lab", "everybody passes", "v=spf1 mx +all"),
        sender(
            "spfopen.lab", "everybody passes by an include", "v=spf1 mx include:open.spfopen.lab -all",
            "open TXT \"v=spf1 all\""),
        sender("spfneutral.lab", "neutral for strangers", "v=spf1 mx ?all"),
        sender("spfsoft.lab", "softfail for strangers", "v=spf1 mx ~all"),
        sender("spfnoend.lab", "no end", "v=spf1 mx"),
        sender(
            "spfafter.lab", "terms behind the end", "v=spf1 mx -all ip4:193.17.60.1 redirect=_spf.spfgood.lab"),
        sender("spftrap.lab", "the included record's end is meant to count", "v=spf1 include:_spf.spfgood.lab ?all"),
    ]

    private static let trees: [LabDomain] = [
        sender(
            "spfmany.lab", "twelve lookups",
            ["v=spf1 \((1...11).map { "a:h\($0).spfmany.lab" }.joined(separator: " ")) mx ~all"]
        ) { domain in
            domain.records += (1...11).flatMap { ["h\($0) A 193.17.63.\($0)", "h\($0) AAAA 2a0f:1ab:63::\($0)"] }
        },
        sender(
            "spfnine.lab", "nine lookups",
            ["v=spf1 \((1...8).map { "a:h\($0).spfnine.lab" }.joined(separator: " ")) mx ~all"]
        ) { domain in domain.records += (1...8).map { "h\($0) A 193.17.64.\($0)" } },
        sender(
            "spfhostile.lab", "1,200 terms",
            "\"v=spf1\" "
                + Array(repeating: "\"\(String(repeating: " a", count: 120))\"", count: 10).joined(separator: " ")),
        sender(
            "spfvoid.lab", "three names that do not exist",
            "v=spf1 mx a:gone1.spfvoid.lab a:gone2.spfvoid.lab a:gone3.spfvoid.lab ~all"),
        sender("spfptr.lab", "names of addresses are asked for", ["v=spf1 ptr -all"]) { domain in
            domain.hosts[0].reverseAliases = (1...10).map { "name\($0).spfptr.lab" }
        },
        sender("spfredirectnone.lab", "a redirect to nowhere", "v=spf1 redirect=gone.spfredirectnone.lab"),
        sender("spfincludenone.lab", "an include of nothing", "v=spf1 mx include:gone.spfincludenone.lab ~all"),
        sender(
            "spfincludebad.lab", "an include of a malformed record", "v=spf1 mx include:bad.spfincludebad.lab ~all",
            "bad TXT \"v=spf1 ip4:193.17.60 -all\""),
        sender(
            "spfincludefail.lab", "an include whose servers fail",
            "v=spf1 mx include:spf.inner.spfincludefail.lab ~all",
            "inner NS ns-servfail.lab."),
        sender(
            "spfloop.lab", "records that include each other", "v=spf1 mx include:a.spfloop.lab ~all",
            "a TXT \"v=spf1 ip4:193.17.60.1 include:spfloop.lab -all\""),
        sender("spfself.lab", "a record that includes itself", "v=spf1 mx include:spfself.lab ~all"),
        sender(
            "spfdouble.lab", "an include twice", "v=spf1 include:_spf.spfgood.lab include:a.spfdouble.lab ~all",
            "a TXT \"v=spf1 include:_spf.spfgood.lab -all\""),
        sender("spfqualified.lab", "an include with a minus", "v=spf1 mx -include:_spf.spfgood.lab ~all"),
        sender(
            "spfdangling.lab", "an include in a domain that nobody registered",
            "v=spf1 mx include:spf.expired-long-ago.lab ~all"),
        sender("spfmx.lab", "an mx term for a name without MX", "v=spf1 mx mx:mx1.spfmx.lab ~all"),
        sender(
            "spfmacros.lab", "questions that depend on the message",
            "v=spf1 mx exists:%{i}.ip.spfmacros.lab exists:%{l}.user.spfmacros.lab ~all"),
        sender(
            "spfservices.lab", "services that send for many",
            ["v=spf1 mx include:sendgrid.net include:relay.mailchannels.net ~all"]
        ) { domain in
            domain.foreignRecords = [
                "sendgrid.net. 300 IN TXT \"v=spf1 ip4:193.17.65.0/24 -all\"",
                "relay.mailchannels.net. 300 IN TXT \"v=spf1 ip4:193.17.66.0/24 -all\"",
            ]
        },
    ]

    private static let ranges: [LabDomain] = [
        sender("spfworld.lab", "half of the world, twice", "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 ~all"),
        sender("spfbroad.lab", "a wide range", "v=spf1 mx ip4:193.16.0.0/12 ~all"),
        sender("spfprivate.lab", "private addresses", "v=spf1 mx ip4:10.0.0.0/8 ip4:192.168.0.0/24 ~all"),
        sender("spfhostbits.lab", "a range named by an address within", "v=spf1 mx ip4:193.17.60.77/24 ~all"),
        sender("spfoverlap.lab", "a range within another", "v=spf1 mx ip4:193.17.60.0/24 ip4:193.17.60.9 ~all"),
        sender(
            "spfweb.lab", "the web site's address may send", "v=spf1 a:www.spfweb.lab mx ~all", "www A 104.16.9.9",
            "www TXT \"v=spf1 -all\""),
    ]

    private static let around: [LabDomain] = [
        sender("spfwildcard.lab", "a wildcard record", "v=spf1 mx ~all", "* TXT \"v=spf1 -all\""),
        sender("spfgaps.lab", "a web server without a record", "v=spf1 mx ~all", "www A 193.17.60.1"),
        sender("spfhelo.lab", "mail hosts without a record", ["v=spf1 mx ~all"]) { domain in
            for index in domain.hosts.indices { domain.hosts[index].hasSPF = false }
        },
        sender("spfehlo.lab", "a mail host that calls itself by a name without a record", ["v=spf1 mx ~all"]) {
            domain in
            domain.hosts[0].script.ehlo = "250-out.spfehlo.lab at your service\r\n250-STARTTLS\r\n250 8BITMIME"
        },
        bare("spfmute.lab", "a null MX, no SPF, DMARC rejects", ["@ MX 0 .", "_dmarc TXT \"v=DMARC1; p=reject\""]),
    ]
}
