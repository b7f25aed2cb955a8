import COpenSSL

/// An RSA public key as its two numbers, whether or not anybody should use it.
package struct RSAKey: Hashable, Codable, Sendable {
    /// Without leading zeros.
    package let modulus: [UInt8]
    package let exponent: [UInt8]

    package init(modulus: [UInt8], exponent: [UInt8]) {
        self.modulus = Array(modulus.drop { $0 == 0 })
        self.exponent = Array(exponent.drop { $0 == 0 })
    }

    package var bits: Int { Self.bits(modulus) }
    package var exponentBits: Int { Self.bits(exponent) }
    package var isExponentOdd: Bool { exponent.last.map { $0 & 1 == 1 } ?? false }
    /// A product of two large primes is odd.
    package var isModulusOdd: Bool { modulus.last.map { $0 & 1 == 1 } ?? false }

    /// In decimal, or in hex with `0x` where it has more than 64 bits.
    package var exponentText: String {
        guard let number = BN_bin2bn(exponent, Int32(exponent.count), nil) else { return "" }
        defer { BN_free(number) }
        return Certificate.decimal(number) ?? ""
    }

    /// SHA-256 of the modulus, lower-case hexadecimal: the same key wherever and however it is published.
    package var fingerprint: String { Digest.hex(Digest.sha256(modulus)) }

    /// Infineon's ROCA fingerprint (CVE-2017-15361), and a factor below 1000.
    package var weaknesses: (hasROCAFingerprint: Bool, hasSmallFactor: Bool) {
        guard let number = BN_bin2bn(modulus, Int32(modulus.count), nil) else { return (false, false) }
        defer { BN_free(number) }
        return (Certificate.hasROCAFingerprint(number), Certificate.hasSmallFactor(number))
    }

    private static func bits(_ number: [UInt8]) -> Int {
        number.first.map { number.count * 8 - $0.leadingZeroBitCount } ?? 0
    }
}

/// What a DER encoding of a key holds, read by hand: OpenSSL refuses some of what people publish without saying what it is.
package enum KeyEncoding: Equatable, Sendable {
    /// SubjectPublicKeyInfo, or RSAPublicKey alone (PKCS#1). `trailing`: octets behind it.
    case rsa(RSAKey, isBare: Bool, trailing: Int)
    /// SubjectPublicKeyInfo around 32 octets.
    case ed25519([UInt8])
    /// SubjectPublicKeyInfo of another algorithm, or a certificate.
    case other
    /// PKCS#1 or PKCS#8.
    case privateKey
    /// The outermost element is longer than what is there.
    case truncated
    case unreadable

    package init(der octets: [UInt8]) {
        var reader = ElementReader(octets[...])
        guard octets.first == 0x30, let (_, declared) = ElementReader.header(octets[...]) else {
            self = .unreadable
            return
        }
        guard let body = reader.element(0x30) else {
            // A length that no key has is no sign of a cut.
            self = declared <= Self.plausibleOctets ? .truncated : .unreadable
            return
        }
        self = Self.read(body, trailing: reader.rest.count)
    }

    private static func read(_ body: ArraySlice<UInt8>, trailing: Int) -> KeyEncoding {
        var reader = ElementReader(body)
        if let first = reader.element(0x02) {
            let version = Array(first)
            guard let second = reader.element(0x02) else {
                // PKCS#8: version, algorithm, octets.
                return version == [0] && reader.element(0x30) != nil && reader.element(0x04) != nil
                    ? .privateKey : .unreadable
            }
            if version == [0], reader.element(0x02) != nil, reader.element(0x02) != nil { return .privateKey }
            guard reader.rest.isEmpty else { return .unreadable }
            return .rsa(RSAKey(modulus: version, exponent: Array(second)), isBare: true, trailing: trailing)
        }
        guard let algorithm = reader.element(0x30) else { return .unreadable }
        var names = ElementReader(algorithm)
        guard let identifier = names.element(0x06) else { return .other }
        guard let bits = reader.element(0x03), bits.first == 0 else { return .unreadable }
        switch Array(identifier) {
        case rsaEncryption:
            var outer = ElementReader(bits.dropFirst())
            guard let numbers = outer.element(0x30) else { return .unreadable }
            var inner = ElementReader(numbers)
            guard let modulus = inner.element(0x02), let exponent = inner.element(0x02) else { return .unreadable }
            let extra = trailing + outer.rest.count + inner.rest.count + reader.rest.count
            return .rsa(
                RSAKey(modulus: Array(modulus), exponent: Array(exponent)), isBare: false, trailing: extra)
        case edwardsCurve: return bits.count == 33 ? .ed25519(Array(bits.dropFirst())) : .unreadable
        default: return .other
        }
    }

    /// 1.2.840.113549.1.1.1 and 1.3.101.112.
    private static let rsaEncryption: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
    private static let edwardsCurve: [UInt8] = [0x2B, 0x65, 0x70]
    /// A key of 16384 bits takes less.
    private static let plausibleOctets = 4096
}

/// Definite lengths of up to four octets, one element after another; every read may fail, none traps.
private struct ElementReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ octets: ArraySlice<UInt8>) { rest = octets }

    /// The content of the next element, where it has this tag.
    mutating func element(_ tag: UInt8) -> ArraySlice<UInt8>? {
        guard rest.first == tag, let (head, length) = Self.header(rest), rest.count - head >= length else { return nil }
        let start = rest.startIndex + head
        defer { rest = rest[(start + length)...] }
        return rest[start..<start + length]
    }

    /// Octets of tag and length, and the length.
    static func header(_ octets: ArraySlice<UInt8>) -> (head: Int, length: Int)? {
        guard octets.count >= 2 else { return nil }
        let first = octets[octets.startIndex + 1]
        guard first & 0x80 != 0 else { return (2, Int(first)) }
        let count = Int(first & 0x7F)
        guard (1...4).contains(count), octets.count >= 2 + count else { return nil }
        return (2 + count, octets.dropFirst(2).prefix(count).reduce(0) { $0 << 8 | Int($1) })
    }
}
