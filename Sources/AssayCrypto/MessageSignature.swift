import COpenSSL

/// Checks one signature of a message (RFC 6376 section 3.3, RFC 8463 section 3).
package enum MessageSignature {
    package enum Hash: String, Sendable {
        case sha1, sha256

        package func digest(_ octets: [UInt8]) -> [UInt8] {
            switch self {
            case .sha256: Digest.sha256(octets)
            case .sha1: Digest.sha1(octets)
            }
        }
    }

    /// RSASSA-PKCS1-v1_5 over `octets`.
    package static func verify(_ signature: [UInt8], of octets: [UInt8], by key: RSAKey, _ hash: Hash) -> Bool {
        defer { ERR_clear_error() }
        guard
            let pkey = copenssl_rsa_public_key(key.modulus, key.modulus.count, key.exponent, key.exponent.count)
        else { return false }
        defer { EVP_PKEY_free(pkey) }
        return check(pkey, hash == .sha256 ? EVP_sha256() : EVP_sha1(), octets, signature)
    }

    /// RFC 8463 section 3: Ed25519 signs the SHA-256 digest of the octets.
    package static func verify(_ signature: [UInt8], of octets: [UInt8], byEd25519 key: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        guard key.count == 32, let pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, key, key.count) else {
            return false
        }
        defer { EVP_PKEY_free(pkey) }
        return check(pkey, nil, Digest.sha256(octets), signature)
    }

    private static func check(
        _ key: OpaquePointer, _ digest: OpaquePointer?, _ octets: [UInt8], _ signature: [UInt8]
    ) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, octets, octets.count) == 1
    }
}
