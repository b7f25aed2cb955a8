import AssayModel
import AssayProbes

/// `tlsrpt.record`, about the record: TXT at `_smtp._tls` (RFC 8460 section 3). Absent where none begins like one.
struct TLSRPTRecordFact: Fact {
    static let id = "tlsrpt.record"
    let text: String
    /// Records that remain after those that do not start `v=TLSRPTv1;` are discarded.
    let count: Int
    let isMultiple: Bool
    let isValid: Bool
    /// `bad_version`, `rua_missing`, `rua_empty`, `scheme_bad`, `separator`, `duplicate_rua`, `unencoded`,
    /// `extension_bad`, `non_ascii`.
    let faults: [String]
    /// Usable URIs.
    let destinations: [String]
    /// Entries that are not `mailto:` or `https:` URIs.
    let badDestinations: [String]
    let ttl: Int?
    let aliasTarget: String?
    static let examples = [
        TLSRPTRecordFact(
            text: "v=TLSRPTv1; rua=mailto:tls@example.com", count: 1, isMultiple: false, isValid: true,
            faults: ["unencoded"], destinations: ["mailto:tls@example.com"], badDestinations: ["http://example.com/"],
            ttl: 300, aliasTarget: "_smtp._tls.example.net"),
        TLSRPTRecordFact(
            text: "v=TLSRPTv1;", count: 1, isMultiple: false, isValid: false, faults: ["rua_missing"], destinations: [],
            badDestinations: [], ttl: nil, aliasTarget: nil),
    ]
}

/// `tlsrpt.destination`, about a report destination: whether reports can arrive there.
struct TLSRPTDestination: Fact {
    static let id = "tlsrpt.destination"
    let uri: String
    /// `mailto` or `https`.
    let scheme: String
    let domain: String
    let reach: ReportReach
    /// The reports go to the domain that they are about.
    let isSameDomain: Bool
    static let examples = [
        TLSRPTDestination(
            uri: "mailto:tls@example.com", scheme: "mailto", domain: "example.com", reach: .reachable,
            isSameDomain: true)
    ]
}

/// `tlsrpt.wrong_owner`, about the domain: TLSRPT records at names where nobody looks. Only asked where there is none at
/// the right one.
struct TLSRPTWrongOwner: Fact {
    static let id = "tlsrpt.wrong_owner"
    let owners: [String]
    static let examples = [TLSRPTWrongOwner(owners: ["_tlsrpt.example.com"])]
}

/// `tlsrpt.lookup`, about the record: what the DNS said.
struct TLSRPTLookup: Fact {
    static let id = "tlsrpt.lookup"
    enum Status: String, Codable {
        case answered, bogus, failed
    }
    let status: Status
    let words: String?
    let recordCount: Int
    static let examples = [
        TLSRPTLookup(status: .answered, words: "SERVFAIL", recordCount: 0),
        TLSRPTLookup(status: .bogus, words: nil, recordCount: 0),
    ]
}
