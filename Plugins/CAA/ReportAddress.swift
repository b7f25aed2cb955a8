import AssayModel

/// Where a CA may report to (`iodef`, RFC 8659 section 4.4) or reach the owner (Baseline Requirements appendix A).
package struct ReportAddress: Equatable, Sendable {
    package enum Scheme: String, Sendable { case mailto, http, https }

    package let scheme: Scheme
    /// What stands behind the scheme's colon.
    package let rest: [UInt8]

    package init?(_ octets: [UInt8]) {
        guard octets.count <= CAALimits.addressOctets, let colon = octets.firstIndex(of: UInt8(ascii: ":")),
            let scheme = Scheme(
                rawValue: String(decoding: octets[..<colon].map(CAAProperty.lowered), as: UTF8.self)),
            octets.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        let rest = Array(octets[(colon + 1)...])
        switch scheme {
        case .mailto: guard Self.isMailbox(Array(rest.prefix { $0 != UInt8(ascii: "?") })) else { return nil }
        case .http, .https: guard rest.starts(with: "//".utf8), rest.count > 2 else { return nil }
        }
        self.scheme = scheme
        self.rest = rest
    }

    package var isEncryptedOrMail: Bool { scheme != .http }

    /// Something in front of the last `@`, and a host name behind it.
    package static func isMailbox(_ octets: [UInt8]) -> Bool {
        guard octets.count <= CAALimits.addressOctets, let at = octets.lastIndex(of: UInt8(ascii: "@")), at > 0,
            octets.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            let domain = DomainName(String(decoding: octets[(at + 1)...], as: UTF8.self))
        else { return false }
        return domain.hostNameFault == nil && domain.labelCount > 1
    }

    /// A global number (RFC 3966 section 5.1.4): `+` and digits, with visual separators.
    package static func isTelephone(_ octets: [UInt8]) -> Bool {
        guard octets.first == UInt8(ascii: "+"), octets.count <= CAALimits.addressOctets else { return false }
        let digits = octets.dropFirst().count { (0x30...0x39).contains($0) }
        return (4...20).contains(digits)
            && octets.dropFirst().allSatisfy { (0x30...0x39).contains($0) || "-.()".utf8.contains($0) }
    }
}
