/// A group for key exchange by its number in IANA's registry "TLS Supported Groups".
package struct NamedGroup: RawRepresentable, Hashable, Codable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package var name: String { Self.names[rawValue] ?? "0x" + CipherSuite.hex(rawValue) }

    /// RFC 9325 section 4.2.1, in the order that clients prefer.
    package static let common: [NamedGroup] = [0x1D, 0x17, 0x18, 0x19, 0x1E].map(NamedGroup.init)

    /// What NCSC-NL 2025-05 calls good or sufficient.
    package static let strong: [NamedGroup] = common + [0x1A, 0x1B, 0x1C].map(NamedGroup.init)

    /// Every other curve for TLS 1.2 and before: below 256 bits, of characteristic two, or secp256k1.
    package static let weak: [NamedGroup] = (Array(1...0x16)).map { NamedGroup(rawValue: UInt16($0)) }

    /// Hybrids with ML-KEM (draft-ietf-tls-ecdhe-mlkem), then ML-KEM alone.
    package static let postQuantum: [NamedGroup] = [0x11EC, 0x11EB, 0x11ED, 0x0201, 0x0202, 0x0200, 0x6399].map(
        NamedGroup.init)

    /// RFC 7919.
    package static let finiteField: [NamedGroup] = (0x100...0x104).map { NamedGroup(rawValue: UInt16($0)) }

    /// Those of TLS 1.3, for an inventory.
    package static let tls13: [NamedGroup] =
        postQuantum + common + [0x1F, 0x20, 0x21].map(NamedGroup.init) + finiteField

    /// By its name, in any case.
    package static func named(_ name: String) -> NamedGroup? {
        names.first { $0.value.lowercased() == name.lowercased() }.map { NamedGroup(rawValue: $0.key) }
    }

    private static let names: [UInt16: String] = {
        var names: [UInt16: String] = [:]
        let first = [
            "sect163k1", "sect163r1", "sect163r2", "sect193r1", "sect193r2", "sect233k1", "sect233r1", "sect239k1",
            "sect283k1", "sect283r1", "sect409k1", "sect409r1", "sect571k1", "sect571r1", "secp160k1", "secp160r1",
            "secp160r2", "secp192k1", "secp192r1", "secp224k1", "secp224r1", "secp256k1", "secp256r1", "secp384r1",
            "secp521r1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "x25519", "x448",
            "brainpoolP256r1tls13", "brainpoolP384r1tls13", "brainpoolP512r1tls13",
        ]
        for (index, name) in first.enumerated() { names[UInt16(index + 1)] = name }
        for (index, bits) in [2048, 3072, 4096, 6144, 8192].enumerated() {
            names[0x100 + UInt16(index)] = "ffdhe\(bits)"
        }
        names[0x29] = "curveSM2"
        names[0x0200] = "MLKEM512"
        names[0x0201] = "MLKEM768"
        names[0x0202] = "MLKEM1024"
        names[0x11EB] = "SecP256r1MLKEM768"
        names[0x11EC] = "X25519MLKEM768"
        names[0x11ED] = "SecP384r1MLKEM1024"
        names[0x6399] = "X25519Kyber768Draft00"
        return names
    }()
}

extension NamedGroup: CustomStringConvertible {
    package var description: String { name }
}

/// A way to sign a handshake by its number in IANA's registry "TLS SignatureScheme".
package struct SignatureScheme: RawRepresentable, Hashable, Codable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// TLS 1.3's name, or hash and signature of TLS 1.2 (RFC 5246 section 7.4.1.4.1) joined as OpenSSL does.
    package var name: String {
        if let known = Self.names[rawValue] { return known }
        let hashes = ["none", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"]
        let signatures = ["anonymous", "rsa", "dsa", "ecdsa"]
        let (hash, signature) = (Int(rawValue >> 8), Int(rawValue & 0xFF))
        guard hash < hashes.count, signature < signatures.count else { return "0x" + CipherSuite.hex(rawValue) }
        return "\(signatures[signature])_\(hashes[hash])"
    }

    /// What clients of today send, and Ed448.
    package static let common: [SignatureScheme] = [
        0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601,
    ].map(SignatureScheme.init)

    /// RFC 9155: SHA-1 and MD5, which nobody may use any more; with SHA-224 for DSA's sake left out.
    package static let broken: [SignatureScheme] = [0x0203, 0x0201, 0x0202, 0x0101].map(SignatureScheme.init)

    private static let names: [UInt16: String] = [
        0x0401: "rsa_pkcs1_sha256", 0x0501: "rsa_pkcs1_sha384", 0x0601: "rsa_pkcs1_sha512", 0x0201: "rsa_pkcs1_sha1",
        0x0403: "ecdsa_secp256r1_sha256", 0x0503: "ecdsa_secp384r1_sha384", 0x0603: "ecdsa_secp521r1_sha512",
        0x0203: "ecdsa_sha1", 0x0101: "rsa_pkcs1_md5", 0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384",
        0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448", 0x0809: "rsa_pss_pss_sha256",
        0x080A: "rsa_pss_pss_sha384", 0x080B: "rsa_pss_pss_sha512",
    ]
}

/// A version of SSL or TLS, by its number on the wire.
package enum TLSVersion: UInt16, Hashable, Codable, Sendable, CaseIterable, Comparable {
    case ssl2 = 0x0002
    case ssl3 = 0x0300
    case tls10, tls11, tls12, tls13

    package var name: String {
        switch self {
        case .ssl2: "SSLv2"
        case .ssl3: "SSLv3"
        case .tls10: "TLSv1"
        case .tls11: "TLSv1.1"
        case .tls12: "TLSv1.2"
        case .tls13: "TLSv1.3"
        }
    }

    package static func < (left: TLSVersion, right: TLSVersion) -> Bool { left.rawValue < right.rawValue }
}
