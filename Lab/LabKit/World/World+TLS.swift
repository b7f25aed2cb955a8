import COpenSSL

/// What servers accept of TLS.
extension World {
    /// Two hosts with these settings; an RSA key where old suites need one.
    private static func tls(
        _ name: String, _ note: String, rsa: Bool = false, _ change: @escaping (inout ServerTLS) -> Void
    ) -> LabDomain {
        make(name, note) { domain in
            // One host, one address: what is asked of it is the same everywhere.
            domain.hosts = [MailHost(label: "mx1", hasIPv6: false)]
            domain.policy?.lines = policy("enforce", ["mx1.\(name)"])
            if rsa { domain.hosts[0].certificate?.key = .rsa(3072) }
            change(&domain.hosts[0].script.tls)
        }
    }

    /// The TLS of another library; behind it there is nobody who speaks SMTP.
    private static func library(_ name: String, _ note: String, _ program: TLSProgram) -> LabDomain {
        var domain = tls(name, note, rsa: true) { _ in }
        domain.hosts[0].tlsProgram = program
        return domain
    }

    static let tls: [LabDomain] = [
        tls("tlsall.lab", "everything that OpenSSL can still do", rsa: true) { $0 = .everything },
        tls("tls10.lab", "TLS 1.0 beside newer versions", rsa: true) {
            $0.minimum = TLS1_VERSION
            $0.ciphers = "ECDHE+AESGCM:ECDHE+AES"
            $0.schemes += ":RSA+SHA1"
        },
        tls("tls11.lab", "TLS 1.1 beside newer versions", rsa: true) {
            $0.minimum = TLS1_1_VERSION
            $0.ciphers = "ECDHE+AESGCM:ECDHE+AES"
            $0.schemes += ":RSA+SHA1"
        },
        tls("tls12only.lab", "TLS 1.2 alone") { $0.maximum = TLS1_2_VERSION },
        tls("tls13only.lab", "TLS 1.3 alone") { $0.minimum = TLS1_3_VERSION },
        tls("tlsnull.lab", "suites without encryption", rsa: true) { $0.ciphers += ":eNULL" },
        tls("tlsanon.lab", "suites without a certificate") { $0.ciphers += ":AECDH+AES" },
        tls("tlsstaticrsa.lab", "key exchange by RSA", rsa: true) { $0.ciphers += ":kRSA+AESGCM" },
        tls("tlsstaticrsaorder.lab", "key exchange by RSA, kept down by the server's order", rsa: true) {
            $0.ciphers += ":kRSA+AESGCM"
            $0.servesOwnOrder = true
        },
        tls("tlsdhe.lab", "finite-field key exchange", rsa: true) {
            $0.ciphers += ":DHE+AESGCM"
            $0.hasDH = true
        },
        tls("tlsdhe1024.lab", "finite-field key exchange with 1,024 bits", rsa: true) {
            $0.tricks = [.takes(suite: 0x009E, version: 0x0303)]
        },
        tls("tlscbc.lab", "CBC suites without encrypt-then-MAC") {
            $0.ciphers += ":ECDHE+AES"
            $0.lacksEncryptThenMAC = true
        },
        tls("tlscbcetm.lab", "CBC suites with encrypt-then-MAC") { $0.ciphers += ":ECDHE+AES+SHA256:ECDHE+AES+SHA384" },
        tls("tlsnoaead.lab", "CBC suites alone", rsa: true) {
            $0.ciphers = "ECDHE+AES+SHA256:!AESGCM:!AESCCM"
            $0.maximum = TLS1_2_VERSION
        },
        tls("tlsccm8.lab", "CCM with a short tag in TLS 1.2") { $0.ciphers += ":ECDHE+AESCCM8" },
        tls("tlsccm8new.lab", "CCM with a short tag in TLS 1.3") {
            $0.suites13 = "TLS_AES_256_GCM_SHA384:TLS_AES_128_CCM_8_SHA256"
        },
        tls("tlscurve.lab", "a curve of 224 bits", rsa: true) { $0.groups = "X25519:P-256:secp224r1" },
        tls("tlscurveec.lab", "a curve of 224 bits, with an ECDSA certificate") { $0.tricks = [.takesCurve(0x15)] },
        tls("tlssha1.lab", "signatures with SHA-1", rsa: true) { $0.schemes += ":RSA+SHA1" },
        tls("tlsnoems.lab", "no extended_master_secret") { $0.lacksExtendedMasterSecret = true },
        tls("tlsearly.lab", "early data") { $0.earlyData = 16_384 },
        tls("tlsasks.lab", "asks senders for a certificate") { $0.asksForCertificate = true },
        tls("tlspq.lab", "post-quantum key exchange: X25519MLKEM768") { $0.tricks = [.retries(group: 0x11EC)] },
        tls("tlspq256.lab", "post-quantum key exchange: SecP256r1MLKEM768") { $0.tricks = [.retries(group: 0x11EB)] },
        tls("tlspq384.lab", "post-quantum key exchange: SecP384r1MLKEM1024") { $0.tricks = [.retries(group: 0x11ED)] },
        tls("tlsssl2.lab", "SSLv2 with the same key: DROWN", rsa: true) { $0.tricks = [.ssl2] },
        tls("tlsssl3.lab", "SSLv3", rsa: true) { $0.tricks = [.takes(suite: 0x0035, version: 0x0300)] },
        tls("tlsexport.lab", "an export suite", rsa: true) { $0.tricks = [.takes(suite: 0x0003, version: 0x0303)] },
        tls("tlsrc4.lab", "RC4", rsa: true) { $0.tricks = [.takes(suite: 0x0005, version: 0x0303)] },
        tls("tls3des.lab", "3DES", rsa: true) { $0.tricks = [.takes(suite: 0xC012, version: 0x0303)] },
        tls("tlsdes.lab", "DES", rsa: true) { $0.tricks = [.takes(suite: 0x0009, version: 0x0303)] },
        tls("tlsstaticecdh.lab", "static ECDH", rsa: true) { $0.tricks = [.takes(suite: 0xC031, version: 0x0303)] },
        tls("tlscompress.lab", "compression, no extensions") { $0.tricks = [.plain(compresses: true)] },
        tls("tlslarge.lab", "hangs up on large hellos") { $0.tricks = [.closesAbove(1400)] },
        tls("tlsname.lab", "wants a server name") { $0.tricks = [.wantsName] },
        tls("tlsnonsense.lab", "no TLS for whoever lacks TLS 1.3") {
            $0.tricks = [.says(Array("HTTP/1.1 400 no\r\n".utf8))]
        },
        tls("tlsrecord.lab", "records above every limit for whoever lacks TLS 1.3") {
            $0.tricks = [.says([22, 3, 3, 0x7F, 0xFF] + [UInt8](repeating: 2, count: 64))]
        },
        tls("tlsdrip.lab", "a hello that comes octet by octet") { $0.tricks = [.drips(suite: 0xC02B)] },
        tls("tlsremembers.lab", "carries out what came in clear behind STARTTLS") { $0.tricks = [.remembersClear] },
        tls("tlsbleeds.lab", "Heartbleed, and ChangeCipherSpec before there is a key") { $0.tricks = [.bleeds] },
        tls("tlsdhe2048.lab", "finite-field key exchange with 2,048 bits", rsa: true) {
            $0.tricks = [.takes(suite: 0x009E, version: 0x0303, primeBits: 2048)]
        },
        make("tlschain.lab", "a chain of thirteen certificates") { domain in
            domain.hosts = [MailHost(label: "mx1", hasIPv6: false)]
            domain.policy?.lines = policy("enforce", ["mx1.tlschain.lab"])
            domain.hosts[0].certificate?.ballast = 12
        },
        library("tlsgnutls.lab", "GnuTLS as it comes", .gnutls(priority: "NORMAL")),
        library("tlsnss.lab", "NSS as it comes", .nss(versions: "tls1.2:tls1.3")),
        tls("tlsrobot.lab", "tells how its RSA key decrypts: ROBOT", rsa: true) { $0.tricks = [.decryptsCarelessly] },
        tls("tlstired.lab", "421 from the sixth connection on") { $0.tricks = [.tires(after: 5)] },
    ]
}
