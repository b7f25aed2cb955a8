/// The contents of a TXT record as a zone file has them (RFC 1035 sections 3.3.14 and 5.1).
enum ZoneFileText {
    /// `"v=DKIM1; p=MIIB..." "..."`: character-strings of at most 255 octets, which readers join without a separator.
    static func quoted(_ text: String) -> String {
        let octets = Array(text.utf8)
        guard !octets.isEmpty else { return "\"\"" }
        return stride(from: 0, to: octets.count, by: stringOctets).map { start in
            "\""
                + String(
                    decoding: octets[start..<min(start + stringOctets, octets.count)].flatMap(escaped), as: UTF8.self)
                + "\""
        }.joined(separator: " ")
    }

    /// Quotes and backslashes behind a backslash, what is not printable ASCII as `\DDD`.
    private static func escaped(_ octet: UInt8) -> [UInt8] {
        switch octet {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), octet]
        case 0x20..<0x7F: [octet]
        default: [UInt8(ascii: "\\"), 0x30 + octet / 100, 0x30 + octet / 10 % 10, 0x30 + octet % 10]
        }
    }

    private static let stringOctets = 255
}
