/// Changes octets at random, the same for the same seed (reliability.md section 4): no time is involved, only counts.
struct Mutation {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// splitmix64
    private mutating func number(below limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return limit < 1 ? 0 : Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }

    /// One to four changes of `octets`; `others` are spliced in.
    mutating func mutate(_ octets: [UInt8], _ others: [[UInt8]]) -> [UInt8] {
        var result = octets
        for _ in 0...number(below: 4) {
            let at = number(below: result.count + 1)
            switch number(below: 8) {
            case 0 where at < result.count: result[at] ^= 1 << UInt8(number(below: 8))
            case 1 where at < result.count: result[at] = UInt8(number(below: 256))
            case 2: result.insert(contentsOf: Self.tokens[number(below: Self.tokens.count)], at: at)
            case 3: result.removeSubrange(at..<min(result.count, at + number(below: 9)))
            case 4: result.insert(contentsOf: result[at..<min(result.count, at + number(below: 24))], at: at)
            case 5: result = Array(result.prefix(at))
            case 6 where !others.isEmpty:
                let other = others[number(below: others.count)]
                result = Array(result.prefix(at)) + other.dropFirst(number(below: other.count + 1))
            default: result.insert(UInt8(number(below: 256)), at: at)
            }
        }
        return Array(result.prefix(4096))
    }

    private static let tokens: [[UInt8]] =
        [
            "\0", "\r\n", "\u{1B}[2J", "\u{301}", "\u{37E}", ";", ";;", "=", ":", ",", "!", "%", "%{i}", "\"", "\\",
            "/", "..",
            "@", "-", "+", "*", "255", "256", "4294967296", "99999999999999999999", "-1", "v=", "https://", "mailto:",
            "xn--", "\u{202E}", "\t ", "250-", "250 ", "\u{FEFF}",
        ].map { Array($0.utf8) } + [[0xC0, 0x80], [0xFF], [0x80], [0xED, 0xA0, 0x80]]
}
