package import AssayModel
import COpenSSL

extension PresentedChain {
    /// The leaf names it in its subjectAltName (RFC 9525 section 6.3).
    package func isFor(_ name: DomainName) -> Bool {
        (objects.pointers.first ?? nil).map { ChainVerifier.matches($0, name) } ?? false
    }
}

/// Judges a presented chain: path, name and dates each on its own, all errors at once.
package struct ChainVerifier: Sendable {
    package init() {}

    /// The verdict of an X.509 validator on `chain` (RFC 5280 section 6) for `name` (RFC 9525) at `moment`.
    package func verify(_ chain: PresentedChain, name: DomainName, at moment: Timestamp, store: TrustStore)
        -> PKIXVerdict
    {
        guard let stack = copenssl_chain_new() else { return Self.undetermined }
        defer {
            copenssl_chain_free(stack)
            ERR_clear_error()
        }
        for certificate in chain.objects.pointers.compactMap(\.self) { _ = copenssl_chain_push(stack, certificate) }
        guard let leaf = chain.objects.pointers.first ?? nil, let context = X509_STORE_CTX_new() else {
            return Self.undetermined
        }
        defer { X509_STORE_CTX_free(context) }
        guard X509_STORE_CTX_init(context, store.pointer, leaf, stack) == 1,
            X509_STORE_CTX_set_default(context, "ssl_server") == 1, let parameters = X509_STORE_CTX_get0_param(context)
        else { return Self.undetermined }
        // A probe's handshake runs at security level 0, where RSA-1024 passes silently: 112 bits are asked for here.
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        X509_VERIFY_PARAM_set_time(parameters, time_t(moment.secondsSince1970))
        X509_VERIFY_PARAM_set_depth(parameters, Int32(CryptoLimits.chainDepth))

        guard let errors = Self.errors(of: context) else { return Self.undetermined }
        let built = X509_STORE_CTX_get0_chain(context).map { copenssl_chain_count($0) } ?? 0
        return verdict(errors, leaf: leaf, context: context, builtCount: Int(built), name: name, store: store)
    }

    /// Verifies and goes on behind each error, all of which are given with their depths; nil where we could not tell.
    static func errors(of context: OpaquePointer) -> [(code: Int32, depth: Int32)]? {
        let recorder = Recorder()
        let isJudged = withExtendedLifetime(recorder) {
            X509_STORE_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(recorder).toOpaque())
            X509_STORE_CTX_set_verify_cb(context) { isFine, context in
                guard isFine == 0, let context, let data = X509_STORE_CTX_get_ex_data(context, 0) else { return isFine }
                Unmanaged<Recorder>.fromOpaque(data).takeUnretainedValue().errors.append(
                    (X509_STORE_CTX_get_error(context), X509_STORE_CTX_get_error_depth(context)))
                return 1
            }
            return X509_verify_cert(context) == 1
        }
        // Without an error seen, "no" means that we could not tell.
        return isJudged || !recorder.errors.isEmpty ? recorder.errors : nil
    }

    private func verdict(
        _ errors: [(code: Int32, depth: Int32)], leaf: OpaquePointer, context: OpaquePointer, builtCount: Int,
        name: DomainName, store: TrustStore
    ) -> PKIXVerdict {
        let pathErrors = errors.filter { !Self.dateErrors.contains($0.code) && $0.code != X509_V_ERR_INVALID_PURPOSE }
        let codes = Set(pathErrors.map(\.code))
        let path: PKIXVerdict.Path
        if codes.isEmpty {
            path = .trusted
        } else if codes.contains(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT) {
            path = .selfSigned
        } else if codes.contains(X509_V_ERR_OUT_OF_MEM) || codes.contains(X509_V_ERR_UNSPECIFIED) {
            path = .undetermined
        } else if !codes.isDisjoint(with: Self.untrusted) {
            path = .untrusted
        } else {
            path = .invalid
        }
        // The root's own dates are the sender's business: its store decides.
        let rootDepth = path == .trusted ? builtCount - 1 : Int.max
        let dated = errors.filter { Self.dateErrors.contains($0.code) && ($0.depth < rootDepth || builtCount == 1) }
        return PKIXVerdict(
            path: path,
            pathErrors: pathErrors.prefix(32).map { error in
                PKIXVerdict.VerifyError(
                    code: Int(error.code), depth: Int(error.depth),
                    name: X509_verify_cert_error_string(Int(error.code)).map { String(cString: $0) }
                        ?? "error \(error.code)")
            },
            missesIntermediate: path == .untrusted && missesIntermediate(context, builtCount, store),
            nameMatches: Self.matches(leaf, name), datesValid: dated.isEmpty,
            leafDatesValid: !dated.contains { $0.depth == 0 },
            purposeAllowed: !errors.contains { $0.code == X509_V_ERR_INVALID_PURPOSE })
    }

    /// Wildcards stand for the whole left-most label only, and a common name is no identity (RFC 9525 section 6.3).
    fileprivate static func matches(_ leaf: OpaquePointer, _ name: DomainName) -> Bool {
        let text = Array(name.description.utf8CString.dropLast())
        let flags = UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
        return X509_check_host(leaf, text, text.count, flags, nil) == 1
    }

    /// The last certificate of the path has an issuer that is known to the world but was not sent.
    private func missesIntermediate(_ context: OpaquePointer, _ count: Int, _ store: TrustStore) -> Bool {
        guard count > 0, let chain = X509_STORE_CTX_get0_chain(context),
            let last = copenssl_chain_at(chain, Int32(count - 1)),
            let certificate = Certificate(der: DER.of(last)), certificate.subject != certificate.issuer
        else { return false }
        return !certificate.caIssuers.isEmpty
            || certificate.issuerOrganization.map(store.knowsOrganization) ?? false
    }

    static let dateErrors: Set<Int32> = [
        X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD,
        X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD,
    ]

    static let untrusted: Set<Int32> = [
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
    ]

    private static let undetermined = PKIXVerdict(
        path: .undetermined, pathErrors: [], missesIntermediate: false, nameMatches: false, datesValid: false,
        leafDatesValid: false, purposeAllowed: false)

    private final class Recorder {
        var errors: [(code: Int32, depth: Int32)] = []
    }
}
