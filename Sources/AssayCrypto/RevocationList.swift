package import AssayModel
import COpenSSL

/// A certificate revocation list (RFC 5280 section 5), and what it says of one certificate.
package struct RevocationList: Sendable {
    package enum Verdict: String, Sendable, CaseIterable {
        case good, revoked
        /// Of another issuer, not signed by this one, from the future, or too old to be believed.
        case issuer, signature, early, expired
        case malformed
    }

    /// What the list says of a certificate at a moment. DER or PEM; an answer other than `good` and `revoked` says why it counts
    /// for nothing.
    package static func verdict(
        of octets: [UInt8], on leaf: Certificate, by issuer: Certificate, at moment: Timestamp
    ) -> Verdict {
        defer { ERR_clear_error() }
        guard let list = parse(octets) else { return .malformed }
        defer { X509_CRL_free(list) }
        guard let certificate = DER.parse(leaf.der), let authority = DER.parse(issuer.der) else { return .malformed }
        defer {
            X509_free(certificate)
            X509_free(authority)
        }
        guard X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(authority)) == 0 else { return .issuer }
        guard let key = X509_get0_pubkey(authority), X509_CRL_verify(list, key) == 1 else { return .signature }
        var time = time_t(moment.secondsSince1970)
        // At or before: negative; after: positive; 0 for a date that is none.
        guard X509_cmp_time(X509_CRL_get0_lastUpdate(list), &time) < 0 else { return .early }
        guard let next = X509_CRL_get0_nextUpdate(list), X509_cmp_time(next, &time) > 0 else { return .expired }
        var entry: OpaquePointer?
        // 2: the entry takes an earlier one back (removeFromCRL).
        return X509_CRL_get0_by_cert(list, &entry, certificate) == 1 ? .revoked : .good
    }

    private static func parse(_ octets: [UInt8]) -> OpaquePointer? {
        if octets.starts(with: "-----BEGIN".utf8) {
            guard let bio = BIO_new_mem_buf(octets, Int32(clamping: octets.count)) else { return nil }
            defer { BIO_free(bio) }
            return PEM_read_bio_X509_CRL(bio, nil, nil, nil)
        }
        return octets.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_X509_CRL(nil, &start, buffer.count)
        }
    }
}
