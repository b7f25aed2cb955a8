/// A domain as a person typed it, with what IDNA made of it.
package struct DomainInput: Sendable, Hashable {
    /// The text as given, white space trimmed.
    package let original: String
    package let name: DomainName
    /// The name in U-labels.
    package let unicode: String
    /// What an old, transitional implementation would ask for instead (UTS 46 section 7: sharp s, final sigma, joiners).
    package let transitional: DomainName?
    /// False where an `xn--` label does not encode its own U-label again: a "fake A-label" (RFC 5891 section 4.2.2).
    package let roundTrips: Bool

    /// Accepts U-labels, A-labels and a mixture, with or without the last dot.
    ///
    /// Refuses what cannot be a mail domain: an address, a name without a dot, a name outside the host name rules.
    package init(_ text: String) throws(DomainNameError) {
        let bytes = Self.trimmed(Array(text.utf8))
        original = String(decoding: bytes, as: UTF8.self)
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.inputLimit else { throw .nameTooLong(octets: bytes.count) }
        guard !bytes.contains(0) else { throw .notIDNA("it holds a NUL octet") }
        let unbracketed = bytes.first == UInt8(ascii: "[") ? Array(bytes.dropFirst().dropLast()) : bytes
        if IPAddress(parsing: unbracketed) != nil || bytes.first == UInt8(ascii: "[") { throw .addressLiteral }
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        if isASCII { _ = try DomainName(presentation: original) }

        let parsed: DomainName
        var encodesBack = true
        switch IDNA.toASCII(original) {
        case .success(let ascii):
            parsed = try DomainName(presentation: ascii)
        case .failure(let fault):
            // A registered name may be a fake A-label all the same: the DNS knows it, so it is audited, and said.
            guard isASCII, Self.hasALabel(bytes) else { throw .notIDNA(fault.reason) }
            parsed = try DomainName(presentation: original)
            encodesBack = false
        }
        guard parsed.labelCount >= 2 else { throw .dotless }
        if parsed.addressLiteral != nil { throw .addressLiteral }
        if let fault = parsed.hostNameFault { throw .badHostName(fault) }
        name = parsed
        unicode = encodesBack ? parsed.unicode : parsed.description
        roundTrips = encodesBack && Self.roundTrips(parsed, unicode: unicode)
        transitional = Self.transitional(of: isASCII ? unicode : original, unlike: parsed)
    }

    private static func roundTrips(_ name: DomainName, unicode: String) -> Bool {
        guard case .success(let again) = IDNA.toASCII(unicode) else { return false }
        return DomainName(again) == name
    }

    private static func transitional(of text: String, unlike name: DomainName) -> DomainName? {
        guard case .success(let ascii) = IDNA.toASCII(text, mapping: .transitional), let other = DomainName(ascii),
            other != name
        else { return nil }
        return other
    }

    private static func hasALabel(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: UInt8(ascii: ".")).contains { label in
            label.prefix(4).map { $0 | 0x20 } == Array("xn--".utf8).map { $0 | 0x20 }
        }
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
        return Array(bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    /// Octets of input looked at; the longest name in UTF-8 U-labels is shorter.
    static let inputLimit = 1024
}
