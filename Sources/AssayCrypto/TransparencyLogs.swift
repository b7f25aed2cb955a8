import COpenSSL

/// The keys of certificate transparency logs that the operator gave (`--ct-logs`): what they signed can be checked.
package struct TransparencyLogs: Sendable {
    package enum Verdict: String, Sendable, CaseIterable {
        case valid, invalid
        /// The log's key is not known here.
        case unknownLog = "unknown_log"
    }

    /// As they were read, for recordings.
    package let pem: [UInt8]
    /// SubjectPublicKeyInfo by its SHA-256, in hexadecimal: the log's ID (RFC 6962 section 3.2).
    private let keys: [String: [UInt8]]

    package static let none = TransparencyLogs(pem: [], keys: [:])

    /// Public keys as PEM, one after the other; nil where there is none.
    package init?(pem: [UInt8]) {
        defer { ERR_clear_error() }
        guard let bio = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return nil }
        defer { BIO_free(bio) }
        var keys: [String: [UInt8]] = [:]
        while keys.count < CryptoLimits.logKeys, let key = PEM_read_bio_PUBKEY(bio, nil, nil, nil) {
            defer { EVP_PKEY_free(key) }
            var der: UnsafeMutablePointer<UInt8>?
            let length = i2d_PUBKEY(key, &der)
            guard length > 0, let der else { continue }
            defer { CRYPTO_free(der, nil, 0) }
            let octets = Array(UnsafeBufferPointer(start: der, count: Int(length)))
            keys[Digest.hex(Digest.sha256(octets))] = octets
        }
        guard !keys.isEmpty else { return nil }
        self.init(pem: pem, keys: keys)
    }

    private init(pem: [UInt8], keys: [String: [UInt8]]) {
        self.pem = pem
        self.keys = keys
    }

    /// RFC 6962 section 3.2: the log signed the certificate without its timestamps, for that issuer's key.
    package func verdict(
        on timestamp: MarkCertificate.Timestamped, of leaf: MarkCertificate, issuer: Certificate
    ) -> Verdict {
        guard let der = keys[timestamp.logID] else { return .unknownLog }
        guard let entry = leaf.precertificate, let issuerHash = Self.octets(ofHex: issuer.spkiSHA256) else {
            return .invalid
        }
        func number(_ value: UInt64, _ octets: Int) -> [UInt8] {
            (0..<octets).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
        }
        // Version 1, a certificate timestamp, of a precertificate.
        let signed =
            [0, 0] + number(timestamp.milliseconds, 8) + [0, 1] + issuerHash + number(UInt64(entry.count), 3) + entry
            + number(UInt64(timestamp.extensions.count), 2) + timestamp.extensions
        // RFC 5246 section 7.4.1.4.1: SHA-256 with RSA or ECDSA; RFC 6962 section 2.1.4 has no others.
        guard timestamp.hash == 4, timestamp.algorithm == 1 || timestamp.algorithm == 3 else { return .invalid }
        return Self.verify(timestamp.signature, of: signed, by: der) ? .valid : .invalid
    }

    private static func verify(_ signature: [UInt8], of octets: [UInt8], by der: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        let key = der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_PUBKEY(nil, &start, buffer.count)
        }
        guard let key else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, octets, octets.count) == 1
    }

    private static func octets(ofHex text: String) -> [UInt8]? {
        let digits = text.utf8.map { $0 >= 0x61 ? $0 - 0x57 : $0 - 0x30 }
        guard digits.count == 64, digits.allSatisfy({ $0 < 16 }) else { return nil }
        return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
