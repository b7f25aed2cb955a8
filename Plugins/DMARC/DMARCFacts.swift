import AssayModel
import AssayProbes

/// `dmarc.lookup`, about the record of each name of the walk: what the DNS said.
struct DMARCLookup: Fact {
    static let id = "dmarc.lookup"
    enum Status: String, Codable {
        case answered, bogus, failed
    }
    let status: Status
    let words: String?
    /// The domain whose record it would be.
    let domain: String
    /// TXT records of any kind.
    let textCount: Int
    /// Receivers know no policy for the audited domain because of this failure.
    let blocksPolicy: Bool
    /// The end of the alias chain.
    let aliasTarget: String?
    /// Nothing exists there.
    let isDangling: Bool
    /// The target is a name of the same organization, which nobody else can create.
    let isOwnAlias: Bool
    /// Nobody has registered the domain of the alias' target: whoever does decides the policy.
    let isRegistrable: Bool
    static let examples = [
        DMARCLookup(
            status: .failed, words: "SERVFAIL", domain: "example.com", textCount: 0, blocksPolicy: true,
            aliasTarget: "example.com._dmarc.example.net", isDangling: true, isOwnAlias: false,
            isRegistrable: true),
        DMARCLookup(
            status: .answered, words: nil, domain: "example.com", textCount: 1, blocksPolicy: false, aliasTarget: nil,
            isDangling: false, isOwnAlias: false, isRegistrable: false),
    ]
}

/// `dmarc.discovery`, about the domain: whom receivers take it to belong to, and whose record they apply.
struct DMARCDiscoveryFact: Fact {
    static let id = "dmarc.discovery"
    /// Names whose record is asked for, in the order of the tree walk.
    let walked: [String]
    /// Names between that no receiver asks, because the domain has more labels than the walk has steps.
    let skipped: [String]
    /// The domain whose record applies by RFC 9989, and by RFC 7489.
    let recordDomain: String?
    let legacyRecordDomain: String?
    /// The organizational domain by the tree walk, and why: `psd_n`, `below_psd_y`, `fewest_labels`, `start`.
    let organization: String
    let reason: String
    /// By the public suffix list.
    let listOrganization: String
    /// `given`, `system`, `built_in`, and the day of the list.
    let list: String
    let listDate: Timestamp?
    let organizationDiffers: Bool
    let policyDiffers: Bool
    /// Something that is, or was meant as, a DMARC record was found on the walk.
    let isAnythingFound: Bool
    let isInternationalised: Bool
    /// A complete first record for the domain.
    let firstRecord: String
    static let examples = [
        DMARCDiscoveryFact(
            walked: ["example.com", "com"], skipped: ["b.example.com"], recordDomain: "example.com",
            legacyRecordDomain: "example.com", organization: "example.com", reason: "fewest_labels",
            listOrganization: "example.com", list: "system", listDate: Timestamp(secondsSince1970: 1_700_000_000),
            organizationDiffers: false, policyDiffers: false, isAnythingFound: true, isInternationalised: false,
            firstRecord: "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com"),
        DMARCDiscoveryFact(
            walked: [], skipped: [], recordDomain: nil, legacyRecordDomain: nil, organization: "example.com",
            reason: "start", listOrganization: "example.com", list: "system", listDate: nil, organizationDiffers: false,
            policyDiffers: false, isAnythingFound: false, isInternationalised: false,
            firstRecord: "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com"),
    ]
}

/// `dmarc.effective`, about the domain: what receivers do with mail that fails, by RFC 9989 and (`legacy`) by RFC 7489.
struct DMARCEffective: Fact {
    static let id = "dmarc.effective"

    struct Entry: Codable, Equatable {
        /// `applied`, `no_record`, `void`, `lookup_error`.
        let state: String
        let recordDomain: String?
        /// `author`, `organization`, `public_suffix`.
        let location: String?
        /// `p`, `sp`, `np`; missing where the record counts as `p=none`.
        let tag: String?
        let requested: String
        /// After `t=y`, or `pct=0`.
        let effective: String
        /// Share of failing mail that gets it.
        let percentage: Int
    }

    struct Legacy: Codable, Equatable {
        let domain: Entry
        let existingSubdomain: Entry
        let nonexistentSubdomain: Entry
    }

    let domain: Entry
    let existingSubdomain: Entry
    let nonexistentSubdomain: Entry
    let legacy: Legacy
    /// Mail from the domain and from all names below it is to be rejected, by receivers of both generations.
    let rejectsAll: Bool
    /// Reports are asked for.
    let hasReports: Bool
    /// The next record on the way to `reject`; missing where that is reached.
    let nextRecord: String?
    /// The record with `quarantine` in place of `reject`.
    let milderRecord: String?
    /// Seconds for which the present record stays in caches.
    let ttl: Int?

    private static let entry = Entry(
        state: "applied", recordDomain: "example.com", location: "author", tag: "p", requested: "reject",
        effective: "reject", percentage: 100)
    private static let none = Entry(
        state: "no_record", recordDomain: nil, location: nil, tag: nil, requested: "none", effective: "none",
        percentage: 100)
    static let examples = [
        DMARCEffective(
            domain: entry, existingSubdomain: entry, nonexistentSubdomain: entry,
            legacy: Legacy(domain: entry, existingSubdomain: entry, nonexistentSubdomain: entry), rejectsAll: true,
            hasReports: true, nextRecord: "v=DMARC1; p=reject; rua=mailto:dmarc-reports@example.com",
            milderRecord: "v=DMARC1; p=quarantine; rua=mailto:dmarc-reports@example.com", ttl: 300),
        DMARCEffective(
            domain: none, existingSubdomain: none, nonexistentSubdomain: none,
            legacy: Legacy(domain: none, existingSubdomain: none, nonexistentSubdomain: none), rejectsAll: false,
            hasReports: false, nextRecord: nil, milderRecord: nil, ttl: nil),
    ]
}

/// `dmarc.use`, about the domain: whether it seems to send mail, by what its owner says and by its other records.
struct DMARCUse: Fact {
    static let id = "dmarc.use"
    /// `sending`, `receiving`, `parked`, `auto`: as the scan was told.
    let role: String
    /// `mx`, `null_mx`, `implicit`, `none`, `nxdomain`, `lookup_error`.
    let receiving: String
    let spf: SPFSign
    /// It is said not to send, by the role, by `v=spf1 -all`, or by everything else that is missing.
    let isNonsending: Bool
    /// Beyond that it receives nothing.
    let isParked: Bool
    /// `dmarc`, `spf`, `null_mx`: what a domain that sends nothing still lacks.
    let lacks: [String]
    /// The whole DMARC record for such a domain.
    let dmarcRecord: String
    static let examples = [
        DMARCUse(
            role: "auto", receiving: "null_mx", spf: .deniesAll, isNonsending: true, isParked: true, lacks: ["dmarc"],
            dmarcRecord: "v=DMARC1; p=reject; sp=reject; np=reject")
    ]
}

/// `dmarc.wildcard`, about the domain: what is answered for a name that nobody made (RFC 4592).
struct DMARCWildcard: Fact {
    static let id = "dmarc.wildcard"
    /// TXT records at `_dmarc.<unmade>.<domain>`.
    let answers: Bool
    let isDMARC: Bool
    let text: String?
    /// `nxdomain`, `no_data`, `records`, `lookup_error`: for the unmade name itself. RFC 9989 section 3.2.13 takes NXDOMAIN alone.
    let unmadeName: String
    static let examples = [
        DMARCWildcard(answers: true, isDMARC: false, text: "v=spf1 -all", unmadeName: "nxdomain"),
        DMARCWildcard(answers: false, isDMARC: false, text: nil, unmadeName: "no_data"),
    ]
}

/// `dmarc.wrong_location`, about the domain: DMARC records where nobody looks. Only asked where none is at the right place.
struct DMARCWrongLocation: Fact {
    static let id = "dmarc.wrong_location"
    let owners: [String]
    /// What stands at the first of them, corrected.
    let suggestion: String?
    static let examples = [
        DMARCWrongLocation(owners: ["dmarc.example.com"], suggestion: "v=DMARC1; p=none"),
        DMARCWrongLocation(owners: [], suggestion: nil),
    ]
}

/// `dmarc.subdomain`, about the record of a subdomain with a record of its own.
struct DMARCSubdomain: Fact {
    static let id = "dmarc.subdomain"
    let domain: String
    let text: String
    /// What receivers do with failing mail from it, and what they would do without this record.
    let effective: String
    let inherited: String
    let isWeaker: Bool
    /// The record with the policy that it would inherit.
    let suggestion: String
    static let examples = [
        DMARCSubdomain(
            domain: "mail.example.com", text: "v=DMARC1; p=none", effective: "none", inherited: "reject",
            isWeaker: true, suggestion: "v=DMARC1; p=reject")
    ]
}

/// `dmarc.destination`, about a report destination: whether reports can arrive, and whether its owner agreed to them.
struct DMARCDestination: Fact {
    static let id = "dmarc.destination"
    enum Authorisation: String, Codable {
        /// The same organization (RFC 9990, "Verifying External Destinations").
        case notNeeded = "not_needed"
        case authorised
        /// By `*._report._dmarc`: for every domain.
        case wildcard
        case unauthorised
        case tooLong = "too_long"
        case lookupError = "lookup_error"
    }
    enum Override: String, Codable {
        case none
        /// The authorisation names another address at the same host.
        case accepted
        /// At another host: no report goes to either.
        case refused
    }
    /// `rua` or `ruf`.
    let tag: String
    let uri: String
    let scheme: String
    let host: String
    let reach: ReportReach
    let authorisation: Authorisation
    /// Receivers of these generations ask for an authorisation.
    let externalTo: [String]
    /// Where the authorisation stands, or would have to.
    let authorisationOwner: String?
    let override: Override
    let overrideAddresses: [String]
    /// No other destination of the tag can be used.
    let isOnlyOne: Bool
    /// The domain whose record names the destination.
    let recordDomain: String
    /// That record without the destination.
    let recordWithout: String?
    static let examples = [
        DMARCDestination(
            tag: "rua", uri: "mailto:a@example.net", scheme: "mailto", host: "example.net", reach: .reachable,
            authorisation: .authorised, externalTo: ["rfc9989"],
            authorisationOwner: "example.com._report._dmarc.example.net", override: .accepted,
            overrideAddresses: ["mailto:b@example.net"], isOnlyOne: true, recordDomain: "example.com",
            recordWithout: "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com"),
        DMARCDestination(
            tag: "rua", uri: "mailto:a@example.com", scheme: "mailto", host: "example.com", reach: .reachable,
            authorisation: .notNeeded, externalTo: [], authorisationOwner: nil, override: .none, overrideAddresses: [],
            isOnlyOne: false, recordDomain: "example.com", recordWithout: nil),
    ]
}
