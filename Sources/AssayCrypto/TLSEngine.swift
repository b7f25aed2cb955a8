import COpenSSL

/// One TLS client connection over memory: octets in, octets out, no socket.
///
/// Not Sendable: it lives on one event loop. Verifies nothing; `ChainVerifier` judges the chain afterwards.
package final class TLSEngine {
    private let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    private var firstOctets: [UInt8] = []
    private var askedForClientCertificate = false
    private var isFinished = false
    /// The newest session that the server offered to resume.
    package private(set) var ticket: TLSSessionTicket?

    /// What one step of the handshake came to.
    package enum Step {
        case wantsInput
        case completed
        case failed(TLSFailure)
    }

    /// How reading ended.
    package enum ReadEnd {
        case wantsInput
        /// close_notify came.
        case closed
        case failed(TLSFailure)
    }

    /// `serverName` is sent as SNI (RFC 6066 section 3).
    package init(
        _ context: TLSContext, serverName: String?, resuming session: TLSSessionTicket? = nil, alpn: String? = nil,
        keys: KeyOffer = .any
    ) {
        guard let ssl = SSL_new(context.pointer), let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem())
        else {
            preconditionFailure("OpenSSL gave no connection")
        }
        self.ssl = ssl
        self.input = input
        self.output = output
        SSL_set_bio(ssl, input, output)
        SSL_set_connect_state(ssl)
        copenssl_set_app_data(ssl, Unmanaged.passUnretained(self).toOpaque())
        copenssl_set_max_cert_list(ssl, CryptoLimits.chainOctets)
        if let serverName { _ = copenssl_set_sni(ssl, serverName) }
        copenssl_ask_for_staple(ssl)
        keys.restrict(ssl)
        if let alpn {
            let wire = [UInt8(alpn.utf8.count)] + alpn.utf8
            _ = SSL_set_alpn_protos(ssl, wire, UInt32(wire.count))
        }
        if let session { _ = SSL_set_session(ssl, session.pointer) }
    }

    // SSL_free frees both BIOs after SSL_set_bio.
    deinit { SSL_free(ssl) }

    /// Takes what came from the network.
    package func receive(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        if firstOctets.count < 16 { firstOctets += bytes.prefix(16 - firstOctets.count) }
        _ = BIO_write(input, bytes.baseAddress, Int32(clamping: bytes.count))
    }

    /// Goes on with the handshake. What `takeOutput` gives must be sent after every call, after a failure too: the alert is
    /// in there.
    package func advance() -> Step {
        ERR_clear_error()
        let code = SSL_do_handshake(ssl)
        if code == 1 {
            isFinished = true
            return .completed
        }
        let kind = SSL_get_error(ssl, code)
        if kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE { return .wantsInput }
        return .failed(failure())
    }

    /// What is to be sent to the network.
    package func takeOutput() -> [UInt8] {
        let count = copenssl_pending(output)
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            used = max(0, Int(BIO_read(output, buffer.baseAddress, Int32(clamping: count))))
        }
    }

    /// Encrypts; false where the connection cannot carry it any more.
    package func write(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty else { return true }
        ERR_clear_error()
        return SSL_write(ssl, bytes, Int32(clamping: bytes.count)) == bytes.count
    }

    /// All plaintext that is there.
    package func read() -> (bytes: [UInt8], end: ReadEnd) {
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            ERR_clear_error()
            let count = SSL_read(ssl, &chunk, Int32(chunk.count))
            if count > 0 {
                result += chunk[..<Int(count)]
                continue
            }
            switch SSL_get_error(ssl, count) {
            case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return (result, .wantsInput)
            case SSL_ERROR_ZERO_RETURN: return (result, .closed)
            default: return (result, .failed(failure()))
            }
        }
    }

    /// Says good-bye (close_notify).
    package func close() {
        guard isFinished else { return }
        ERR_clear_error()
        _ = SSL_shutdown(ssl)
    }

    /// What the handshake showed, as far as it came; `failure` where it did not finish.
    package func handshake(failure: TLSFailure?) -> TLSHandshake {
        guard let failure else { return .completed(session()) }
        let chain = presentedChain()
        return chain.certificates.isEmpty ? .broken(failure) : .brokenAfterCertificate(chain: chain, failure: failure)
    }

    /// A failure that the network and not TLS reports.
    package func failure(_ reason: TLSFailure.Reason) -> TLSFailure {
        TLSFailure(reason: reason, alert: nil, stage: stage, detail: "")
    }

    // MARK: Called by OpenSSL

    /// True takes over the reference.
    func take(_ session: OpaquePointer) -> Bool {
        guard SSL_SESSION_is_resumable(session) == 1 else { return false }
        ticket = TLSSessionTicket(owning: session)
        return true
    }

    func noteCertificateRequest() { askedForClientCertificate = true }

    // MARK: Reading OpenSSL's state

    private var stage: String { SSL_state_string_long(ssl).map { String(cString: $0) } ?? "" }

    private func failure() -> TLSFailure {
        let error = ERR_peek_error()
        ERR_clear_error()
        guard error != 0 else { return failure(.closed) }
        let reason = Int(copenssl_reason(error))
        let words = ERR_reason_error_string(error).map { String(cString: $0) } ?? "error \(reason)"
        // A record begins with its type, 20 to 23, and the version's first octet, 3 (RFC 8446 section 5.1).
        if !isFinished, let first = firstOctets.first,
            !(20...23).contains(first) || firstOctets.dropFirst().first.map({ $0 != 3 }) ?? false
        {
            return TLSFailure(reason: .notTLS, alert: nil, stage: stage, detail: Self.escaped(firstOctets))
        }
        if copenssl_library(error) == ERR_LIB_SSL, reason >= Int(SSL_AD_REASON_OFFSET) {
            return TLSFailure(reason: .alert, alert: reason - Int(SSL_AD_REASON_OFFSET), stage: stage, detail: words)
        }
        let kind: TLSFailure.Reason =
            switch Int32(reason) {
            case SSL_R_EXCESSIVE_MESSAGE_SIZE: .chainTooLarge
            case let code where Self.ownRefusals.contains(code): .incompatible
            case Int32(truncatingIfNeeded: ERR_R_MALLOC_FAILURE): .local
            default: .protocolError
            }
        return TLSFailure(reason: kind, alert: nil, stage: stage, detail: words)
    }

    /// What this library does not speak although the server may.
    private static let ownRefusals: Set<Int32> = [
        SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_UNKNOWN_PROTOCOL, SSL_R_WRONG_CURVE, SSL_R_UNSUPPORTED_ELLIPTIC_CURVE,
        SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_UNKNOWN_CERTIFICATE_TYPE, SSL_R_DH_KEY_TOO_SMALL,
        SSL_R_UNKNOWN_PKEY_TYPE, SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED, SSL_R_WRONG_SIGNATURE_TYPE,
        SSL_R_UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS,
    ]

    private func session() -> TLSSession {
        let cipher = SSL_get_current_cipher(ssl)
        return TLSSession(
            version: String(cString: SSL_get_version(ssl)),
            cipher: SSL_CIPHER_standard_name(cipher).map { String(cString: $0) } ?? "unknown",
            group: group, signatureScheme: SSL_session_reused(ssl) == 1 ? nil : signatureScheme,
            ticketGiven: ticket != nil, resumed: SSL_session_reused(ssl) == 1, alpn: alpn,
            askedForClientCertificate: askedForClientCertificate, ocspStapled: copenssl_staple_length(ssl) > 0,
            chain: presentedChain())
    }

    private var alpn: String? {
        var data: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &data, &length)
        guard let data, length > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: data, count: Int(length)), as: UTF8.self)
    }

    private var group: String? {
        let id = copenssl_negotiated_group(ssl)
        if id != 0, let name = SSL_group_to_name(ssl, id) {
            let text = String(cString: name).lowercased()
            return text == "prime256v1" || text == "p-256" ? "secp256r1" : text
        }
        // Before TLS 1.3 a finite-field exchange has no group, only a modulus.
        var key: OpaquePointer?
        guard copenssl_peer_temporary_key(ssl, &key) == 1, let key else { return nil }
        defer { EVP_PKEY_free(key) }
        return EVP_PKEY_get_base_id(key) == EVP_PKEY_DH ? "dh\(EVP_PKEY_get_bits(key))" : nil
    }

    /// IANA's TLS SignatureScheme of the server's proof.
    private var signatureScheme: String? {
        var kind: Int32 = 0
        var digest: Int32 = 0
        guard SSL_get_peer_signature_type_nid(ssl, &kind) == 1 else { return nil }
        _ = copenssl_peer_digest(ssl, &digest)
        let hash = OBJ_nid2sn(digest).map { String(cString: $0).lowercased() } ?? ""
        switch kind {
        case EVP_PKEY_RSA: return "rsa_pkcs1_\(hash)"
        case EVP_PKEY_RSA_PSS:
            let isPSSKey =
                SSL_get0_peer_certificate(ssl).flatMap { X509_get0_pubkey($0) }
                .map { EVP_PKEY_get_base_id($0) == EVP_PKEY_RSA_PSS } ?? false
            return "rsa_pss_\(isPSSKey ? "pss" : "rsae")_\(hash)"
        case EVP_PKEY_EC:
            let curves = ["sha256": "secp256r1_", "sha384": "secp384r1_", "sha512": "secp521r1_"]
            return "ecdsa_\(curves[hash] ?? "")\(hash)"
        case EVP_PKEY_ED25519: return "ed25519"
        case EVP_PKEY_ED448: return "ed448"
        default: return OBJ_nid2sn(kind).map { String(cString: $0).lowercased() }
        }
    }

    private func presentedChain() -> PresentedChain {
        guard let chain = SSL_get_peer_cert_chain(ssl) else { return PresentedChain(certificates: [], count: 0) }
        let count = Int(copenssl_chain_count(chain))
        let kept = (0..<min(count, CryptoLimits.storedCertificates)).compactMap { copenssl_chain_at(chain, Int32($0)) }
        return PresentedChain(presented: kept, count: count)
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        bytes.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "\\x" + Digest.hex([$0]) }.joined()
    }
}
