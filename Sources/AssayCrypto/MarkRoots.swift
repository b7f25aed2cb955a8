package import AssayModel
import COpenSSL

/// The authorities of mark certificates: digests of their certificates, or certificates that the user gave.
package struct MarkRoots: Sendable {
    /// An authority's certificate.
    package struct Authority: Hashable, Sendable {
        /// Lower-case hexadecimal SHA-256 of the DER.
        package let digest: String
        /// RFC 4514.
        package let subject: String

        package init(digest: String, subject: String) {
            self.digest = digest
            self.subject = subject
        }
    }

    package let authorities: [Authority]
    package let store: TrustStore?

    /// Those of digests: such a certificate must stand in the file itself.
    package init(authorities: [Authority]) {
        self.authorities = authorities
        store = nil
    }

    /// Those of a file and no other.
    package init(store: TrustStore) {
        authorities = []
        self.store = store
    }

    package struct Verdict: Hashable, Sendable {
        package enum Path: String, Sendable {
            case trusted, untrusted, invalid
            case selfSigned = "self_signed"
            /// Issued by a known authority, it says, whose certificate is neither in the file nor known here but by its digest.
            case rootNotInFile = "root_not_in_file"
            case undetermined
        }

        package let path: Path
        /// The first error of the path, in OpenSSL's words.
        package let words: String?
        /// Every certificate below the trusted one is within its dates.
        package let datesValid: Bool
        /// The subject of the certificate that is trusted.
        package let anchor: String?
    }

    /// `chain`: DER, leaf first.
    package func verdict(on chain: [[UInt8]], at moment: Timestamp) -> Verdict {
        let objects = CertificateObjects(chain.map { DER.parse($0) })
        let pointers = objects.pointers.compactMap(\.self)
        guard let leaf = pointers.first, let stack = copenssl_chain_new() else { return Self.undetermined }
        defer {
            copenssl_chain_free(stack)
            ERR_clear_error()
        }
        for pointer in pointers { _ = copenssl_chain_push(stack, pointer) }
        let trusted = store == nil ? anchors(in: chain) : []
        guard let own = X509_STORE_new(), let context = X509_STORE_CTX_new() else { return Self.undetermined }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(own)
        }
        for index in trusted { objects.pointers[index].map { _ = X509_STORE_add_cert(own, $0) } }
        guard X509_STORE_CTX_init(context, store?.pointer ?? own, leaf, stack) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { return Self.undetermined }
        // An authority below a root is trusted by its own digest.
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        X509_VERIFY_PARAM_set_time(parameters, time_t(moment.secondsSince1970))
        X509_VERIFY_PARAM_set_depth(parameters, Int32(CryptoLimits.chainDepth))
        guard let errors = withExtendedLifetime((objects, store), { ChainVerifier.errors(of: context) }) else {
            return Self.undetermined
        }
        return verdict(errors, context, chain)
    }

    private func verdict(
        _ errors: [(code: Int32, depth: Int32)], _ context: OpaquePointer, _ chain: [[UInt8]]
    ) -> Verdict {
        let pathErrors = errors.filter { !ChainVerifier.dateErrors.contains($0.code) }
        let codes = Set(pathErrors.map(\.code))
        let path: Verdict.Path
        if codes.isEmpty {
            path = .trusted
        } else if codes.contains(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT) {
            path = .selfSigned
        } else if codes.isDisjoint(with: ChainVerifier.untrusted) {
            path = .invalid
        } else {
            path = isByKnownAuthority(chain) ? .rootNotInFile : .untrusted
        }
        let built = X509_STORE_CTX_get0_chain(context)
        let count = built.map { copenssl_chain_count($0) } ?? 0
        let last = built.flatMap { count > 0 ? copenssl_chain_at($0, count - 1) : nil }
        let dated = errors.filter {
            ChainVerifier.dateErrors.contains($0.code) && ($0.depth < count - 1 || count == 1 || path != .trusted)
        }
        return Verdict(
            path: path,
            words: pathErrors.first.flatMap { X509_verify_cert_error_string(Int($0.code)).map { String(cString: $0) } },
            datesValid: dated.isEmpty,
            anchor: path == .trusted ? last.flatMap { Certificate(der: DER.of($0))?.subject } : nil)
    }

    /// The authorities in the file, the leaf left aside.
    private func anchors(in chain: [[UInt8]]) -> [Int] {
        let digests = Set(authorities.map(\.digest))
        return chain.indices.dropFirst().filter { digests.contains(Digest.hex(Digest.sha256(chain[$0]))) }
    }

    private func isByKnownAuthority(_ chain: [[UInt8]]) -> Bool {
        let subjects = Set(authorities.map(\.subject))
        return chain.contains { Certificate(der: $0).map { subjects.contains($0.issuer) } ?? false }
    }

    private static let undetermined = Verdict(path: .undetermined, words: nil, datesValid: false, anchor: nil)
}
