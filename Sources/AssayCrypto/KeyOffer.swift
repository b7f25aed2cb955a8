import COpenSSL

/// Key types whose proof a handshake accepts of the server; a server without a certificate of that type refuses it.
package enum KeyOffer: String, Hashable, Codable, Sendable, CaseIterable {
    case any
    case rsa
    /// Ed25519 too.
    case ecdsa

    /// In TLS 1.3 the signature schemes alone decide; before, the cipher list must agree with them.
    func restrict(_ ssl: OpaquePointer) {
        let lists: (schemes: String, ciphers: String)
        switch self {
        case .any: return
        case .rsa:
            lists = ("RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA1", "aRSA")
        case .ecdsa: lists = ("ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ECDSA+SHA1:ed25519", "aECDSA")
        }
        // A name unknown to OpenSSL would leave the default list in place, and every server would have both types.
        precondition(copenssl_set_signature_schemes(ssl, lists.schemes) == 1)
        precondition(SSL_set_cipher_list(ssl, "\(lists.ciphers):!aNULL:!eNULL:@SECLEVEL=0") == 1)
    }
}
