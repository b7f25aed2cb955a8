import AssayModel

/// `vmc.file`, about the certificate: the PEM file behind `a=`.
struct MarkFileFact: Fact {
    static let id = "vmc.file"
    let certificateCount: Int
    /// `empty`, `not_pem`, `base64`, `truncated`, `limit`, `duplicate`, `order`, `private_key`, `other_block`,
    /// `not_certificate`, `several_leaves`, `leaf_not_first`.
    let faults: [String]
    /// There is no certificate to judge.
    let isUnusable: Bool
    static let examples = [MarkFileFact(certificateCount: 2, faults: ["order"], isUnusable: false)]
}

/// `vmc.certificate`, about the certificate: the mark certificate and its chain.
struct MarkCertificateFact: Fact {
    static let id = "vmc.certificate"
    enum MarkClass: String, Codable {
        case verified, common, unknown
    }
    let subject: String
    let issuer: String
    /// `trusted`, `untrusted`, `invalid`, `self_signed`; undetermined is said of the whole fact.
    let path: String
    let pathWords: String?
    /// The mark authority that the chain leads to.
    let authority: String?
    let datesValid: Bool
    let secondsLeft: Int?
    let lifetimeDays: Int?
    /// Object identifiers of extKeyUsage.
    let purposes: [String]
    let hasPurpose: Bool
    let hasOnlyThatPurpose: Bool
    /// The immediate issuer's; nil where it is not in the file.
    let issuerHasPurpose: Bool?
    let policies: [String]
    let hasPolicy: Bool
    let names: [String]
    /// One of them is the domain, its organizational domain, or the record's own name.
    let nameMatches: Bool
    let revocationLists: [String]
    let timestampCount: Int
    let isPilot: Bool
    /// As the certificate spells it: `Registered Mark`, `Prior Use Mark`, ...
    let markType: String?
    let markClass: MarkClass
    /// What a certificate of that type must say of the mark and does not.
    let missingFields: [String]
    let trademarkID: String?
    let trademarkCountry: String?
    let trademarkOffice: String?
    let wordMark: String?
    let serialHex: String
    static let examples = [
        MarkCertificateFact(
            subject: "CN=Example", issuer: "CN=Mark CA", path: "trusted", pathWords: "self-signed certificate",
            authority: "CN=Mark Root", datesValid: true, secondsLeft: 2_592_000, lifetimeDays: 397,
            purposes: ["1.3.6.1.5.5.7.3.31"], hasPurpose: true, hasOnlyThatPurpose: true, issuerHasPurpose: true,
            policies: ["1.3.6.1.4.1.53087.1.1"], hasPolicy: true, names: ["example.com"], nameMatches: true,
            revocationLists: ["http://crl.example.net/1.crl"], timestampCount: 1, isPilot: false,
            markType: "Registered Mark", markClass: .verified, missingFields: ["trademark_id"],
            trademarkID: "1234567", trademarkCountry: "US", trademarkOffice: "https://www.uspto.gov/",
            wordMark: "EXAMPLE", serialHex: "01"),
        MarkCertificateFact(
            subject: "CN=Example", issuer: "CN=Mark CA", path: "untrusted", pathWords: nil, authority: nil,
            datesValid: true, secondsLeft: nil, lifetimeDays: nil, purposes: [], hasPurpose: false,
            hasOnlyThatPurpose: false, issuerHasPurpose: nil, policies: [], hasPolicy: false, names: [],
            nameMatches: false, revocationLists: [], timestampCount: 0, isPilot: false, markType: nil,
            markClass: .unknown, missingFields: [], trademarkID: nil, trademarkCountry: nil, trademarkOffice: nil,
            wordMark: nil, serialHex: "01"),
    ]
}

/// `vmc.logotype`, about the certificate: the logo in it (RFC 9399). Absent without the extension.
struct MarkLogotypeFact: Fact {
    static let id = "vmc.logotype"
    /// `malformed`, `no_subject_logo`, `indirect`, `no_image`, `several_images`, `media_type`, `uri`, `base64`, `gzip`.
    let fault: String?
    let compressedOctets: Int
    let octets: Int
    let hashAlgorithms: [String]
    /// `compressed`, `uncompressed` or `none`: the octets that the hash in the extension is of.
    let hashOf: String?
    /// The published logo is the same file, line ends aside; nil where one of them could not be had.
    let equalsPublished: Bool?
    static let examples = [
        MarkLogotypeFact(
            fault: "gzip", compressedOctets: 500, octets: 900, hashAlgorithms: ["sha256"], hashOf: "compressed",
            equalsPublished: true),
        MarkLogotypeFact(
            fault: nil, compressedOctets: 500, octets: 900, hashAlgorithms: [], hashOf: nil, equalsPublished: nil),
    ]
}

/// `vmc.timestamps`, about the certificate: what the keys of transparency logs (`--ct-logs`) say of the timestamps in it.
/// Undetermined where none is right by a key that was given, and some are by logs whose keys were not.
struct MarkTimestampsFact: Fact {
    static let id = "vmc.timestamps"
    let verifiedCount: Int
    let wrongCount: Int
    let unknownCount: Int
    /// The IDs of all logs, in hexadecimal.
    let logs: [String]
    static let examples = [
        MarkTimestampsFact(
            verifiedCount: 1, wrongCount: 0, unknownCount: 1,
            logs: ["5516b0ca9f1e9b0f3f4e3b4c1a2f7d8e5516b0ca9f1e9b0f3f4e3b4c1a2f7d8e"])
    ]
}

/// `vmc.revocation`, about the certificate: what the authority's revocation list says. It lies with a third party, of whom
/// nothing is asked without `--fetch-crl`: undetermined, with the address of the list.
struct MarkRevocationFact: Fact {
    static let id = "vmc.revocation"
    enum Status: String, Codable {
        case good, revoked
        /// The list could not be fetched or read, is out of date, or is not signed by the issuer.
        case unusable
    }
    let status: Status
    let url: String
    /// What is wrong with the list: `issuer`, `signature`, `early`, `expired`, `malformed`, `status 404`, `no_address`,
    /// `no_answer`.
    let words: String?
    static let examples = [
        MarkRevocationFact(status: .good, url: "http://crl.example.net/1.crl", words: "expired"),
        MarkRevocationFact(status: .revoked, url: "http://crl.example.net/1.crl", words: nil),
    ]
}
