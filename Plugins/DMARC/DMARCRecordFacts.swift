import AssayModel
import AssayProbes

/// `dmarc.record`, about the record of a name on the walk: what stands there, also where receivers make nothing of it.
struct DMARCRecordFact: Fact {
    static let id = "dmarc.record"
    /// The first that receivers take for a DMARC record, else the first that was meant as one.
    let text: String
    let domain: String
    /// It is the audited domain's own.
    let isOwn: Bool
    /// Records that receivers take for DMARC records.
    let count: Int
    /// Several: all are discarded.
    let isMultiple: Bool
    /// All texts.
    let texts: [String]
    /// None of them is a DMARC record to receivers.
    let isIgnored: Bool
    /// One record that keeps what was right in these.
    let suggestion: String
    let ttl: Int?
    static let examples = [
        DMARCRecordFact(
            text: "v=DMARC1; p=none", domain: "example.com", isOwn: true, count: 1, isMultiple: false,
            texts: ["v=DMARC1; p=none"], isIgnored: false, suggestion: "v=DMARC1; p=none", ttl: 300),
        DMARCRecordFact(
            text: "v=dmarc1; p=none", domain: "example.com", isOwn: true, count: 0, isMultiple: false,
            texts: ["v=dmarc1; p=none"], isIgnored: true, suggestion: "v=DMARC1; p=none", ttl: nil),
    ]
}

/// `dmarc.tags`, about the record that applies to the domain (and one with `psd` that shapes the walk): its tags, and what is
/// wrong with them.
struct DMARCTags: Fact {
    static let id = "dmarc.tags"

    enum Comparison: String, Codable {
        case absent, weaker, equal, stronger
    }

    struct Fault: Codable, Equatable {
        /// `policy_invalid`, `value`, `destination`, ...
        let kind: String
        let tag: String
        let value: String
        /// What receivers make of it: `tag_ignored`, `record_as_none`, `varies`, ...
        let rfc9989: String
        let rfc7489: String
    }

    struct Suggestions: Codable, Equatable {
        /// Without what is malformed, retired, unknown or without effect.
        let corrected: String
        /// Asking for reports.
        let reports: String
        /// With the subdomains under the same policy.
        let subdomains: String
        /// Out of test.
        let settled: String
        /// With no more than two destinations.
        let two: String
        /// Without reports of single messages.
        let withoutFailureReports: String
    }

    let text: String
    let domain: String
    let isOwn: Bool
    /// Receivers of RFC 9989 apply it to the domain.
    let isApplied: Bool
    /// It stands at the organizational domain.
    let isOrganization: Bool
    /// The public suffix list says that others register names below it.
    let isListedSuffix: Bool
    /// `as_written`, `as_none`, `not_applied`.
    let reading: String
    let legacyReading: String
    let p: String?
    let sp: String?
    let np: String?
    /// Of `sp` with `p`, and of `np` with what existing subdomains get.
    let spComparison: Comparison
    let npComparison: Comparison
    let isTest: Bool
    /// `y`, `n`, `u`.
    let psd: String
    let pct: Int?
    let hasStrictDKIM: Bool
    let hasStrictSPF: Bool
    let ruaCount: Int
    /// Well-formed URIs.
    let ruaUsable: Int
    let rufCount: Int
    /// Entries that no receiver can use, or with schemes other than `mailto`.
    let badRUA: [String]
    let badRUF: [String]
    /// Entries with a size limit.
    let sized: [String]
    let unknownTags: [String]
    /// `rf`, `ri`.
    let retiredTags: [String]
    let badFailureOptions: String?
    let faults: [Fault]
    /// `value`, `value:psd`, ...: the kinds, with and without their tags.
    let faultKinds: [String]
    /// Faults of form that have no finding of their own, as `kind tag`.
    let malformed: [String]
    let suggestions: Suggestions
    let ttl: Int?

    private static let suggestions = Suggestions(
        corrected: "v=DMARC1; p=none", reports: "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com",
        subdomains: "v=DMARC1; p=none", settled: "v=DMARC1; p=none", two: "v=DMARC1; p=none",
        withoutFailureReports: "v=DMARC1; p=none")
    static let examples = [
        DMARCTags(
            text: "v=DMARC1; p=none", domain: "example.com", isOwn: true, isApplied: true, isOrganization: true,
            isListedSuffix: false, reading: "as_written", legacyReading: "as_written", p: "none", sp: "none",
            np: "none", spComparison: .equal, npComparison: .equal, isTest: false, psd: "u", pct: 50,
            hasStrictDKIM: false, hasStrictSPF: false, ruaCount: 1, ruaUsable: 1, rufCount: 0,
            badRUA: ["a@example.com"],
            badRUF: ["a@example.com"], sized: ["mailto:a@example.com!10m"], unknownTags: ["x"], retiredTags: ["rf"],
            badFailureOptions: "0:1",
            faults: [
                Fault(kind: "value", tag: "psd", value: "x", rfc9989: "tag_ignored", rfc7489: "none")
            ], faultKinds: ["value", "value:psd"], malformed: ["value adkim"], suggestions: suggestions, ttl: 300),
        DMARCTags(
            text: "v=DMARC1", domain: "example.com", isOwn: true, isApplied: true, isOrganization: true,
            isListedSuffix: false, reading: "not_applied", legacyReading: "not_applied", p: nil, sp: nil, np: nil,
            spComparison: .absent, npComparison: .absent, isTest: false, psd: "u", pct: nil, hasStrictDKIM: false,
            hasStrictSPF: false, ruaCount: 0, ruaUsable: 0, rufCount: 0, badRUA: [], badRUF: [], sized: [],
            unknownTags: [], retiredTags: [], badFailureOptions: nil, faults: [], faultKinds: [], malformed: [],
            suggestions: suggestions, ttl: nil),
    ]
}
