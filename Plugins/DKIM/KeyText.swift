import AssayCrypto

/// The value of `p=` as it was published, and what somebody meant who published it otherwise than as base64.
struct KeyText: Equatable {
    /// What was done to the text on its way into the DNS.
    enum Damage: String, CaseIterable {
        /// `-----BEGIN PUBLIC KEY-----`.
        case pemHeaders = "pem_headers"
        /// Two character-strings joined with the quotes and the space between them.
        case splitQuotes = "split_quotes"
        case quotes
        case backslashes
        /// `-` and `_` in place of `+` and `/`.
        case urlAlphabet = "url_alphabet"
        case padding
        /// The outermost element of the key is longer than the text.
        case truncated
        /// Octets that are none of these.
        case alphabet
    }

    /// Without white space, which base64 may hold here (RFC 6376 section 2.10).
    let octets: [UInt8]?
    let damage: [Damage]
    /// What is left when the damage is undone; nil where it cannot be.
    let repaired: [UInt8]?

    init(_ text: [UInt8]) {
        var damage: Set<Damage> = []
        if let octets = Base64.decode(text.filter { !Self.isSpace($0) }) {
            self.octets = octets
            repaired = octets
            self.damage = KeyEncoding(der: octets) == .truncated ? [.truncated] : []
            return
        }
        var rest = text
        if let start = Self.firstIndex(of: "-----", in: rest[...]) {
            damage.insert(.pemHeaders)
            rest.removeSubrange(..<start)
            rest = Self.withoutArmour(rest)
        }
        if rest.contains(UInt8(ascii: "\"")) {
            let core = rest.drop { Self.isSpace($0) || $0 == UInt8(ascii: "\"") }
                .reversed().drop { Self.isSpace($0) || $0 == UInt8(ascii: "\"") }
            damage.insert(core.contains(UInt8(ascii: "\"")) ? .splitQuotes : .quotes)
        }
        if rest.contains(UInt8(ascii: "\\")) { damage.insert(.backslashes) }
        var clean = rest.filter { !Self.isSpace($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if clean.contains(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }) {
            damage.insert(.urlAlphabet)
            clean = clean.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? 0x2F : $0 }
        }
        let digits = clean.prefix { $0 != UInt8(ascii: "=") }
        if !digits.allSatisfy(Self.isDigit) || clean[digits.count...].contains(where: { $0 != UInt8(ascii: "=") }) {
            damage.insert(.alphabet)
        } else if clean.count % 4 != 0 || clean.count - digits.count > 2 {
            damage.insert(.padding)
        }
        let whole = digits + Array(repeating: UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
        let decoded = damage.contains(.alphabet) || digits.count % 4 == 1 ? nil : Base64.decode(Array(whole))
        // A cut text ends anywhere in a group of four.
        let head = decoded ?? Base64.decode(Array(digits.prefix(digits.count / 4 * 4)))
        if let head, KeyEncoding(der: head) == .truncated {
            damage.insert(.truncated)
            damage.remove(.padding)
        }
        octets = nil
        self.damage = Damage.allCases.filter(damage.contains)
        repaired = damage.contains(.truncated) ? nil : decoded
    }

    /// Without the lines `-----...-----`.
    private static func withoutArmour(_ text: [UInt8]) -> [UInt8] {
        var rest = text[...]
        var kept: [UInt8] = []
        while let start = firstIndex(of: "-----", in: rest) {
            kept += rest[..<start]
            let inner = rest[(start + 5)...]
            guard let end = firstIndex(of: "-----", in: inner) else { return kept }
            rest = inner[(end + 5)...]
        }
        return kept + rest
    }

    static func firstIndex(of word: String, in text: ArraySlice<UInt8>) -> Int? {
        guard let first = word.utf8.first else { return nil }
        var start = text.startIndex
        while let found = text[start...].firstIndex(of: first) {
            if text[found...].starts(with: word.utf8) { return found }
            start = found + 1
        }
        return nil
    }

    private static func isSpace(_ octet: UInt8) -> Bool { [0x20, 0x09, 0x0D, 0x0A].contains(octet) }

    private static func isDigit(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
            || octet == UInt8(ascii: "+") || octet == UInt8(ascii: "/")
    }
}
