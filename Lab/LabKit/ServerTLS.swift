import COpenSSL

/// How a scripted server is set up for TLS: OpenSSL's own settings, and what is played beside them.
struct ServerTLS: Sendable, Hashable {
    var minimum: Int32 = TLS1_2_VERSION
    var maximum: Int32?
    /// Up to TLS 1.2, in OpenSSL's words. The default is what RFC 9325 section 4.2 recommends.
    var ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20"
    /// Of TLS 1.3; nil leaves OpenSSL's three.
    var suites13: String?
    var groups: String?
    /// No SHA-1.
    var schemes =
        "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256"
    var servesOwnOrder = false
    var lacksEncryptThenMAC = false
    var lacksExtendedMasterSecret = false
    /// The finite-field group that OpenSSL picks by the key's size.
    var hasDH = false
    var earlyData: UInt32 = 0
    var asksForCertificate = false
    var tricks: [Trick] = []

    /// Everything that this OpenSSL can still do.
    static let everything = ServerTLS(
        minimum: TLS1_VERSION, ciphers: "ALL:COMPLEMENTOFALL:@SECLEVEL=0",
        schemes: "ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256:ECDSA+SHA1:RSA+SHA1", hasDH: true)

    /// A context of a server with these certificates.
    func context(_ identities: [CertificateMaker.Identity]) -> OpaquePointer {
        let context = serverContext(identities, minimum: minimum, maximum: maximum, ciphers: ciphers + ":@SECLEVEL=0")
        if let suites13 { precondition(SSL_CTX_set_ciphersuites(context, suites13) == 1) }
        if let groups { precondition(copenssl_set_groups(context, groups) == 1) }
        precondition(copenssl_set_context_schemes(context, schemes) == 1)
        if servesOwnOrder { _ = SSL_CTX_set_options(context, copenssl_own_order()) }
        if lacksEncryptThenMAC { _ = SSL_CTX_set_options(context, copenssl_no_encrypt_then_mac()) }
        if lacksExtendedMasterSecret { _ = SSL_CTX_set_options(context, copenssl_no_extended_master_secret()) }
        if hasDH { copenssl_automatic_dh(context) }
        if earlyData > 0 { SSL_CTX_set_max_early_data(context, earlyData) }
        if asksForCertificate { SSL_CTX_set_verify(context, SSL_VERIFY_PEER) { _, _ in 1 } }
        return context
    }
}

/// What no OpenSSL of today does, played octet by octet: decided on the ClientHello, before OpenSSL sees it.
enum Trick: Sendable, Hashable {
    /// Answers hellos of SSL 2 with the host's certificate.
    case ssl2
    /// Takes this suite of this version where nothing recommended is offered, with a prime of so many bits for DHE.
    case takes(suite: UInt16, version: UInt16, primeBits: Int = 1024)
    /// Takes a hello of TLS 1.2 without any extension, compressed or not.
    case plain(compresses: Bool)
    /// Asks for this group in TLS 1.3 where it is offered.
    case retries(group: UInt16)
    /// Hangs up on hellos above this size.
    case closesAbove(Int)
    /// Wants a server name.
    case wantsName
    /// Takes the weak curve in TLS 1.2 where it stands first.
    case takesCurve(UInt16)
    /// Answers hellos without TLS 1.3 with these octets.
    case says([UInt8])
    /// Answers hellos without TLS 1.3 an octet at a time, with a sound ServerHello of the suite.
    case drips(suite: UInt16)
    /// Carries out what came in clear behind STARTTLS.
    case remembersClear
    /// Answers heartbeats whatever they claim, and takes ChangeCipherSpec at any time; to hellos without TLS 1.3.
    case bleeds
    /// Takes key exchange by RSA, and says how the secret came out of its decryption.
    case decryptsCarelessly
    /// Ends every further connection with 421 once so many were made.
    case tires(after: Int)
}
