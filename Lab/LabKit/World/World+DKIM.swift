/// DKIM keys, and where they hide.
extension World {
    /// The key that every domain in good order has.
    static let goodKey = "default._domainkey " + text("v=DKIM1; k=rsa; p=\(DKIMKeys.good)")

    /// A TXT record of character-strings as long as they may be.
    static func text(_ text: String) -> String {
        var rest = Substring(text)
        var strings: [String] = []
        while !rest.isEmpty {
            let part = rest.prefix(250)
            rest = rest.dropFirst(part.count)
            strings.append("\"" + part.flatMap { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" } + "\"")
        }
        return "TXT " + strings.joined(separator: " ")
    }

    /// Keys in place of the good one: selector and text.
    private static func keys(_ name: String, _ note: String, _ keys: (String, String)...) -> LabDomain {
        kept(name, note) { domain in
            domain.records.removeAll { $0 == goodKey }
            domain.records += keys.map { "\($0.0)._domainkey \(text($0.1))" }
        }
    }

    private static func key(_ name: String, _ note: String, _ text: String) -> LabDomain {
        keys(name, note, ("default", text))
    }

    /// A domain that receives no mail, so that nothing but its records is looked at.
    private static func kept(_ name: String, _ note: String, _ change: (inout LabDomain) -> Void) -> LabDomain {
        var domain = bare(
            name, note, ["@ MX 0 .", "@ TXT \"v=spf1 -all\"", "_dmarc TXT \"v=DMARC1; p=reject\"", goodKey])
        change(&domain)
        return domain
    }

    static let dkim: [LabDomain] = keyFaults + keySizes + keyTags + discovery

    private static let keyFaults: [LabDomain] = [
        key("dkimversion.lab", "a version in other case", "v=dkim1; k=rsa; p=\(DKIMKeys.good)"),
        key("dkimlast.lab", "the version behind", "k=rsa; p=\(DKIMKeys.good); v=DKIM1"),
        key("dkimnoversion.lab", "no version", "k=rsa; p=\(DKIMKeys.good)"),
        key("dkimdup.lab", "a tag twice", "v=DKIM1; k=rsa; k=rsa; p=\(DKIMKeys.good)"),
        key("dkimsyntax.lab", "a word that is no tag", "v=DKIM1; rsa; p=\(DKIMKeys.good)"),
        key("dkimnop.lab", "no key in the key", "v=DKIM1; k=rsa"),
        key("dkimrevoked.lab", "a revoked key", "v=DKIM1; p="),
        key(
            "dkimquotes.lab", "parts joined with their quotes",
            "v=DKIM1; p=\(DKIMKeys.good.prefix(200))\" \"\(DKIMKeys.good.dropFirst(200))"),
        key("dkimescaped.lab", "escaped semicolons", "v=DKIM1\\; k=rsa\\; p=\(DKIMKeys.good)"),
        key("dkimwrapped.lab", "quotes around everything", "\"v=DKIM1; k=rsa; p=\(DKIMKeys.good)\""),
        key(
            "dkimpem.lab", "PEM headers",
            "v=DKIM1; p=-----BEGIN PUBLIC KEY-----\(DKIMKeys.good)-----END PUBLIC KEY-----"),
        key("dkimcut.lab", "cut at 255 octets", "v=DKIM1; k=rsa; p=\(DKIMKeys.good.prefix(237))"),
        key("dkimpadding.lab", "the padding left out", "v=DKIM1; k=ed25519; p=\(DKIMKeys.edwards.prefix(43))"),
        key("dkimder.lab", "base64 of no key", "v=DKIM1; p=VGhpcyBpcyBubyBrZXkgYXQgYWxsLg=="),
        key("dkimkind.lab", "an unknown key type", "v=DKIM1; k=rsa-sha256; p=\(DKIMKeys.good)"),
        key("dkimprivate.lab", "a private key in place of the public one", "v=DKIM1; p=\(DKIMKeys.privateKey)"),
        key(
            "dkimprivatepem.lab", "a private key as PEM",
            "v=DKIM1; k=rsa; p=-----BEGIN RSA PRIVATE KEY-----\(DKIMKeys.privateKey)-----END RSA PRIVATE KEY-----"),
        keys(
            "dkimtwotxt.lab", "two keys at one selector", ("default", "v=DKIM1; p=\(DKIMKeys.good)"),
            ("default", "v=DKIM1; p=\(DKIMKeys.rsa1024)")),
        key("dkimspki.lab", "an Ed25519 key with its envelope", "v=DKIM1; k=ed25519; p=\(DKIMKeys.edwardsSPKI)"),
    ]

    private static let keySizes: [LabDomain] = [
        key("dkim1024.lab", "1024 bits", "v=DKIM1; k=rsa; p=\(DKIMKeys.rsa1024)"),
        key("dkim512.lab", "512 bits", "v=DKIM1; k=rsa; p=\(DKIMKeys.rsa512)"),
        key("dkim1536.lab", "1536 bits", "v=DKIM1; k=rsa; p=\(DKIMKeys.rsa1536)"),
        key("dkim4224.lab", "4224 bits", "v=DKIM1; k=rsa; p=\(DKIMKeys.rsa4224)"),
        key("dkimexponent3.lab", "the exponent 3", "v=DKIM1; k=rsa; p=\(DKIMKeys.exponent3)"),
        key("dkimexponent1.lab", "the exponent 1", "v=DKIM1; k=rsa; p=\(DKIMKeys.exponent1)"),
        key("dkimroca.lab", "a key as Infineon's library made them", "v=DKIM1; k=rsa; p=\(DKIMKeys.roca)"),
        key("dkimfactor.lab", "a modulus that 997 divides", "v=DKIM1; k=rsa; p=\(DKIMKeys.smallFactor)"),
        key("dkimpublished.lab", "the key of RFC 6376", "v=DKIM1; k=rsa; p=\(DKIMKeys.published)"),
        key("dkimed.lab", "Ed25519 alone", "v=DKIM1; k=ed25519; p=\(DKIMKeys.edwards)"),
        keys(
            "dkimboth.lab", "RSA and Ed25519", ("rsa", "v=DKIM1; k=rsa; p=\(DKIMKeys.good)"),
            ("ed25519", "v=DKIM1; k=ed25519; p=\(DKIMKeys.edwards)")),
        keys(
            "dkimsame.lab", "one key at two selectors", ("s1", "v=DKIM1; k=rsa; p=\(DKIMKeys.good)"),
            ("s2", "v=DKIM1; k=rsa; p=\(DKIMKeys.good)")),
    ]

    private static let keyTags: [LabDomain] = [
        key("dkimsha1.lab", "SHA-1 alone", "v=DKIM1; k=rsa; h=sha1; p=\(DKIMKeys.good)"),
        key("dkimmd5.lab", "a hash that nobody uses", "v=DKIM1; k=rsa; h=md5; p=\(DKIMKeys.good)"),
        key("dkimtest.lab", "a test", "v=DKIM1; k=rsa; t=y; p=\(DKIMKeys.good)"),
        key("dkimstrict.lab", "strict, with a note", "v=DKIM1; k=rsa; t=s; n=ask=20Joe; p=\(DKIMKeys.good)"),
        key("dkimservice.lab", "for another service", "v=DKIM1; k=rsa; s=web; p=\(DKIMKeys.good)"),
        key("dkimg.lab", "a tag of RFC 4871", "v=DKIM1; k=rsa; g=; p=\(DKIMKeys.good)"),
        key(
            "dkimbig.lab", "a long note",
            "v=DKIM1; k=rsa; n=\(String(repeating: "long=20", count: 30)); p=\(DKIMKeys.good)"),
        keys("dkimold.lab", "keys of 2012 and a test of then", ("20120113", "v=DKIM1; t=y; p=\(DKIMKeys.good)")),
        kept("dkimreports.lab", "a second key for TLS reports") { domain in
            domain.records.append(
                "tlsrpt._domainkey " + text("v=DKIM1; k=rsa; s=tlsrpt; p=\(DKIMKeys.other)"))
        },
        kept("dkimttl.lab", "two days in caches") { $0.ttls["default._domainkey"] = 172_800 },
    ]

    private static let discovery: [LabDomain] = [
        make("dkimnone.lab", "no key at all") { domain in domain.records.removeAll { $0 == goodKey } },
        make("dkimnoneunsigned.lab", "no key, without DNSSEC") { domain in
            domain.records.removeAll { $0 == goodKey }
            domain.delegation = .unsigned
        },
        kept("dkimapart.lab", "no key, in an unsigned zone that its parent's servers do not have") { domain in
            domain.records.removeAll { $0 == goodKey }
            domain.delegation = .unsigned
            domain.nameServers = [FaultyNameServer.Fault.apart.hostName]
        },
        kept("dkiment.lab", "a name server that denies _domainkey, and a key below") { domain in
            domain.delegation = .unsigned
            domain.nameServers = [FaultyNameServer.Fault.withoutKeyParent.hostName]
        },
        kept("dkimcompact.lab", "denials made on the spot") { $0.delegation = .signed(.init(isOnline: true)) },
        kept("dkimcompactnone.lab", "denials made on the spot, and no key") { domain in
            domain.records.removeAll { $0 == goodKey }
            domain.delegation = .signed(.init(isOnline: true))
        },
        kept("dkimnxname.lab", "denials made on the spot that say so, and no key") { domain in
            domain.records.removeAll { $0 == goodKey }
            domain.delegation = .signed(.init(isOnline: true, saysNXNAME: true))
        },
        make("dkimunguessable.lab", "mail hangs on a selector that nobody guesses") { domain in
            domain.records.removeAll { $0 == goodKey }
            domain.records.append("qx8-hidden._domainkey " + text("v=DKIM1; k=rsa; p=\(DKIMKeys.good)"))
        },
        kept("dkimunsigned.lab", "a key without DNSSEC") { $0.delegation = .unsigned },
        kept("dkimnsec3.lab", "NSEC3") { $0.delegation = .signed(.init(iterations: 0)) },
        keys("dkimhidden.lab", "a selector that nobody guesses", ("qx7-hidden", "v=DKIM1; p=\(DKIMKeys.good)")),
        kept("dkimdangling.lab", "an alias for nothing") {
            $0.records.append("selector1._domainkey CNAME gone.dkimdangling.lab.")
        },
        kept("dkimtakeover.lab", "an alias into a domain that can be bought") {
            $0.records.append("selector1._domainkey CNAME k1.dkim-for-sale.lab.")
        },
        kept("dkimalias.lab", "a delegated key") { domain in
            domain.records.removeAll { $0 == goodKey }
            domain.records.append("default._domainkey CNAME default._domainkey.nodane.lab.")
        },
        kept("dkimwildkey.lab", "a key for every selector") { domain in
            domain.records.removeAll { $0 == goodKey }
            domain.records.append("*._domainkey " + text("v=DKIM1; k=rsa; p=\(DKIMKeys.good)"))
        },
        kept("dkimwildtext.lab", "text for every selector") { $0.records.append("*._domainkey TXT \"hello\"") },
        kept("dkimwildall.lab", "text for every name") { domain in
            domain.records.removeAll { $0 == goodKey }
            domain.records.append("* TXT \"hello\"")
        },
        kept("dkimadsp.lab", "an ADSP record") { $0.records.append("_adsp._domainkey TXT \"dkim=all\"") },
        kept("dkimpolicy.lab", "a policy of DomainKeys") { $0.records.append("_domainkey TXT \"o=~; t=y\"") },
        kept("dkimprovider.lab", "a provider without its keys") { domain in
            domain.records.removeAll { $0.hasPrefix("@ TXT") }
            domain.records.append("@ TXT \"v=spf1 mx include:_spf.protonmail.ch -all\"")
        },
        kept("dkimstale.lab", "the key of a provider that is not used") {
            $0.records.append("protonmail._domainkey " + text("v=DKIM1; k=rsa; p=\(DKIMKeys.other)"))
        },
        kept("dkimservfail.lab", "a server that fails at keys") { domain in
            domain.records.removeAll { $0 == goodKey }
            domain.records.append("_domainkey NS ns-servfail.lab.")
        },
    ]
}
