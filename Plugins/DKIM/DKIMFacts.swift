import AssayModel

/// `dkim.key`, about a selector: the key record there (RFC 6376 section 3.6.1), whatever is wrong with it.
struct DKIMKeyFact: Fact {
    static let id = "dkim.key"
    let selector: String
    /// As it was published, escaped.
    let text: String
    /// `operator`, `message`, `dmarc_report`, `provider`, `dictionary`, `date`, `denial` (an NSEC record names it), `walk`.
    let foundBy: [String]
    /// Told by the operator, a message or a report: in use, not guessed.
    let isGiven: Bool
    /// `k=`; `rsa` where it is missing.
    let kind: String
    let bits: Int?
    /// In decimal, or in hex with `0x` above 64 bits.
    let exponent: String?
    let exponentBits: Int?
    let isRevoked: Bool
    /// A verifier can verify mail with it.
    let isUsable: Bool
    /// `v_wrong`, `dup_tag`, `syntax`, `p_missing`, `p_base64`, `p_der`, `ed25519_malformed`, `k_unknown`, `limit`.
    let faults: [String]
    /// `pem_headers`, `split_quotes`, `quotes`, `backslashes`, `url_alphabet`, `padding`, `truncated`, `alphabet`.
    let damage: [String]
    /// RSAPublicKey alone (RFC 8017), without the SubjectPublicKeyInfo that everybody publishes.
    let isBare: Bool
    /// Where the private half of this key is published.
    let published: String?
    /// `roca`, `small_factor`.
    let weaknesses: [String]
    let holdsPrivateKey: Bool
    let hasVersion: Bool
    let hashes: [String]?
    let acceptsSHA256: Bool
    let services: [String]?
    let isForMail: Bool
    let isTesting: Bool
    let isStrict: Bool
    let granularity: String?
    let notes: String?
    /// Records at the selector that are meant as keys.
    let keyCount: Int
    let octets: Int
    let strings: Int
    let ttl: Int?
    let isSecure: Bool
    let aliasTarget: String?
    let isWildcard: Bool
    /// The latest day that the selector's name can mean.
    let date: String?
    let ageDays: Int?
    /// Whose selector it is, where its name or its alias tells.
    let provider: String?
    /// That provider is known by its mail hosts and its SPF include, and the domain has neither.
    let isProviderGone: Bool?
    /// SHA-256 of the modulus or of the Ed25519 key.
    let fingerprint: String?
    /// Other selectors of the domain with the same key.
    let sharedWith: [String]
    /// The record that was meant, all that was right in it kept.
    let suggestion: String?

    static let examples = [
        DKIMKeyFact(
            selector: "s1", text: "v=DKIM1; p=MIIB", foundBy: ["dictionary"], isGiven: false, kind: "rsa", bits: 1024,
            exponent: "65537", exponentBits: 17, isRevoked: false, isUsable: true, faults: ["p_base64"],
            damage: ["quotes"], isBare: false, published: "RFC 6376 appendix C", weaknesses: ["roca"],
            holdsPrivateKey: false, hasVersion: true, hashes: ["sha256"], acceptsSHA256: true, services: ["email"],
            isForMail: true, isTesting: false, isStrict: false, granularity: "*", notes: "n", keyCount: 1, octets: 400,
            strings: 2, ttl: 300, isSecure: true, aliasTarget: "k.example.net", isWildcard: false, date: "2024-12-31",
            ageDays: 700, provider: "Mailjet", isProviderGone: false, fingerprint: "00ff", sharedWith: ["s2"],
            suggestion: "v=DKIM1; p=MIIB"),
        DKIMKeyFact(
            selector: "s1", text: "v=DKIM1; p=", foundBy: ["operator"], isGiven: true, kind: "rsa", bits: nil,
            exponent: nil, exponentBits: nil, isRevoked: true, isUsable: false, faults: [], damage: [], isBare: false,
            published: nil, weaknesses: [], holdsPrivateKey: false, hasVersion: true, hashes: nil, acceptsSHA256: true,
            services: nil, isForMail: true, isTesting: false, isStrict: false, granularity: nil, notes: nil,
            keyCount: 1, octets: 11, strings: 1, ttl: nil, isSecure: false, aliasTarget: nil, isWildcard: false,
            date: nil, ageDays: nil, provider: nil, isProviderGone: nil, fingerprint: nil, sharedWith: [],
            suggestion: nil),
    ]
}

/// `dkim.lookup`, about a selector without a key: what the DNS said. About each that was given, and of the guessed ones where the
/// name servers failed or an alias leads nowhere.
struct DKIMLookup: Fact {
    static let id = "dkim.lookup"
    enum Status: String, Codable {
        case missing, dangling, failed, bogus
        /// TXT records that are no keys.
        case noKey = "no_key"
    }
    let status: Status
    let words: String?
    let foundBy: [String]
    let isGiven: Bool
    let aliasTarget: String?
    /// What a registrar would sell of the alias target's name.
    let registrableDomain: String?
    /// And nobody has bought.
    let isUnregistered: Bool
    static let examples = [
        DKIMLookup(
            status: .dangling, words: "SERVFAIL", foundBy: ["operator"], isGiven: true, aliasTarget: "k.example.net",
            registrableDomain: "example.net", isUnregistered: false),
        DKIMLookup(
            status: .missing, words: nil, foundBy: ["dictionary"], isGiven: false, aliasTarget: nil,
            registrableDomain: nil, isUnregistered: false),
    ]
}

/// `dkim.selectors`, about the domain: what looking for selectors came to, and how complete it is.
struct DKIMSelectors: Fact {
    static let id = "dkim.selectors"
    enum Existence: String, Codable {
        /// Validated: nothing exists at or below `_domainkey`.
        case provenAbsent = "proven_absent"
        /// NXDOMAIN without DNSSEC, and a selector asked directly does not exist either.
        case absent
        /// Something exists at or below `_domainkey`.
        case exists
        /// The zone's way of denying existence does not tell.
        case ambiguous
        /// A wildcard makes every name exist.
        case wildcard
        /// The question at `_domainkey` was not answered.
        case unknown
    }
    let existence: Existence
    /// `nxdomain`, `compact_denial`.
    let proof: String?
    /// With key records, revoked ones too.
    let found: [String]
    let foundCount: Int
    let usableCount: Int
    let usableRSACount: Int
    let revokedCount: Int
    /// Every name below `_domainkey` is known from NSEC records, or there is none.
    let isComplete: Bool
    /// `operator`, `message`, `dmarc_report`, `proof`, `provider`, `dictionary`, `date`, `denial`, `nsec3`, `walk`.
    let methods: [String]
    let candidates: Int
    /// Questions to the resolver.
    let asked: Int
    /// Candidates that NSEC or NSEC3 records already denied.
    let deniedWithoutQuestion: Int
    /// `key`, `text`, `alias`: what a selector that nobody can have made answers.
    let wildcard: String?
    /// NXDOMAIN at `_domainkey`, and a selector below it exists.
    let hasEmptyNonTerminalFault: Bool
    /// Denials by NSEC records made on the spot (RFC 9824).
    let isCompactDenial: Bool
    /// By mail hosts, SPF and report addresses.
    let providers: [String]
    /// Of those, the ones whose selectors nobody can guess.
    let unguessable: [String]
    let hasFailures: Bool
    static let examples = [
        DKIMSelectors(
            existence: .exists, proof: "nxdomain", found: ["s1"], foundCount: 1, usableCount: 1, usableRSACount: 1,
            revokedCount: 0, isComplete: false, methods: ["dictionary"], candidates: 300, asked: 12,
            deniedWithoutQuestion: 280, wildcard: "key", hasEmptyNonTerminalFault: false, isCompactDenial: false,
            providers: ["Mailjet"], unguessable: ["Amazon SES"], hasFailures: false),
        DKIMSelectors(
            existence: .absent, proof: nil, found: [], foundCount: 0, usableCount: 0, usableRSACount: 0,
            revokedCount: 0, isComplete: false, methods: [], candidates: 0, asked: 2, deniedWithoutQuestion: 0,
            wildcard: nil, hasEmptyNonTerminalFault: false, isCompactDenial: false, providers: [], unguessable: [],
            hasFailures: false),
    ]
}

/// `dkim.presence`, about the domain: whether it has a key that mail can be signed with. Undetermined where none was found and
/// one that nobody can guess may be there.
struct DKIMPresence: Fact {
    static let id = "dkim.presence"
    let hasKey: Bool
    /// Validated: nothing at or below `_domainkey` exists, or everything there is known.
    let isProven: Bool
    static let examples = [DKIMPresence(hasKey: false, isProven: true)]
}

/// `dkim.denial`, about the domain: what NSEC and NSEC3 records told beside the answers.
struct DKIMDenial: Fact {
    static let id = "dkim.denial"
    /// `nsec`, `nsec3`.
    let kind: String
    /// Names below `_domainkey` that NSEC records disclosed.
    let disclosed: [String]
    /// Those of them that nothing else suggested, and that answer.
    let learnt: [String]
    /// Steps of the walk; nil where none was asked for.
    let walked: Int?
    let records: Int
    let deniedWithoutQuestion: Int
    static let examples = [
        DKIMDenial(kind: "nsec", disclosed: ["s1"], learnt: ["s1"], walked: 3, records: 12, deniedWithoutQuestion: 200),
        DKIMDenial(kind: "nsec3", disclosed: [], learnt: [], walked: nil, records: 12, deniedWithoutQuestion: 20),
    ]
}

/// `dkim.provider`, about the domain with the provider's name: whether a provider that mail hosts or SPF show has its keys there.
struct DKIMProvider: Fact {
    static let id = "dkim.provider"
    let provider: String
    /// `mx`, `spf`, `reports`.
    let seenBy: [String]
    /// Fixed for all its customers.
    let selectors: [String]
    let found: [String]
    /// Customers have further selectors, so that the fixed ones need not be there.
    let hasOwnSelectors: Bool
    /// Whether the answers leave room for another selector of the domain's.
    let otherKeyCount: Int
    static let examples = [
        DKIMProvider(
            provider: "Microsoft 365", seenBy: ["mx"], selectors: ["selector1"], found: ["selector1"],
            hasOwnSelectors: false, otherKeyCount: 0)
    ]
}

/// `dkim.legacy`, about the domain: records of older standards below `_domainkey`.
struct DKIMLegacy: Fact {
    static let id = "dkim.legacy"
    /// TXT at `_adsp._domainkey` (RFC 5617, historic).
    let adsp: String?
    /// TXT at `_domainkey` (RFC 4870, historic).
    let policy: String?
    static let examples = [
        DKIMLegacy(adsp: "dkim=all", policy: "o=~"), DKIMLegacy(adsp: nil, policy: nil),
    ]
}
