import AssayModel

/// `bimi.lookup`, about the record: what the DNS said at `default._bimi`.
struct BIMILookup: Fact {
    static let id = "bimi.lookup"
    enum Status: String, Codable {
        case answered, bogus, failed
    }
    let status: Status
    let words: String?
    let recordCount: Int
    let aliasTarget: String?
    /// The alias leads to a name that does not exist.
    let aliasIsDangling: Bool
    static let examples = [
        BIMILookup(
            status: .answered, words: "SERVFAIL", recordCount: 1, aliasTarget: "example.bimi.example.net",
            aliasIsDangling: false),
        BIMILookup(status: .bogus, words: nil, recordCount: 0, aliasTarget: nil, aliasIsDangling: false),
    ]
}

/// `bimi.record`, about the record: the assertion record that receivers use, at the domain or at its organizational domain.
/// Absent where neither has one.
struct BIMIRecordFact: Fact {
    static let id = "bimi.record"
    let text: String
    let selector: String
    /// The domain whose record it is.
    let recordDomain: String
    /// Found at the organizational domain, for want of one at the domain itself.
    let isFromOrganization: Bool
    /// Records that begin with the version.
    let count: Int
    let isMultiple: Bool
    let isValid: Bool
    /// `l=; a=;`: no logo is wanted.
    let isDeclined: Bool
    /// `version`, `syntax`, `duplicate`, `l_missing`, `l_empty_a_set`, `l_scheme`, `l_multiple`, `a_scheme`, `avp_invalid`,
    /// `lps_syntax`, `limit`.
    let faults: [String]
    let location: String?
    /// What keeps `l=` from being used: a fault of the URL.
    let locationFault: String?
    /// What the file's name ends in.
    let locationSuffix: String?
    let locationSuffixIsKnown: Bool
    let authority: String?
    let authorityFault: String?
    let authorityIsMissing: Bool
    let authoritySuffixIsPEM: Bool
    let avp: String
    let localParts: [String]
    let badLocalParts: [String]
    let hasLocalParts: Bool
    let ttl: Int?
    let aliasTarget: String?
    /// The record mended, where what was meant is plain.
    let suggestion: String?
    static let examples = [
        BIMIRecordFact(
            text: "v=BIMI1; l=https://example.com/l.svg; a=https://example.com/v.pem;", selector: "default",
            recordDomain: "example.com", isFromOrganization: false, count: 1, isMultiple: false, isValid: true,
            isDeclined: false, faults: ["version"], location: "https://example.com/l.svg", locationFault: "scheme",
            locationSuffix: "svg", locationSuffixIsKnown: true, authority: "https://example.com/v.pem",
            authorityFault: "port", authorityIsMissing: false, authoritySuffixIsPEM: true, avp: "brand",
            localParts: ["news"], badLocalParts: ["a_b"], hasLocalParts: true, ttl: 300,
            aliasTarget: "example.net", suggestion: "v=BIMI1; l=https://example.com/l.svg;"),
        BIMIRecordFact(
            text: "v=BIMI1; l=; a=;", selector: "default", recordDomain: "example.com", isFromOrganization: false,
            count: 1, isMultiple: false, isValid: true, isDeclined: true, faults: [], location: nil, locationFault: nil,
            locationSuffix: nil, locationSuffixIsKnown: false, authority: nil, authorityFault: nil,
            authorityIsMissing: true, authoritySuffixIsPEM: false, avp: "brand", localParts: [], badLocalParts: [],
            hasLocalParts: false, ttl: nil, aliasTarget: nil, suggestion: nil),
    ]
}

/// `bimi.gate`, about the domain: whether DMARC lets receivers look at the indicator at all. Stated where there is one.
struct BIMIGate: Fact {
    static let id = "bimi.gate"
    let organization: String
    /// `absent`, `void`, `none`, `quarantine`, `reject`: what the record asks for mail of the domain.
    let authorPolicy: String
    let organizationPolicy: String
    let authorQualifies: Bool
    let organizationQualifies: Bool
    /// The domain is not its own organizational domain.
    let hasOrganization: Bool
    /// Some of the records asks for nothing, or there is none.
    let isUnenforced: Bool
    let hasSubdomainNone: Bool
    let hasNonexistentNone: Bool
    /// Of the record with a `pct` other than 100.
    let pct: Int?
    /// The policy beside that `pct`.
    let pctPolicy: String?
    /// `t=y` beside `p=quarantine`.
    let isTestOfQuarantine: Bool
    let isEnforced: Bool
    /// Where the record that keeps the indicator back stands, and that record as it may stay.
    let dmarcName: String?
    let suggestion: String?
    static let examples = [
        BIMIGate(
            organization: "example.com", authorPolicy: "reject", organizationPolicy: "reject", authorQualifies: true,
            organizationQualifies: true, hasOrganization: false, isUnenforced: false, hasSubdomainNone: false,
            hasNonexistentNone: false, pct: 50, pctPolicy: "quarantine", isTestOfQuarantine: false, isEnforced: true,
            dmarcName: "_dmarc.example.com", suggestion: "v=DMARC1; p=quarantine"),
        BIMIGate(
            organization: "example.com", authorPolicy: "reject", organizationPolicy: "reject", authorQualifies: true,
            organizationQualifies: true, hasOrganization: false, isUnenforced: false, hasSubdomainNone: false,
            hasNonexistentNone: false, pct: nil, pctPolicy: nil, isTestOfQuarantine: false, isEnforced: true,
            dmarcName: nil, suggestion: nil),
    ]
}

/// `bimi.fetch`, about the logo or the certificate: what came of asking the web host.
struct BIMIFetch: Fact {
    static let id = "bimi.fetch"
    enum File: String, Codable {
        case logo, certificate
    }
    enum Stage: String, Codable {
        case fetched
        case lookupError = "lookup_error"
        case noAddress = "no_address"
        case connect, handshake, certificate, http
    }
    let file: File
    let url: String
    let stage: Stage
    let words: String?
    /// The URL that answered, behind all redirects.
    let finalURL: String
    let redirectCount: Int
    /// `too_many`, `loop`, `target`: why a redirect was not followed.
    let redirectStop: String?
    let tlsVersion: String?
    let certificatePath: String?
    let certificateNameMatches: Bool?
    let certificateDatesValid: Bool?
    let certificateSecondsLeft: Int?
    let status: Int?
    let contentType: String?
    let mediaTypeIsSVG: Bool?
    let contentEncoding: String?
    /// 401, 403, 407, 429 or 451: someone at the door.
    let isRefused: Bool
    let isCompressed: Bool
    /// `corrupt`, `truncated`, `trailing`, `limit`, `ratio`: why it did not decompress.
    let compressionFault: String?
    /// As sent; where it was cut, what was read.
    let octets: Int
    /// Decompressed; nil where it could not be.
    let plainOctets: Int?
    let isCut: Bool
    static let examples = [
        BIMIFetch(
            file: .logo, url: "https://example.com/l.svg", stage: .fetched, words: "refused",
            finalURL: "https://example.com/l.svg", redirectCount: 0, redirectStop: "loop", tlsVersion: "TLSv1.3",
            certificatePath: "trusted", certificateNameMatches: true, certificateDatesValid: true,
            certificateSecondsLeft: 2_592_000, status: 200, contentType: "image/svg+xml", mediaTypeIsSVG: true,
            contentEncoding: "gzip", isRefused: false, isCompressed: false, compressionFault: "corrupt", octets: 900,
            plainOctets: 900, isCut: false),
        BIMIFetch(
            file: .certificate, url: "https://example.com/v.pem", stage: .connect, words: nil,
            finalURL: "https://example.com/v.pem", redirectCount: 0, redirectStop: nil, tlsVersion: nil,
            certificatePath: nil, certificateNameMatches: nil, certificateDatesValid: nil, certificateSecondsLeft: nil,
            status: nil, contentType: nil, mediaTypeIsSVG: nil, contentEncoding: nil, isRefused: false,
            isCompressed: false, compressionFault: nil, octets: 0, plainOctets: nil, isCut: false),
    ]
}
