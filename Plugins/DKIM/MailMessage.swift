/// A message as it stands in a file: its header fields and its body, with CRLF line ends whatever the file has.
///
/// Pure octets (RFC 5322 section 2); at most `DKIMLimits.headerFields` fields and `headerOctets` are read as header.
struct MailMessage {
    /// One header field, unchanged but for line ends: `name: value CRLF`, folded as it was.
    struct Field: Equatable {
        /// Lower-case.
        let name: String
        /// Behind the colon, without the last CRLF.
        let value: [UInt8]
        /// All of it, with the last CRLF.
        let octets: [UInt8]
    }

    let fields: [Field]
    let body: [UInt8]
    /// Some line ends with LF alone, as files have it; signed were CRLF.
    let hasBareLF: Bool
    /// A line of the header is neither a field nor a continuation: where a receiver stops reading header.
    let hasBrokenHeader: Bool
    let isCut: Bool
    let octetCount: Int

    init(_ file: [UInt8]) {
        octetCount = file.count
        var fields: [Field] = []
        var raw: [UInt8] = []
        var cursor = 0
        var hasBroken = false
        var isCut = false
        func flush() {
            guard !raw.isEmpty else { return }
            if let field = Self.field(raw) { fields.append(field) } else { hasBroken = true }
            raw = []
        }
        while cursor < file.count {
            let end = file[cursor...].firstIndex(of: 0x0A) ?? file.count
            var line = file[cursor..<end]
            if line.last == 0x0D { line = line.dropLast() }
            cursor = min(end + 1, file.count)
            if line.isEmpty { break }
            if cursor > DKIMLimits.headerOctets || fields.count >= DKIMLimits.headerFields {
                isCut = true
                break
            }
            // The mbox line of a file that a mail program saved is no header field.
            if fields.isEmpty, raw.isEmpty, line.starts(with: "From ".utf8) { continue }
            if line.first != 0x20, line.first != 0x09 { flush() }
            raw += line
            raw += [0x0D, 0x0A]
        }
        flush()
        self.fields = fields
        self.isCut = isCut
        hasBrokenHeader = hasBroken
        (body, hasBareLF) = Self.withLineEnds(file[cursor...], header: file[..<cursor])
    }

    var signatureFields: [Field] { fields.filter { $0.name == "dkim-signature" } }

    func fields(_ name: String) -> [Field] { fields.filter { $0.name == name } }

    private static func field(_ octets: [UInt8]) -> Field? {
        guard let colon = octets.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var name = octets[..<colon]
        // RFC 5322 section 4.5: white space before the colon is obsolete, and allowed.
        while let last = name.last, last == 0x20 || last == 0x09 { name = name.dropLast() }
        guard !name.isEmpty, name.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let lower = name.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        return Field(
            name: String(decoding: lower, as: UTF8.self), value: Array(octets[(colon + 1)...].dropLast(2)),
            octets: octets)
    }

    private static func withLineEnds(_ body: ArraySlice<UInt8>, header: ArraySlice<UInt8>) -> ([UInt8], Bool) {
        func hasBare(_ octets: ArraySlice<UInt8>) -> Bool {
            var previous: UInt8 = 0
            for octet in octets {
                if octet == 0x0A, previous != 0x0D { return true }
                previous = octet
            }
            return false
        }
        guard hasBare(body) else { return (Array(body), hasBare(header)) }
        var result: [UInt8] = []
        result.reserveCapacity(body.count + body.count / 32)
        var previous: UInt8 = 0
        for octet in body {
            if octet == 0x0A, previous != 0x0D { result.append(0x0D) }
            result.append(octet)
            previous = octet
        }
        return (result, true)
    }
}
