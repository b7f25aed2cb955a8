/// What word processors, web forms and a second pair of quotes leave behind in a TXT record.
struct TextSlips: Equatable {
    enum Slip: String, CaseIterable {
        case literalQuotes = "literal_quotes"
        case backslashQuotes = "backslash_quotes"
        case percentQuotes = "percent_quotes"
        case smartQuotes = "smart_quotes"
        case noBreakSpace = "no_break_space"
        case zeroWidth = "zero_width"
    }

    /// In the order of `Slip`, each once.
    let slips: [Slip]
    /// A record of a mail policy, once the slips are taken away.
    let isPolicy: Bool
    /// The text without them.
    let corrected: [UInt8]

    init(parsing text: [UInt8]) {
        var found: Set<Slip> = []
        var kept: [UInt8] = []
        kept.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if let (slip, length) = Self.slip(in: text, at: index) {
                found.insert(slip)
                if slip == .noBreakSpace { kept.append(UInt8(ascii: " ")) }
                index += length
            } else {
                kept.append(text[index])
                index += 1
            }
        }
        let trimmed = Self.trimmed(kept)
        isPolicy = Self.policies.contains { Self.lowered(trimmed).starts(with: $0.utf8) }
        // What else stands in a TXT record may hold quotes of its own; a pair around the whole is still one too many.
        if !isPolicy, !Self.isWrapped(text) {
            found.subtract([.literalQuotes, .backslashQuotes, .percentQuotes])
        }
        slips = Slip.allCases.filter(found.contains)
        corrected = slips.isEmpty ? text : trimmed
    }

    /// In UTF-8; the number of octets with it.
    private static func slip(in text: [UInt8], at index: Int) -> (Slip, Int)? {
        func next(_ offset: Int) -> UInt8 { index + offset < text.count ? text[index + offset] : 0 }
        switch text[index] {
        case UInt8(ascii: "\""): return (.literalQuotes, 1)
        case UInt8(ascii: "\\"): return next(1) == UInt8(ascii: "\"") ? (.backslashQuotes, 2) : nil
        case UInt8(ascii: "%"): return next(1) == 0x32 && next(2) == 0x32 ? (.percentQuotes, 3) : nil
        case 0xC2:
            switch next(1) {
            case 0xAB, 0xBB: return (.smartQuotes, 2)  // U+00AB, U+00BB
            case 0xA0: return (.noBreakSpace, 2)  // U+00A0
            case 0xAD: return (.zeroWidth, 2)  // U+00AD, the soft hyphen
            default: return nil
            }
        case 0xE2:
            switch (next(1), next(2)) {
            case (0x80, 0x98...0x9F): return (.smartQuotes, 3)  // U+2018 to U+201F
            case (0x80, 0x87), (0x80, 0xAF): return (.noBreakSpace, 3)  // U+2007, U+202F
            case (0x80, 0x8B...0x8F), (0x81, 0xA0): return (.zeroWidth, 3)  // U+200B to U+200F, U+2060
            default: return nil
            }
        case 0xEF: return next(1) == 0xBB && next(2) == 0xBF ? (.zeroWidth, 3) : nil  // U+FEFF
        default: return nil
        }
    }

    private static func isWrapped(_ text: [UInt8]) -> Bool {
        [[0x22], [0x5C, 0x22], Array("%22".utf8)].contains { (mark: [UInt8]) in
            text.count > 2 * mark.count && text.starts(with: mark) && Array(text.suffix(mark.count)) == mark
        }
    }

    private static func trimmed(_ text: [UInt8]) -> [UInt8] {
        Array(text.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed())
    }

    private static func lowered(_ text: [UInt8]) -> [UInt8] {
        text.prefix(16).map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    }

    private static let policies = ["v=spf1", "v=dkim1", "v=dmarc1", "v=stsv1", "v=tlsrptv1", "v=bimi1"]
}
