package import AssayModel

/// What a certificate says, read once from DER. Lengths come from the encoding, never from a NUL octet.
package struct Certificate: Hashable, Codable, Sendable {
    package enum KeyKind: String, Codable, Sendable {
        case rsa, ecdsa, ed25519, ed448, dsa, unknown
    }

    package struct PublicKey: Hashable, Codable, Sendable {
        package let kind: KeyKind
        /// Modulus or field size; 0 where unknown.
        package let bits: Int
        /// IANA group name (`secp256r1`), `explicit` for explicit parameters, or an OID; nil unless an EC key.
        package let curve: String?
        /// RSA public exponent in decimal, at most 20 digits, else hex with `0x`; nil unless RSA.
        package let exponent: String?
        /// Infineon's ROCA fingerprint (CVE-2017-15361) matches; false unless RSA.
        package let hasROCAFingerprint: Bool
        /// The modulus is even or divisible by a small prime; false unless RSA.
        package let hasSmallFactor: Bool
        package init(
            kind: KeyKind, bits: Int, curve: String?, exponent: String?, hasROCAFingerprint: Bool, hasSmallFactor: Bool
        ) {
            self.kind = kind
            self.bits = bits
            self.curve = curve
            self.exponent = exponent
            self.hasROCAFingerprint = hasROCAFingerprint
            self.hasSmallFactor = hasSmallFactor
        }
    }

    package let der: [UInt8]
    /// RFC 4514-like text, at most `CryptoLimits.nameOctets`, valid UTF-8 with control bytes escaped.
    package let subject: String
    package let issuer: String
    package let subjectCommonName: String?
    package let issuerOrganization: String?
    package let serialHex: String
    /// nil where the field is not a date.
    package let notBefore: Timestamp?
    package let notAfter: Timestamp?
    /// DNS-IDs as raw text, control bytes escaped, at most `CryptoLimits.storedNames`; lower-cased.
    package let dnsNames: [String]
    package let dnsNameCount: Int
    package let hasSubjectAltName: Bool
    /// A NUL octet stands in a DNS-ID or common name.
    package let hasNULInName: Bool
    package let key: PublicKey
    /// `sha256WithRSAEncryption`, `ecdsa-with-SHA384`.
    package let signatureAlgorithm: String
    /// `sha256`, `sha1`, `md5`; nil for algorithms without one (Ed25519).
    package let signatureDigest: String?
    /// Names from extKeyUsage: `serverAuth`, `clientAuth`, or OIDs; nil without the extension.
    package let extendedKeyUsage: [String]?
    /// Names from keyUsage: `digitalSignature`, ...; nil without the extension.
    package let keyUsage: [String]?
    /// basicConstraints CA:TRUE.
    package let isCA: Bool
    /// Issuer and subject are equal and the signature verifies with its own key.
    package let isSelfSigned: Bool
    /// The TLS feature extension asks for a stapled answer (RFC 7633).
    package let mustStaple: Bool
    /// Signed certificate timestamps in the certificate (RFC 6962).
    package let sctCount: Int
    /// caIssuers URLs of authorityInfoAccess.
    package let caIssuers: [String]
    package let policies: [String]
    package let fingerprintSHA256: String
    package let spkiSHA256: String

    package init(
        der: [UInt8], subject: String, issuer: String, subjectCommonName: String?, issuerOrganization: String?,
        serialHex: String, notBefore: Timestamp?, notAfter: Timestamp?, dnsNames: [String], dnsNameCount: Int,
        hasSubjectAltName: Bool, hasNULInName: Bool, key: PublicKey, signatureAlgorithm: String,
        signatureDigest: String?, extendedKeyUsage: [String]?, keyUsage: [String]?, isCA: Bool, isSelfSigned: Bool,
        mustStaple: Bool, sctCount: Int, caIssuers: [String], policies: [String], fingerprintSHA256: String,
        spkiSHA256: String
    ) {
        self.der = der
        self.subject = subject
        self.issuer = issuer
        self.subjectCommonName = subjectCommonName
        self.issuerOrganization = issuerOrganization
        self.serialHex = serialHex
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.dnsNames = dnsNames
        self.dnsNameCount = dnsNameCount
        self.hasSubjectAltName = hasSubjectAltName
        self.hasNULInName = hasNULInName
        self.key = key
        self.signatureAlgorithm = signatureAlgorithm
        self.signatureDigest = signatureDigest
        self.extendedKeyUsage = extendedKeyUsage
        self.keyUsage = keyUsage
        self.isCA = isCA
        self.isSelfSigned = isSelfSigned
        self.mustStaple = mustStaple
        self.sctCount = sctCount
        self.caIssuers = caIssuers
        self.policies = policies
        self.fingerprintSHA256 = fingerprintSHA256
        self.spkiSHA256 = spkiSHA256
    }
}

/// The PKIX verdict on a presented chain: path, name and dates each on its own (RFC 5280 section 6, RFC 9525).
package struct PKIXVerdict: Hashable, Codable, Sendable {
    package enum Path: String, Codable, Sendable {
        case trusted
        /// No path to a root of the store.
        case untrusted
        /// The leaf is its own issuer and not in the store.
        case selfSigned = "self_signed"
        /// A path exists, but a signature, constraint or key in it is not acceptable.
        case invalid
        /// Our own error, or a limit.
        case undetermined
    }

    /// Path to a root of the store, with dates and name left aside.
    package let path: Path
    /// OpenSSL's verification errors, number and depth, in the order seen; dates and name left aside.
    package let pathErrors: [VerifyError]
    /// The path ends at an issuer that is not there although the certificate below it names a public location of it
    /// (authorityInfoAccess), or its issuer's organisation is that of a root in the store: an intermediate was not sent.
    package let missesIntermediate: Bool
    /// A DNS-ID matches the reference name; wildcard as the whole left-most label only, common names ignored (RFC 9525).
    package let nameMatches: Bool
    /// Every certificate of the path except the root is within its dates.
    package let datesValid: Bool
    /// The leaf is within its dates.
    package let leafDatesValid: Bool
    /// serverAuth (or any) is allowed, or there is no extKeyUsage.
    package let purposeAllowed: Bool
    /// What an MTA-STS sender decides: all of the above.
    package var isValid: Bool { path == .trusted && nameMatches && datesValid && purposeAllowed }

    package struct VerifyError: Hashable, Codable, Sendable {
        package let code: Int
        package let depth: Int
        package let name: String
        package init(code: Int, depth: Int, name: String) {
            self.code = code
            self.depth = depth
            self.name = name
        }
    }

    package init(
        path: Path, pathErrors: [VerifyError], missesIntermediate: Bool, nameMatches: Bool, datesValid: Bool,
        leafDatesValid: Bool, purposeAllowed: Bool
    ) {
        self.path = path
        self.pathErrors = pathErrors
        self.missesIntermediate = missesIntermediate
        self.nameMatches = nameMatches
        self.datesValid = datesValid
        self.leafDatesValid = leafDatesValid
        self.purposeAllowed = purposeAllowed
    }
}
