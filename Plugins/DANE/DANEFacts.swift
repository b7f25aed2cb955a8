import AssayModel

/// `dane.host`, about an MX host: how a DANE sender treats it before it connects (RFC 7672 section 2.2).
struct DANEHost: Fact {
    static let id = "dane.host"

    let level: DANELevel
    let isMXSecure: Bool
    let isAddressSecure: Bool
    let isAlias: Bool
    /// Names whose TLSA records a sender asks for, in order.
    let candidates: [String]
    let baseDomain: String?
    /// The host's own name lies below the mail domain.
    let isInDomain: Bool
    /// The host is an alias, and the TLSA records at its own name differ from those at its target: a sender that does not
    /// look through aliases uses others (RFC 7671 section 7).
    let isAmbiguous: Bool

    static let examples = [
        DANEHost(
            level: .authenticate, isMXSecure: true, isAddressSecure: true, isAlias: true,
            candidates: ["mx.example.net", "mx.example.com"], baseDomain: "mx.example.net", isInDomain: true,
            isAmbiguous: true),
        DANEHost(
            level: .unreachable, isMXSecure: true, isAddressSecure: false, isAlias: false, candidates: [],
            baseDomain: nil, isInDomain: false, isAmbiguous: false),
    ]
}

/// `dane.tlsa`, about an MX host: the TLSA records at `_25._tcp` of its TLSA base domain, else of its own name.
struct DANESet: Fact {
    static let id = "dane.tlsa"

    enum Status: String, Codable {
        case secure, insecure, bogus
        case lookupError = "lookup_error"
    }

    let status: Status
    let owner: String
    /// Of a lookup error: what the validator or each server said.
    let words: String?
    let count: Int
    let usableCount: Int
    /// Seconds.
    let ttl: Int?
    /// `_25._tcp` is an alias for this name.
    let aliasTarget: String?
    let isWildcard: Bool
    /// Of the whole DNS message.
    let octets: Int
    /// Usable records, and all of them with SHA-512.
    let isSHA512Only: Bool
    /// Parameters of usable records beside `3 1 1` and `2 0 1`, which RFC 7672 section 3.1 recommends.
    let otherParameters: [String]

    static let examples = [
        DANESet(
            status: .secure, owner: "_25._tcp.mx.example.com", words: nil, count: 2, usableCount: 2, ttl: 3600,
            aliasTarget: "_dane.example.com", isWildcard: false, octets: 512, isSHA512Only: false,
            otherParameters: ["2 1 1"]),
        DANESet(
            status: .bogus, owner: "_25._tcp.mx.example.com", words: "signature expired", count: 0, usableCount: 0,
            ttl: nil, aliasTarget: nil, isWildcard: false, octets: 0, isSHA512Only: false, otherParameters: []),
    ]
}

/// `dane.record`, about one TLSA record of an MX host.
struct DANERecord: Fact {
    static let id = "dane.record"

    let record: String
    let usage: Int
    let selector: Int
    let matching: Int
    /// `usage_pkix`, `usage_unknown`, `selector_unknown`, `mtype_unknown`, `data_empty`, `digest_length`, `undecodable`.
    let unusable: String?
    /// No other record of the set is usable.
    let isAlone: Bool
    /// Fits a certificate that the host shows; nil where none was seen.
    let isMatch: Bool?
    /// `empty`, `newline`, `pem`, `pem_key`, `chain_file`, `hex_of_hex`, `zeros`, `ones`, `parameters`, `element`.
    let mistake: String?
    /// The command that makes the mistake.
    let command: String?
    /// The record that was meant.
    let meant: String?
    /// Of a DANE-TA record that fits nothing shown: the public root that it is of.
    let publicRoot: String?
    /// A DANE-TA record of an intermediate certificate of a public authority.
    let isPublicIntermediate: Bool

    static let examples = [
        DANERecord(
            record: "3 1 1 ab", usage: 3, selector: 1, matching: 1, unusable: "digest_length", isAlone: false,
            isMatch: true, mistake: "pem", command: "sha256sum cert.pem", meant: "3 1 1 cd", publicRoot: "CN=Root",
            isPublicIntermediate: true),
        DANERecord(
            record: "3 1 1 ab", usage: 3, selector: 1, matching: 1, unusable: nil, isAlone: true, isMatch: nil,
            mistake: nil, command: nil, meant: nil, publicRoot: nil, isPublicIntermediate: false),
    ]
}

/// `dane.verdict`, about an address of an MX host: what a DANE sender comes to there (RFC 7672 section 2.2).
struct DANEVerdictFact: Fact {
    static let id = "dane.verdict"

    enum Kind: String, Codable {
        case verified, mismatch
        case nameMismatch = "name_mismatch"
        case outOfDate = "out_of_date"
        case badPath = "bad_path"
        /// TLS without authentication, because no record is usable.
        case unusable
        /// STARTTLS is not offered, or refused.
        case noSTARTTLS = "no_starttls"
        /// STARTTLS is offered, and the handshake fails.
        case noTLS = "no_tls"
    }

    let kind: Kind
    /// Of the record that matched.
    let usage: Int?
    /// The TLS library's words.
    let words: String?
    /// Every usable record is DANE-TA.
    let isTAOnly: Bool
    /// Parameters (`3 1 2`) of which no record fits, although a sender may look at these alone (RFC 7671 section 8).
    let failingParameters: [String]
    /// A record fits, but one with a stronger digest that does not fit outranks it (RFC 7671 section 9).
    let isOutranked: Bool
    let serverName: String
    /// The record that would match the certificate shown.
    let wanted: String?
    /// Without SNI the server shows a certificate that matches.
    let matchesWithoutServerName: Bool

    static let examples = [
        DANEVerdictFact(
            kind: .verified, usage: 3, words: "no matching DANE TLSA records", isTAOnly: false,
            failingParameters: ["3 1 2"], isOutranked: false, serverName: "mx.example.com", wanted: "3 1 1 ab",
            matchesWithoutServerName: false),
        DANEVerdictFact(
            kind: .noSTARTTLS, usage: nil, words: nil, isTAOnly: false, failingParameters: [], isOutranked: false,
            serverName: "mx.example.com", wanted: nil,
            matchesWithoutServerName: false),
    ]
}

/// `dane.keys`, about an address of an MX host: whether the certificates shown there agree, by the type of their key.
struct DANEKeys: Fact {
    static let id = "dane.keys"
    let verified: [String]
    let failed: [String]
    let isMixed: Bool
    /// Two certificates of one key type disagree: several servers behind one address.
    let isMixedWithinKind: Bool
    static let examples = [DANEKeys(verified: ["ecdsa"], failed: ["rsa"], isMixed: true, isMixedWithinKind: false)]
}

/// `dane.addresses`, about an MX host: whether its addresses agree.
struct DANEAddresses: Fact {
    static let id = "dane.addresses"
    let verified: [String]
    let failed: [String]
    let isMixed: Bool
    static let examples = [DANEAddresses(verified: ["192.0.2.1"], failed: ["192.0.2.2"], isMixed: true)]
}

/// `dane.rollover`, about an MX host whose certificate verifies: what the next key change will meet (RFC 7671 section 8).
struct DANERollover: Fact {
    static let id = "dane.rollover"

    enum Shape: String, Codable {
        case single
        /// Several records, all of one key.
        case duplicate
        /// A record for each of several keys in use, and none for the next.
        case dual
        case currentNext = "current_next"
        case currentIssuer = "current_issuer"
        case issuer
    }

    let shape: Shape
    let usableCount: Int
    /// Usable records that fit no certificate shown, and that no known mistake explains.
    let nextCount: Int
    /// The only usable record is DANE-EE.
    let isSingleEE: Bool
    /// A matching record binds the whole certificate (`3 0 x`).
    let bindsCertificate: Bool
    /// Seconds.
    let ttl: Int
    /// Least of the certificates shown.
    let secondsLeft: Int?
    /// Less is left of a certificate than two TTLs.
    let isTooLate: Bool
    /// A certificate with a new key would match no record.
    let breaksWithNewKey: Bool
    /// A certificate with the same key would match no record.
    let breaksWithSameKey: Bool
    /// When a renewal is to be expected, by a certificate's dates: a third of its life before its end, at most 30 days.
    let renewalOn: String?
    /// Two TTLs earlier (RFC 7671 section 8.1).
    let publishBefore: String?

    static let examples = [
        DANERollover(
            shape: .currentNext, usableCount: 2, nextCount: 1, isSingleEE: false, bindsCertificate: false, ttl: 3600,
            secondsLeft: 5_000_000, isTooLate: false, breaksWithNewKey: false, breaksWithSameKey: false,
            renewalOn: "2026-12-24T00:00:00Z", publishBefore: "2026-12-23T22:00:00Z"),
        DANERollover(
            shape: .single, usableCount: 1, nextCount: 0, isSingleEE: true, bindsCertificate: true, ttl: 3600,
            secondsLeft: nil, isTooLate: false, breaksWithNewKey: true, breaksWithSameKey: true, renewalOn: nil,
            publishBefore: nil),
    ]
}

/// `dane.coverage`, about the domain: which MX hosts a DANE sender authenticates.
struct DANECoverage: Fact {
    static let id = "dane.coverage"

    let covered: [String]
    let uncovered: [String]
    /// Some hosts are covered and some are not.
    let isPartial: Bool
    /// That is so among hosts of one preference.
    let isPartialAtOnePreference: Bool
    /// TLSA records are published somewhere, secure or not.
    let isPublished: Bool

    static let examples = [
        DANECoverage(
            covered: ["mx1.example.com"], uncovered: ["mx2.example.com"], isPartial: true,
            isPartialAtOnePreference: false, isPublished: true)
    ]
}

/// `dane.misplaced`, about the domain: TLSA records where no sender of mail looks.
struct DANEMisplaced: Fact {
    static let id = "dane.misplaced"
    let owners: [String]
    static let examples = [DANEMisplaced(owners: ["_25._tcp.example.com"])]
}
