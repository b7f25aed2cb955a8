import AssayModel
import AssayProbes

/// `mx.lookup`, about the domain: what the MX question came to (RFC 5321 section 5.1, RFC 7505).
struct MXLookup: Fact {
    static let id = "mx.lookup"

    enum Shape: String, Codable {
        case mx, null, implicit, none, nxdomain
        case nullNonzeroPreference = "null_nonzero_preference"
        case nullWithOthers = "null_with_others"
        case lookupError = "lookup_error"
    }

    let shape: Shape
    /// `secure`, `insecure`, `bogus`, `indeterminate`.
    let security: String
    /// Seconds.
    let ttl: Int?
    /// `bogus`, `servfail`, `refused`, ... where `shape` is `lookup_error`.
    let error: String?
    /// The validator's words, or what each server said.
    let words: String?
    /// The end of the alias chain where the domain itself is an alias.
    let aliasTarget: String?
    /// Zero records of type A and AAAA where there is no MX.
    let hasAddress: Bool?

    static let examples = [
        MXLookup(
            shape: .mx, security: "secure", ttl: 3600, error: nil, words: nil, aliasTarget: "example.net",
            hasAddress: nil),
        MXLookup(
            shape: .lookupError, security: "bogus", ttl: nil, error: "bogus", words: "signature expired",
            aliasTarget: nil, hasAddress: true),
    ]
}

/// `mx.target`, about an MX host: the name that an MX record points to.
struct MXTarget: Fact {
    static let id = "mx.target"

    enum AddressStatus: String, Codable {
        case resolved
        case noAddress = "no_address"
        case nxdomain
        case lookupError = "lookup_error"
        case notAName = "not_a_name"
    }

    struct Special: Codable, Equatable {
        let address: String
        /// `private_use`, `loopback`, ...: IANA's special-purpose registries.
        let purpose: String
    }

    let preference: Int
    let addressStatus: AddressStatus
    let words: String?
    let isAlias: Bool
    let aliasTarget: String?
    let isAddressLiteral: Bool
    /// `underscore`, `leading_hyphen`, ... (RFC 5321 section 4.1.2).
    let hostNameFault: String?
    /// The name ends in the domain twice: a dot is missing in the zone file.
    let isRelative: Bool
    let ipv4: [String]
    let ipv6: [String]
    /// Addresses beyond four of a family, not looked at.
    let addressesLeftOut: Int
    let special: [Special]
    /// The name a registrar would sell (public suffix list); nil below no known suffix.
    let registrableDomain: String?
    /// The registrable domain itself does not exist in the DNS.
    let isUnregistered: Bool
    /// The host belongs to the domain that is audited.
    let isOwn: Bool

    static let examples = [
        MXTarget(
            preference: 10, addressStatus: .resolved, words: "SERVFAIL", isAlias: true, aliasTarget: "a.example.net",
            isAddressLiteral: false, hostNameFault: "underscore", isRelative: false, ipv4: ["198.51.100.1"],
            ipv6: ["2001:db8::1"], addressesLeftOut: 0, special: [Special(address: "10.0.0.1", purpose: "private_use")],
            registrableDomain: "example.com", isUnregistered: false, isOwn: true),
        MXTarget(
            preference: 10, addressStatus: .nxdomain, words: nil, isAlias: false, aliasTarget: nil,
            isAddressLiteral: false, hostNameFault: nil, isRelative: false, ipv4: [], ipv6: [], addressesLeftOut: 0,
            special: [], registrableDomain: nil, isUnregistered: true, isOwn: false),
    ]
}

/// `mx.wildcard`, about the domain: whether a label that nobody made has an MX (RFC 4592).
struct MXWildcard: Fact {
    static let id = "mx.wildcard"
    let isSynthesised: Bool
    let exchanges: [String]
    static let examples = [MXWildcard(isSynthesised: true, exchanges: ["mx.example.com"])]
}

/// `mx.ptr`, about an address: its reverse name, and whether that leads back.
struct MXReverse: Fact {
    static let id = "mx.ptr"
    let names: [String]
    let isForwardConfirmed: Bool
    static let examples = [MXReverse(names: ["mx.example.com"], isForwardConfirmed: true)]
}

/// `mx.sending_signs`, about the domain: what its other records say about sending mail.
struct SendingSigns: Fact {
    static let id = "mx.sending_signs"
    let spf: SPFSign
    let hasDMARCReports: Bool
    /// SPF allows somebody, or DMARC asks for reports.
    let seemsToSend: Bool
    static let examples = [SendingSigns(spf: .allowsSome, hasDMARCReports: true, seemsToSend: true)]
}

/// `idn.name`, about the domain: what IDNA makes of it (RFC 5891, UTS 46).
struct InternationalisedName: Fact {
    static let id = "idn.name"
    let original: String
    let unicode: String
    let isInternationalised: Bool
    /// toASCII(toUnicode(name)) is the name again.
    let roundTrips: Bool
    /// What a transitional implementation would ask for.
    let transitional: String?
    let transitionalIsRegistered: Bool?
    /// Octets of the longest label and of the name in A-form.
    let longestLabel: Int
    let length: Int
    /// Writing systems found in the U-labels: `latin`, `cyrillic`, `greek`, ...
    let scripts: [String]
    /// One label mixes writing systems that look alike.
    let mixesScripts: Bool
    static let examples = [
        InternationalisedName(
            original: "straße.example", unicode: "straße.example", isInternationalised: true, roundTrips: true,
            transitional: "strasse.example", transitionalIsRegistered: true, longestLabel: 12, length: 20,
            scripts: ["latin"], mixesScripts: false),
        InternationalisedName(
            original: "example.com", unicode: "example.com", isInternationalised: false, roundTrips: true,
            transitional: nil, transitionalIsRegistered: nil, longestLabel: 7, length: 11, scripts: ["latin"],
            mixesScripts: false),
    ]
}

/// `idn.records`, about the domain: policy records that hold octets outside ASCII (RFC 8616 section 3).
struct NonASCIIRecords: Fact {
    static let id = "idn.records"
    let owners: [String]
    static let examples = [NonASCIIRecords(owners: ["_dmarc.example.com"])]
}
