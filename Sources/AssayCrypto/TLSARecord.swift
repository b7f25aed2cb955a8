import COpenSSL

/// One TLSA record as a sender of mail reads it (RFC 6698 section 2, RFC 7672 section 3.1).
package struct TLSARecord: Hashable, Codable, Sendable {
    /// 2 DANE-TA, 3 DANE-EE; 0 and 1 are the PKIX usages.
    package let usage: UInt8
    /// 0 the whole certificate, 1 its public key (SubjectPublicKeyInfo).
    package let selector: UInt8
    /// 0 the octets themselves, 1 SHA-256, 2 SHA-512.
    package let matching: UInt8
    /// The certificate association data.
    package let data: [UInt8]

    package init(usage: UInt8, selector: UInt8, matching: UInt8, data: [UInt8]) {
        self.usage = usage
        self.selector = selector
        self.matching = matching
        self.data = data
    }

    /// Why a sender of mail skips the record.
    package enum Unusable: String, Codable, Sendable {
        /// PKIX-TA or PKIX-EE (RFC 7672 section 3.1.3).
        case pkixUsage = "usage_pkix"
        case unknownUsage = "usage_unknown"
        case unknownSelector = "selector_unknown"
        case unknownMatching = "mtype_unknown"
        case empty = "data_empty"
        case digestLength = "digest_length"
        /// Matching type 0, and the octets are no certificate, or no key.
        case undecodable = "undecodable"
    }

    package var unusable: Unusable? {
        if usage < 2 { return .pkixUsage }
        if usage > 3 { return .unknownUsage }
        if selector > 1 { return .unknownSelector }
        if matching > 2 { return .unknownMatching }
        if data.isEmpty { return .empty }
        switch matching {
        case 1: return data.count == 32 ? nil : .digestLength
        case 2: return data.count == 64 ? nil : .digestLength
        default: return isDecodable ? nil : .undecodable
        }
    }

    private var isDecodable: Bool {
        guard selector == 0 else { return withKey { _ in true } ?? false }
        guard let certificate = DER.parse(data) else { return false }
        defer {
            X509_free(certificate)
            ERR_clear_error()
        }
        return X509_get0_pubkey(certificate) != nil
    }

    /// The public key that the data holds, with nothing behind it.
    func withKey<R>(_ body: (OpaquePointer) -> R) -> R? {
        data.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            defer { ERR_clear_error() }
            guard let key = d2i_PUBKEY(nil, &cursor, buffer.count) else { return nil }
            defer { EVP_PKEY_free(key) }
            guard let end = cursor, let start = buffer.baseAddress, end - start == buffer.count else { return nil }
            return body(key)
        }
    }

    /// What a record with this selector and matching type holds for a certificate; nil for values without meaning.
    package static func association(_ certificate: CertificateOctets, selector: UInt8, matching: UInt8) -> [UInt8]? {
        let selected: [UInt8]
        switch selector {
        case 0: selected = certificate.der
        case 1: selected = certificate.publicKey
        default: return nil
        }
        switch matching {
        case 0: return selected
        case 1: return Digest.sha256(selected)
        case 2: return Digest.sha512(selected)
        default: return nil
        }
    }
}

extension TLSARecord: CustomStringConvertible {
    /// `3 1 1 ab12...` as in a zone file.
    package var description: String { "\(usage) \(selector) \(matching) \(Digest.hex(data))" }

    /// `3 1 1 ab12cd34`: tells the records of one set apart.
    package var short: String {
        "\(usage) \(selector) \(matching)" + (data.isEmpty ? "" : " \(Digest.hex(Array(data.prefix(4))))")
    }
}

extension TLSARecord: Comparable {
    package static func < (left: TLSARecord, right: TLSARecord) -> Bool {
        let (a, b) = ((left.usage, left.selector, left.matching), (right.usage, right.selector, right.matching))
        return a == b ? left.data.lexicographicallyPrecedes(right.data) : a < b
    }
}

/// What TLSA records are computed from.
package struct CertificateOctets: Hashable, Sendable {
    package let der: [UInt8]
    /// SubjectPublicKeyInfo, DER.
    package let publicKey: [UInt8]
}

extension CertificateOctets {
    /// nil where the octets are no certificate.
    package init?(der: [UInt8]) {
        guard let object = DER.parse(der) else { return nil }
        defer { X509_free(object) }
        self.init(object)
    }

    init(_ certificate: OpaquePointer) {
        der = DER.of(certificate)
        publicKey = DER.encode { i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), $0) }
    }
}

extension PresentedChain {
    /// What each certificate would be matched by, leaf first; nil where the octets are no certificate.
    package var octets: [CertificateOctets?] {
        zip(certificates, objects.pointers).map { der, object in
            object.map { object in
                CertificateOctets(
                    der: der, publicKey: DER.encode { i2d_X509_PUBKEY(X509_get_X509_PUBKEY(object), $0) })
            }
        }
    }
}
