package import AssayModel
import COpenSSL

/// What a DANE sender comes to for one handshake (RFC 7671 section 4, RFC 7672 section 3).
package struct DANEVerdict: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// A record matches, and all that it asks for holds.
        case verified
        /// No record matches the chain that was shown.
        case mismatch
        /// A trust anchor matches, but the certificate is for another name (RFC 7672 section 3.2.2).
        case nameMismatch = "name_mismatch"
        /// A trust anchor matches, but a certificate below it is not valid at the moment.
        case outOfDate = "out_of_date"
        /// A trust anchor matches, but the path to it breaks other rules (RFC 5280 section 6).
        case badPath = "bad_path"
        /// No record can be used: TLS is asked for, authentication is not (RFC 7672 section 2.2).
        case unusable
        case undetermined
    }

    package let kind: Kind
    /// Of the record that matched: 2 DANE-TA, 3 DANE-EE; nil unless verified.
    package let usage: UInt8?
    /// OpenSSL's words for what failed.
    package let words: String?

    package init(_ kind: Kind, usage: UInt8? = nil, words: String? = nil) {
        self.kind = kind
        self.usage = usage
        self.words = words
    }
}

/// OpenSSL's DANE engine on a stored chain: the verdict a sender's TLS library gives.
package struct DANEVerifier: Sendable {
    private static let context = DANEContext()

    package init() {}

    /// `names`: the TLSA base domain first, then the further reference identifiers (RFC 7672 section 3.2.2).
    package func verify(_ chain: PresentedChain, records: [TLSARecord], names: [DomainName], at moment: Timestamp)
        -> DANEVerdict
    {
        guard let base = names.first, let ssl = SSL_new(Self.context.pointer) else { return DANEVerdict(.undetermined) }
        defer {
            SSL_free(ssl)
            ERR_clear_error()
        }
        guard SSL_dane_enable(ssl, "\(base)") == 1 else { return DANEVerdict(.undetermined) }
        // RFC 7672 section 3.1.1: DANE-EE binds the key to the name; the certificate's own names do not count.
        SSL_dane_set_flags(ssl, UInt(DANE_FLAG_NO_DANE_EE_NAMECHECKS))
        SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        for name in names.dropFirst() { SSL_add1_host(ssl, "\(name)") }
        var usable = 0
        // OpenSSL would take the PKIX usages, which no sender of mail may (RFC 7672 section 3.1.3).
        for record in records where record.usage >= 2 {
            var data = record.data
            if SSL_dane_tlsa_add(ssl, record.usage, record.selector, record.matching, &data, data.count) > 0 {
                usable += 1
            }
            ERR_clear_error()
        }
        // Without a usable record OpenSSL would fall back to PKIX without a word.
        guard usable > 0 else { return DANEVerdict(.unusable) }
        return verify(chain, ssl, moment)
    }

    private func verify(_ chain: PresentedChain, _ ssl: OpaquePointer, _ moment: Timestamp) -> DANEVerdict {
        guard let leaf = chain.objects.pointers.first ?? nil else { return DANEVerdict(.mismatch) }
        guard let stack = copenssl_chain_new(), let store = X509_STORE_new(), let context = X509_STORE_CTX_new() else {
            return DANEVerdict(.undetermined)
        }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            copenssl_chain_free(stack)
        }
        for certificate in chain.objects.pointers.compactMap(\.self) { _ = copenssl_chain_push(stack, certificate) }
        guard X509_STORE_CTX_init(context, store, leaf, stack) == 1 else { return DANEVerdict(.undetermined) }
        X509_STORE_CTX_set0_dane(context, SSL_get0_dane(ssl))
        guard X509_STORE_CTX_set_default(context, "ssl_server") == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { return DANEVerdict(.undetermined) }
        X509_VERIFY_PARAM_set1(parameters, SSL_get0_param(ssl))
        X509_VERIFY_PARAM_set_time(parameters, time_t(moment.secondsSince1970))
        X509_VERIFY_PARAM_set_depth(parameters, Int32(CryptoLimits.chainDepth))
        // Weak keys are judged apart; senders of mail connect with security level 0.
        X509_VERIFY_PARAM_set_auth_level(parameters, 0)
        let isVerified = X509_verify_cert(context) == 1
        let code = X509_STORE_CTX_get_error(context)
        // SSL_get0_dane_tlsa answers only where the result says so.
        SSL_set_verify_result(ssl, Int(code))
        if isVerified, code == X509_V_OK {
            var usage: UInt8 = 0
            guard SSL_get0_dane_tlsa(ssl, &usage, nil, nil, nil, nil) >= 0 else { return DANEVerdict(.mismatch) }
            return DANEVerdict(.verified, usage: usage)
        }
        return DANEVerdict(
            Self.kind(of: code),
            words: X509_verify_cert_error_string(Int(code)).map { String(cString: $0) })
    }

    static func kind(of code: Int32) -> DANEVerdict.Kind {
        switch code {
        case X509_V_ERR_OUT_OF_MEM, X509_V_ERR_UNSPECIFIED, X509_V_OK: .undetermined
        case X509_V_ERR_DANE_NO_MATCH: .mismatch
        case X509_V_ERR_HOSTNAME_MISMATCH: .nameMismatch
        case let code where ChainVerifier.dateErrors.contains(code): .outOfDate
        case let code where ChainVerifier.untrusted.contains(code) || code == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            .mismatch
        default: .badPath
        }
    }
}

/// Unchecked: configured in `init` and never changed after.
private final class DANEContext: @unchecked Sendable {
    let pointer: OpaquePointer

    init() {
        guard let context = SSL_CTX_new(TLS_client_method()), SSL_CTX_dane_enable(context) == 1 else {
            preconditionFailure("OpenSSL gave no context for DANE")
        }
        pointer = context
    }

    deinit { SSL_CTX_free(pointer) }
}
