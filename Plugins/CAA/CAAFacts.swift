import AssayModel

/// `caa.name`, about a name that certificates are issued for (the domain, a mail host, the policy host, the host of a logo):
/// which properties count there, and whom they allow.
struct CAAName: Fact {
    static let id = "caa.name"
    let name: String
    /// Every name asked, from the name itself up.
    let climbed: [String]
    /// The owner of the properties; not there where nobody up to the top-level domain has any.
    let foundAt: String?
    /// Where the owner is an alias: whose properties they are.
    let aliasTarget: String?
    /// `any`, `listed`, `none`: who may issue for the name, for a wildcard below it, for S/MIME, and mark certificates.
    let server: String
    let wildcard: String
    let mail: String
    let mark: String
    /// The issuer domain names allowed, where they are listed.
    let issuers: [String]
    let wildcardIssuers: [String]
    static let examples = [
        CAAName(
            name: "mx.example.com", climbed: ["mx.example.com", "example.com"], foundAt: "example.com",
            aliasTarget: "caa.example.net", server: "listed", wildcard: "none", mail: "any", mark: "any",
            issuers: ["letsencrypt.org"], wildcardIssuers: []),
        CAAName(
            name: "mx.example.com", climbed: ["mx.example.com", "example.com", "com"], foundAt: nil, aliasTarget: nil,
            server: "any", wildcard: "any", mail: "any", mark: "any", issuers: [], wildcardIssuers: []),
    ]
}

/// `caa.lookup`, about the CAA records of one owner: how the search for them ended there.
struct CAALookup: Fact {
    static let id = "caa.lookup"
    enum Status: String, Codable {
        case answered, failed, bogus
        /// Other questions about the name are answered.
        case silent
    }
    let status: Status
    let words: String?
    /// Names whose search ends here.
    let names: [String]
    let isFound: Bool
    /// The answer is proven by DNSSEC.
    let isSecure: Bool
    /// The owner belongs to whoever owns the domain.
    let isOwn: Bool
    static let examples = [
        CAALookup(
            status: .failed, words: "ns.example.com [192.0.2.53]: servfail", names: ["mx.example.com"], isFound: false,
            isSecure: false, isOwn: true),
        CAALookup(status: .answered, words: nil, names: [], isFound: true, isSecure: true, isOwn: false),
    ]
}

/// `caa.set`, about the CAA records of one owner: what stands there, what it allows, and what is wrong with it.
struct CAASetFact: Fact {
    static let id = "caa.set"
    /// As in a zone file, `0 issue "letsencrypt.org"`.
    let records: [String]
    let ttl: Int?
    /// The owner belongs to whoever owns the domain.
    let isOwn: Bool
    /// The answer is proven by DNSSEC.
    let isSecure: Bool
    let aliasTarget: String?
    /// Names that these records count for.
    let names: [String]
    /// The mail domain is among them.
    let isForDomain: Bool
    /// The domain publishes a BIMI record.
    let hasBIMI: Bool
    /// `any`, `listed`, `none`.
    let server: String
    let wildcard: String
    let mail: String
    let mark: String
    /// Values of issue, issuewild, issuemail, issuevmc that match no grammar.
    let malformed: [String]
    /// For one of them this means that nobody may issue.
    let malformedForbids: Bool
    let hasWildcardOnly: Bool
    let criticalUnknown: [String]
    let reservedFlags: [String]
    let badTags: [String]
    let upperCaseTags: [String]
    /// Records that are no CAA record at all.
    let unreadableCount: Int
    /// Properties bound to an account of the CA's, and those whose binding nobody can meet (RFC 8657 section 3).
    let accountBound: [String]
    let accountImpossible: [String]
    /// Properties that name validation methods, those that name none there is, and the labels that are none.
    let methodBound: [String]
    let methodImpossible: [String]
    let unknownMethods: [String]
    /// Report addresses that are neither `mailto:` nor `https:`.
    let badReports: [String]
    let badContacts: [String]
    /// The whole set as it should be, lines of a zone file; not there where the CA to name is not known.
    let suggestion: [String]?
    static let examples = [
        CAASetFact(
            records: ["0 issue \"letsencrypt.org\""], ttl: 300, isOwn: true, isSecure: true,
            aliasTarget: "caa.example.net",
            names: ["mx.example.com"], isForDomain: true, hasBIMI: false, server: "listed", wildcard: "listed",
            mail: "any", mark: "any", malformed: ["0 issue \"%%\""], malformedForbids: false, hasWildcardOnly: false,
            criticalUnknown: ["128 tbs \"Unknown\""], reservedFlags: ["1 issue \"letsencrypt.org\""],
            badTags: ["0 is-sue \"letsencrypt.org\""], upperCaseTags: ["0 Issue \"letsencrypt.org\""],
            unreadableCount: 0, accountBound: ["0 issue \"ca.example; accounturi=https://ca.example/1\""],
            accountImpossible: ["0 issue \"ca.example; accounturi=1\""],
            methodBound: ["0 issue \"ca.example; validationmethods=dns-01\""],
            methodImpossible: ["0 issue \"ca.example; validationmethods=dns\""], unknownMethods: ["dns"],
            badReports: ["0 iodef \"ca@example.com\""], badContacts: ["0 contactphone \"555\""],
            suggestion: ["example.com. CAA 0 issue \"letsencrypt.org\""]),
        CAASetFact(
            records: [], ttl: nil, isOwn: false, isSecure: false, aliasTarget: nil, names: [], isForDomain: false,
            hasBIMI: true, server: "any", wildcard: "any", mail: "any", mark: "any", malformed: [],
            malformedForbids: true, hasWildcardOnly: false, criticalUnknown: [], reservedFlags: [], badTags: [],
            upperCaseTags: [], unreadableCount: 1, accountBound: [], accountImpossible: [], methodBound: [],
            methodImpossible: [], unknownMethods: [], badReports: [], badContacts: [], suggestion: nil),
    ]
}

/// `caa.missing`, about the place where CAA records should be: names for which nobody up to the top-level domain has any.
struct CAAMissing: Fact {
    static let id = "caa.missing"
    let names: [String]
    let isOwn: Bool
    /// Lines of a zone file; not there where the CA to name is not known.
    let suggestion: [String]?
    static let examples = [
        CAAMissing(
            names: ["mx.example.com"], isOwn: true, suggestion: ["example.com. CAA 0 issue \"letsencrypt.org\""]),
        CAAMissing(names: [], isOwn: false, suggestion: nil),
    ]
}

/// `caa.identifier`, about one issuer domain name in a set of the domain's own: whether some authority acts upon it.
/// Undetermined for a name that is not in the table of issuers, and near to none there.
struct CAAIdentifier: Fact {
    static let id = "caa.identifier"
    let identifier: String
    let tag: String
    let isKnown: Bool
    /// The identifier that was meant.
    let meant: String?
    let suggestion: [String]?
    static let examples = [
        CAAIdentifier(
            identifier: "letsencypt.org", tag: "issue", isKnown: false, meant: "letsencrypt.org",
            suggestion: ["example.com. CAA 0 issue \"letsencrypt.org\""]),
        CAAIdentifier(identifier: "letsencrypt.org", tag: "issue", isKnown: true, meant: nil, suggestion: nil),
    ]
}

/// `caa.issuer`, about the certificates of one issuer in use at a host: whether that issuer may issue the next one.
struct CAAIssuer: Fact {
    static let id = "caa.issuer"
    /// Organisation and common name.
    let issuer: String
    /// The entry of the table of issuers; not there where any issuer may issue, whoever it is.
    let authority: String?
    /// What the authority acts upon.
    let identifiers: [String]
    /// The names of the certificate that cover the host.
    let names: [String]
    let isPermitted: Bool
    /// The names for which it is not.
    let blockedNames: [String]
    /// Where the deciding properties stand.
    let foundAt: [String]
    /// Who may issue instead.
    let permitted: [String]
    /// Until the first of the certificates ends.
    let secondsLeft: Int?
    let suggestion: [String]?
    static let examples = [
        CAAIssuer(
            issuer: "Let's Encrypt, R11", authority: "Let's Encrypt", identifiers: ["letsencrypt.org"],
            names: ["mx.example.com"], isPermitted: false, blockedNames: ["mx.example.com"], foundAt: ["example.com"],
            permitted: ["digicert.com"], secondsLeft: 86_400,
            suggestion: ["example.com. CAA 0 issue \"letsencrypt.org\""]),
        CAAIssuer(
            issuer: "Somebody", authority: nil, identifiers: [], names: ["mx.example.com"], isPermitted: true,
            blockedNames: [], foundAt: [], permitted: [], secondsLeft: nil, suggestion: nil),
    ]
}

/// `caa.pin`, about one DANE-TA record of a mail host: whether the authority that it pins may issue.
struct CAAPin: Fact {
    static let id = "caa.pin"
    /// `2 1 1 ab12cd34`
    let record: String
    /// Organisation and common name of the pinned certificate.
    let authority: String
    let identifiers: [String]
    let isPermitted: Bool
    let permitted: [String]
    static let examples = [
        CAAPin(
            record: "2 1 1 ab12cd34", authority: "Internet Security Research Group, ISRG Root X1",
            identifiers: ["letsencrypt.org"], isPermitted: false, permitted: ["digicert.com"])
    ]
}
