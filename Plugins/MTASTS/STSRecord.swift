import AssayModel

/// The TXT record at `_mta-sts` (RFC 8461 section 3.1), parsed on octets.
struct STSRecord: Equatable, CustomStringConvertible {
    enum Fault: String, CaseIterable {
        case badVersion = "bad_version"
        case idMissing = "id_missing"
        case idEmpty = "id_empty"
        case idTooLong = "id_too_long"
        case idCharset = "id_charset"
        case duplicateField = "duplicate_field"
        case extensionBad = "extension_bad"
        case nonASCII = "non_ascii"
        /// Does not start with the octets `v=STSv1;`, by which senders pick one of several TXT records.
        case filterPrefix = "filter_prefix"

        /// A sender ignores the whole record.
        var isFatal: Bool { self != .duplicateField && self != .filterPrefix }
    }

    let id: String?
    let faults: [Fault]

    var isValid: Bool { !faults.contains(where: \.isFatal) }

    init(id: String?, faults: [Fault] = []) {
        self.id = id
        self.faults = faults
    }

    /// Parses one record that begins like an STS record.
    init(parsing record: [UInt8]) {
        var faults: [Fault] = []
        if record.contains(where: { $0 >= 0x80 }) { faults.append(.nonASCII) }
        let fields = record.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        // RFC 8461 section 3.1: sts-version is %s"v=STSv1", case-sensitive and first; *WSP may precede the ";".
        let version = fields.first.map { Self.trimmedEnd($0) } ?? []
        if version != Array("v=STSv1".utf8) {
            faults.append(version.starts(with: "v=STSv1".utf8) ? .filterPrefix : .badVersion)
            // Something else than white space before the first ";" is no version field at all.
            if version.starts(with: "v=STSv1".utf8) { faults.append(.extensionBad) }
        } else if !record.starts(with: "v=STSv1;".utf8) {
            faults.append(.filterPrefix)
        }
        var id: [UInt8]?
        for (index, field) in fields.enumerated().dropFirst() {
            let pair = Self.trimmed(field)
            if pair.isEmpty {
                // The last delimiter is optional; an empty field elsewhere is none.
                if index < fields.count - 1 { faults.append(.extensionBad) }
            } else if pair.starts(with: "id=".utf8) {
                if id == nil { id = Array(pair.dropFirst(3)) } else { faults.append(.duplicateField) }
            } else if !Self.isExtension(pair) {
                faults.append(.extensionBad)
            }
        }
        faults += Self.faults(ofID: id)
        self.id = id.map { printable($0, limit: 64) }
        self.faults = Fault.allCases.filter(faults.contains)
    }

    var description: String { "v=STSv1; id=\(id ?? "");" }

    /// What a sender picks out of all TXT records at the owner.
    static func select(from texts: [[UInt8]]) -> (candidates: [[UInt8]], isNearMiss: Bool) {
        let exact = texts.filter { $0.starts(with: "v=STSv1;".utf8) }
        if !exact.isEmpty { return (exact, false) }
        return (texts.filter(resembles), true)
    }

    /// Meant to be an STS record: `v=stsv1` in any case, with spaces or quotes.
    private static func resembles(_ text: [UInt8]) -> Bool {
        let letters = text.prefix(32).filter { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
            .map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        return letters.starts(with: "v=stsv1".utf8)
    }

    /// id = 1*32(ALPHA / DIGIT).
    private static func faults(ofID id: [UInt8]?) -> [Fault] {
        guard let id else { return [.idMissing] }
        if id.isEmpty { return [.idEmpty] }
        var faults: [Fault] = []
        if id.count > 32 { faults.append(.idTooLong) }
        if !id.allSatisfy(isAlphanumeric) { faults.append(.idCharset) }
        return faults
    }

    /// name "=" value: the name 1 to 32 of ALPHA, DIGIT, then `_`, `-`, `.`; the value of %x21-3A, %x3C, %x3E-7E.
    static func isExtension(_ pair: [UInt8]) -> Bool {
        guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let name = pair[..<equals]
        let value = pair[(equals + 1)...]
        guard (1...32).contains(name.count), let first = name.first, isAlphanumeric(first), !value.isEmpty else {
            return false
        }
        let nameIsFine = name.allSatisfy { isAlphanumeric($0) || "_-.".utf8.contains($0) }
        return nameIsFine && value.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3B && $0 != 0x3D }
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    static func trimmed(_ bytes: some Collection<UInt8>) -> [UInt8] {
        trimmedEnd(Array(bytes.drop { $0 == 0x20 || $0 == 0x09 }))
    }

    static func trimmedEnd(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result = Array(bytes)
        while let last = result.last, last == 0x20 || last == 0x09 { result.removeLast() }
        return result
    }
}
