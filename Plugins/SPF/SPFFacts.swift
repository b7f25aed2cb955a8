import AssayModel

/// `spf.lookup`, about the record: what the TXT question came to, and what was meant as SPF and is none.
struct SPFLookupFact: Fact {
    static let id = "spf.lookup"
    enum Status: String, Codable { case answered, bogus, failed }

    struct Misfit: Codable, Equatable {
        let text: String
        /// `in_front`, `no_space`, `separator`, `version`.
        let fault: String
    }

    let status: Status
    let words: String?
    /// TXT records at the name.
    let textCount: Int
    /// Records that receivers take as SPF.
    let recordCount: Int
    /// Texts that read like SPF records and that receivers skip.
    let misfits: [Misfit]
    /// `spf2.0/...`, which nobody reads.
    let senderIDTexts: [String]
    /// Records of type SPF (99) exist; only asked where no TXT record is one.
    let hasTypeSPF: Bool?
    /// The record to publish; nil where the lookup failed.
    let suggestion: String?
    static let examples = [
        SPFLookupFact(
            status: .answered, words: "SERVFAIL", textCount: 2, recordCount: 1,
            misfits: [Misfit(text: "v=spf1mx -all", fault: "no_space")], senderIDTexts: ["spf2.0/pra -all"],
            hasTypeSPF: true, suggestion: "v=spf1 mx ~all"),
        SPFLookupFact(
            status: .failed, words: nil, textCount: 0, recordCount: 0, misfits: [], senderIDTexts: [], hasTypeSPF: nil,
            suggestion: nil),
    ]
}

/// `spf.record`, about the record: what stands in it (RFC 7208 sections 4.5 to 7). Absent where no TXT record is one.
struct SPFRecordFact: Fact {
    static let id = "spf.record"
    enum All: String, Codable { case pass, neutral, softfail, fail, none }

    struct Fault: Codable, Equatable {
        /// `unknown_mechanism`, `ip4_network`, ...
        let kind: String
        let term: String
        /// Octets from the start of the record.
        let offset: Int
    }

    /// The first of several.
    let text: String
    let count: Int
    let isMultiple: Bool
    /// One record, without an error.
    let isValid: Bool
    let faults: [Fault]
    /// Their kinds, each once.
    let faultKinds: [String]
    let faultTerms: [String]
    let faultCount: Int
    /// The qualifier of the `all` that decides, through redirects.
    let all: All
    let hasRedirect: Bool
    /// Nothing but `-all`.
    let deniesAll: Bool
    let unknownModifiers: [String]
    /// Of those, what reads like a mechanism: `include=x`.
    let silentTerms: [String]
    /// Mechanisms right of `all`, and a `redirect` beside `all`.
    let ignoredTerms: [String]
    /// Terms that grew together where the record was cut into strings.
    let joinedTerms: [String]
    /// Names and versions that hold capitals.
    let upperCaseTerms: [String]
    let trailingDotTerms: [String]
    /// Terms with `%{s}` or `%{l}`.
    let localPartTerms: [String]
    /// Terms whose name has an empty or too long label.
    let badNameTerms: [String]
    let exp: String?
    let ttl: Int?
    let aliasTarget: String?
    /// The corrected record.
    let suggestion: String
    /// Of ours, where the record was not read whole.
    let limit: String?
    static let examples = [
        SPFRecordFact(
            text: "v=spf1 ipv4:192.0.2.1 -all", count: 1, isMultiple: false, isValid: false,
            faults: [Fault(kind: "unknown_mechanism", term: "ipv4:192.0.2.1", offset: 7)],
            faultKinds: ["unknown_mechanism"], faultTerms: ["ipv4:192.0.2.1"], faultCount: 1, all: .fail,
            hasRedirect: false, deniesAll: false, unknownModifiers: ["include=example.com"],
            silentTerms: ["include=example.com"], ignoredTerms: ["mx"], joinedTerms: ["amx"], upperCaseTerms: ["MX"],
            trailingDotTerms: ["a:example.com."], localPartTerms: ["exists:%{l}.example.com"],
            badNameTerms: ["a:a..example.com"], exp: "exp.example.com", ttl: 300, aliasTarget: "example.net",
            suggestion: "v=spf1 ip4:192.0.2.1 -all", limit: "spf.terms 1000"),
        SPFRecordFact(
            text: "v=spf1 -all", count: 1, isMultiple: false, isValid: true, faults: [], faultKinds: [],
            faultTerms: [], faultCount: 0, all: .fail, hasRedirect: false, deniesAll: true, unknownModifiers: [],
            silentTerms: [], ignoredTerms: [], joinedTerms: [], upperCaseTerms: [], trailingDotTerms: [],
            localPartTerms: [], badNameTerms: [], exp: nil, ttl: nil, aliasTarget: nil, suggestion: "v=spf1 -all",
            limit: nil),
    ]
}

/// `spf.sizes`, about the record: octets of what is published and of the answer that carries it (RFC 7208 section 3.4).
struct SPFSizes: Fact {
    static let id = "spf.sizes"
    /// The owner name and the strings of the SPF record.
    let record: Int
    /// The owner name and the strings of all TXT records there.
    let texts: Int
    /// The whole answer without signatures.
    let answer: Int
    let textCount: Int
    static let examples = [SPFSizes(record: 40, texts: 120, answer: 180, textCount: 3)]
}

/// `spf.dmarc`, about the domain: what becomes of mail that fails (RFC 9989).
struct SPFSurroundings: Fact {
    static let id = "spf.dmarc"
    /// `none`, `quarantine`, `reject`, with `t=y` and the like applied; for the domain and for a subdomain.
    let policy: String
    let subdomainPolicy: String
    static let examples = [SPFSurroundings(policy: "reject", subdomainPolicy: "none")]
}

/// `spf.helo`, about a mail host: the record at the name of the domain's that it says in EHLO (RFC 7208 section 2.3).
struct SPFHelo: Fact {
    static let id = "spf.helo"
    let name: String
    /// By the server, in its reply to EHLO; else the name of the MX record.
    let isSaid: Bool
    let hasRecord: Bool
    /// The domain's record lets one of its addresses send.
    let isAuthorised: Bool
    let suggestion: String
    static let examples = [
        SPFHelo(
            name: "mx.example.com", isSaid: true, hasRecord: false, isAuthorised: true, suggestion: "v=spf1 a -all")
    ]
}

/// `spf.gaps`, about the domain: names below it that exist with an address or MX and have no record (RFC 7208 section 3.5).
struct SPFGaps: Fact {
    static let id = "spf.gaps"
    let names: [String]
    /// Looked at.
    let candidates: [String]
    static let examples = [SPFGaps(names: ["www.example.com"], candidates: ["www.example.com", "mail.example.com"])]
}

/// `spf.wildcard`, about the domain: whether names that nobody made have an SPF record (RFC 7208 section 3.5).
struct SPFWildcard: Fact {
    static let id = "spf.wildcard"
    let isSynthesised: Bool
    let text: String?
    static let examples = [
        SPFWildcard(isSynthesised: true, text: "v=spf1 -all"), SPFWildcard(isSynthesised: false, text: nil),
    ]
}
