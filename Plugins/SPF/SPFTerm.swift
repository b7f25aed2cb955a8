import AssayModel

/// Parses one term (RFC 7208 section 12). Slices keep their indices, so an error knows its place in the record.
enum SPFTermParser {
    static func parse(_ term: ArraySlice<UInt8>) throws(SPFSyntaxError) -> SPFRecord.Content {
        if let index = term.firstIndex(where: { $0 >= 0x80 }) { throw SPFSyntaxError(.nonASCII, at: index) }
        if let index = term.firstIndex(where: { $0 < 0x21 || $0 == 0x7F }) {
            throw SPFSyntaxError(.character, at: index)
        }
        var rest = term
        var qualifier: SPFRecord.Qualifier?
        if let first = rest.first, let written = SPFRecord.Qualifier(rawValue: first) {
            qualifier = written
            rest = rest.dropFirst()
        }
        let name = rest.prefix(while: isNameOctet)
        let after = rest[name.endIndex...]
        // RFC 7208 section 4.6.1: a modifier has `=` right behind its name, before any `:` or `/`.
        if after.first == UInt8(ascii: "=") {
            guard let first = name.first, isLetter(first) else {
                throw SPFSyntaxError(.modifierName, at: term.startIndex)
            }
            guard qualifier == nil else { throw SPFSyntaxError(.qualifiedModifier, at: term.startIndex) }
            return .modifier(try modifier(SPFRecord.lowered(name), name, after.dropFirst()))
        }
        return .directive(qualifier ?? .pass, try mechanism(SPFRecord.lowered(name), after, at: term.startIndex))
    }

    private static func modifier(
        _ name: [UInt8], _ written: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>
    ) throws(SPFSyntaxError) -> SPFRecord.Modifier {
        switch String(decoding: name, as: UTF8.self) {
        case "redirect": return .redirect(try domainSpec(value))
        case "exp": return .exp(try domainSpec(value))
        default: return .unknown(name: name, value: try SPFMacroString(parsing: value))
        }
    }

    private static func mechanism(
        _ name: [UInt8], _ rest: ArraySlice<UInt8>, at start: Int
    ) throws(SPFSyntaxError) -> SPFRecord.Mechanism {
        switch String(decoding: name, as: UTF8.self) {
        case "all":
            guard rest.isEmpty else { throw SPFSyntaxError(.unexpectedArgument, at: rest.startIndex) }
            return .all
        case "include": return .include(try domainSpec(try argument(rest)))
        case "exists": return .exists(try domainSpec(try argument(rest)))
        case "a":
            let (domain, lengths) = try domainAndLengths(rest)
            return .a(domain, lengths)
        case "mx":
            let (domain, lengths) = try domainAndLengths(rest)
            return .mx(domain, lengths)
        case "ptr":
            if rest.isEmpty { return .ptr(nil) }
            guard rest.first == UInt8(ascii: ":") else {
                throw SPFSyntaxError(.unexpectedArgument, at: rest.startIndex)
            }
            return .ptr(try domainSpec(try argument(rest)))
        case "ip4": return try ip4(try argument(rest))
        case "ip6": return try ip6(try argument(rest))
        default: throw SPFSyntaxError(.unknownMechanism, at: start)
        }
    }

    /// What stands behind the colon.
    private static func argument(_ rest: ArraySlice<UInt8>) throws(SPFSyntaxError) -> ArraySlice<UInt8> {
        guard rest.first == UInt8(ascii: ":") else { throw SPFSyntaxError(.missingArgument, at: rest.startIndex) }
        return rest.dropFirst()
    }

    // MARK: Names

    /// `domain-spec = macro-string domain-end` (RFC 7208 section 7.1).
    private static func domainSpec(_ bytes: ArraySlice<UInt8>) throws(SPFSyntaxError) -> SPFMacroString {
        guard !bytes.isEmpty else { throw SPFSyntaxError(.missingArgument, at: bytes.startIndex) }
        let text = try SPFMacroString(parsing: bytes)
        guard case .literal(let tail)? = text.pieces.last else { return text }
        var end = tail[...]
        if end.last == UInt8(ascii: ".") { end = end.dropLast() }
        guard let dot = end.lastIndex(of: UInt8(ascii: ".")), isTopLabel(end[(dot + 1)...]) else {
            throw SPFSyntaxError(.domainSpec, at: bytes.endIndex - tail.count)
        }
        return text
    }

    /// Letters, digits and inner hyphens, and not digits alone (RFC 7208 section 7.1).
    private static func isTopLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard let first = label.first, let last = label.last, isAlphanumeric(first), isAlphanumeric(last) else {
            return false
        }
        let hyphen = UInt8(ascii: "-")
        return label.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
            && label.contains { isLetter($0) || $0 == hyphen }
    }

    // MARK: Prefix lengths

    /// `[ ":" domain-spec ] [ dual-cidr-length ]` (RFC 7208 sections 5.3 and 5.4).
    private static func domainAndLengths(
        _ rest: ArraySlice<UInt8>
    ) throws(SPFSyntaxError) -> (SPFMacroString?, SPFRecord.PrefixLengths) {
        guard rest.first == UInt8(ascii: ":") else { return (nil, try lengths(rest)) }
        let argument = rest.dropFirst()
        // A domain-spec may hold slashes, so lengths are found from the end.
        let split = startOfLengths(argument)
        return (try domainSpec(argument[..<split]), try lengths(argument[split...]))
    }

    private static func startOfLengths(_ bytes: ArraySlice<UInt8>) -> Int {
        let slash = UInt8(ascii: "/")
        func digits(before end: Int) -> Int {
            var start = end
            while start > bytes.startIndex, isDigit(bytes[start - 1]) { start -= 1 }
            return start
        }
        var start = digits(before: bytes.endIndex)
        guard start < bytes.endIndex, start > bytes.startIndex, bytes[start - 1] == slash else { return bytes.endIndex }
        start -= 1
        guard start > bytes.startIndex, bytes[start - 1] == slash else { return start }
        start -= 1
        let inner = digits(before: start)
        if inner < start, inner > bytes.startIndex, bytes[inner - 1] == slash { return inner - 1 }
        return start
    }

    /// `[ "/" 0-32 ] [ "//" 0-128 ]`.
    private static func lengths(_ bytes: ArraySlice<UInt8>) throws(SPFSyntaxError) -> SPFRecord.PrefixLengths {
        var lengths = SPFRecord.PrefixLengths()
        var rest = bytes
        guard !rest.isEmpty else { return lengths }
        let slashes = Array("//".utf8)
        guard rest.first == slashes[0] else { throw SPFSyntaxError(.unknownMechanism, at: bytes.startIndex) }
        if !rest.starts(with: slashes) {
            let digits = rest.dropFirst().prefix(while: isDigit)
            lengths.ip4 = try length(digits, upTo: 32, .ip4PrefixLength, at: rest.startIndex)
            rest = rest[digits.endIndex...]
        }
        guard !rest.isEmpty else { return lengths }
        guard rest.starts(with: slashes) else { throw SPFSyntaxError(.ip4PrefixLength, at: rest.startIndex) }
        lengths.ip6 = try length(rest.dropFirst(2), upTo: 128, .ip6PrefixLength, at: rest.startIndex)
        return lengths
    }

    /// Decimal digits without leading zeros.
    private static func length(
        _ digits: ArraySlice<UInt8>, upTo limit: Int, _ kind: SPFSyntaxError.Kind, at offset: Int
    ) throws(SPFSyntaxError) -> Int {
        guard (1...3).contains(digits.count), digits.allSatisfy(isDigit), digits.count == 1 || digits.first != 0x30
        else { throw SPFSyntaxError(kind, at: offset) }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard value <= limit else { throw SPFSyntaxError(kind, at: offset) }
        return value
    }

    // MARK: Networks

    private static func ip4(_ bytes: ArraySlice<UInt8>) throws(SPFSyntaxError) -> SPFRecord.Mechanism {
        guard !bytes.isEmpty else { throw SPFSyntaxError(.missingArgument, at: bytes.startIndex) }
        let network = bytes.prefix { $0 != UInt8(ascii: "/") }
        guard case .v4(let value)? = IPAddress(parsing: network) else {
            throw SPFSyntaxError(.ip4Network, at: bytes.startIndex)
        }
        let rest = bytes[network.endIndex...]
        if rest.isEmpty { return .ip4(value, prefix: nil) }
        return .ip4(value, prefix: try length(rest.dropFirst(), upTo: 32, .ip4PrefixLength, at: rest.startIndex))
    }

    private static func ip6(_ bytes: ArraySlice<UInt8>) throws(SPFSyntaxError) -> SPFRecord.Mechanism {
        guard !bytes.isEmpty else { throw SPFSyntaxError(.missingArgument, at: bytes.startIndex) }
        let network = bytes.prefix { $0 != UInt8(ascii: "/") }
        guard case .v6(let value)? = IPAddress(parsing: network) else {
            throw SPFSyntaxError(.ip6Network, at: bytes.startIndex)
        }
        let rest = bytes[network.endIndex...]
        if rest.isEmpty { return .ip6(value, prefix: nil) }
        return .ip6(value, prefix: try length(rest.dropFirst(), upTo: 128, .ip6PrefixLength, at: rest.startIndex))
    }

    // MARK: Octets

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    /// `name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )`.
    private static func isNameOctet(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
}

/// Prints a term in canonical form.
enum SPFTermPrinter {
    static func octets(_ content: SPFRecord.Content) -> [UInt8] {
        switch content {
        case .directive(let qualifier, let mechanism):
            (qualifier == .pass ? [] : [qualifier.rawValue]) + octets(mechanism)
        case .modifier(.redirect(let target)): Array("redirect=".utf8) + target.octets
        case .modifier(.exp(let target)): Array("exp=".utf8) + target.octets
        case .modifier(.unknown(let name, let value)): name + [UInt8(ascii: "=")] + value.octets
        }
    }

    static func octets(_ mechanism: SPFRecord.Mechanism) -> [UInt8] {
        switch mechanism {
        case .all: Array("all".utf8)
        case .include(let target): Array("include:".utf8) + target.octets
        case .exists(let target): Array("exists:".utf8) + target.octets
        case .a(let target, let lengths): Array("a".utf8) + argument(target) + octets(lengths)
        case .mx(let target, let lengths): Array("mx".utf8) + argument(target) + octets(lengths)
        case .ptr(let target): Array("ptr".utf8) + argument(target)
        case .ip4(let value, let prefix): Array("ip4:\(IPAddress.v4(value))\(prefix.map { "/\($0)" } ?? "")".utf8)
        case .ip6(let value, let prefix): Array("ip6:\(IPAddress.v6(value))\(prefix.map { "/\($0)" } ?? "")".utf8)
        }
    }

    private static func argument(_ target: SPFMacroString?) -> [UInt8] {
        target.map { [UInt8(ascii: ":")] + $0.octets } ?? []
    }

    private static func octets(_ lengths: SPFRecord.PrefixLengths) -> [UInt8] {
        Array(((lengths.ip4.map { "/\($0)" } ?? "") + (lengths.ip6.map { "//\($0)" } ?? "")).utf8)
    }
}

extension SPFRecord.Mechanism {
    /// Counts towards the limit of ten (RFC 7208 section 4.6.4).
    package var isLookup: Bool {
        switch self {
        case .include, .a, .mx, .ptr, .exists: true
        case .all, .ip4, .ip6: false
        }
    }

    package var target: SPFMacroString? {
        switch self {
        case .include(let target), .exists(let target): target
        case .a(let target, _), .mx(let target, _), .ptr(let target): target
        case .all, .ip4, .ip6: nil
        }
    }

    /// `include`, `a`, ...
    package var name: String {
        switch self {
        case .all: "all"
        case .include: "include"
        case .a: "a"
        case .mx: "mx"
        case .ptr: "ptr"
        case .ip4: "ip4"
        case .ip6: "ip6"
        case .exists: "exists"
        }
    }
}
