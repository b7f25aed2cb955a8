import AssayModel

/// `mta_sts.txt_lookup`, about the record: what the DNS said at `_mta-sts` (RFC 8461 section 3.1).
struct STSRecordLookup: Fact {
    static let id = "mta_sts.txt_lookup"
    enum Status: String, Codable {
        case answered, bogus, failed
    }
    let status: Status
    /// `secure`, `insecure`, `bogus`, `indeterminate`.
    let security: String
    let words: String?
    let ttl: Int?
    let aliasTarget: String?
    /// The alias leads to a name that does not exist.
    let aliasIsDangling: Bool
    /// A label that nobody made answers with TXT too.
    let isWildcard: Bool
    /// TXT records at the owner, whatever they are.
    let recordCount: Int
    static let examples = [
        STSRecordLookup(
            status: .answered, security: "secure", words: "SERVFAIL", ttl: 300, aliasTarget: "_mta-sts.example.net",
            aliasIsDangling: false, isWildcard: false, recordCount: 1),
        STSRecordLookup(
            status: .failed, security: "indeterminate", words: nil, ttl: nil, aliasTarget: nil, aliasIsDangling: false,
            isWildcard: false,
            recordCount: 0),
    ]
}

/// `mta_sts.txt`, about the record: the TXT record as a sender reads it. Absent where none begins like one.
struct STSRecordFact: Fact {
    static let id = "mta_sts.txt"
    /// The record, escaped; the first where there are several.
    let text: String
    /// Records that remain after those that do not start `v=STSv1;` are discarded.
    let count: Int
    let isMultiple: Bool
    /// A sender accepts it.
    let isValid: Bool
    /// Grammar faults in the order found: `bad_version`, `id_missing`, `id_empty`, `id_too_long`, `id_charset`,
    /// `duplicate_field`, `extension_bad`, `non_ascii`, `filter_prefix`.
    let faults: [String]
    let policyID: String?
    static let examples = [
        STSRecordFact(
            text: "v=STSv1; id=20261124;", count: 1, isMultiple: false, isValid: true, faults: ["duplicate_field"],
            policyID: "20261124"),
        STSRecordFact(
            text: "v=STSv1;", count: 1, isMultiple: false, isValid: false, faults: ["id_missing"], policyID: nil),
    ]
}

/// `mta_sts.policy_host`, about the policy host: how the fetch went (RFC 8461 section 3.3).
struct STSPolicyHost: Fact {
    static let id = "mta_sts.policy_host"
    /// How far it came: each stage was entered and, except the last, passed.
    enum Stage: String, Codable {
        case noAddress = "no_address"
        case lookupError = "lookup_error"
        case connect, handshake, certificate, http, fetched
    }
    let stage: Stage
    /// The server's or library's words where it stopped.
    let words: String?
    let aliasTarget: String?
    let ipv4Count: Int
    let ipv6Count: Int
    /// IPv6 addresses that did not take the connection where an IPv4 address did.
    let ipv6Failed: [String]
    /// Some address took the connection.
    let isConnected: Bool
    let tlsVersion: String?
    /// The certificate's path, dates and name, each on its own; nil without a certificate.
    let certificatePath: String?
    let certificateMissesIntermediate: Bool?
    let certificateNameMatches: Bool?
    let certificateDatesValid: Bool?
    let certificateIsValid: Bool?
    let certificateNames: [String]
    /// Valid for the alias's target but not for the policy host.
    let certificateIsForAliasTarget: Bool
    let certificateSecondsLeft: Int?
    let certificatePermilleLeft: Int?
    let status: Int?
    let location: String?
    let contentType: String?
    /// `text/plain`, parameters aside.
    let mediaTypeIsTextPlain: Bool?
    let contentEncoding: String?
    /// More than 65536 octets.
    let isTooLarge: Bool
    let durationSeconds: Int
    /// The 60 seconds were over.
    let isTimedOut: Bool
    static let examples = [
        STSPolicyHost(
            stage: .fetched, words: "x", aliasTarget: "sts.example.net", ipv4Count: 1, ipv6Count: 1, ipv6Failed: [],
            isConnected: true, tlsVersion: "TLSv1.3", certificatePath: "trusted", certificateMissesIntermediate: false,
            certificateNameMatches: true, certificateDatesValid: true, certificateIsValid: true,
            certificateNames: ["mta-sts.example.com"], certificateIsForAliasTarget: false,
            certificateSecondsLeft: 3_000_000, certificatePermilleLeft: 500, status: 200,
            location: "https://www.example.com/", contentType: "text/plain", mediaTypeIsTextPlain: true,
            contentEncoding: "gzip", isTooLarge: false, durationSeconds: 0, isTimedOut: false),
        STSPolicyHost(
            stage: .noAddress, words: nil, aliasTarget: nil, ipv4Count: 0, ipv6Count: 0, ipv6Failed: ["2001:db8::1"],
            isConnected: false, tlsVersion: nil, certificatePath: nil, certificateMissesIntermediate: nil,
            certificateNameMatches: nil, certificateDatesValid: nil, certificateIsValid: nil, certificateNames: [],
            certificateIsForAliasTarget: false, certificateSecondsLeft: nil, certificatePermilleLeft: nil, status: nil,
            location: nil, contentType: nil, mediaTypeIsTextPlain: nil, contentEncoding: nil, isTooLarge: false,
            durationSeconds: 0, isTimedOut: true),
    ]
}

/// `mta_sts.policy`, about the policy host: the body as fetched (RFC 8461 section 3.2). Absent where none was served.
struct STSPolicyFact: Fact {
    static let id = "mta_sts.policy"
    struct BadPattern: Codable, Equatable {
        let pattern: String
        /// `not_a_name`, `wildcard_position`, `trailing_dot`, `u_label`, `address`, `several`.
        let fault: String
    }
    let isValid: Bool
    /// `enforce`, `testing`, `none`; nil where missing or unknown.
    let mode: String?
    let maxAge: Int?
    let patterns: [String]
    let badPatterns: [BadPattern]
    /// `version_missing`, `version_bad`, `version_not_first`, `mode_missing`, `mode_bad`, `max_age_missing`,
    /// `max_age_bad`, `max_age_too_large`, `mx_missing`, `duplicate_key`, `bom`, `html`, `blank_line`, `bare_cr`,
    /// `space_before_colon`, `space_before_key`, `line_bad`, `non_ascii`, `too_many_mx`.
    let faults: [String]
    let unknownKeys: [String]
    let endsWithNewline: Bool
    /// Patterns that a public suffix, or a suffix shared by strangers, stands behind.
    let broadPatterns: [String]
    let lineCount: Int
    /// The policy has a TXT record that makes senders fetch it.
    let isAnnounced: Bool
    static let examples = [
        STSPolicyFact(
            isValid: true, mode: "enforce", maxAge: 604_800, patterns: ["*.example.com"],
            badPatterns: [BadPattern(pattern: "mx.*.example.com", fault: "wildcard_position")],
            faults: ["duplicate_key"], unknownKeys: ["x"], endsWithNewline: true, broadPatterns: ["*.co.uk"],
            lineCount: 4, isAnnounced: true),
        STSPolicyFact(
            isValid: false, mode: nil, maxAge: nil, patterns: [], badPatterns: [], faults: ["mode_missing"],
            unknownKeys: [], endsWithNewline: false, broadPatterns: [], lineCount: 0, isAnnounced: false),
    ]
}

/// `mta_sts.coverage`, about the domain: the policy in force against the live MX set (RFC 8461 section 4.1).
struct STSCoverage: Fact {
    static let id = "mta_sts.coverage"
    let mode: String
    let uncoveredHosts: [String]
    /// No host matches.
    let allUncovered: Bool
    /// A host of the best preference does not match.
    let bestUncovered: Bool
    /// Patterns that match no live MX.
    let deadPatterns: [String]
    /// The domain has a null MX.
    let isNullMX: Bool
    static let examples = [
        STSCoverage(
            mode: "enforce", uncoveredHosts: ["mx2.example.com"], allUncovered: false, bestUncovered: false,
            deadPatterns: ["old.example.com"], isNullMX: false)
    ]
}

/// `mta_sts.mx_match`, about an MX host: whether the policy in force names it.
struct STSMXMatch: Fact {
    static let id = "mta_sts.mx_match"
    let mode: String
    let isMatched: Bool
    let pattern: String?
    /// A wildcard of the policy misses it by the number of labels (`*.example.com` is exactly one more label).
    let missedByWildcard: String?
    let isBestPreference: Bool
    /// No host of the domain matches.
    let allUncovered: Bool
    static let examples = [
        STSMXMatch(
            mode: "enforce", isMatched: true, pattern: "*.example.com", missedByWildcard: "*.example.com",
            isBestPreference: true, allUncovered: false),
        STSMXMatch(
            mode: "testing", isMatched: false, pattern: nil, missedByWildcard: nil, isBestPreference: false,
            allUncovered: true),
    ]
}

/// `mta_sts.mx_validation`, about an address: what an STS sender decides there (RFC 8461 section 4.2).
struct STSMXValidation: Fact {
    static let id = "mta_sts.mx_validation"
    let mode: String
    let offersSTARTTLS: Bool
    /// nil where no certificate was seen.
    let certificateIsValid: Bool?
    let path: String?
    let nameMatches: Bool?
    let datesValid: Bool?
    let isSelfSigned: Bool?
    let tlsVersion: String?
    /// TLS 1.2 or newer (RFC 8461 section 7.2 with RFC 8997).
    let tlsIsModern: Bool?
    /// A secure TLSA record of usage 3 stands for the host.
    let hasDANEEE: Bool
    static let examples = [
        STSMXValidation(
            mode: "enforce", offersSTARTTLS: true, certificateIsValid: true, path: "trusted", nameMatches: true,
            datesValid: true, isSelfSigned: false, tlsVersion: "TLSv1.3", tlsIsModern: true, hasDANEEE: false),
        STSMXValidation(
            mode: "testing", offersSTARTTLS: false, certificateIsValid: nil, path: nil, nameMatches: nil,
            datesValid: nil, isSelfSigned: nil, tlsVersion: nil, tlsIsModern: nil, hasDANEEE: false),
    ]
}
