import AssayModel

/// `dkim.signature`, about the key record that a signature of the message names, with the signature's place in the message.
struct DKIMSignatureFact: Fact {
    static let id = "dkim.signature"
    enum Result: String, Codable {
        case pass, fail, permerror, temperror
    }
    /// From the top of the message, 1 first.
    let index: Int
    let result: Result
    /// The first of: `syntax`, `version`, `tag_missing`, `algorithm_unknown`, `sha1`, `canonicalization_unknown`, `base64`,
    /// `domain_malformed`, `from_unsigned`, `identity_mismatch`, `times`, `query_unknown`, `length_malformed`, `limit`,
    /// `expired`, `key_lookup`, `key_missing`, `key_broken`, `key_revoked`, `key_kind`, `key_hash`, `key_service`, `key_short`,
    /// `key_strict`, `body_short`, `body_hash`, `signature`.
    let reason: String?
    /// What the name servers said.
    let words: String?
    /// `d=`.
    let domain: String?
    let selector: String?
    let algorithm: String
    /// `relaxed/simple`.
    let canonicalization: String
    let identity: String?
    let keyBits: Int?
    let isTesting: Bool
    let headers: [String]
    /// Named in `h=` once more than they occur, so that nobody can add one.
    let sealed: [String]
    /// Of From, To, Cc, Subject, Date, Reply-To, MIME-Version, Content-Type: present, and not signed.
    let unsigned: [String]
    /// `l=`, and octets of the body behind it.
    let length: Int?
    let unsignedOctets: Int?
    let signedAt: String?
    let expiresAt: String?
    /// The domain of From is the same, or belongs to the same organization, as the policy asks.
    let isAligned: Bool
    static let examples = [
        DKIMSignatureFact(
            index: 1, result: .fail, reason: "body_hash", words: "SERVFAIL", domain: "example.com", selector: "s1",
            algorithm: "rsa-sha256", canonicalization: "relaxed/relaxed", identity: "@example.com", keyBits: 2048,
            isTesting: false, headers: ["from"], sealed: ["from"], unsigned: ["subject"], length: 10, unsignedOctets: 3,
            signedAt: "2026-11-24T00:00:00Z", expiresAt: "2026-12-24T00:00:00Z", isAligned: true),
        DKIMSignatureFact(
            index: 1, result: .pass, reason: nil, words: nil, domain: nil, selector: nil, algorithm: "",
            canonicalization: "simple/simple",
            identity: nil, keyBits: nil, isTesting: false, headers: [], sealed: [], unsigned: [], length: nil,
            unsignedOctets: nil, signedAt: nil, expiresAt: nil, isAligned: false),
    ]
}

/// `dkim.message`, about the domain: what a receiver makes of the message, as far as a file tells.
struct DKIMMessageFact: Fact {
    static let id = "dkim.message"
    enum Verdict: String, Codable {
        /// An aligned signature passes: DMARC passes whatever SPF says.
        case pass
        /// None does: DMARC hangs on SPF, which a file cannot tell.
        case spfDecides = "spf_decides"
        /// No DMARC policy applies.
        case noPolicy = "no_policy"
        /// From names no domain, or several.
        case noAuthor = "no_author"
        case undetermined
    }
    let verdict: Verdict
    /// Domains in From.
    let authors: [String]
    /// From is of the scanned domain or below it.
    let isOwn: Bool
    let fromCount: Int
    let signatureCount: Int
    let judgedCount: Int
    let passCount: Int
    let alignedPassCount: Int
    /// What failing mail gets: `none`, `quarantine`, `reject`.
    let policy: String?
    let policyDomain: String?
    /// `strict`, `relaxed`.
    let alignment: String
    let octets: Int
    let hasBareLF: Bool
    let hasBrokenHeader: Bool
    /// Named limits that were reached.
    let limits: [String]
    static let examples = [
        DKIMMessageFact(
            verdict: .pass, authors: ["example.com"], isOwn: true, fromCount: 1, signatureCount: 1, judgedCount: 1,
            passCount: 1, alignedPassCount: 1, policy: "reject", policyDomain: "example.com", alignment: "relaxed",
            octets: 1000, hasBareLF: false, hasBrokenHeader: false, limits: ["signatures"]),
        DKIMMessageFact(
            verdict: .noAuthor, authors: [], isOwn: false, fromCount: 0, signatureCount: 0, judgedCount: 0,
            passCount: 0, alignedPassCount: 0, policy: nil, policyDomain: nil, alignment: "relaxed", octets: 0,
            hasBareLF: false, hasBrokenHeader: false, limits: []),
    ]
}
