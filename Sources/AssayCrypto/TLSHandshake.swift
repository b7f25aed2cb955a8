import AssayModel

/// How one TLS handshake went. Certificates exist only where the server sent them, so no verdict can be read without one.
package enum TLSHandshake: Hashable, Codable, Sendable {
    case completed(TLSSession)
    /// The server's chain was seen, but it never proved possession of the key.
    case brokenAfterCertificate(chain: PresentedChain, failure: TLSFailure)
    case broken(TLSFailure)

    /// The chain that the server presented, leaf first.
    package var chain: PresentedChain? {
        switch self {
        case .completed(let session): session.chain
        case .brokenAfterCertificate(let chain, _): chain
        case .broken: nil
        }
    }

    /// A ticket came after the handshake, as it does in TLS 1.3 (RFC 8446 section 4.6.1).
    package mutating func noteTicket(earlyData: Int? = nil) {
        guard case .completed(var session) = self else { return }
        session.ticketGiven = true
        session.maximumEarlyData = earlyData
        self = .completed(session)
    }

    package var failure: TLSFailure? {
        switch self {
        case .completed: nil
        case .brokenAfterCertificate(_, let failure), .broken(let failure): failure
        }
    }
}

/// The parameters of a finished handshake.
package struct TLSSession: Hashable, Codable, Sendable {
    /// `TLSv1.3`, `TLSv1.2`, `TLSv1.1`, `TLSv1`.
    package let version: String
    /// IANA name, `TLS_AES_256_GCM_SHA384`.
    package let cipher: String
    /// IANA supported-group name in lower case (`x25519`, `secp256r1`), nil without a group exchange.
    package let group: String?
    /// The signature scheme of the server's proof (`ecdsa_secp256r1_sha256`, `rsa_pss_rsae_sha256`), nil if resumed.
    package let signatureScheme: String?
    /// A NewSessionTicket or a session id that can be resumed was given (for TLS 1.3: seen before the connection ended).
    package internal(set) var ticketGiven: Bool
    /// Octets of early data that the ticket allows (RFC 8446 section 4.2.10), 0 for none; nil without a ticket.
    package internal(set) var maximumEarlyData: Int?
    package let resumed: Bool
    package let alpn: String?
    /// The server asked for a client certificate.
    package let askedForClientCertificate: Bool
    package let ocspStapled: Bool
    /// Empty if resumed.
    package let chain: PresentedChain

    package init(
        version: String, cipher: String, group: String?, signatureScheme: String?, ticketGiven: Bool, resumed: Bool,
        alpn: String?, askedForClientCertificate: Bool, ocspStapled: Bool, chain: PresentedChain
    ) {
        self.version = version
        self.cipher = cipher
        self.group = group
        self.signatureScheme = signatureScheme
        self.ticketGiven = ticketGiven
        self.resumed = resumed
        self.alpn = alpn
        self.askedForClientCertificate = askedForClientCertificate
        self.ocspStapled = ocspStapled
        self.chain = chain
    }
}

/// Why a handshake did not finish.
package struct TLSFailure: Hashable, Codable, Sendable {
    package enum Reason: String, Codable, Sendable {
        /// The server sent a fatal alert.
        case alert
        /// What came back is not TLS.
        case notTLS = "not_tls"
        case closed, reset, timeout
        /// What came is TLS but breaks its rules.
        case protocolError = "protocol_error"
        /// The server asks for something our library refuses or cannot do (old version, unknown group).
        case incompatible
        /// The certificate message is over `CryptoLimits.chainOctets`.
        case chainTooLarge = "chain_too_large"
        /// An error of our own library or memory.
        case local
    }

    package let reason: Reason
    /// The alert's number (RFC 8446 section 6), received or, for `incompatible`, the one we had to send.
    package let alert: Int?
    /// OpenSSL's name for the state it was in.
    package let stage: String
    /// OpenSSL's reason, or the first octets of what was not TLS, as printable ASCII.
    package let detail: String

    package init(reason: Reason, alert: Int?, stage: String, detail: String) {
        self.reason = reason
        self.alert = alert
        self.stage = stage
        self.detail = detail
    }
}
