/// Reads a logo's octets once before any XML parser sees them: encoding, document type, and how much there is of everything.
///
/// It also notes where each start tag and attribute stands, which libxml2 does not tell.
struct SVGGate {
    struct Tag {
        let place: (line: Int, column: Int)
        /// Qualified names as written, in order.
        let attributes: [(name: String, offset: Int)]
    }

    let octets: [UInt8]
    private(set) var tags: [Tag] = []
    private(set) var faults: [SVGFault] = []
    /// Nothing more is read.
    private(set) var isFatal = false
    private(set) var limit: String?
    private var nodes = 0
    private var depth = 0
    /// Where the counting of lines has come to: tags are noted in their order.
    private var counted = (offset: 0, line: 1, column: 1)

    init(_ octets: [UInt8]) {
        self.octets = octets
        guard octets.count <= SVGLimits.fileOctets else {
            limit = "svg.octets \(SVGLimits.fileOctets)"
            isFatal = true
            return
        }
        checkEncoding()
        if !isFatal { scan() }
    }

    /// The verdict where there is no need to parse.
    var refusal: SVGVerdict? {
        isFatal ? SVGVerdict(octets: octets.count, limit: limit, faults: faults) : nil
    }

    // MARK: Encoding

    private mutating func checkEncoding() {
        guard !octets.isEmpty else { return refuse(.wellformed, at: 0, value: "empty") }
        let isWide =
            octets.starts(with: [0xFF, 0xFE]) || octets.starts(with: [0xFE, 0xFF]) || octets.starts(with: [0, 0x3C])
            || octets.starts(with: [0x3C, 0]) || octets.starts(with: [0, 0, 0, 0x3C])
        if isWide { return refuse(.encoding, at: 0, value: "UTF-16 or UTF-32", expected: "UTF-8") }
        if octets.starts(with: [0x1F, 0x8B]) { return refuse(.encoding, at: 0, value: "gzip", expected: "UTF-8") }
        if octets.starts(with: [0x4C, 0x6F, 0xA7, 0x94]) {
            return refuse(.encoding, at: 0, value: "EBCDIC", expected: "UTF-8")
        }
        if let bad = Self.firstBadOctet(octets) {
            return refuse(.encoding, at: bad, value: "octet \(hex(octets[bad]))", expected: "UTF-8")
        }
        if let bad = octets.firstIndex(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) {
            return refuse(.wellformed, at: bad, value: "octet \(hex(octets[bad]))", isOfSchema: true)
        }
        if let declared = declaredEncoding, declared.text.lowercased() != "utf-8" {
            refuse(.encoding, at: declared.offset, value: declared.text, expected: "UTF-8")
        }
    }

    /// Overlong forms, surrogates and the noncharacters U+FFFE and U+FFFF are no text of XML.
    private static func firstBadOctet(_ octets: [UInt8]) -> Int? {
        var index = 0
        while index < octets.count {
            let lead = octets[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            let length =
                lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0
            guard length > 0, index + length <= octets.count else { return index }
            let rest = octets[(index + 1)..<(index + length)]
            guard rest.allSatisfy({ $0 & 0xC0 == 0x80 }), let second = rest.first else { return index }
            if lead == 0xE0 && second < 0xA0 || lead == 0xED && second > 0x9F { return index }
            if lead == 0xF0 && second < 0x90 || lead == 0xF4 && second > 0x8F { return index }
            if lead == 0xEF, second == 0xBF, octets[index + 2] >= 0xBE { return index }
            index += length
        }
        return nil
    }

    private var start: Int { octets.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    private var declaredEncoding: (text: String, offset: Int)? {
        guard octets[start...].starts(with: "<?xml".utf8), let end = find("?>", from: start),
            let key = find("encoding", from: start), key < end
        else { return nil }
        let rest = octets[key..<end]
        guard let open = rest.firstIndex(where: { $0 == 0x22 || $0 == 0x27 }),
            let close = octets[(open + 1)..<end].firstIndex(of: octets[open])
        else { return nil }
        return (String(decoding: octets[(open + 1)..<close], as: UTF8.self), open + 1)
    }

    // MARK: Tags

    private mutating func scan() {
        var index = start
        while let open = octets[index...].firstIndex(of: UInt8(ascii: "<")), !isFatal {
            let rest = octets[open...]
            if rest.starts(with: "</".utf8) {
                depth -= 1
                index = open + 2
            } else if rest.starts(with: "<!--".utf8) {
                guard count(), let end = find("-->", from: open + 4) else { return }
                index = end + 3
            } else if rest.starts(with: "<![CDATA[".utf8) {
                guard count(), let end = find("]]>", from: open + 9) else { return }
                index = end + 3
            } else if rest.starts(with: "<?".utf8) {
                guard count(), let end = find("?>", from: open + 2) else { return }
                if open != start || !isDeclaration(rest) {
                    let name = rest.dropFirst(2).prefix { !Self.isSpace($0) && $0 != UInt8(ascii: "?") }
                    note(.processingInstruction, at: open, name: shown(name))
                }
                index = end + 2
            } else if rest.starts(with: "<!".utf8) {
                // Whatever it declares: entities begin here.
                return refuse(
                    .doctype, at: open, value: shown(rest.prefix { $0 != UInt8(ascii: ">") && !Self.isSpace($0) }))
            } else {
                guard count(), let end = tag(at: open) else { return }
                index = end
            }
        }
    }

    private func isDeclaration(_ rest: ArraySlice<UInt8>) -> Bool {
        rest.starts(with: "<?xml".utf8) && rest.dropFirst(5).first.map(Self.isSpace) ?? false
    }

    /// Reads a start tag; gives where it ends, nil where it does not.
    private mutating func tag(at open: Int) -> Int? {
        var index = open + 1
        skip(&index) { !Self.isSpace($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
        var attributes: [(String, Int)] = []
        while index < octets.count {
            skip(&index) { Self.isSpace($0) || $0 == UInt8(ascii: "/") }
            guard index < octets.count else { return nil }
            if octets[index] == UInt8(ascii: ">") {
                tags.append(Tag(place: advance(to: open), attributes: attributes))
                if octets[index - 1] != UInt8(ascii: "/") { depth += 1 }
                guard depth <= SVGLimits.depth else { return stop("svg.depth", SVGLimits.depth) }
                return index + 1
            }
            let name = index
            skip(&index) { !Self.isSpace($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") }
            attributes.append((String(decoding: octets[name..<index], as: UTF8.self), name))
            guard attributes.count <= SVGLimits.attributes else {
                return stop("svg.attributes", SVGLimits.attributes)
            }
            skip(&index) { Self.isSpace($0) }
            guard index < octets.count, octets[index] == UInt8(ascii: "=") else { continue }
            index += 1
            skip(&index) { Self.isSpace($0) }
            guard index < octets.count else { return nil }
            let quote = octets[index]
            guard quote == 0x22 || quote == 0x27 else { continue }
            guard let close = octets[(index + 1)...].firstIndex(of: quote) else { return nil }
            index = close + 1
        }
        return nil
    }

    private mutating func count() -> Bool {
        nodes += 1
        if nodes > SVGLimits.nodes { _ = stop("svg.nodes", SVGLimits.nodes) }
        return !isFatal
    }

    private mutating func stop(_ name: String, _ number: Int) -> Int? {
        limit = "\(name) \(number)"
        isFatal = true
        return nil
    }

    // MARK: Places

    private mutating func advance(to offset: Int) -> (line: Int, column: Int) {
        counted.offset = max(counted.offset, start)
        while counted.offset < offset {
            let octet = octets[counted.offset]
            let isReturn = octet == 0x0D && (counted.offset + 1 >= octets.count || octets[counted.offset + 1] != 0x0A)
            if octet == 0x0A || isReturn {
                counted.line += 1
                counted.column = 1
            } else if octet & 0xC0 != 0x80 {
                counted.column += 1
            }
            counted.offset += 1
        }
        return (counted.line, counted.column)
    }

    /// Line and column from 1, the column in characters. Counts from the start: for faults, of which few are kept.
    func place(_ offset: Int) -> (line: Int, column: Int) {
        var line = 1
        var begin = start
        var index = start
        while index < min(offset, octets.count) {
            if octets[index] == 0x0A
                || (octets[index] == 0x0D && (index + 1 >= octets.count || octets[index + 1] != 0x0A))
            {
                line += 1
                begin = index + 1
            }
            index += 1
        }
        let upTo = octets[min(begin, offset)..<min(offset, octets.count)]
        return (line, upTo.count { $0 & 0xC0 != 0x80 } + 1)
    }

    private mutating func refuse(
        _ code: SVGFault.Code, at offset: Int, value: String? = nil, expected: String? = nil, isOfSchema: Bool = false
    ) {
        note(code, at: offset, value: value, expected: expected, isOfSchema: isOfSchema)
        isFatal = true
    }

    private mutating func note(
        _ code: SVGFault.Code, at offset: Int, name: String? = nil, value: String? = nil, expected: String? = nil,
        isOfSchema: Bool = false
    ) {
        guard faults.count < SVGLimits.faults else { return }
        let (line, column) = place(offset)
        faults.append(
            SVGFault(
                code, line: line, column: column, name: name, value: value, expected: expected, isOfSchema: isOfSchema))
    }

    private func find(_ text: String, from index: Int) -> Int? {
        let wanted = Array(text.utf8)
        guard let first = wanted.first else { return nil }
        var at = index
        while at <= octets.count - wanted.count, let next = octets[at...].firstIndex(of: first) {
            if octets[next...].starts(with: wanted) { return next }
            at = next + 1
        }
        return nil
    }

    private func skip(_ index: inout Int, while holds: (UInt8) -> Bool) {
        while index < octets.count, holds(octets[index]) { index += 1 }
    }

    private func shown(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes.prefix(SVGLimits.shownOctets), as: UTF8.self)
    }

    private func hex(_ octet: UInt8) -> String { String(octet, radix: 16) }

    private static func isSpace(_ octet: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(octet) }
}
