import AssayModel

/// `starttls.offer`, about an address: the keyword in the EHLO reply (RFC 3207 section 4).
struct STARTTLSOffer: Fact {
    static let id = "starttls.offer"
    let isOffered: Bool
    /// Keywords that look like STARTTLS after somebody on the path overwrote it (`XXXXXXXA`, `STARTTLX`).
    let mangled: [String]
    static let examples = [STARTTLSOffer(isOffered: false, mangled: ["XXXXXXXA"])]
}

/// `starttls.reply`, about an address: the answer to STARTTLS.
struct STARTTLSReply: Fact {
    static let id = "starttls.reply"
    /// 0 where the connection ended without one.
    let code: Int
    let text: String
    /// Plaintext lay behind the 220: somebody may inject replies (RFC 3207 section 4.2).
    let hasInjectedPlaintext: Bool
    /// The injected octets, escaped.
    let injected: String?
    static let examples = [
        STARTTLSReply(code: 220, text: "go ahead", hasInjectedPlaintext: true, injected: "250 ok\\x0d\\x0a"),
        STARTTLSReply(code: 454, text: "not now", hasInjectedPlaintext: false, injected: nil),
    ]
}

/// `starttls.handshake`, about an address: one TLS handshake, offering TLS 1.0 to 1.3.
struct STARTTLSHandshake: Fact {
    static let id = "starttls.handshake"
    let isCompleted: Bool
    /// `alert`, `not_tls`, `closed`, `reset`, `timeout`, `chain_too_large`, ...
    let failure: String?
    /// Number of the TLS alert (RFC 8446 section 6).
    let alert: Int?
    let stage: String?
    let detail: String?
    let version: String?
    let cipher: String?
    let group: String?
    let signatureScheme: String?
    let ticketGiven: Bool?
    let isResumed: Bool
    let askedForClientCertificate: Bool?
    static let examples = [
        STARTTLSHandshake(
            isCompleted: true, failure: nil, alert: nil, stage: nil, detail: nil, version: "TLSv1.3",
            cipher: "TLS_AES_256_GCM_SHA384", group: "x25519", signatureScheme: "ecdsa_secp256r1_sha256",
            ticketGiven: true, isResumed: false, askedForClientCertificate: false),
        STARTTLSHandshake(
            isCompleted: false, failure: "alert", alert: 40, stage: "SSLv3/TLS write client hello",
            detail: "sslv3 alert handshake failure", version: nil, cipher: nil, group: nil, signatureScheme: nil,
            ticketGiven: nil, isResumed: false, askedForClientCertificate: nil),
    ]
}

/// `starttls.keys`, about an address: the certificates by key type, from handshakes restricted to one type each.
struct STARTTLSKeys: Fact {
    static let id = "starttls.keys"
    /// Key types of the certificates shown.
    let kinds: [String]
    let isDual: Bool
    /// Two certificates of one key type: several servers behind one address.
    let isSeveral: Bool
    /// Digests (SHA-256) of the keys shown.
    let spkiSHA256: [String]
    static let examples = [STARTTLSKeys(kinds: ["ecdsa", "rsa"], isDual: true, isSeveral: false, spkiSHA256: ["ab"])]
}

/// `starttls.visits`, about an address that did not offer STARTTLS at first: whether it does to those who come back.
struct STARTTLSVisits: Fact {
    static let id = "starttls.visits"
    let isSelective: Bool
    static let examples = [STARTTLSVisits(isSelective: true)]
}

/// `starttls.tlsa`, about an MX host: whether TLSA records bind its certificates (RFC 7672 section 2.2). The verdict on
/// them is the DANE checker's.
struct TLSAPresence: Fact {
    static let id = "starttls.tlsa"
    /// Usable for DANE: validated, with at least one record.
    let isSecure: Bool
    let count: Int
    /// Certificate usages present (RFC 7671 section 2.1).
    let usages: [Int]
    /// A secure usage 2 record: names and dates of the chain matter.
    let hasDANETA: Bool
    /// The MX records are secure, so that DANE-TA accepts the mail domain's name too (RFC 7672 section 3.2.2).
    let isMXSecure: Bool
    static let examples = [TLSAPresence(isSecure: true, count: 1, usages: [3], hasDANETA: false, isMXSecure: true)]
}
