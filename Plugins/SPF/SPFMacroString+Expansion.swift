package import AssayModel

/// What the macros stand for in one evaluation (RFC 7208 section 7.2). Octets, because a local part may hold anything.
package struct SPFMacroValues: Sendable {
    package var localPart: [UInt8]
    package var senderDomain: [UInt8]
    package var domain: [UInt8]
    package var client: IPAddress
    package var helo: [UInt8]
    /// The validated name of the client; `unknown` where there is none (section 7.2, letter p).
    package var validatedName = Array("unknown".utf8)
    /// The receiving host.
    package var receiver = Array("unknown".utf8)
    /// Seconds since 1970.
    package var time: Int64 = 0

    package init(localPart: [UInt8], senderDomain: [UInt8], domain: [UInt8], client: IPAddress, helo: [UInt8]) {
        self.localPart = localPart
        self.senderDomain = senderDomain
        self.domain = domain
        self.client = client
        self.helo = helo
    }

    func value(of letter: UInt8) -> [UInt8] {
        switch letter {
        case UInt8(ascii: "s"): localPart + [UInt8(ascii: "@")] + senderDomain
        case UInt8(ascii: "l"): localPart
        case UInt8(ascii: "o"): senderDomain
        case UInt8(ascii: "d"): domain
        case UInt8(ascii: "i"): Self.dotted(client)
        case UInt8(ascii: "p"): validatedName
        case UInt8(ascii: "v"): Array((client.family == .ipv4 ? "in-addr" : "ip6").utf8)
        case UInt8(ascii: "h"): helo
        case UInt8(ascii: "c"): Array("\(client)".utf8)
        case UInt8(ascii: "r"): receiver
        case UInt8(ascii: "t"): Array("\(time)".utf8)
        default: []
        }
    }

    /// IPv6 as its 32 nibbles with dots between them (RFC 7208 section 7.3).
    private static func dotted(_ address: IPAddress) -> [UInt8] {
        guard address.family == .ipv6 else { return Array("\(address)".utf8) }
        let nibbles = address.octets.flatMap { [$0 >> 4, $0 & 15] }
        return Array(nibbles.map { String($0, radix: 16, uppercase: true) }.joined(separator: ".").utf8)
    }
}

extension SPFMacroString {
    /// The text with every macro expanded; nil where it would be longer than `SPFLimits.expansionOctets`.
    package func expanded(_ values: SPFMacroValues) -> [UInt8]? {
        var result: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .literal(let bytes): result += bytes
            case .percent: result.append(UInt8(ascii: "%"))
            case .space: result.append(0x20)
            case .encodedSpace: result += Array("%20".utf8)
            case .macro(let macro):
                let text = macro.transformed(values.value(of: macro.letter))
                result += macro.isEncoded ? Self.encoded(text) : text
            }
            if result.count > SPFLimits.expansionOctets { return nil }
        }
        return result
    }

    /// The name that the text spells where it does not depend on the client or the message: of `%{d}` and `%{o}` alone.
    package func fixedName(domain: DomainName, sender: DomainName) -> SPFTargetName? {
        guard letters.isSubset(of: "do".utf8) else { return nil }
        let values = SPFMacroValues(
            localPart: [], senderDomain: Array("\(sender)".utf8), domain: Array("\(domain)".utf8), client: .v4(0),
            helo: [])
        guard let octets = expanded(values) else { return .invalid([]) }
        return SPFTargetName(octets)
    }

    /// RFC 3986 section 2.3: what is not unreserved is encoded.
    private static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return bytes.flatMap { byte -> [UInt8] in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-._~".utf8.contains(byte)
            return isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}

extension SPFMacroString.Macro {
    /// Split, reversed, cut from the left, joined by dots (RFC 7208 section 7.3).
    func transformed(_ value: [UInt8]) -> [UInt8] {
        guard isReversed || digits != nil || !delimiters.isEmpty else { return value }
        let separators = delimiters.isEmpty ? [UInt8(ascii: ".")] : delimiters
        var parts = value.split(omittingEmptySubsequences: false) { separators.contains($0) }.map(Array.init)
        if isReversed { parts.reverse() }
        if let digits { parts = parts.suffix(Int(digits)) }
        return Array(parts.joined(separator: [UInt8(ascii: ".")]))
    }
}

/// A target-name after expansion (RFC 7208 section 4.8).
package enum SPFTargetName: Equatable, Sendable {
    case name(DomainName)
    /// No name of the DNS: an empty or too long label.
    case invalid([UInt8])

    /// Too long names lose labels on the left (RFC 7208 section 7.3); one last dot does not count.
    package init(_ octets: [UInt8]) {
        var labels = octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        var length = labels.reduce(labels.count - 1) { $0 + $1.count }
        var first = 0
        while length > SPFLimits.nameOctets, first < labels.count {
            length -= labels[first].count + 1
            first += 1
        }
        let kept = labels[first...].map { $0.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 } }
        guard !kept.isEmpty, let name = try? DomainName(labels: kept) else {
            self = .invalid(octets)
            return
        }
        self = .name(name)
    }

    package var name: DomainName? { if case .name(let name) = self { name } else { nil } }
}
