import AssayModel

/// `dnssec.zone`, about a zone that mail depends on: what a validator comes to at its apex (RFC 4035 section 4.3).
struct DNSSECZone: Fact {
    static let id = "dnssec.zone"

    enum Status: String, Codable {
        case secure, insecure, bogus
        /// Its servers gave no usable answer.
        case lookupError = "lookup_error"
    }

    let status: Status
    /// The validator's words, or what each server said.
    let why: String?
    /// `domain`, `mx`, `tlsa`, `policy`, `report`.
    let roles: [String]
    /// The way of the mail itself goes through it; else policies or reports alone do.
    let isOnMailPath: Bool
    let isForReportsOnly: Bool
    let hasDS: Bool
    let hasKeys: Bool
    let parent: String?
    static let examples = [
        DNSSECZone(
            status: .bogus, why: "signature expired", roles: ["domain"], isOnMailPath: true, isForReportsOnly: false,
            hasDS: true, hasKeys: true, parent: "com"),
        DNSSECZone(
            status: .insecure, why: nil, roles: ["mx"], isOnMailPath: true, isForReportsOnly: false, hasDS: false,
            hasKeys: false, parent: nil),
    ]
}

/// `dnssec.delegation`, about a zone with DS records: how they fit its keys (RFC 4035 section 5.2).
struct DNSSECDelegation: Fact {
    static let id = "dnssec.delegation"
    let keyTags: [Int]
    let algorithms: [Int]
    let digestTypes: [Int]
    /// DS records that are of a key in the zone.
    let matchingCount: Int
    /// Key tags of DS records that are of no key there.
    let unmatchedTags: [Int]
    /// An algorithm of such a record signs nothing in the zone (RFC 6840 section 5.11).
    let hasUnsignedAlgorithm: Bool
    /// No DS record has an algorithm and a digest that validators must support.
    let isUnsupportedOnly: Bool
    /// SHA-1 or GOST digests and no other.
    let hasWeakDigestOnly: Bool
    /// A SHA-1 digest beside a better one.
    let hasSHA1Beside: Bool
    static let examples = [
        DNSSECDelegation(
            keyTags: [12345], algorithms: [13], digestTypes: [2], matchingCount: 1, unmatchedTags: [1],
            hasUnsignedAlgorithm: false, isUnsupportedOnly: false, hasWeakDigestOnly: false, hasSHA1Beside: true)
    ]
}

/// `dnssec.key`, about a DNSKEY record of a zone.
struct DNSSECKey: Fact {
    static let id = "dnssec.key"
    let keyTag: Int
    /// IANA DNS Security Algorithm Number.
    let algorithm: Int
    let isSEP: Bool
    let isRevoked: Bool
    /// Modulus; nil unless RSA.
    let bits: Int?
    /// RSA with an exponent of 1, an even one, or one over 2^32 + 1.
    let hasOddExponent: Bool
    /// Signatures by it were seen.
    let isSigning: Bool
    /// No key of another algorithm signs the zone.
    let isOnlyAlgorithm: Bool
    static let examples = [
        DNSSECKey(
            keyTag: 12345, algorithm: 8, isSEP: true, isRevoked: false, bits: 2048, hasOddExponent: false,
            isSigning: true, isOnlyAlgorithm: true)
    ]
}

/// `dnssec.denial`, about a signed zone: how it proves that names and types are not there.
struct DNSSECDenial: Fact {
    static let id = "dnssec.denial"
    enum Kind: String, Codable { case nsec, nsec3 }
    let kind: Kind
    /// NSEC3 (RFC 9276 section 3.1).
    let iterations: Int?
    let saltOctets: Int?
    let isOptOut: Bool
    /// An opt-out record is the proof that a TLSA name is not there, which proves little (RFC 5155 section 6).
    let isOptOutAtTLSA: Bool
    let hash: Int?
    /// NSEC with the type NXNAME, or with nothing but RRSIG and NSEC (RFC 9824).
    let isCompact: Bool
    static let examples = [
        DNSSECDenial(
            kind: .nsec3, iterations: 5, saltOctets: 8, isOptOut: true, isOptOutAtTLSA: false, hash: 1, isCompact: false
        ),
        DNSSECDenial(
            kind: .nsec, iterations: nil, saltOctets: nil, isOptOut: false, isOptOutAtTLSA: false, hash: nil,
            isCompact: true),
    ]
}

/// `dnssec.signatures`, about a signed zone: the dates of the signatures over SOA, DNSKEY, MX and TLSA, over all servers.
struct DNSSECSignatures: Fact {
    static let id = "dnssec.signatures"
    let count: Int
    /// Of the one that ends first, in seconds; negative where it ended.
    let secondsLeft: Int
    /// Thousandths of its validity.
    let permilleLeft: Int
    /// The longest, in seconds.
    let longestValidity: Int
    let longestTLSAValidity: Int?
    /// A signature that is valid in the future only, by more than an hour.
    let isInFuture: Bool
    /// A set may be cached longer than its signature is valid.
    let isOutlivedByTTL: Bool
    /// The SOA's EXPIRE is longer than the signatures last: a cut-off secondary serves expired ones.
    let isOutlivedByExpire: Bool
    /// Denials are compact (RFC 9824), so signatures are made for each answer: they are always young, and never transferred.
    let isMadeOnTheSpot: Bool
    let endsOn: String
    static let examples = [
        DNSSECSignatures(
            count: 8, secondsLeft: 86_400, permilleLeft: 500, longestValidity: 1_209_600,
            longestTLSAValidity: 1_209_600,
            isInFuture: false, isOutlivedByTTL: false, isOutlivedByExpire: true, isMadeOnTheSpot: false,
            endsOn: "2026-12-24T00:00:00Z")
    ]
}

/// `dnssec.server`, about an address of an authoritative server (object: the zone): asked on its own, signatures checked.
struct DNSSECServer: Fact {
    static let id = "dnssec.server"
    let zone: String
    /// `answered`, `servfail`, `refused`, `lame`, `malformed`, `other_code`.
    let status: String
    let serial: Int?
    let isZoneSecure: Bool
    /// Signatures are missing on some answer although the zone is signed.
    let lacksSignatures: Bool
    /// What does not validate: `SOA example.com`.
    let badSignatures: [String]
    /// A denial without its proof: `TLSA _25._tcp.mx.example.com`.
    let brokenDenials: [String]
    /// It fails on TLSA questions and not on others: the names.
    let failedTLSA: [String]
    /// NXDOMAIN at a name with names below it (RFC 8020).
    let deniedNonTerminals: [String]
    static let examples = [
        DNSSECServer(
            zone: "example.com", status: "answered", serial: 1, isZoneSecure: true, lacksSignatures: false,
            badSignatures: [],
            brokenDenials: [], failedTLSA: [], deniedNonTerminals: ["_tcp.mx.example.com"]),
        DNSSECServer(
            zone: "example.com", status: "refused", serial: nil, isZoneSecure: false, lacksSignatures: false,
            badSignatures: [],
            brokenDenials: [], failedTLSA: [], deniedNonTerminals: []),
    ]
}

/// `dnssec.servers`, about a zone: whether its servers agree.
struct DNSSECServers: Fact {
    static let id = "dnssec.servers"
    let names: [String]
    let isSingle: Bool
    /// SOA serials, each once.
    let serials: [Int]
    /// Servers with an older serial than the newest.
    let lagging: [String]
    /// Servers with the newest serial and signatures that are older by a quarter of their life.
    let staleSignatures: [String]
    /// Servers without signatures, where others have them.
    let unsigned: [String]
    static let examples = [
        DNSSECServers(
            names: ["ns1.example.com"], isSingle: true, serials: [1, 2], lagging: ["ns2.example.com [192.0.2.2]"],
            staleSignatures: [], unsigned: [])
    ]
}

/// `dnssec.automation`, about a signed zone: CDS records (RFC 7344), with which a parent is asked to change DS records.
struct DNSSECAutomation: Fact {
    static let id = "dnssec.automation"
    /// The DS records are to be removed (RFC 8078 section 4).
    let asksForRemoval: Bool
    /// `CDS example.com: ns2.example.com [192.0.2.53]`: servers whose records are others.
    let differing: [String]
    static let examples = [
        DNSSECAutomation(asksForRemoval: true, differing: ["CDS example.com: ns2.example.com [192.0.2.53]"])
    ]
}

/// `dnssec.chain`, about the domain: the zones from the root down to it.
struct DNSSECChain: Fact {
    static let id = "dnssec.chain"

    struct Link: Codable, Equatable {
        let zone: String
        let isSecure: Bool
        /// DS records, `12345 13 2`: key tag, algorithm, digest type.
        let ds: [String]
        /// DNSKEY records, `12345 13 257`: key tag, algorithm, flags.
        let keys: [String]
    }

    let links: [Link]
    /// Zones above the domain with SHA-1 signatures (algorithms 5 and 7).
    let weakParents: [String]
    static let examples = [
        DNSSECChain(
            links: [.init(zone: ".", isSecure: true, ds: ["20326 8 2"], keys: ["20326 8 257"])],
            weakParents: ["example"])
    ]
}
