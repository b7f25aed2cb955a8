package import AssayModel
import COpenSSL

/// TLSA records against the certificates of a chain, and the verdict that follows from it, without OpenSSL's DANE engine:
/// where that one says "no", the grid says why.
package struct DANEGrid: Sendable {
    package struct Row: Hashable, Sendable {
        package let record: TLSARecord
        package let unusable: TLSARecord.Unusable?
        /// Where in the presented chain the data fits, 0 for the leaf, whatever the usage says.
        package let fits: [Int]
        /// A record of the same usage and selector with a stronger digest is there, so this one is never looked at
        /// (digest agility, RFC 7671 section 9).
        package let isOutranked: Bool

        /// A whole certificate or key in the DNS that was not sent, and that the path ends at (RFC 7671 section 5.2.2).
        package let endsPath: Bool

        /// The data fits where the usage looks: the leaf for DANE-EE, the certificates above it for DANE-TA.
        package var isMatch: Bool {
            guard unusable == nil else { return false }
            return record.usage == 3 ? fits.contains(0) : endsPath || fits.contains { $0 > 0 }
        }
    }

    package let rows: [Row]
    private let chain: PresentedChain
    private let moment: Timestamp

    package init(_ chain: PresentedChain, records: [TLSARecord], at moment: Timestamp) {
        self.chain = chain
        self.moment = moment
        let octets = chain.octets
        let usable = records.filter { $0.unusable == nil }
        rows = records.map { record in
            let strongest =
                usable.filter { $0.usage == record.usage && $0.selector == record.selector }
                .map(\.matching).max() ?? 0
            return Row(
                record: record, unusable: record.unusable,
                fits: octets.indices.filter { index in
                    octets[index].flatMap {
                        TLSARecord.association($0, selector: record.selector, matching: record.matching)
                    } == record.data
                },
                isOutranked: record.matching != 0 && record.matching < strongest,
                endsPath: record.unusable == nil && record.usage == 2 && record.matching == 0
                    && Self.path(chain, to: record, moment))
        }
    }

    /// The verdict by RFC 7671 and RFC 7672, from the grid and a plain path validation.
    package func verdict(names: [DomainName]) -> DANEVerdict {
        let tried = rows.filter { $0.unusable == nil && !$0.isOutranked }
        guard !tried.isEmpty else { return DANEVerdict(.unusable) }
        guard let leaf = chain.objects.pointers.first ?? nil else { return DANEVerdict(.mismatch) }
        // RFC 7671 section 5.1: names, dates and path do not count for DANE-EE.
        if tried.contains(where: { $0.record.usage == 3 && $0.fits.contains(0) }) {
            return DANEVerdict(.verified, usage: 3)
        }
        var best = DANEVerdict(.mismatch)
        for anchor in anchors(tried) {
            let verdict = Self.path(chain, from: leaf, to: anchor, names, moment)
            if verdict.kind == .verified { return verdict }
            if verdict.kind != .mismatch { best = verdict }
        }
        return best
    }

    /// Some path from the leaf ends there, whatever names and dates say.
    private static func path(_ chain: PresentedChain, to record: TLSARecord, _ moment: Timestamp) -> Bool {
        guard let leaf = chain.objects.pointers.first ?? nil else { return false }
        return path(chain, from: leaf, to: .key(record), [], moment).kind != .mismatch
    }

    private enum Anchor {
        case certificate(OpaquePointer)
        case key(TLSARecord)
    }

    /// Trust anchors that the records name: certificates of the chain above the leaf, whole certificates and bare keys in
    /// the DNS (RFC 7671 section 5.2.2).
    private func anchors(_ tried: [Row]) -> [Anchor] {
        var anchors: [Anchor] = []
        for row in tried where row.record.usage == 2 {
            for index in row.fits where index > 0 {
                if let object = chain.objects.pointers[index] { anchors.append(.certificate(object)) }
            }
            guard row.record.matching == 0 else { continue }
            anchors.append(.key(row.record))
        }
        return anchors
    }

    private static func path(
        _ chain: PresentedChain, from leaf: OpaquePointer, to anchor: Anchor, _ names: [DomainName], _ moment: Timestamp
    )
        -> DANEVerdict
    {
        switch anchor {
        case .certificate(let object): return path(chain, from: leaf, to: object, names, moment)
        case .key(let record) where record.selector == 0:
            // The leaf is no trust anchor, not even its own.
            guard record.data != chain.certificates.first, let object = DER.parse(record.data) else {
                return DANEVerdict(.mismatch)
            }
            defer { X509_free(object) }
            // Where it is out of date, a presented certificate of that name is taken for the issuer instead.
            let subject = X509_get_subject_name(object)
            let isShadowed =
                !isInDate(object, moment)
                && chain.objects.pointers.dropFirst().compactMap(\.self).contains {
                    X509_NAME_cmp(X509_get_subject_name($0), subject) == 0
                }
            guard !isShadowed else { return DANEVerdict(.mismatch) }
            return path(chain, from: leaf, to: object, names, moment)
        case .key(let record):
            // A certificate of the chain that this key signed becomes the end of the path.
            let signed = chain.objects.pointers.compactMap(\.self).filter { certificate in
                record.withKey { X509_verify(certificate, $0) == 1 } ?? false
            }
            ERR_clear_error()
            return signed.lazy.map { path(chain, from: leaf, to: $0, names, moment) }
                .first { $0.kind != .mismatch } ?? DANEVerdict(.mismatch)
        }
    }

    private static func path(
        _ chain: PresentedChain, from leaf: OpaquePointer, to anchor: OpaquePointer, _ names: [DomainName],
        _ moment: Timestamp
    ) -> DANEVerdict {
        guard let store = X509_STORE_new(), let stack = copenssl_chain_new(), let context = X509_STORE_CTX_new() else {
            return DANEVerdict(.undetermined)
        }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            copenssl_chain_free(stack)
            ERR_clear_error()
        }
        X509_STORE_add_cert(store, anchor)
        for certificate in chain.objects.pointers.compactMap(\.self) { _ = copenssl_chain_push(stack, certificate) }
        guard X509_STORE_CTX_init(context, store, leaf, stack) == 1,
            X509_STORE_CTX_set_default(context, "ssl_server") == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { return DANEVerdict(.undetermined) }
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        X509_VERIFY_PARAM_set_time(parameters, time_t(moment.secondsSince1970))
        X509_VERIFY_PARAM_set_depth(parameters, Int32(CryptoLimits.chainDepth))
        X509_VERIFY_PARAM_set_auth_level(parameters, 0)
        let errors = PathErrors()
        withExtendedLifetime(errors) {
            X509_STORE_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(errors).toOpaque())
            X509_STORE_CTX_set_verify_cb(context) { isFine, context in
                guard isFine == 0, let context, let data = X509_STORE_CTX_get_ex_data(context, 0) else { return isFine }
                Unmanaged<PathErrors>.fromOpaque(data).takeUnretainedValue().codes.append(
                    X509_STORE_CTX_get_error(context))
                return 1
            }
            _ = X509_verify_cert(context)
        }
        let kinds = errors.codes.map { (DANEVerifier.kind(of: $0), $0) }
        if kinds.contains(where: { $0.0 == .mismatch }) { return DANEVerdict(.mismatch) }
        if let bad = kinds.first(where: { $0.0 == .badPath }) { return verdict(bad) }
        guard names.contains(where: { matches(leaf, $0) }) else {
            return verdict((.nameMismatch, X509_V_ERR_HOSTNAME_MISMATCH))
        }
        if let first = kinds.first { return verdict(first) }
        return DANEVerdict(.verified, usage: 2)
    }

    private static func verdict(_ error: (kind: DANEVerdict.Kind, code: Int32)) -> DANEVerdict {
        DANEVerdict(error.kind, words: X509_verify_cert_error_string(Int(error.code)).map { String(cString: $0) })
    }

    /// A common name counts only without a DNS name in subjectAltName (RFC 7672 section 3.2.2); a wildcard stands for the
    /// whole first label (section 3.2.3).
    private static func matches(_ leaf: OpaquePointer, _ name: DomainName) -> Bool {
        let text = Array(name.description.utf8CString.dropLast())
        return X509_check_host(leaf, text, text.count, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS), nil) == 1
    }

    private static func isInDate(_ certificate: OpaquePointer, _ moment: Timestamp) -> Bool {
        var time = time_t(moment.secondsSince1970)
        return X509_cmp_time(X509_get0_notBefore(certificate), &time) < 0
            && X509_cmp_time(X509_get0_notAfter(certificate), &time) > 0
    }

    private final class PathErrors {
        var codes: [Int32] = []
    }
}
