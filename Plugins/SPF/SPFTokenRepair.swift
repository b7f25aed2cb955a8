import AssayModel

/// What one malformed term was meant to be.
enum SPFTokenRepair {
    /// Readings of a term, the most likely first; the caller takes the first that parses.
    static func candidates(_ token: [UInt8]) -> [[UInt8]] {
        var body = token[...]
        while let last = body.last, ".,;".utf8.contains(last), body.count > 1 { body = body.dropLast() }
        var qualifier: [UInt8] = []
        if let first = body.first, SPFRecord.Qualifier(rawValue: first) != nil {
            qualifier = first == UInt8(ascii: "+") ? [] : [first]
            body = body.dropFirst()
        }
        let text = Array(body)
        let lowered = SPFRecord.lowered(text)
        var result: [[UInt8]] = []
        func add(_ name: String, _ argument: [UInt8]) { result.append(qualifier + Array(name.utf8) + argument) }
        // `include=x` is an unknown modifier, `redirect:x` an unknown mechanism.
        for (written, meant) in names where lowered.starts(with: written.utf8) {
            let argument = Array(text.dropFirst(written.utf8.count))
            switch meant {
            case "ip4:", "ip6:", "a:", "mx:": result += addressed(qualifier, meant, argument)
            case "redirect=", "exp=": result.append(Array(meant.utf8) + argument)
            default: add(meant, name(argument))
            }
        }
        result.append(qualifier + text)
        if lowered.starts(with: "all".utf8), lowered.count < 12 { add("all", []) }
        for (written, meant) in [("a/", "a"), ("mx/", "mx"), ("a", "a"), ("mx", "mx"), ("ptr", "ptr")]
        where lowered.starts(with: written.utf8) && !lowered.contains(UInt8(ascii: ".")) && lowered.count < 8 {
            add(meant, [])
        }
        // A bare address or host name.
        if let network = network(text) {
            add(network.address.family == .ipv4 ? "ip4:" : "ip6:", Array("\(network)".utf8))
        }
        if !lowered.contains(UInt8(ascii: "=")), !lowered.contains(UInt8(ascii: ":")) { add("a:", name(text)) }
        return result
    }

    /// Host bits cleared, the name without its last dot and in lower case.
    static func tidied(_ content: SPFRecord.Content) -> SPFRecord.Content {
        switch content {
        case .directive(let qualifier, let mechanism): .directive(qualifier, tidied(mechanism))
        case .modifier(.redirect(let target)): .modifier(.redirect(tidied(target)))
        case .modifier(.exp(let target)): .modifier(.exp(tidied(target)))
        case .modifier(.unknown): content
        }
    }

    private static func tidied(_ mechanism: SPFRecord.Mechanism) -> SPFRecord.Mechanism {
        switch mechanism {
        case .all, .ptr(nil): return mechanism
        case .include(let target): return .include(tidied(target))
        case .exists(let target): return .exists(tidied(target))
        case .a(let target, let lengths): return .a(target.map(tidied), lengths)
        case .mx(let target, let lengths): return .mx(target.map(tidied), lengths)
        case .ptr(let target): return .ptr(target.map(tidied))
        case .ip4(let value, let prefix):
            let network = IPNetwork(.v4(value), prefix: prefix).masked
            guard case .v4(let masked) = network.address else { return mechanism }
            return .ip4(masked, prefix: network.prefix == 32 ? nil : network.prefix)
        case .ip6(let value, let prefix):
            let network = IPNetwork(.v6(value), prefix: prefix).masked
            guard case .v6(let masked) = network.address else { return mechanism }
            return .ip6(masked, prefix: network.prefix == 128 ? nil : network.prefix)
        }
    }

    private static func tidied(_ target: SPFMacroString) -> SPFMacroString {
        let last = target.pieces.count - 1
        return SPFMacroString(
            pieces: target.pieces.enumerated().map { index, piece in
                guard case .literal(var bytes) = piece else { return piece }
                if index == last, bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
                return .literal(SPFRecord.lowered(bytes))
            })
    }

    /// `ip4:` with a host name, `a:` with an address, ports, and prefix lengths out of range.
    private static func addressed(_ qualifier: [UInt8], _ meant: String, _ argument: [UInt8]) -> [[UInt8]] {
        if let network = network(argument) {
            let name = network.address.family == .ipv4 ? "ip4:" : "ip6:"
            return [qualifier + Array("\(name)\(network)".utf8)]
        }
        let isAddress = meant == "ip4:" || meant == "ip6:"
        return [qualifier + Array((isAddress ? "a:" : meant).utf8) + name(argument)]
    }

    /// An address, what is wrong behind it left out: a port, a prefix length out of range or with leading zeros.
    private static func network(_ octets: [UInt8]) -> IPNetwork? {
        let parts = octets.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
        guard let first = parts.first else { return nil }
        var address = IPAddress(parsing: first)
        if address == nil, first.count(where: { $0 == UInt8(ascii: ":") }) == 1 {
            address = IPAddress(parsing: first.prefix { $0 != UInt8(ascii: ":") })
        }
        guard let address else { return nil }
        let longest = address.family == .ipv4 ? 32 : 128
        let digits = parts.count > 1 ? parts[1] : []
        guard (1...3).contains(digits.count), digits.allSatisfy(SPFTermParser.isDigit) else {
            return IPNetwork(address)
        }
        let prefix = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return IPNetwork(address, prefix: prefix > longest ? nil : prefix)
    }

    /// A-labels for U-labels; a stray prefix length behind a name of an include goes.
    private static func name(_ octets: [UInt8]) -> [UInt8] {
        guard octets.contains(where: { $0 >= 0x80 }),
            let input = try? DomainInput(String(decoding: octets, as: UTF8.self))
        else { return octets }
        return Array("\(input.name)".utf8)
    }

    /// Longer ones first.
    private static let names: [(written: String, meant: String)] = [
        ("include:", "include:"), ("include=", "include:"), ("includes:", "include:"), ("inlcude:", "include:"),
        ("redirect:", "redirect="), ("exp:", "exp="), ("exists:", "exists:"), ("exists=", "exists:"),
        ("ipv4:", "ip4:"), ("ipv6:", "ip6:"), ("ip4:", "ip4:"), ("ip4=", "ip4:"), ("ip6:", "ip6:"), ("ip6=", "ip6:"),
        ("ip:", "ip4:"), ("ip=", "ip4:"), ("ip4.", "ip4:"), ("a:", "a:"), ("a=", "a:"), ("mx:", "mx:"), ("mx=", "mx:"),
        ("ptr=", "ptr:"),
    ]
}

/// Terms that grew together where a record was cut into character-strings (RFC 7208 section 3.3).
enum SPFStringSplit {
    /// The terms that were two.
    static func joinedTerms(_ strings: [[UInt8]]) -> [String] {
        borders(strings).map { printable($0.left + $0.right, limit: SPFLimits.shownOctets) }
    }

    /// The strings as one text, with a space where one was forgotten.
    static func separated(_ strings: [[UInt8]]) -> [UInt8] {
        let forgotten = Set(borders(strings).map(\.index))
        var result: [UInt8] = []
        for (index, string) in strings.enumerated() {
            if forgotten.contains(index) { result.append(0x20) }
            result += string
        }
        return result
    }

    private static func borders(_ strings: [[UInt8]]) -> [(index: Int, left: [UInt8], right: [UInt8])] {
        var found: [(Int, [UInt8], [UInt8])] = []
        for index in strings.indices.dropFirst() {
            let left = Array(strings[index - 1].suffix(while: { $0 != 0x20 }))
            let right = Array(strings[index].prefix { $0 != 0x20 })
            guard !left.isEmpty, !right.isEmpty else { continue }
            let isVersion = SPFRecord.lowered(left) == SPFRecord.version
            guard isVersion || isTerm(left), isTerm(right) else { continue }
            // A name may go on with `a`, and one that ends in a dot with `mx`, a top-level domain.
            let isAmbiguous = SPFRecord.lowered(right) == [UInt8(ascii: "a")] || left.last == UInt8(ascii: ".")
            if isVersion || !isAmbiguous || !isTerm(left + right) { found.append((index, left, right)) }
        }
        return found
    }

    private static func isTerm(_ octets: [UInt8]) -> Bool { (try? SPFTermParser.parse(octets[...])) != nil }
}

extension Array where Element == UInt8 {
    fileprivate func suffix(while belongs: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = lastIndex { !belongs($0) }.map { $0 + 1 } ?? startIndex
        return self[start...]
    }
}
