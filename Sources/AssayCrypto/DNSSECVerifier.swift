import COpenSSL

/// Checks one DNSSEC signature (RFC 4034 section 3.1.8) with one key.
package enum DNSSECVerifier {
    package enum Outcome: Sendable {
        case good, bad
        /// An algorithm that is not checked here: says nothing.
        case unsupported
    }

    /// `key`: the public key field of DNSKEY; `octets`: what was signed.
    package static func verify(algorithm: UInt8, key: [UInt8], octets: [UInt8], signature: [UInt8]) -> Outcome {
        defer { ERR_clear_error() }
        switch algorithm {
        case 5, 7, 8, 10:
            guard let pkey = rsa(key) else { return .bad }
            defer { EVP_PKEY_free(pkey) }
            let digest = algorithm == 8 ? EVP_sha256() : algorithm == 10 ? EVP_sha512() : EVP_sha1()
            return check(pkey, digest, octets, signature)
        case 13, 14:
            let (curve, size, digest) =
                algorithm == 13 ? ("P-256", 32, EVP_sha256()) : ("P-384", 48, EVP_sha384())
            guard key.count == 2 * size, signature.count == 2 * size, let pkey = ec(key, curve: curve) else {
                return .bad
            }
            defer { EVP_PKEY_free(pkey) }
            guard let der = ecdsaDER(signature, size: size) else { return .bad }
            return check(pkey, digest, octets, der)
        case 15, 16:
            let kind = algorithm == 15 ? EVP_PKEY_ED25519 : EVP_PKEY_ED448
            guard let pkey = EVP_PKEY_new_raw_public_key(kind, nil, key, key.count) else { return .bad }
            defer { EVP_PKEY_free(pkey) }
            return check(pkey, nil, octets, signature)
        default:
            return .unsupported
        }
    }

    /// The digest of a DS record over owner and DNSKEY RDATA (RFC 4034 section 5.1.4); nil for digests not known here.
    package static func delegationDigest(type: UInt8, owner: [UInt8], key: [UInt8]) -> [UInt8]? {
        switch type {
        case 1: digest(EVP_sha1(), owner + key, 20)
        case 2: Digest.sha256(owner + key)
        case 4: digest(EVP_sha384(), owner + key, 48)
        default: nil
        }
    }

    /// The hash of a name in NSEC3 (RFC 5155 section 5).
    package static func nsec3Hash(_ name: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] {
        var hash = digest(EVP_sha1(), name + salt, 20)
        for _ in 0..<iterations { hash = digest(EVP_sha1(), hash + salt, 20) }
        return hash
    }

    private static func digest(_ kind: OpaquePointer?, _ octets: [UInt8], _ length: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: length)
        EVP_Digest(octets, octets.count, &result, nil, kind, nil)
        return result
    }

    private static func check(
        _ key: OpaquePointer, _ digest: OpaquePointer?, _ octets: [UInt8], _ signature: [UInt8]
    ) -> Outcome {
        guard let context = EVP_MD_CTX_new() else { return .unsupported }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else { return .unsupported }
        return EVP_DigestVerify(context, signature, signature.count, octets, octets.count) == 1 ? .good : .bad
    }

    /// RFC 3110 section 2: exponent length, exponent, modulus.
    private static func rsa(_ key: [UInt8]) -> OpaquePointer? {
        guard let first = key.first else { return nil }
        let (length, start) = first != 0 || key.count < 3 ? (Int(first), 1) : (Int(key[1]) << 8 | Int(key[2]), 3)
        guard length > 0, key.count > start + length else { return nil }
        let exponent = Array(key[start..<start + length])
        let modulus = Array(key[(start + length)...])
        return copenssl_rsa_public_key(modulus, modulus.count, exponent, exponent.count)
    }

    /// RFC 6605 section 4: x and y without the leading octet of an uncompressed point.
    private static func ec(_ key: [UInt8], curve: String) -> OpaquePointer? {
        copenssl_ec_public_key(curve, [4] + key, key.count + 1)
    }

    /// r and s as OpenSSL wants them.
    private static func ecdsaDER(_ signature: [UInt8], size: Int) -> [UInt8]? {
        guard let object = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(object) }
        guard let r = BN_bin2bn(signature, Int32(size), nil),
            let s = BN_bin2bn(Array(signature[size...]), Int32(size), nil), ECDSA_SIG_set0(object, r, s) == 1
        else { return nil }
        return DER.encode { i2d_ECDSA_SIG(object, $0) }
    }
}
