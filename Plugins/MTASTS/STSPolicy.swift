import AssayModel
import AssayProbes

/// The policy file (RFC 8461 section 3.2), parsed on octets.
struct STSPolicy: Equatable {
    enum Mode: String, CaseIterable { case enforce, testing, none }

    enum Fault: String, CaseIterable {
        case versionMissing = "version_missing"
        case versionBad = "version_bad"
        case versionNotFirst = "version_not_first"
        case modeMissing = "mode_missing"
        case modeBad = "mode_bad"
        case maxAgeMissing = "max_age_missing"
        case maxAgeBad = "max_age_bad"
        case maxAgeTooLarge = "max_age_too_large"
        case mxMissing = "mx_missing"
        case duplicateKey = "duplicate_key"
        case bom, html
        case blankLine = "blank_line"
        case bareCR = "bare_cr"
        case spaceBeforeColon = "space_before_colon"
        case spaceBeforeKey = "space_before_key"
        case lineBad = "line_bad"
        case nonASCII = "non_ascii"
        case tooManyMX = "too_many_mx"

        /// Parsers reject the policy.
        var isFatal: Bool {
            ![.versionNotFirst, .maxAgeTooLarge, .duplicateKey, .tooManyMX].contains(self)
        }
    }

    struct BadPattern: Equatable {
        let text: String
        let fault: STSPattern.Fault
    }

    private(set) var mode: Mode?
    /// Seconds as written.
    private(set) var maxAge: Int?
    private(set) var patterns: [STSPattern] = []
    private(set) var badPatterns: [BadPattern] = []
    private(set) var unknownKeys: [String] = []
    private(set) var faults: [Fault] = []
    private(set) var endsWithNewline = false
    private(set) var lineCount = 0
    private var seenKeys: Set<String> = []

    var isValid: Bool { !faults.contains(where: \.isFatal) }

    /// Total: whatever the body, a policy comes of it, with its faults.
    init(parsing body: [UInt8]) {
        var bytes = body[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            note(.bom)
            bytes = bytes.dropFirst(3)
        }
        if bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") {
            note(.html)
            return
        }
        endsWithNewline = bytes.last == 0x0A
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if endsWithNewline { lines.removeLast() }
        lineCount = lines.count
        for (index, line) in lines.enumerated() { read(line, isFirst: index == 0) }
        noteMissing()
        faults = Fault.allCases.filter(faults.contains)
    }

    private mutating func read(_ rawLine: ArraySlice<UInt8>, isFirst: Bool) {
        let line = rawLine.last == 0x0D ? rawLine.dropLast() : rawLine
        if line.contains(0x0D) { return note(.bareCR) }
        // The ABNF has no empty line (RFC 8461 section 3.2).
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return note(.blankLine) }
        if line.first == 0x20 || line.first == 0x09 { note(.spaceBeforeKey) }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return note(.lineBad) }
        let rawKey = line[..<colon].drop { $0 == 0x20 || $0 == 0x09 }
        let key = STSRecord.trimmedEnd(rawKey)
        if key.count != rawKey.count { note(.spaceBeforeColon) }
        let value = STSRecord.trimmed(line[(colon + 1)...])
        guard let first = key.first, key.count <= 32, STSRecord.isAlphanumeric(first),
            key.allSatisfy({ STSRecord.isAlphanumeric($0) || "_-.".utf8.contains($0) })
        else { return note(key.contains { $0 >= 0x80 } ? .nonASCII : .lineBad) }
        take(String(decoding: key, as: UTF8.self), value, isFirst: isFirst)
    }

    private mutating func take(_ key: String, _ value: [UInt8], isFirst: Bool) {
        if key == "mx" { return takePattern(value) }
        guard seenKeys.insert(key).inserted else {
            // RFC 8461 section 3.2: all but the first of a key other than mx are ignored.
            return note(.duplicateKey)
        }
        switch key {
        case "version":
            if value != Array("STSv1".utf8) { note(.versionBad) }
            if !isFirst { note(.versionNotFirst) }
        case "mode":
            mode = Mode(rawValue: String(decoding: value, as: UTF8.self))
            if mode == nil { note(.modeBad) }
        case "max_age":
            maxAge = Self.number(value)
            guard let maxAge else { return note(.maxAgeBad) }
            if maxAge > Self.maxAgeCeiling { note(.maxAgeTooLarge) }
        default:
            unknownKeys.append(key)
        }
    }

    private mutating func takePattern(_ value: [UInt8]) {
        guard patterns.count + badPatterns.count < Self.patternLimit else { return note(.tooManyMX) }
        switch STSPattern.parse(value) {
        case .success(let pattern): if !patterns.contains(pattern) { patterns.append(pattern) }
        case .failure(let fault): badPatterns.append(BadPattern(text: printable(value, limit: 255), fault: fault))
        }
    }

    private mutating func noteMissing() {
        if !seenKeys.contains("version") { note(.versionMissing) }
        if !seenKeys.contains("mode") { note(.modeMissing) }
        if !seenKeys.contains("max_age") { note(.maxAgeMissing) }
        // RFC 8461 section 3.2: mx is needed unless the mode is none.
        if patterns.isEmpty, badPatterns.isEmpty, mode != Mode.none { note(.mxMissing) }
    }

    private mutating func note(_ fault: Fault) {
        if !faults.contains(fault) { faults.append(fault) }
    }

    /// 1*10 DIGIT.
    private static func number(_ value: [UInt8]) -> Int? {
        guard (1...10).contains(value.count), value.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// RFC 8461 section 3.2: the maximum, about a year.
    static let maxAgeCeiling = 31_557_600
    /// mx lines read (reliability.md HTP-09).
    static let patternLimit = 1000
}

/// One `mx` of a policy: a host name, or `*.` and a domain, which is exactly one more label (RFC 8461 section 4.1).
struct STSPattern: Hashable, CustomStringConvertible {
    enum Fault: String, Error {
        case notAName = "not_a_name"
        case wildcardPosition = "wildcard_position"
        case trailingDot = "trailing_dot"
        case uLabel = "u_label"
        case address
        case several
    }

    let isWildcard: Bool
    /// Behind `*.` for a wildcard.
    let name: DomainName

    static func parse(_ value: [UInt8]) -> Result<STSPattern, Fault> {
        if value.contains(where: { $0 >= 0x80 }) { return .failure(.uLabel) }
        if value.contains(where: { $0 == UInt8(ascii: ",") || $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ";") }) {
            return .failure(.several)
        }
        let bare = value.first == UInt8(ascii: "[") ? Array(value.dropFirst().dropLast()) : value
        if IPAddress(parsing: bare) != nil { return .failure(.address) }
        if value.last == UInt8(ascii: "."), value.count > 1 { return .failure(.trailingDot) }
        let isWildcard = value.starts(with: "*.".utf8)
        let rest = isWildcard ? Array(value.dropFirst(2)) : value
        if rest.contains(UInt8(ascii: "*")) { return .failure(.wildcardPosition) }
        guard let name = DomainName(String(decoding: rest, as: UTF8.self)), name.hostNameFault == nil else {
            return .failure(.notAName)
        }
        return .success(STSPattern(isWildcard: isWildcard, name: name))
    }

    func matches(_ host: DomainName) -> Bool {
        isWildcard ? host.parent == name && !name.isRoot : host == name
    }

    /// A wildcard that covers the host's domain but not the host, by the number of labels.
    func misses(_ host: DomainName) -> Bool {
        isWildcard && !matches(host) && host.isEqualOrBelow(name)
    }

    var description: String { isWildcard ? "*.\(name)" : "\(name)" }
}
