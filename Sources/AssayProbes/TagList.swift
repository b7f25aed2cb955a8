import AssayModel

/// `tag=value; tag=value`: the grammar that DKIM, DMARC and BIMI records share (RFC 6376 section 3.2), parsed on octets.
///
/// It says what stands there; which faults void a record is for the reader of that record: a duplicate voids a DKIM key and not
/// a DMARC record. At most `octetLimit` octets and `tagLimit` tags are looked at.
package struct TagList: Equatable, Sendable {
    package struct Tag: Equatable, Sendable {
        /// As written; tag names are case-sensitive (RFC 6376 section 3.2).
        package let name: String
        /// Without the white space around it; white space within is kept.
        package let value: [UInt8]

        /// For messages: printable ASCII, the rest escaped.
        package var text: String { printable(value) }
    }

    package enum Fault: String, CaseIterable, Sendable {
        /// A part between semicolons that is not `name=value`.
        case malformed
        /// The name of a tag is empty or holds octets other than letters, digits and `_`.
        case name
        case duplicate
        /// A value holds octets outside of printable ASCII and white space.
        case nonASCII = "non_ascii"
        /// Nothing stands between two semicolons.
        case emptyTag = "empty_tag"
        /// More octets or tags than are looked at.
        case limit
    }

    package let tags: [Tag]
    /// Parts that are no tags, escaped.
    package let malformed: [String]
    package let faults: Set<Fault>
    /// Names that occur more than once, in order.
    package let duplicates: [String]

    package init(parsing record: [UInt8]) {
        var faults: Set<Fault> = []
        if record.count > Self.octetLimit { faults.insert(.limit) }
        var tags: [Tag] = []
        var malformed: [String] = []
        var seen: Set<String> = []
        var duplicates: [String] = []
        let parts = record.prefix(Self.octetLimit).split(
            separator: UInt8(ascii: ";"), maxSplits: Self.tagLimit, omittingEmptySubsequences: false)
        if parts.count > Self.tagLimit { faults.insert(.limit) }
        for (index, part) in parts.prefix(Self.tagLimit).enumerated() {
            let field = Self.trimmed(part)
            if field.isEmpty {
                // One semicolon may end the list.
                if index < parts.count - 1 || parts.count == 1 { faults.insert(.emptyTag) }
                continue
            }
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else {
                faults.insert(.malformed)
                malformed.append(printable(field, limit: Self.shownOctets))
                continue
            }
            let name = Self.trimmed(field[..<equals])
            let value = Array(Self.trimmed(field[(equals + 1)...]))
            guard Self.isName(name) else {
                faults.insert(.name)
                malformed.append(printable(field, limit: Self.shownOctets))
                continue
            }
            if !value.allSatisfy({ (0x20...0x7E).contains($0) || Self.isSpace($0) }) { faults.insert(.nonASCII) }
            let tag = Tag(name: String(decoding: name, as: UTF8.self), value: value)
            if !seen.insert(tag.name).inserted {
                faults.insert(.duplicate)
                duplicates.append(tag.name)
            }
            tags.append(tag)
        }
        self.tags = tags
        self.malformed = malformed
        self.faults = faults
        self.duplicates = duplicates
    }

    /// The first tag of that name.
    package subscript(name: String) -> Tag? { tags.first { $0.name == name } }

    /// The values of `a:b:c`, without white space (RFC 6376 section 3.2).
    package static func list(_ value: [UInt8], separator: UInt8 = UInt8(ascii: ":")) -> [String] {
        value.split(separator: separator, omittingEmptySubsequences: false).map { printable(trimmed($0)) }
    }

    /// Without the white space at both ends.
    package static func trimmed(_ octets: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = octets.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
        return rest
    }

    package static func isSpace(_ octet: UInt8) -> Bool {
        octet == 0x20 || octet == 0x09 || octet == 0x0D || octet == 0x0A
    }

    /// `ALPHA *ALNUMPUNC` (RFC 6376 section 3.2).
    private static func isName(_ octets: ArraySlice<UInt8>) -> Bool {
        guard let first = octets.first, (first | 0x20) >= 0x61, (first | 0x20) <= 0x7A else { return false }
        return octets.allSatisfy { octet in
            let lower = octet | 0x20
            return (0x61...0x7A).contains(lower) || (0x30...0x39).contains(octet) || octet == UInt8(ascii: "_")
        }
    }

    package static let octetLimit = 8192
    package static let tagLimit = 64
    private static let shownOctets = 120
}

extension TagList: CustomStringConvertible {
    /// `v=DKIM1; p=MIIB`.
    package var description: String { tags.map { "\($0.name)=\($0.text)" }.joined(separator: "; ") }
}
