import COpenSSL
import Synchronization

/// What all handshakes share: everything is offered from TLS 1.0 on, because seeing an old server is the point.
///
/// Unchecked: configured completely in `init` and never changed after; SSL_new may be called from any thread.
package final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer

    package init() {
        guard let context = SSL_CTX_new(TLS_client_method()) else { preconditionFailure("OpenSSL gave no context") }
        pointer = context
        _ = copenssl_set_min_version(context, TLS1_VERSION)
        // Security level 0: TLS 1.0 fails at level 1 and above for want of a signature algorithm. Verdicts are judged apart.
        SSL_CTX_set_security_level(context, 0)
        // Without a certificate there is nothing to see, and some servers prefer to show none if they may.
        _ = SSL_CTX_set_cipher_list(context, "ALL:!aNULL:!eNULL:@SECLEVEL=0")
        // Curves beyond the default, so that a certificate on one of them is seen. A name that this OpenSSL lacks would make
        // it refuse the whole list, which then stays the default.
        _ = copenssl_set_groups(
            context,
            "X25519:P-256:P-384:P-521:X448:ffdhe2048:ffdhe3072:ffdhe4096:secp256k1:secp224r1:brainpoolP256r1:brainpoolP384r1:brainpoolP512r1"
        )
        // Servers without RFC 5746 are seen too; renegotiation is refused, compression never offered.
        _ = SSL_CTX_set_options(context, copenssl_probe_options())
        copenssl_keep_sessions_outside(context)
        // No verification inside: one handshake, and afterwards as many verdicts as wanted on the chain it showed.
        SSL_CTX_set_cert_verify_callback(context, { _, _ in 1 }, nil)
        SSL_CTX_sess_set_new_cb(context) { ssl, session in
            guard let ssl, let session, let data = copenssl_app_data(ssl) else { return 0 }
            let engine = Unmanaged<TLSEngine>.fromOpaque(data).takeUnretainedValue()
            return engine.take(session) ? 1 : 0
        }
        SSL_CTX_set_client_cert_cb(context) { ssl, _, _ in
            guard let ssl, let data = copenssl_app_data(ssl) else { return 0 }
            Unmanaged<TLSEngine>.fromOpaque(data).takeUnretainedValue().noteCertificateRequest()
            return 0
        }
    }

    deinit { SSL_CTX_free(pointer) }
}

/// A session that may be resumed at the endpoint that gave it.
///
/// Unchecked: the C object is reference-counted and only read.
package final class TLSSessionTicket: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Takes over one reference.
    init(owning session: OpaquePointer) { pointer = session }
    deinit { SSL_SESSION_free(pointer) }

    /// Octets of early data that may be sent with it (RFC 8446 section 4.2.10).
    package var maximumEarlyData: Int { Int(SSL_SESSION_get_max_early_data(pointer)) }
}

/// Sessions by endpoint, shared by all connections of the process.
package final class TLSSessionCache: Sendable {
    private struct Entry {
        let ticket: TLSSessionTicket
        let since: ContinuousClock.Instant
    }

    private let entries = Mutex<[String: Entry]>([:])

    package init() {}

    /// `endpoint`: address, port and server name, for a session belongs to all three.
    package func session(for endpoint: String) -> TLSSessionTicket? {
        entries.withLock { entries in
            guard let entry = entries[endpoint] else { return nil }
            guard entry.since.duration(to: .now) < .seconds(CryptoLimits.sessionSeconds) else {
                entries[endpoint] = nil
                return nil
            }
            return entry.ticket
        }
    }

    package func keep(_ ticket: TLSSessionTicket, for endpoint: String) {
        entries.withLock { entries in
            if entries.count >= CryptoLimits.cachedSessions { entries.removeAll(keepingCapacity: true) }
            entries[endpoint] = Entry(ticket: ticket, since: .now)
        }
    }
}
