import AssayModel

/// `cert.leaf`, about a certificate: what the server's own certificate says (RFC 5280).
struct LeafCertificate: Fact {
    static let id = "cert.leaf"
    let subject: String
    let issuer: String
    let names: [String]
    let nameCount: Int
    let hasSubjectAltName: Bool
    let hasNULInName: Bool
    /// RFC 3339, nil where the field is not a date.
    let notBefore: String?
    let notAfter: String?
    /// Until notAfter, negative once expired.
    let secondsLeft: Int?
    /// From now until notBefore, negative or zero once valid.
    let secondsUntilValid: Int?
    /// notAfter - notBefore, inclusive of both ends.
    let lifetimeSeconds: Int?
    /// 1000 x seconds left / lifetime.
    let permilleLeft: Int?
    /// What the CA/Browser Forum allows for its notBefore, in seconds (BR 6.3.2).
    let allowedLifetimeSeconds: Int?
    let isOverlong: Bool
    /// `rsa`, `ecdsa`, `ed25519`, ...
    let keyKind: String
    let keyBits: Int
    let curve: String?
    let exponent: String?
    let hasROCAFingerprint: Bool
    let hasSmallFactor: Bool
    let signatureAlgorithm: String
    let isSelfSigned: Bool
    let isCA: Bool
    let allowsServerAuth: Bool
    let allowsClientAuth: Bool
    /// keyUsage is absent or holds digitalSignature.
    let allowsDigitalSignature: Bool
    let mustStaple: Bool
    let isStapled: Bool
    let sctCount: Int
    /// The path ends at a root of the store, so rules for public authorities apply.
    let isPubliclyTrusted: Bool
    /// The handshake did not finish, so the key was never proven.
    let isUnproven: Bool
    let fingerprintSHA256: String
    let spkiSHA256: String

    static let examples = [
        LeafCertificate(
            subject: "CN=mx.example.com", issuer: "O=Example CA", names: ["mx.example.com"], nameCount: 1,
            hasSubjectAltName: true, hasNULInName: false, notBefore: "2026-10-01T00:00:00Z",
            notAfter: "2026-12-30T00:00:00Z", secondsLeft: 3_000_000, secondsUntilValid: -4_700_000,
            lifetimeSeconds: 7_776_000, permilleLeft: 385, allowedLifetimeSeconds: 17_280_000, isOverlong: false,
            keyKind: "ecdsa", keyBits: 256, curve: "secp256r1", exponent: nil, hasROCAFingerprint: false,
            hasSmallFactor: false, signatureAlgorithm: "ecdsa-with-SHA256", isSelfSigned: false, isCA: false,
            allowsServerAuth: true, allowsClientAuth: false, allowsDigitalSignature: true, mustStaple: false,
            isStapled: false, sctCount: 2, isPubliclyTrusted: true, isUnproven: false,
            fingerprintSHA256: "00ff", spkiSHA256: "00ff"),
        LeafCertificate(
            subject: "", issuer: "", names: [], nameCount: 0, hasSubjectAltName: false, hasNULInName: true,
            notBefore: nil, notAfter: nil, secondsLeft: nil, secondsUntilValid: nil, lifetimeSeconds: nil,
            permilleLeft: nil, allowedLifetimeSeconds: nil, isOverlong: false, keyKind: "rsa", keyBits: 1024,
            curve: nil, exponent: "3", hasROCAFingerprint: false, hasSmallFactor: false,
            signatureAlgorithm: "sha1WithRSAEncryption", isSelfSigned: true, isCA: false, allowsServerAuth: true,
            allowsClientAuth: true, allowsDigitalSignature: true, mustStaple: false, isStapled: false, sctCount: 0,
            isPubliclyTrusted: false, isUnproven: false, fingerprintSHA256: "00ff", spkiSHA256: "00ff"),
    ]
}

/// `cert.chain`, about a certificate: the PKIX verdict on the chain as presented (RFC 5280 section 6, RFC 9525).
struct CertificateChain: Fact {
    static let id = "cert.chain"
    /// `trusted`, `untrusted`, `self_signed`, `invalid`.
    let path: String
    /// An intermediate was not sent.
    let missesIntermediate: Bool
    let nameMatches: Bool
    let datesValid: Bool
    let purposeAllowed: Bool
    /// What an MTA-STS sender decides (RFC 8461 section 4.2).
    let isValid: Bool
    let length: Int
    let octets: Int
    /// The Certificate message is over 100 KB.
    let isTooLarge: Bool
    /// `sha1`, `md5`: digests that signed a certificate which is not a root.
    let weakDigests: [String]
    /// OpenSSL's errors in words, names and dates aside.
    let errors: [String]
    /// The reference name of the match: the MX host.
    let referenceName: String
    /// Names on the leaf, at most ten, for messages.
    let presentedNames: [String]
    /// The certificate is for the mail domain, whatever the MX host is called.
    let mailDomainMatches: Bool

    static let examples = [
        CertificateChain(
            path: "trusted", missesIntermediate: false, nameMatches: true, datesValid: true, purposeAllowed: true,
            isValid: true, length: 2, octets: 2400, isTooLarge: false, weakDigests: ["sha1"],
            errors: ["unable to get local issuer certificate"], referenceName: "mx.example.com",
            presentedNames: ["mx.example.com"], mailDomainMatches: false)
    ]
}
