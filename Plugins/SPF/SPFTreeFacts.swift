import AssayModel

/// `spf.tree`, about the record: the include tree as a receiver counts it (RFC 7208 section 4.6.4).
struct SPFTreeFact: Fact {
    static let id = "spf.tree"

    /// A term, in the order of evaluation.
    struct Node: Codable, Equatable {
        /// 0 for the domain's own record.
        let depth: Int
        let domain: String
        let term: String
        let target: String?
        /// Counted so far, this term included.
        let lookups: Int
        let voids: Int
        /// `ok`, `none`, `nxdomain`, ...
        let status: String
    }

    /// Terms that cause lookups, to the end of the tree.
    let lookups: Int
    /// The larger of the two below.
    let voids: Int
    /// Terms that find nothing for a client of the family.
    let ipv4Voids: Int
    let ipv6Voids: Int
    let depth: Int
    let recordCount: Int
    let nodes: [Node]
    let nodeCount: Int
    /// The eleventh term that causes a lookup.
    let eleventh: String?
    /// It and the terms behind it: what stands there passes for nobody who comes so far.
    let unreached: [String]
    /// Includes whose target has no record; redirects likewise.
    let emptyIncludes: [String]
    let emptyRedirects: [String]
    /// Includes and redirects whose target's record is malformed or one of several.
    let brokenIncludes: [String]
    let brokenRedirects: [String]
    let loops: [String]
    let selfIncludes: [String]
    let repeatedIncludes: [String]
    /// `-include:`, `~include:`, `?include:`.
    let qualifiedIncludes: [String]
    /// Includes whose record ends in `-all` or `~all`, where this record has no `all` of its own.
    let trappedIncludes: [String]
    /// Terms whose target nobody registered, with the domain that anybody may register.
    let danglingTerms: [String]
    let registrableDomains: [String]
    /// Terms of the domain's own records whose lookup finds nothing.
    let voidTerms: [String]
    /// `mx` terms for names without MX.
    let mxWithoutRecord: [String]
    /// `mx` terms with more than ten MX records.
    let crowdedMX: [String]
    /// `ptr` terms, and terms with `%{p}`.
    let ptrTerms: [String]
    /// Addresses of the domain's mail hosts with more than ten names, where `ptr` is used.
    let manyNamedClients: [String]
    /// Terms that depend on the client or the message: the rest is all that can be said beforehand.
    let macroTerms: [String]
    /// Targets of includes and redirects, each once.
    let includedDomains: [String]
    /// How long a receiver waits that asks one question after the other, where it is 20 seconds or more.
    let slowSeconds: Int?
    /// Of ours, where the tree was not walked whole.
    let limit: String?
    static let examples = [
        SPFTreeFact(
            lookups: 12, voids: 1, ipv4Voids: 1, ipv6Voids: 0, depth: 2, recordCount: 3,
            nodes: [
                Node(
                    depth: 0, domain: "example.com", term: "include:example.net", target: "example.net", lookups: 1,
                    voids: 0, status: "ok"),
                Node(
                    depth: 0, domain: "example.com", term: "-all", target: nil, lookups: 1, voids: 0, status: "ok"),
            ], nodeCount: 2, eleventh: "include:example.net", unreached: ["include:example.net"],
            emptyIncludes: ["include:example.net"], emptyRedirects: ["redirect=example.net"],
            brokenIncludes: ["include:example.net"], brokenRedirects: ["redirect=example.net"],
            loops: ["include:example.com"], selfIncludes: ["include:example.com"],
            repeatedIncludes: ["include:example.net"], qualifiedIncludes: ["-include:example.net"],
            trappedIncludes: ["include:example.net"], danglingTerms: ["include:spf.example.net"],
            registrableDomains: ["example.net"], voidTerms: ["a:gone.example.com"], mxWithoutRecord: ["mx"],
            crowdedMX: ["mx"], ptrTerms: ["ptr"], manyNamedClients: ["192.0.2.1"],
            macroTerms: ["exists:%{i}.example.com"], includedDomains: ["example.net"], slowSeconds: 21,
            limit: "spf.records 150"),
        SPFTreeFact(
            lookups: 0, voids: 0, ipv4Voids: 0, ipv6Voids: 0, depth: 0, recordCount: 1, nodes: [], nodeCount: 0,
            eleventh: nil, unreached: [], emptyIncludes: [], emptyRedirects: [], brokenIncludes: [],
            brokenRedirects: [], loops: [], selfIncludes: [], repeatedIncludes: [], qualifiedIncludes: [],
            trappedIncludes: [], danglingTerms: [], registrableDomains: [], voidTerms: [], mxWithoutRecord: [],
            crowdedMX: [], ptrTerms: [], manyNamedClients: [], macroTerms: [], includedDomains: [], slowSeconds: nil,
            limit: nil),
    ]
}

/// `spf.answers`, about the record: terms whose names the DNS fails to answer for. Undetermined where only silence is known.
struct SPFAnswersFact: Fact {
    static let id = "spf.answers"
    let failingTerms: [String]
    /// What the servers said.
    let words: [String]
    static let examples = [SPFAnswersFact(failingTerms: ["include:example.net"], words: ["SERVFAIL"])]
}

/// `spf.ranges`, about the record: the addresses that may send as the domain.
struct SPFRangesFact: Fact {
    static let id = "spf.ranges"

    struct Range: Codable, Equatable {
        /// `192.0.2.0/24`.
        let network: String
        let term: String
        /// Whose record the term stands in.
        let domain: String
        /// `private_use`, `loopback`, ...: IANA's special-purpose registries.
        let purpose: String?
        /// Allowed by an earlier term already.
        let isCovered: Bool
    }

    /// Public addresses that get a pass, each once.
    let ipv4Count: Int
    /// Decimal digits: there may be 2^128.
    let ipv6Count: String
    /// Allows addresses by the client's name, by macros, or by answers that did not come: more may pass than are counted.
    let isPartial: Bool
    let ranges: [Range]
    let rangeCount: Int
    /// `+all`, here or in an include.
    let passesAll: Bool
    /// Whose record says so.
    let openDomain: String?
    /// Terms of the domain's own records: /8 or shorter, IPv6 /16 or shorter.
    let openTerms: [String]
    /// Shorter than /16, IPv6 shorter than /32.
    let broadTerms: [String]
    /// Of no public use.
    let privateTerms: [String]
    /// Bits set behind the prefix.
    let hostBitTerms: [String]
    /// Wholly allowed by an earlier term.
    let coveredTerms: [String]
    /// `a` and `mx` terms whose address belongs to a network that serves many customers' web sites.
    let sharedWebTerms: [String]
    let limit: String?
    static let examples = [
        SPFRangesFact(
            ipv4Count: 256, ipv6Count: "0", isPartial: true,
            ranges: [
                Range(
                    network: "10.0.0.0/8", term: "ip4:10.0.0.0/8", domain: "example.com", purpose: "private_use",
                    isCovered: false),
                Range(
                    network: "198.51.100.0/24", term: "ip4:198.51.100.0/24", domain: "example.com", purpose: nil,
                    isCovered: true),
            ], rangeCount: 2, passesAll: true, openDomain: "example.net", openTerms: ["ip4:0.0.0.0/0"],
            broadTerms: ["ip4:192.0.0.0/12"], privateTerms: ["ip4:10.0.0.0/8"], hostBitTerms: ["ip4:192.0.2.1/24"],
            coveredTerms: ["ip4:192.0.2.1"], sharedWebTerms: ["a"], limit: "spf.networks 5000"),
        SPFRangesFact(
            ipv4Count: 0, ipv6Count: "0", isPartial: false, ranges: [], rangeCount: 0, passesAll: false,
            openDomain: nil, openTerms: [], broadTerms: [], privateTerms: [], hostBitTerms: [], coveredTerms: [],
            sharedWebTerms: [], limit: nil),
    ]
}
