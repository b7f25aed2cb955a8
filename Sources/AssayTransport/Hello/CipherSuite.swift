import AssayModel

/// A cipher suite by its number in IANA's registry, and what its name says of it.
package struct CipherSuite: RawRepresentable, Hashable, Codable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`, or `0xABCD` where the registry has no name.
    package var name: String { traits?.name ?? "0x" + Self.hex(rawValue) }

    /// TLS 1.3's own (RFC 8446 appendix B.4): no key exchange in the name.
    package var isTLS13: Bool { rawValue >> 8 == 0x13 }

    /// RFC 5246 section 1.2 and RFC 5289: not before TLS 1.2.
    package var needsTLS12: Bool { isTLS13 || traits?.needsTLS12 ?? false }

    package enum KeyExchange: String, Hashable, Codable, Sendable {
        case rsa, dh, dhe, ecdh, ecdhe
        case anonymousDH = "dh_anon"
        case anonymousECDH = "ecdh_anon"
        /// TLS 1.3: the suite does not say.
        case any
        /// With a secret shared before: PSK, SRP, Kerberos, GOST.
        case other
    }

    package var keyExchange: KeyExchange { isTLS13 ? .any : traits?.keyExchange ?? .other }

    package var isAEAD: Bool { isTLS13 || traits?.isAEAD ?? false }

    /// The classes whose acceptance is asked for.
    package var classes: Set<SuiteClass> {
        isTLS13 ? (rawValue == 0x1305 ? [.ccm8] : []) : traits?.classes ?? []
    }

    /// RFC 9325 section 4.2: an ephemeral elliptic-curve exchange with an AEAD cipher.
    package var isRecommended: Bool { isTLS13 || keyExchange == .ecdhe && isAEAD }

    /// Every suite of TLS 1.2 and before that needs no secret shared in advance, by number.
    package static let classic: [CipherSuite] = CipherSuiteTraits.all.keys.sorted().map(CipherSuite.init)
        .filter { !$0.isTLS13 && $0.keyExchange != .other && $0.rawValue != 0 }

    package static let tls13: [CipherSuite] = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305].map(CipherSuite.init)

    private var traits: CipherSuiteTraits? { CipherSuiteTraits.all[rawValue] }

    static func hex(_ number: UInt16) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension CipherSuite: CustomStringConvertible {
    package var description: String { name }
}

/// What profiles forbid or warn of, asked for class by class.
package enum SuiteClass: String, Hashable, Codable, Sendable, CaseIterable {
    case null, export, rc4
    /// Ciphers of less than 112 bits.
    case lt112
    /// Ciphers with blocks of 64 bits: 3DES, IDEA, DES, RC2 (Sweet32).
    case block64
    case anonymous = "anon"
    case staticRSA = "static_rsa"
    case staticDH = "static_dh"
    case dhe, cbc
    /// CBC with an HMAC of SHA-1 or MD5.
    case cbcSHA1 = "cbc_sha1"
    case ccm8
}

/// What a suite's name says, read once.
struct CipherSuiteTraits {
    let name: String
    let keyExchange: CipherSuite.KeyExchange
    let isAEAD: Bool
    let needsTLS12: Bool
    let classes: Set<SuiteClass>

    static let all = CipherSuiteNames.all.mapValues(CipherSuiteTraits.init)

    init(_ name: String) {
        self.name = name
        keyExchange = Self.keyExchange(name)
        isAEAD = name.contains("_GCM_") || name.contains("_CCM") || name.contains("POLY1305")
        needsTLS12 = isAEAD || name.hasSuffix("SHA256") || name.hasSuffix("SHA384")
        classes = Self.ciphers(name).union(Self.exchanges(keyExchange))
    }

    private static func keyExchange(_ name: String) -> CipherSuite.KeyExchange {
        let words = name.split(separator: "_").dropFirst()
        if words.contains("PSK") || words.contains("SRP") { return .other }
        switch (words.first, words.contains("anon")) {
        case ("DH", true): return .anonymousDH
        case ("ECDH", true): return .anonymousECDH
        case ("RSA", _): return .rsa
        case ("DH", _): return .dh
        case ("DHE", _): return .dhe
        case ("ECDH", _): return .ecdh
        case ("ECDHE", _): return .ecdhe
        default: return .other
        }
    }

    private static func exchanges(_ exchange: CipherSuite.KeyExchange) -> Set<SuiteClass> {
        switch exchange {
        case .rsa: [.staticRSA]
        case .dh, .ecdh: [.staticDH]
        case .dhe: [.dhe]
        case .anonymousDH, .anonymousECDH: [.anonymous]
        case .ecdhe, .any, .other: []
        }
    }

    private static func ciphers(_ name: String) -> Set<SuiteClass> {
        var classes: Set<SuiteClass> = []
        let octets = Array(name.utf8)
        func has(_ words: String) -> Bool { octets.place(of: Array(words.utf8)) != nil }
        if has("_WITH_NULL") { classes.insert(.null) }
        if has("EXPORT") { classes.insert(.export) }
        if has("_RC4_") { classes.insert(.rc4) }
        // DES has 56 bits, RC2 and DES40 have 40.
        let short = ["_DES_CBC", "_DES40_", "_RC2_", "_RC4_40", "_RC4_56"]
        if short.contains(where: has) { classes.insert(.lt112) }
        if ["_3DES_", "_DES", "_IDEA_", "_RC2_"].contains(where: has) { classes.insert(.block64) }
        if has("_CBC_") { classes.insert(.cbc) }
        if name.hasSuffix("_CBC_SHA") || name.hasSuffix("_CBC_MD5") { classes.insert(.cbcSHA1) }
        if has("_CCM_8") { classes.insert(.ccm8) }
        return classes
    }
}
