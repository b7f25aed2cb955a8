/// Brand indicators: records, DMARC before them, logos and mark certificates.
extension World {
    /// What the domain shows, in good order; `change` spoils it.
    private struct Brand {
        var record: String
        var logo = WebFile.svg(LabLogo.good)
        var mark: MarkSpec? = MarkSpec()
        var host = WebHost()
    }

    private static func brand(
        _ name: String, _ note: String, _ change: (inout LabDomain, inout Brand) -> Void = { _, _ in }
    ) -> LabDomain {
        make(name, note) { domain in
            var brand = Brand(record: "v=BIMI1; l=https://bimi.\(name)/logo.svg; a=https://bimi.\(name)/vmc.pem;")
            change(&domain, &brand)
            if brand.host.files["/logo.svg"] == nil { brand.host.files["/logo.svg"] = brand.logo }
            if let mark = brand.mark { brand.host.files["/vmc.pem"] = .pem(mark) }
            domain.webs.append(brand.host)
            if !brand.record.isEmpty { domain.records.append("default._bimi TXT \"\(brand.record)\"") }
        }
    }

    private static func record(_ name: String, _ note: String, _ record: String) -> LabDomain {
        brand(name, note) { $1.record = record }
    }

    private static func dmarc(_ name: String, _ note: String, _ record: String) -> LabDomain {
        brand(name, note) { domain, _ in domain.records[1] = "_dmarc TXT \"\(record)\"" }
    }

    /// Logo and certificate hold the same drawing.
    private static func logo(_ name: String, _ note: String, _ text: String) -> LabDomain {
        brand(name, note) { _, brand in
            brand.logo = .svg(text)
            brand.mark?.logo = text
        }
    }

    /// The logo alone is spoilt, and nobody vouches for it.
    private static func selfMade(_ name: String, _ note: String, _ text: String) -> LabDomain {
        brand(name, note) { _, brand in
            brand.logo = .svg(text)
            brand.mark = nil
            brand.record = "v=BIMI1; l=https://bimi.\(name)/logo.svg; a=;"
        }
    }

    private static func mark(_ name: String, _ note: String, _ change: (inout MarkSpec) -> Void) -> LabDomain {
        brand(name, note) { _, brand in
            var mark = MarkSpec()
            change(&mark)
            brand.mark = mark
        }
    }

    private static func web(_ name: String, _ note: String, _ change: (inout WebHost) -> Void) -> LabDomain {
        brand(name, note) { change(&$1.host) }
    }

    private static func root(_ attributes: String) -> String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" \(attributes)>\n  <title>Lab</title>\n"
            + "  <rect width=\"64\" height=\"64\" fill=\"#fff\"/>\n  <circle r=\"9\" fill=\"red\"/>\n</svg>\n"
    }

    static let bimi: [LabDomain] = bimiRecords + bimiGates + bimiWebs + bimiLogos + bimiMarks

    private static let bimiRecords: [LabDomain] = [
        brand("brand.lab", "in good order, with a logo and a mark certificate"),
        record(
            "brandversion.lab", "the version in lower case", "v=bimi1; l=https://bimi.brandversion.lab/logo.svg; a=;"),
        record("brandsyntax.lab", "no tag", "v=BIMI1; l=https://bimi.brandsyntax.lab/logo.svg; a=; logo"),
        record(
            "brandtwice.lab", "two locations",
            "v=BIMI1; l=https://bimi.brandtwice.lab/logo.svg; l=https://bimi.brandtwice.lab/other.svg; a=;"),
        record("brandnol.lab", "no location", "v=BIMI1; a=https://bimi.brandnol.lab/vmc.pem;"),
        record(
            "brandemptyl.lab", "a certificate without a location",
            "v=BIMI1; l=; a=https://bimi.brandemptyl.lab/vmc.pem;"),
        record("brandhttp.lab", "a location without TLS", "v=BIMI1; l=http://bimi.brandhttp.lab/logo.svg; a=;"),
        record(
            "brandahttp.lab", "a certificate without TLS",
            "v=BIMI1; l=https://bimi.brandahttp.lab/logo.svg; a=http://bimi.brandahttp.lab/vmc.pem;"),
        record(
            "brandlist.lab", "two locations in one",
            "v=BIMI1; l=https://bimi.brandlist.lab/logo.svg,https://bimi.brandlist.lab/b.svg; a=;"),
        record("brandavp.lab", "an unknown preference", "v=BIMI1; l=https://bimi.brandavp.lab/logo.svg; a=; avp=face;"),
        record(
            "brandlps.lab", "a malformed prefix", "v=BIMI1; l=https://bimi.brandlps.lab/logo.svg; a=; lps=news,a_b;"),
        record("branddeclined.lab", "no logo is wanted", "v=BIMI1; l=; a=;"),
        record(
            "brandself.lab", "a logo that nobody vouches for", "v=BIMI1; l=https://bimi.brandself.lab/logo.svg; a=;"),
        brand("brandtwo.lab", "two records") { domain, _ in
            domain.records.append("default._bimi TXT \"v=BIMI1; l=; a=;\"")
        },
        brand("brandalias.lab", "a delegated record") { domain, brand in
            brand.record = ""
            domain.records.append("default._bimi CNAME default._bimi.brand.lab.")
        },
        brand("branddangling.lab", "an alias that leads nowhere") { domain, brand in
            brand.record = ""
            domain.records.append("default._bimi CNAME branddangling.gone-provider.lab.")
        },
        brand("brandbogus.lab", "the record does not validate") { domain, brand in
            brand.record = ""
            domain.records.append("default._bimi NS ns-bogus.lab.")
        },
        record(
            "brandlarge.lab", "more tags than anybody reads",
            "v=BIMI1; l=; a=; " + (0..<30).map { "a\($0)=b;c\($0)=d" }.joined(separator: ";\" \"") + ";x=y;z=z;q=r;s=t"),
        brand("brandsuffix.lab", "unusual names of files") { _, brand in
            brand.record = "v=BIMI1; l=https://bimi.brandsuffix.lab/logo; a=https://bimi.brandsuffix.lab/vmc.crt;"
            brand.host.files["/logo"] = .svg(LabLogo.good)
            brand.host.files["/vmc.crt"] = .pem(MarkSpec())
        },
    ]

    private static let bimiGates: [LabDomain] = [
        dmarc("brandnone.lab", "DMARC without a policy", "v=DMARC1; p=none; rua=mailto:d@brandnone.lab"),
        brand("brandnodmarc.lab", "no DMARC") { domain, _ in domain.records.remove(at: 1) },
        dmarc("brandsp.lab", "no policy for subdomains", "v=DMARC1; p=reject; sp=none; rua=mailto:d@brandsp.lab"),
        dmarc(
            "brandpct.lab", "a policy for half the mail", "v=DMARC1; p=quarantine; pct=50; rua=mailto:d@brandpct.lab"),
        dmarc("brandpctreject.lab", "reject for half", "v=DMARC1; p=reject; pct=50; rua=mailto:d@brandpctreject.lab"),
        dmarc("brandtest.lab", "a policy in test", "v=DMARC1; p=quarantine; t=y; rua=mailto:d@brandtest.lab"),
        dmarc("brandnp.lab", "nothing for invented names", "v=DMARC1; p=reject; np=none; rua=mailto:d@brandnp.lab"),
        dmarc("brandorg.lab", "an organization without a policy", "v=DMARC1; p=none; rua=mailto:d@brandorg.lab"),
        brand("news.brandorg.lab", "a policy of its own below an organization without one") { _, brand in
            brand.mark?.names = ["news.brandorg.lab"]
        },
        brand("brandspf.lab", "SPF that passes everybody") { domain, _ in domain.records[0] = "@ TXT \"v=spf1 +all\"" },
        make("mail.brand.lab", "the logo of its organization"),
    ]

    private static let bimiWebs: [LabDomain] = [
        web("brandnohost.lab", "no address for the logo") { $0.hasAddress = false },
        web("brandprivate.lab", "a private address for the logo") { $0.fixedAddress = "10.1.2.3" },
        web("brandclosed.lab", "nobody listens at the logo") { $0.isListening = false },
        web("brandexpired.lab", "an expired certificate at the logo") {
            $0.certificate = CertificateSpec(from: -100, to: -2)
        },
        web("brandoldtls.lab", "TLS 1.1 at the logo") { $0.maximumTLS = 0x0302 },
        web("brandsoon.lab", "the certificate at the logo expires soon") {
            $0.certificate = CertificateSpec(from: -80, to: 5)
        },
        web("brand404.lab", "no file at the logo") {
            $0.files["/logo.svg"] = WebFile(status: "404 Not Found", headers: [], body: .octets([]))
        },
        web("brand403.lab", "a firewall before the logo") {
            $0.files["/logo.svg"] = WebFile(status: "403 Forbidden", headers: [], body: .octets(Array("robot?".utf8)))
        },
        web("brandmoved.lab", "a redirect to the logo") {
            $0.files["/logo.svg"] = .redirect(to: "/real.svg")
            $0.files["/real.svg"] = .svg(LabLogo.good)
        },
        web("brandloop.lab", "a redirect to itself") { $0.files["/logo.svg"] = .redirect(to: "/logo.svg") },
        web("brandinward.lab", "a redirect to a private address") {
            $0.files["/logo.svg"] = .redirect(to: "https://127.0.0.1/logo.svg")
        },
        web("brandtype.lab", "the wrong media type for the logo") {
            $0.files["/logo.svg"] = WebFile(
                headers: ["Content-Type: text/plain"], body: .octets(Array(LabLogo.good.utf8)))
        },
        web("brandgzip.lab", "a compressed logo") {
            $0.files["/logo.svg"] = WebFile(
                headers: ["Content-Type: image/svg+xml", "Content-Encoding: gzip"],
                body: .octets(MarkMaker.gzip(Array(LabLogo.good.utf8))))
        },
        web("brandbadgzip.lab", "a compressed logo that was cut") {
            $0.files["/logo.svg"] = WebFile(
                headers: ["Content-Type: image/svg+xml"],
                body: .octets(MarkMaker.gzip(Array(LabLogo.good.utf8)).dropLast(12)))
        },
        logo(
            "brandlarge2.lab", "a large logo",
            LabLogo.logo(
                (0..<1200).map { "<rect width=\"64\" height=\"\($0)\" fill=\"#fff\"/>" }.joined(separator: "\n"))),
        web("brandendless.lab", "a logo beyond all limits") {
            $0.files["/logo.svg"] = .svg(LabLogo.logo(String(repeating: "<g/>", count: 80_000)))
        },
    ]

    private static let bimiLogos: [LabDomain] = [
        logo(
            "logoforeign.lab", "elements of other profiles",
            LabLogo.logo("<image href=\"http://logo.lab/a.png\"/><style/><tspan/>")),
        selfMade(
            "logoscript.lab", "a script", LabLogo.logo("<script>x</script><rect onload=\"x\" fill=\"javascript:x\"/>")),
        selfMade(
            "logooutside.lab", "references to outside",
            LabLogo.logo("<rect fill=\"url(https://logo.lab/#a)\"/><use href=\"https://logo.lab/a.svg#b\"/>")),
        selfMade(
            "logoattribute.lab", "attributes of other profiles",
            LabLogo.logo("<rect style=\"fill:red\" opacity=\"1\" fill-rule=\"odd\"/>\n  <g fill=\"#fff\"/>")),
        selfMade("logoplace.lab", "things in the wrong place", LabLogo.logo("words<g><desc/></g><rect><g/></rect>")),
        selfMade(
            "logoversion.lab", "the wrong profile",
            root("version=\"1.1\" baseProfile=\"tiny\" viewBox=\"0 0 64 64\" x=\"0\"")),
        selfMade(
            "logoroot.lab", "attributes of the root",
            root("version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"0 0 64 32\" width=\"100%\" zoomAndPan=\"magnify\"")),
        selfMade("logonobox.lab", "no viewBox", root("version=\"1.2\" baseProfile=\"tiny-ps\"")),
        selfMade(
            "logobadbox.lab", "a viewBox of words", root("version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"0 0 64px\"")
        ),
        selfMade(
            "logoflatbox.lab", "an empty viewBox", root("version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"0 0 0 64\"")),
        selfMade("logonotitle.lab", "no title", LabLogo.head + "<rect fill=\"#fff\"/><rect fill=\"#000\"/></svg>"),
        selfMade(
            "logolatetitle.lab", "titles late, empty and long",
            LabLogo.head
                + "<rect fill=\"#fff\"/><rect fill=\"#000\"/><title/><title>\(String(repeating: "x", count: 70))</title></svg>"
        ),
        selfMade("logodesc.lab", "an empty description, one colour", LabLogo.logo("<desc/><rect/>")),
        selfMade(
            "logotitle.lab", "a long title",
            LabLogo.head + "<title>\(String(repeating: "x", count: 70))</title><rect/><rect fill=\"#fff\"/></svg>"),
        selfMade("logodoctype.lab", "a document type", "<!DOCTYPE svg>\n" + LabLogo.good),
        selfMade(
            "logobomb.lab", "entities that multiply",
            "<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><svg>&b;</svg>"),
        selfMade(
            "logosheet.lab", "a style sheet", "<?xml-stylesheet href=\"https://logo.lab/a.css\"?>\n" + LabLogo.good),
        selfMade(
            "logolatin.lab", "another encoding", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n" + LabLogo.good),
        selfMade("logobroken.lab", "no XML", LabLogo.logo("<rect>")),
        selfMade(
            "logohtml.lab", "another root", "<html xmlns=\"http://www.w3.org/1999/xhtml\"><title>x</title></html>"),
        selfMade(
            "logocycle.lab", "a use of itself",
            LabLogo.logo("<g id=\"a\"><rect fill=\"#fff\"/><rect/><use href=\"#a\"/></g>")),
        selfMade(
            "logouses.lab", "uses that multiply",
            LabLogo.logo(
                "<g id=\"a0\"><rect fill=\"#fff\"/><rect/></g>"
                    + (1...6).map { step in
                        "<g id=\"a\(step)\">" + String(repeating: "<use href=\"#a\(step - 1)\"/>", count: 9) + "</g>"
                    }.joined())),
        selfMade(
            "logoxlink.lab", "a use of the older form",
            LabLogo.logo(
                "<g id=\"a\"><rect fill=\"#fff\"/><rect/></g>"
                    + "<use xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"#a\"/>")),
        selfMade("logodeep.lab", "deeper than anybody reads", LabLogo.logo(String(repeating: "<g>", count: 5000))),
    ]

    private static let bimiMarks: [LabDomain] = [
        mark("markcommon.lab", "a common mark certificate") { mark in
            mark.attributes = [
                "1.3.6.1.4.1.53087.1.13": "Prior Use Mark", "1.3.6.1.4.1.53087.5.1": "https://web.archive.org/x",
            ]
            mark.hash = .uncompressed
        },
        mark("markselector.lab", "a certificate for the record's own name") {
            $0.names = ["default._bimi.markselector.lab"]
        },
        mark("markfields.lab", "a certificate that says little of the mark") {
            $0.attributes["1.3.6.1.4.1.53087.1.4"] = nil
        },
        mark("markweb.lab", "a certificate by a web authority") { $0.issuer = .webAuthority },
        mark("markself.lab", "a certificate that vouches for itself") { $0.issuer = .itself },
        mark("markalone.lab", "no issuer in the file") { $0.file = .leafAlone },
        mark("markorder.lab", "the issuer first") { $0.file = .issuerFirst },
        mark("marktwice.lab", "the certificate twice") { $0.file = .leafTwice },
        mark("markkey.lab", "a private key in the file") { $0.file = .withKey },
        mark("markder.lab", "DER in place of PEM") { $0.file = .der },
        mark("markhtml.lab", "a page in place of the certificate") { $0.file = .html },
        mark("markpurpose.lab", "a certificate for servers") { $0.purpose = "serverAuth" },
        mark("markpurposes.lab", "a certificate for more than logos") { $0.purpose = "1.3.6.1.5.5.7.3.31,serverAuth" },
        mark("markissuer.lab", "an issuer for anything") { $0.issuer = .issuerWithoutPurpose },
        mark("markpolicy.lab", "another policy") { $0.policy = "1.2.3.4" },
        mark("markexpired.lab", "an expired mark certificate") { ($0.from, $0.to) = (-400, -2) },
        mark("marksoon.lab", "a mark certificate that expires soon") { ($0.from, $0.to) = (-350, 10) },
        mark("marklong.lab", "a mark certificate for two years") { $0.to = 700 },
        mark("markname.lab", "a mark certificate for another domain") { $0.names = ["*.markname.lab", "brand.lab"] },
        mark("marknocrl.lab", "no revocation list") { $0.revocationList = nil },
        brand("markrevoked.lab", "a revoked certificate, and the authority's list") { domain, brand in
            brand.mark?.isRevoked = true
            var host = WebHost(label: "crl")
            host.isPlain = true
            host.files["/mark.crl"] = WebFile(headers: ["Content-Type: application/pkix-crl"], body: .revocations)
            domain.webs.append(host)
        },
        mark("markstray.lab", "a revocation list that is not there") {
            $0.revocationList = "http://crl.markrevoked.lab/other.crl"
        },
        mark("marknolog.lab", "no timestamp of a log") { $0.timestamp = .none },
        mark("markforgedlog.lab", "a timestamp that its log did not sign") { $0.timestamp = .forged },
        mark("markotherlog.lab", "a timestamp of a log that is not known") { $0.timestamp = .unknownLog },
        mark("markpilot.lab", "a certificate of the pilot") { $0.isPilot = true },
        mark("marknologo.lab", "no logo in the certificate") { $0.hasLogotype = false },
        mark("marklink.lab", "the logo by reference") { $0.data = .link },
        mark("markplain.lab", "the logo not compressed") { $0.data = .plain },
        mark("markbomb.lab", "a logo that becomes two megabytes") { $0.data = .bomb },
        mark("markhash.lab", "a wrong hash of the logo") { $0.hash = .wrong },
        mark("markother.lab", "another logo in the certificate") {
            $0.logo = LabLogo.logo("<rect fill=\"#fff\"/><rect fill=\"#00c\"/>")
        },
        mark("markcrlf.lab", "the same logo with other line ends") {
            $0.logo = LabLogo.good.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        },
    ]
}
