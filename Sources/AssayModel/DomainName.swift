/// A domain name in presentation form: lower-case ASCII, no last dot, the root as `.`.
///
/// Valid by construction: at most 255 octets on the wire, labels of 1 to 63 octets (RFC 1035 section 2.3.4). Labels may
/// hold any octet; what is not a letter, digit or one of `-_*+/=` is written `\DDD` (RFC 1035 section 5.1). Compared
/// ASCII-case-insensitively, because it is lower-cased when made (RFC 4343).
package struct DomainName: Hashable, Sendable {
    private let text: String

    package static let root = DomainName(unchecked: ".")

    private init(unchecked text: String) {
        self.text = text
    }

    /// Parses presentation form with `\.`, `\DDD` escapes and an optional last dot. No IDNA: see `DomainInput`.
    package init(presentation: String) throws(DomainNameError) {
        try self.init(labels: try Self.splitLabels(Array(presentation.utf8)))
    }

    /// Makes a name of raw labels, without the root's empty one.
    package init(labels: [[UInt8]]) throws(DomainNameError) {
        var wireLength = 1
        for label in labels {
            guard !label.isEmpty else { throw .emptyLabel }
            guard label.count <= Self.labelLimit else { throw .labelTooLong(Self.print(label)) }
            wireLength += label.count + 1
        }
        guard wireLength <= Self.wireLimit else { throw .nameTooLong(octets: wireLength) }
        text = labels.isEmpty ? "." : labels.map(Self.print).joined(separator: ".")
    }

    /// Reads an uncompressed name from the start of wire-format bytes.
    package init?(wire bytes: some Collection<UInt8>) {
        var labels: [[UInt8]] = []
        var rest = bytes[...]
        while let length = rest.popFirst(), length > 0 {
            guard length <= Self.labelLimit, rest.count >= Int(length) else { return nil }
            labels.append(Array(rest.prefix(Int(length))))
            rest = rest.dropFirst(Int(length))
            if labels.count > Self.wireLimit / 2 { return nil }
        }
        guard let name = try? DomainName(labels: labels) else { return nil }
        self = name
    }

    /// The labels as raw octets, left to right; empty for the root.
    package var labels: [[UInt8]] {
        text == "." ? [] : ((try? Self.splitLabels(Array(text.utf8))) ?? [])
    }

    package var labelCount: Int { labels.count }

    package var isRoot: Bool { text == "." }

    /// The name without its first label; nil at the root.
    package var parent: DomainName? {
        let labels = labels
        return labels.isEmpty ? nil : try? DomainName(labels: Array(labels.dropFirst()))
    }

    /// The name below this one, or nil where it would be too long.
    package func prepending(_ label: String) -> DomainName? {
        guard let front = try? DomainName(presentation: label) else { return nil }
        return try? DomainName(labels: front.labels + labels)
    }

    /// True for the name itself and everything below it.
    package func isEqualOrBelow(_ ancestor: DomainName) -> Bool {
        if ancestor.isRoot || self == ancestor { return true }
        let mine = labels
        let theirs = ancestor.labels
        return mine.count > theirs.count && Array(mine.suffix(theirs.count)) == theirs
    }

    /// Uncompressed wire format with the root's zero octet.
    package var wireFormat: [UInt8] {
        var bytes: [UInt8] = []
        for label in labels {
            bytes.append(UInt8(label.count))
            bytes += label
        }
        return bytes + [0]
    }

    static let labelLimit = 63
    static let wireLimit = 255
}

extension DomainName: CustomStringConvertible, LosslessStringConvertible, Comparable {
    package var description: String { text }

    package init?(_ description: String) {
        guard let name = try? DomainName(presentation: description) else { return nil }
        self = name
    }

    package static func < (left: DomainName, right: DomainName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension DomainName: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            try self.init(presentation: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension DomainName {
    private static func splitLabels(_ bytes: [UInt8]) throws(DomainNameError) -> [[UInt8]] {
        guard !bytes.isEmpty else { throw .empty }
        if bytes == [UInt8(ascii: ".")] { return [] }
        guard bytes.count <= wireLimit * 4 else { throw .nameTooLong(octets: bytes.count) }
        var labels: [[UInt8]] = []
        var label: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: ".") {
                labels.append(label)
                label = []
                index += 1
            } else if byte == UInt8(ascii: "\\") {
                let (octet, length) = try unescape(bytes[index...])
                label.append(lowered(octet))
                index += length
            } else {
                label.append(lowered(byte))
                index += 1
            }
        }
        if bytes.last != UInt8(ascii: ".") || !label.isEmpty { labels.append(label) }
        return labels
    }

    private static func unescape(_ bytes: ArraySlice<UInt8>) throws(DomainNameError) -> (octet: UInt8, length: Int) {
        let rest = bytes.dropFirst()
        guard let first = rest.first else { throw .badEscape }
        guard first >= 0x30, first <= 0x39 else { return (first, 2) }
        let digits = rest.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { throw .badEscape }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard let octet = UInt8(exactly: value) else { throw .badEscape }
        return (octet, 4)
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
    }

    private static func print(_ label: [UInt8]) -> String {
        var bytes: [UInt8] = []
        for byte in label.map(lowered) {
            switch byte {
            case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "*"),
                UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "\\"))
                bytes += [byte / 100, byte / 10 % 10, byte % 10].map { $0 + 0x30 }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Why a text is not a domain name.
package enum DomainNameError: Error, Equatable, Sendable, CustomStringConvertible {
    case empty
    case emptyLabel
    case labelTooLong(String)
    case nameTooLong(octets: Int)
    case badEscape
    case notIDNA(String)
    case dotless
    case addressLiteral
    case badHostName(DomainName.HostNameFault)

    package var description: String {
        switch self {
        case .empty: "the name is empty"
        case .emptyLabel: "a label is empty (two dots in a row, or a dot in front)"
        case .labelTooLong: "a label has more than \(DomainName.labelLimit) octets (RFC 1035 section 2.3.4)"
        case .nameTooLong(let octets):
            "the name has \(octets) octets, more than \(DomainName.wireLimit) (RFC 1035 section 2.3.4)"
        case .badEscape: "a backslash is not followed by a character or three digits up to 255"
        case .notIDNA(let reason): "not a valid internationalised name: \(reason)"
        case .dotless: "the name has no dot"
        case .addressLiteral: "this is an IP address, not a domain"
        case .badHostName(let fault): "not a host name: \(fault.rawValue)"
        }
    }
}
