/// DMARC records, and what receivers make of them.
extension World {
    /// Under it others have domains, says the lab's public suffix list.
    static let publicSuffix = "dmarchosting.lab"

    /// A domain that sends and receives by way of another's host.
    private static func sender(_ name: String, _ note: String, _ records: String...) -> LabDomain {
        bare(name, note, ["@ MX 10 mx1.nodane.lab.", "@ TXT \"v=spf1 mx -all\"", goodKey] + records)
    }

    /// With this record at `_dmarc`.
    private static func policy(_ name: String, _ note: String, _ record: String, _ others: String...) -> LabDomain {
        bare(
            name, note,
            ["@ MX 10 mx1.nodane.lab.", "@ TXT \"v=spf1 mx -all\"", "_dmarc TXT \"v=DMARC1; \(record)\"", goodKey]
                + others)
    }

    private static func rua(_ name: String) -> String { "rua=mailto:dmarc@\(name)" }

    static let dmarc: [LabDomain] = tags + destinations + discovery + hostile

    private static let tags: [LabDomain] = [
        policy("dmarcgood.lab", "in good order", "p=reject; \(rua("dmarcgood.lab"))"),
        policy("dmarcnone.lab", "only watches", "p=none; \(rua("dmarcnone.lab"))"),
        policy("dmarcblind.lab", "watches, and nobody is told", "p=none"),
        bare(
            "dmarcspfonly.lab", "reject, and no key to sign with",
            [
                "@ MX 10 mx1.nodane.lab.", "@ TXT \"v=spf1 mx -all\"",
                "_dmarc TXT \"v=DMARC1; p=reject; \(rua("dmarcspfonly.lab"))\"",
            ]),
        policy("dmarcquarantine.lab", "quarantine", "p=quarantine; \(rua("dmarcquarantine.lab"))"),
        sender(
            "dmarctwo.lab", "two records", "_dmarc TXT \"v=DMARC1; p=reject; \(rua("dmarctwo.lab"))\"",
            "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:other@dmarctwo.lab\""),
        sender(
            "dmarcversion.lab", "the version in other case",
            "_dmarc TXT \"v=dmarc1; p=reject; \(rua("dmarcversion.lab"))\""),
        sender("dmarcblank.lab", "a blank for a semicolon", "_dmarc TXT \"v=DMARC1 p=reject\""),
        policy("dmarcmissing.lab", "no policy", "\(rua("dmarcmissing.lab"))"),
        policy("dmarcinvalid.lab", "a misspelt policy", "p=quarantaine; \(rua("dmarcinvalid.lab"))"),
        policy("dmarcvoid.lab", "a misspelt policy, and no reports", "p=block"),
        policy("dmarcorder.lab", "the policy is not the second tag", "\(rua("dmarcorder.lab")); p=reject"),
        policy("dmarcsp.lab", "subdomains are open", "p=reject; sp=none; \(rua("dmarcsp.lab"))"),
        policy(
            "dmarcspweaker.lab", "subdomains are half open", "p=reject; sp=quarantine; \(rua("dmarcspweaker.lab"))"),
        policy("dmarcnp.lab", "invented names are open", "p=reject; np=none; \(rua("dmarcnp.lab"))"),
        policy(
            "dmarcnpwild.lab", "names that never fail to exist",
            "p=reject; sp=quarantine; np=reject; \(rua("dmarcnpwild.lab"))",
            "* MX 10 mx1.nodane.lab."),
        policy("unit.dmarcgood.lab", "sp below the organization", "p=reject; sp=reject; \(rua("dmarcgood.lab"))"),
        policy(
            "dmarcoverride.lab", "a subdomain of its own mind", "p=reject; \(rua("dmarcoverride.lab"))",
            "_dmarc.mail TXT \"v=DMARC1; p=none\"", "_dmarc.news TXT \"v=DMARC1; p=reject; t=y\"",
            "_dmarc.www TXT \"v=DMARC1; p=reject\""),
        policy("dmarcpct0.lab", "pct=0", "p=reject; pct=0; \(rua("dmarcpct0.lab"))"),
        policy("dmarcpct50.lab", "pct=50", "p=quarantine; pct=50; \(rua("dmarcpct50.lab"))"),
        policy("dmarcpct100.lab", "pct=100", "p=reject; pct=100; \(rua("dmarcpct100.lab"))"),
        policy(
            "dmarcretired.lab", "removed and unknown tags",
            "p=reject; rf=afrf; ri=86400; policy=strict; \(rua("dmarcretired.lab"))"),
        policy("dmarctest.lab", "in test", "p=reject; t=y; \(rua("dmarctest.lab"))"),
        policy("dmarctestnone.lab", "in test, with nothing to test", "p=none; t=y; \(rua("dmarctestnone.lab"))"),
        policy("dmarcstrict.lab", "strict alignment", "p=reject; adkim=s; aspf=s; \(rua("dmarcstrict.lab"))"),
        policy(
            "dmarcvalues.lab", "values that do not exist", "p=reject; adkim=strict; psd=x; \(rua("dmarcvalues.lab"))"),
        policy("dmarcduplicate.lab", "two policies in one record", "p=reject; p=none; \(rua("dmarcduplicate.lab"))"),
        policy("dmarcfo.lab", "failure options without failure reports", "p=reject; fo=1; \(rua("dmarcfo.lab"))"),
    ]

    private static let destinations: [LabDomain] = [
        // Whose reports it takes stands below `_report._dmarc`.
        sender(
            "dmarcreports.lab", "receives reports about others",
            "_dmarc TXT \"v=DMARC1; p=reject; \(rua("dmarcreports.lab"))\"",
            "dmarcauthorised.lab._report._dmarc TXT \"v=DMARC1\"",
            "dmarcredirected.lab._report._dmarc TXT \"v=DMARC1; rua=mailto:second@dmarcreports.lab\"",
            "dmarcrefused.lab._report._dmarc TXT \"v=DMARC1; rua=mailto:second@nodane.lab\"",
            "_report._dmarc.everybody NS ns-servfail.lab."),
        sender(
            "dmarceverybody.lab", "receives reports about everybody",
            "_dmarc TXT \"v=DMARC1; p=reject; \(rua("dmarceverybody.lab"))\"", "*._report._dmarc TXT \"v=DMARC1\""),
        policy("dmarcauthorised.lab", "reports go to another who agreed", "p=reject; rua=mailto:a@dmarcreports.lab"),
        policy(
            "dmarcunauthorised.lab", "reports go to another who did not agree",
            "p=reject; rua=mailto:a@dmarcreports.lab"),
        policy(
            "dmarcpartly.lab", "one of two did not agree",
            "p=reject; \(rua("dmarcpartly.lab")),mailto:a@dmarcreports.lab"),
        policy(
            "dmarcwildcard.lab", "reports go to one who agrees to everything",
            "p=reject; rua=mailto:a@dmarceverybody.lab"),
        policy("dmarcredirected.lab", "reports are redirected", "p=reject; rua=mailto:a@dmarcreports.lab"),
        policy("dmarcrefused.lab", "reports are redirected to another host", "p=reject; rua=mailto:a@dmarcreports.lab"),
        policy(
            "dmarcreportfail.lab", "nobody can tell whether the other agreed",
            "p=reject; rua=mailto:a@everybody.dmarcreports.lab"),
        policy(
            "dmarcgone.lab", "an address in a domain that does not exist", "p=reject; rua=mailto:a@gone.dmarcgone.lab"),
        policy(
            "dmarcnull.lab", "addresses in a domain with a null MX",
            "p=reject; rua=mailto:a@inside.dmarcnull.lab,\(rua("dmarcnull.lab").dropFirst(4)); ruf=mailto:a@inside.dmarcnull.lab",
            "inside MX 0 ."),
        policy(
            "dmarcbare.lab", "addresses that are no URIs",
            "p=reject; rua=dmarc@dmarcbare.lab, mailto://b@dmarcbare.lab; ruf=c@dmarcbare.lab"),
        policy(
            "dmarcsemicolon.lab", "a semicolon between addresses",
            "p=reject; \(rua("dmarcsemicolon.lab")); mailto:b@dmarcsemicolon.lab"),
        policy("dmarcsized.lab", "a size limit", "p=reject; \(rua("dmarcsized.lab"))!10m"),
        policy(
            "dmarcthree.lab", "three addresses each",
            "p=reject; rua=mailto:a@dmarcthree.lab,mailto:b@dmarcthree.lab,mailto:c@dmarcthree.lab; ruf=mailto:a@dmarcthree.lab,mailto:b@dmarcthree.lab,mailto:c@dmarcreports.lab; fo=0:1"
        ),
        policy(
            "\(String(repeating: "a", count: 60)).\(String(repeating: "b", count: 50)).dmarclong.lab",
            "names too long to be authorised",
            "p=reject; rua=mailto:x@\(String(repeating: "c", count: 60)).\(String(repeating: "d", count: 60)).dmarcreports.lab"
        ),
    ]

    private static let discovery: [LabDomain] = [
        sender("dmarcabsent.lab", "no record"),
        bare(
            "dmarcparked.lab", "parked as it should be",
            ["@ MX 0 .", "@ TXT \"v=spf1 -all\"", "_dmarc TXT \"v=DMARC1; p=reject; sp=reject; np=reject\""]),
        bare(
            "dmarcparkedweak.lab", "parked, and only watched",
            ["@ MX 0 .", "@ TXT \"v=spf1 -all\"", "_dmarc TXT \"v=DMARC1; p=none\""]),
        sender(
            "dmarcapex.lab", "records at wrong names", "@ TXT \"v=DMARC1; p=none\"", "dmarc TXT \"v=DMARC1; p=none\""),
        policy(
            "dmarcwild.lab", "a wildcard beside the record", "p=reject; \(rua("dmarcwild.lab"))",
            "* TXT \"v=spf1 -all\""),
        sender("dmarcalias.lab", "a delegated record", "_dmarc CNAME _dmarc.dmarcgood.lab."),
        sender(
            "dmarcdangling.lab", "delegated to a domain that nobody registered",
            "_dmarc CNAME x._dmarc.expired-long-ago.lab."),
        sender("dmarcdangling2.lab", "delegated to nothing", "_dmarc CNAME nothing.nodane.lab."),
        sender("dmarcservfail.lab", "the record's servers fail", "_dmarc NS ns-servfail.lab."),
        sender("dmarcbogus.lab", "the record's signatures do not verify", "_dmarc NS ns-bogus.lab."),
        policy("unit.dmarcservfail.lab", "its own record, and a failure above", "p=reject; \(rua("dmarcgood.lab"))"),
        policy("dmarcpsdy.lab", "calls itself a public suffix", "p=reject; psd=y; \(rua("dmarcpsdy.lab"))"),
        policy("dmarcpsdn.lab", "an organization, and says so", "p=reject; psd=n; \(rua("dmarcpsdn.lab"))"),
        policy(
            "unit.dmarcpsdn.lab", "a unit that is an organization of its own",
            "p=reject; psd=n; rua=mailto:a@unit.dmarcpsdn.lab"),
        sender("mail.unit.dmarcpsdn.lab", "below a unit that is an organization of its own"),
        policy(publicSuffix, "others have domains below it", "p=none; sp=reject; \(rua("dmarchosting.lab"))"),
        sender("tenant.dmarchosting.lab", "below a public suffix that does not say so"),
        sender("a.b.c.d.e.f.g.dmarcgood.lab", "nine labels, under an organization's record"),
        sender(
            "middle.dmarcgood.lab", "the record above is not the organization's",
            "_dmarc TXT \"v=DMARC1; p=none; \(rua("dmarcgood.lab"))\""),
        sender("below.middle.dmarcgood.lab", "a record half way up counts for nobody"),
    ]

    private static let hostile: [LabDomain] = [
        sender("dmarchuge.lab", "5,000 tags in 60,000 octets", "_dmarc TXT \(hugeRecord)"),
        sender("dmarcnul.lab", "a NUL within the version", "_dmarc TXT \"v=DMARC1\\000; p=reject\""),
        sender("dmarcgreek.lab", "a Greek question mark for a semicolon", "_dmarc TXT \"v=DMARC1\\205\\190 p=reject\""),
        sender("dmarckelvin.lab", "a combining mark behind the policy", "_dmarc TXT \"v=DMARC1; p=reject\\204\\129\""),
    ]

    /// Character-strings of 240 octets: a record of as many tags as a message has room for.
    private static let hugeRecord: String = {
        let tags = (0..<5_000).map { "x\($0 % 10)=aaaaaaa; " }.joined()
        let text = Array("v=DMARC1; p=reject; rua=mailto:dmarc@dmarchuge.lab; ".utf8) + Array(tags.utf8.prefix(59_700))
        return stride(from: 0, to: text.count, by: 240).map { start in
            "\"" + String(decoding: text[start..<min(start + 240, text.count)], as: UTF8.self) + "\""
        }.joined(separator: " ")
    }()
}
