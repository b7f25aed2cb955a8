import AssayModel

/// `dns.zone`, about the zone of the domain: what gates mail beside DNSSEC.
struct DNSZone: Fact {
    static let id = "dns.zone"
    /// How long a denial is cached, in seconds (RFC 2308 section 5).
    let negativeTTL: Int
    static let examples = [DNSZone(negativeTTL: 10_801)]
}

/// `dns.tcp`, about an address of an authoritative server (object: the zone) that answers over UDP: whether it answers over
/// TCP, too (RFC 7766 section 5).
struct DNSOverTCP: Fact {
    static let id = "dns.tcp"
    let zone: String
    let isZoneSecure: Bool
    let isAnswered: Bool
    /// `answered`, `closed`, `silent`, `servfail`, ...
    let status: String
    static let examples = [DNSOverTCP(zone: "example.com", isZoneSecure: true, isAnswered: false, status: "closed")]
}

/// `dns.edns`, about an address of an authoritative server (object: the zone): what it does with EDNS (RFC 6891).
struct DNSExtensions: Fact {
    static let id = "dns.edns"

    enum Fault: String, Codable {
        /// A question with EDNS fails, the same without is answered.
        case fails
        /// It answers as if there were no EDNS.
        case ignored
        /// An option that it does not know makes the question fail (section 6.1.2).
        case unknownOption = "unknown_option"
        /// A version that it does not know is not answered with BADVERS (section 6.1.3).
        case unknownVersion = "unknown_version"
    }

    let zone: String
    let isZoneSecure: Bool
    let faults: [Fault]
    static let examples = [DNSExtensions(zone: "example.com", isZoneSecure: true, faults: [.fails])]
}

/// `dns.case`, about an address of an authoritative server (object: the zone): whether it gives a name back in the letters
/// that it was asked in (RFC 1035 section 2.3.3).
struct DNSLetterCase: Fact {
    static let id = "dns.case"
    let zone: String
    let isAnswered: Bool
    let isKept: Bool
    static let examples = [DNSLetterCase(zone: "example.com", isAnswered: true, isKept: false)]
}

/// `dns.answers`, about a zone: whether its servers say the same of what mail depends on.
struct DNSAnswers: Fact {
    static let id = "dns.answers"
    /// Questions that at least two servers answered.
    let compared: Int
    /// `MX example.com: ns2.example.com [192.0.2.53]`: who answers otherwise than most.
    let differing: [String]
    static let examples = [DNSAnswers(compared: 8, differing: ["MX example.com: ns2.example.com [192.0.2.53]"])]
}

/// `dns.delegation`, about a zone: the servers that the zone above lists, against the zone's own list (RFC 1034 section
/// 4.2.2).
struct DNSDelegation: Fact {
    static let id = "dns.delegation"
    let parent: String
    let above: [String]
    let inside: [String]
    let onlyAbove: [String]
    let onlyInside: [String]
    /// Addresses that the zone above gives for a server and the zone itself does not: `ns1.example.com 192.0.2.1`.
    let staleGlue: [String]
    static let examples = [
        DNSDelegation(
            parent: "com", above: ["ns1.example.com"], inside: ["ns2.example.com"], onlyAbove: ["ns1.example.com"],
            onlyInside: ["ns2.example.com"], staleGlue: ["ns1.example.com 192.0.2.1"])
    ]
}

/// `dns.aliases`, about a zone with policy names: whether one has a CNAME record and others beside (RFC 1034 section 3.6.2).
struct DNSAliases: Fact {
    static let id = "dns.aliases"
    /// Names asked for.
    let names: [String]
    let coexisting: [String]
    /// Servers that give both.
    let servers: [String]
    static let examples = [
        DNSAliases(
            names: ["_mta-sts.example.com"], coexisting: ["_mta-sts.example.com"],
            servers: ["ns1.example.com [192.0.2.53]"])
    ]
}

/// `dns.registration`, about the domain: what its name servers tell about its registration. RDAP is asked of nobody.
struct DNSRegistration: Fact {
    static let id = "dns.registration"
    let zone: String
    let nameServers: [String]
    /// Those to which registrars point domains that were not renewed, or whose holder is not verified.
    let placeholders: [String]
    static let examples = [
        DNSRegistration(
            zone: "example.com", nameServers: ["ns1.renewyourname.net"], placeholders: ["ns1.renewyourname.net"])
    ]
}

/// `dns.texts`, about the domain: how many TXT records stand at its name.
struct DNSTexts: Fact {
    static let id = "dns.texts"
    let count: Int
    /// Their contents.
    let octets: Int
    /// The whole answer, signatures included.
    let answerOctets: Int
    static let examples = [DNSTexts(count: 20, octets: 1500, answerOctets: 1900)]
}

/// `dns.text`, about a TXT record of the domain's or of one of its policies': slips that keyboards, word processors and web
/// forms leave behind.
struct DNSText: Fact {
    static let id = "dns.text"
    let text: String
    /// `literal_quotes`, `backslash_quotes`, `percent_quotes`, `smart_quotes`, `no_break_space`, `zero_width`.
    let slips: [String]
    /// It is a record of SPF, DKIM, DMARC, MTA-STS, TLSRPT or BIMI.
    let isPolicy: Bool
    /// Without them.
    let suggestion: String?
    static let examples = [
        DNSText(
            text: "\"v=spf1 -all\"", slips: ["literal_quotes"], isPolicy: true, suggestion: "v=spf1 -all"),
        DNSText(text: "v=spf1 -all", slips: [], isPolicy: true, suggestion: nil),
    ]
}

/// `dns.misplaced`, about the domain: policy records at names where nobody looks, while there is none at the right one
/// (RFC 8552).
struct DNSMisplaced: Fact {
    static let id = "dns.misplaced"

    struct Record: Codable, Equatable {
        let name: String
        let text: String
        /// Where it belongs.
        let wanted: String
    }

    let records: [Record]
    static let examples = [
        DNSMisplaced(records: [
            .init(name: "_mtasts.example.com", text: "v=STSv1; id=1", wanted: "_mta-sts.example.com")
        ])
    ]
}
