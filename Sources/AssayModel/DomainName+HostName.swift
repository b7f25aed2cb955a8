extension DomainName {
    /// What keeps a name from being a host name (RFC 952, RFC 1123 section 2.1, RFC 5321 section 4.1.2).
    package enum HostNameFault: String, Codable, Sendable, CaseIterable {
        case underscore
        case leadingHyphen = "leading_hyphen"
        case trailingHyphen = "trailing_hyphen"
        case nonASCII = "non_ascii"
        case character
        case root
    }

    /// The first fault as a host name, or nil.
    package var hostNameFault: HostNameFault? {
        if isRoot { return .root }
        for label in labels {
            if label.contains(where: { $0 >= 0x80 }) { return .nonASCII }
            if label.contains(UInt8(ascii: "_")) { return .underscore }
            if label.first == UInt8(ascii: "-") { return .leadingHyphen }
            if label.last == UInt8(ascii: "-") { return .trailingHyphen }
            let isPlain = label.allSatisfy {
                ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x7A) || $0 == UInt8(ascii: "-")
            }
            if !isPlain { return .character }
        }
        return nil
    }

    /// The address that the name spells, as in an MX record `10 192.0.2.1.` or `[192.0.2.1]`.
    package var addressLiteral: IPAddress? {
        var bytes = Array(labels.joined(separator: [UInt8(ascii: ".")]))
        if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") {
            bytes = Array(bytes.dropFirst().dropLast())
        }
        return IPAddress(parsing: bytes)
    }

    /// The name in U-labels, for showing beside the A-labels; the name itself where a label does not decode.
    package var unicode: String { IDNA.toUnicode(description) ?? description }
}
