/// A macro-string (RFC 7208 section 7.1), parsed on octets.
package struct SPFMacroString: Equatable, Sendable {
    package enum Piece: Equatable, Sendable {
        case literal([UInt8])
        case macro(Macro)
        /// `%%`, `%_`, `%-`: a percent sign, a space, a space as `%20`.
        case percent, space, encodedSpace
    }

    /// `%{l2r-}`.
    package struct Macro: Equatable, Sendable {
        /// Empty for the dot.
        package let delimiters: [UInt8]
        /// Lower case.
        package let letter: UInt8
        /// Written in upper case: percent-encoded for a URL (RFC 7208 section 7.3).
        package let isEncoded: Bool
        package let isReversed: Bool
        /// Parts kept from the right; no value has more than 255.
        package let digits: UInt8?
    }

    package let pieces: [Piece]

    package init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// Parses octets; errors name the octet by its index in the record. An explanation may hold spaces and three more letters.
    package init(parsing bytes: ArraySlice<UInt8>, isExplanation: Bool = false) throws(SPFSyntaxError) {
        var pieces: [Piece] = []
        var literalStart = bytes.startIndex
        var index = bytes.startIndex
        func flush(_ pieces: inout [Piece], to end: Int) {
            if literalStart < end { pieces.append(.literal(Array(bytes[literalStart..<end]))) }
        }
        while index < bytes.endIndex {
            let byte = bytes[index]
            guard byte < 0x80 else { throw SPFSyntaxError(.nonASCII, at: index) }
            // RFC 7208 section 7.1: macro-literal; an explain-string adds the space (section 6.2).
            guard (0x21...0x7E).contains(byte) || byte == 0x20 && isExplanation else {
                throw SPFSyntaxError(.character, at: index)
            }
            guard byte == UInt8(ascii: "%") else {
                index += 1
                continue
            }
            flush(&pieces, to: index)
            let (piece, length) = try Self.expand(bytes[index...], isExplanation)
            pieces.append(piece)
            index += length
            literalStart = index
        }
        flush(&pieces, to: bytes.endIndex)
        self.pieces = pieces
    }

    /// A macro-expand at the start of `bytes`, with its length.
    private static func expand(
        _ bytes: ArraySlice<UInt8>, _ isExplanation: Bool
    ) throws(SPFSyntaxError) -> (Piece, length: Int) {
        let start = bytes.startIndex
        var rest = bytes.dropFirst()
        switch rest.first {
        case UInt8(ascii: "%"): return (.percent, 2)
        case UInt8(ascii: "_"): return (.space, 2)
        case UInt8(ascii: "-"): return (.encodedSpace, 2)
        case UInt8(ascii: "{"): rest = rest.dropFirst()
        default: throw SPFSyntaxError(.macro, at: start)
        }
        guard let letter = rest.popFirst() else { throw SPFSyntaxError(.macro, at: start) }
        let lower = letter | 0x20
        let isKnown = Self.letters.contains(lower) || isExplanation && Self.explanationLetters.contains(lower)
        guard isKnown, letter >= 0x41 else { throw SPFSyntaxError(.macro, at: start) }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        // RFC 7208 section 7.1 asks for 128 at least; longer numbers mean the same.
        let number = digits.prefix(64).reduce(0) { min($0 * 10 + Int($1 - 0x30), 255) }
        guard digits.isEmpty || number > 0, digits.count <= 64 else { throw SPFSyntaxError(.macro, at: start) }
        var isReversed = false
        if let byte = rest.first, byte | 0x20 == UInt8(ascii: "r") {
            isReversed = true
            rest = rest.dropFirst()
        }
        let delimiters = rest.prefix(while: Self.delimiters.contains)
        rest = rest.dropFirst(delimiters.count)
        guard rest.first == UInt8(ascii: "}") else { throw SPFSyntaxError(.macro, at: start) }
        let macro = Macro(
            delimiters: Array(delimiters), letter: lower, isEncoded: letter < 0x60, isReversed: isReversed,
            digits: digits.isEmpty ? nil : UInt8(number))
        return (.macro(macro), rest.startIndex + 1 - start)
    }

    private static let letters = Array("slodiphv".utf8)
    private static let explanationLetters = Array("crt".utf8)
    private static let delimiters = Array(".-+,/_=".utf8)

    /// As it stands in a record.
    package var octets: [UInt8] {
        var result: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .literal(let bytes): result += bytes
            case .percent: result += Array("%%".utf8)
            case .space: result += Array("%_".utf8)
            case .encodedSpace: result += Array("%-".utf8)
            case .macro(let macro):
                result += [UInt8(ascii: "%"), UInt8(ascii: "{"), macro.isEncoded ? macro.letter - 0x20 : macro.letter]
                if let digits = macro.digits { result += Array("\(digits)".utf8) }
                if macro.isReversed { result.append(UInt8(ascii: "r")) }
                result += macro.delimiters + [UInt8(ascii: "}")]
            }
        }
        return result
    }

    /// The letters of its macros.
    package var letters: Set<UInt8> {
        Set(pieces.compactMap { if case .macro(let macro) = $0 { macro.letter } else { nil } })
    }

    /// Nothing is expanded.
    package var isLiteral: Bool {
        pieces.allSatisfy { if case .literal = $0 { true } else { false } }
    }
}

extension SPFMacroString: CustomStringConvertible {
    package var description: String { String(decoding: octets, as: UTF8.self) }
}
