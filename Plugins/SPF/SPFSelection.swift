import AssayModel

/// What of all TXT records at a name is an SPF record, and what was meant to be one (RFC 7208 section 4.5).
package struct SPFSelection: Equatable, Sendable {
    /// Why a text that was meant as SPF is none for a receiver.
    package enum MisfitFault: String, Codable, Sendable, CaseIterable {
        /// A space, tab, quote, byte order mark or the like stands in front.
        case inFront = "in_front"
        /// No space behind `v=spf1`: `v=spf1include:`.
        case noSpace = "no_space"
        /// A tab or another separator than a space stands behind `v=spf1`.
        case separator
        /// `spf1 ...`, `v=spf ...`, `v=spf-1 ...`.
        case version
    }

    package struct Misfit: Equatable, Sendable {
        package let text: [UInt8]
        package let fault: MisfitFault
        /// From where on it reads like a record.
        package let start: Int
    }

    package let records: [[UInt8]]
    package let misfits: [Misfit]
    /// `spf2.0/...` (RFC 4406), which nobody reads any more.
    package let senderIDs: [[UInt8]]

    package init(_ texts: [[UInt8]]) {
        records = texts.filter(SPFRecord.isRecord)
        senderIDs = texts.filter { SPFRecord.lowered($0.prefix(7)) == Array("spf2.0/".utf8) }
        misfits = texts.compactMap(Self.misfit)
    }

    private static func misfit(_ text: [UInt8]) -> Misfit? {
        guard !SPFRecord.isRecord(text) else { return nil }
        let start = junk(text)
        let rest = SPFRecord.lowered(text[start...].prefix(12))
        if rest.starts(with: SPFRecord.version) {
            let next = rest.count > SPFRecord.version.count ? rest[SPFRecord.version.count] : 0x20
            // `v=spf10` is another version, not a mistake.
            if SPFTermParser.isDigit(next) || next == UInt8(ascii: ".") && start == 0 { return nil }
            if start > 0 { return Misfit(text: text, fault: .inFront, start: start) }
            let isTerm = SPFTermParser.isLetter(next) || "+-~?".utf8.contains(next)
            return Misfit(text: text, fault: isTerm ? .noSpace : .separator, start: 0)
        }
        let others = ["spf1 ", "v=spf ", "v=spf-1 ", "v=spf 1", "v =spf1", "v= spf1", "v:spf1 ", "spf=v1"]
        guard others.contains(where: { rest.starts(with: $0.utf8) }) else { return nil }
        return Misfit(text: text, fault: .version, start: start)
    }

    /// Octets in front that a person does not see: white space, quotes, a byte order mark, signs of word processors.
    private static func junk(_ text: [UInt8]) -> Int {
        var index = 0
        while index < text.count, index < 32 {
            if let sign = SPFSigns.all.first(where: { text[index...].starts(with: $0) }) {
                index += sign.count
            } else {
                break
            }
        }
        return index
    }
}

/// Octets that word processors and web forms put between the terms of a record.
enum SPFSigns {
    static let spaces: [[UInt8]] = [
        [0x20], [0x09], [0x0A], [0x0D], [0xC2, 0xA0], [0xEF, 0xBB, 0xBF], [0xE2, 0x80, 0x8B], [0xE2, 0x80, 0xAF],
        [0xA0],
    ]
    static let quotes: [[UInt8]] = [
        [0x22], [0x27], [0xE2, 0x80, 0x9C], [0xE2, 0x80, 0x9D], [0xE2, 0x80, 0x98], [0xE2, 0x80, 0x99], [0x93], [0x94],
    ]
    /// Dashes that were hyphens.
    static let dashes: [[UInt8]] = [[0xE2, 0x80, 0x93], [0xE2, 0x80, 0x94], [0xE2, 0x88, 0x92], [0x96], [0x97]]
    static let all = spaces + quotes
}
