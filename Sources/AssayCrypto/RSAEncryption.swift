import COpenSSL

/// Encryption with the RSA key of a certificate, without any padding of the library's own.
package struct RSAEncryption: ~Copyable {
    private let key: OpaquePointer
    /// Octets of the modulus.
    package let length: Int

    /// nil unless the certificate's key is RSA.
    package init?(certificate: [UInt8]) {
        let read = certificate.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var start = buffer.baseAddress
            return d2i_X509(nil, &start, buffer.count)
        }
        guard let read else { return nil }
        defer { X509_free(read) }
        guard let key = X509_get_pubkey(read) else { return nil }
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else {
            EVP_PKEY_free(key)
            return nil
        }
        self.key = key
        length = Int(EVP_PKEY_get_size(key))
    }

    deinit { EVP_PKEY_free(key) }

    /// The block (as long as the modulus and smaller than it) raised to the public exponent.
    package func encrypt(_ block: [UInt8]) -> [UInt8]? {
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_encrypt_init(context) == 1, EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 else {
            return nil
        }
        var octets = [UInt8](repeating: 0, count: length)
        var count = length
        guard EVP_PKEY_encrypt(context, &octets, &count, block, block.count) == 1, count == length else { return nil }
        return octets
    }
}
