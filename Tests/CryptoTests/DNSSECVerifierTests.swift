import AssayCrypto
import COpenSSL
import Testing

/// Signatures over known octets.
@Suite struct DNSSECVerifierTests {
    @Test func anECDSASignatureIsChecked() throws {
        let key = try #require(copenssl_generate_ec("P-256"))
        defer { EVP_PKEY_free(key) }
        var point = [UInt8](repeating: 0, count: 65)
        var length = 0
        #expect(EVP_PKEY_get_octet_string_param(key, "pub", &point, 65, &length) == 1)
        let octets = Array("what was signed".utf8)
        let context = try #require(EVP_MD_CTX_new())
        defer { EVP_MD_CTX_free(context) }
        #expect(EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1)
        var der = [UInt8](repeating: 0, count: 100)
        var size = der.count
        #expect(EVP_DigestSign(context, &der, &size, octets, octets.count) == 1)
        let raw: [UInt8] = try der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            let object = try #require(d2i_ECDSA_SIG(nil, &cursor, size))
            defer { ECDSA_SIG_free(object) }
            var result = [UInt8](repeating: 0, count: 64)
            BN_bn2binpad(ECDSA_SIG_get0_r(object), &result, 32)
            var s = [UInt8](repeating: 0, count: 32)
            BN_bn2binpad(ECDSA_SIG_get0_s(object), &s, 32)
            return result[..<32] + s
        }
        let public64 = Array(point[1...])
        #expect(DNSSECVerifier.verify(algorithm: 13, key: public64, octets: octets, signature: raw) == .good)
        #expect(DNSSECVerifier.verify(algorithm: 13, key: public64, octets: octets + [0], signature: raw) == .bad)
    }
}
