import AssayModel

/// The TXT record at `_smtp._tls` (RFC 8460 section 3), parsed on octets.
struct TLSRPTRecord: Equatable {
    enum Fault: String, CaseIterable {
        case badVersion = "bad_version"
        case ruaMissing = "rua_missing"
        case ruaEmpty = "rua_empty"
        case schemeBad = "scheme_bad"
        case separator
        case duplicateRUA = "duplicate_rua"
        case unencoded
        case extensionBad = "extension_bad"
        case nonASCII = "non_ascii"

        /// Reporters ignore the whole record.
        var isFatal: Bool { [.badVersion, .ruaMissing, .ruaEmpty, .extensionBad, .nonASCII].contains(self) }
    }

    /// Where reports go: `mailto:` or `https:`.
    struct Destination: Equatable, Hashable {
        let uri: String
        let scheme: String
        let domain: DomainName
    }

    let destinations: [Destination]
    /// Entries that no reporter can use, escaped.
    let badDestinations: [String]
    let faults: [Fault]

    var isValid: Bool { !faults.contains(where: \.isFatal) && !destinations.isEmpty }

    init(parsing record: [UInt8]) {
        var faults: Set<Fault> = []
        if record.contains(where: { $0 >= 0x80 }) { faults.insert(.nonASCII) }
        let fields = record.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(Self.trimmed)
        let untrimmed = record.prefix { $0 != UInt8(ascii: ";") }
        if fields.first != Array("v=TLSRPTv1".utf8) || untrimmed.first == 0x20 { faults.insert(.badVersion) }
        var rua: [UInt8]?
        var previousWasRUA = false
        var stray: [[UInt8]] = []
        for (index, field) in fields.enumerated().dropFirst() {
            if field.isEmpty {
                if index < fields.count - 1 { faults.insert(.extensionBad) }
            } else if field.starts(with: "rua=".utf8) {
                if rua == nil { rua = Array(field.dropFirst(4)) } else { faults.insert(.duplicateRUA) }
                previousWasRUA = true
            } else if previousWasRUA, Self.looksLikeURI(field) {
                // A semicolon where a comma belongs: what follows is a field of its own to a parser.
                faults.insert(.separator)
                stray.append(field)
            } else {
                previousWasRUA = false
                if !Self.isExtension(field) { faults.insert(.extensionBad) }
            }
        }
        var destinations: [Destination] = []
        var bad: [String] = stray.map(Self.escaped)
        if let rua {
            let entries = rua.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Self.trimmed)
            if entries.allSatisfy(\.isEmpty) { faults.insert(.ruaEmpty) }
            for entry in entries.prefix(Self.destinationLimit) where !entry.isEmpty {
                if entry.contains(UInt8(ascii: "!")) { faults.insert(.unencoded) }
                if let destination = Self.destination(entry) {
                    destinations.append(destination)
                } else {
                    bad.append(Self.escaped(entry))
                    faults.insert(.schemeBad)
                }
            }
        } else {
            faults.insert(.ruaMissing)
        }
        self.destinations = destinations
        badDestinations = bad
        self.faults = Fault.allCases.filter(faults.contains)
    }

    /// What a reporter picks out of all TXT records at the owner, or what was meant to be one.
    static func select(from texts: [[UInt8]]) -> [[UInt8]] {
        let exact = texts.filter { $0.starts(with: "v=TLSRPTv1;".utf8) }
        if !exact.isEmpty { return exact }
        return texts.filter { text in
            let letters = text.prefix(32).filter { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
                .map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
            return letters.starts(with: "v=tlsrptv1".utf8)
        }
    }

    private static func destination(_ entry: [UInt8]) -> Destination? {
        guard let colon = entry.firstIndex(of: UInt8(ascii: ":")), entry.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        // RFC 3986 section 3.1: schemes compare without case.
        let scheme = String(decoding: entry[..<colon], as: UTF8.self).lowercased()
        let rest = entry[(colon + 1)...]
        let host: [UInt8]
        switch scheme {
        case "mailto":
            let address = rest.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "!") }
            guard let at = address.lastIndex(of: UInt8(ascii: "@")), at > address.startIndex else { return nil }
            host = Array(address[(at + 1)...])
        case "https":
            guard rest.starts(with: "//".utf8) else { return nil }
            let authority = rest.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
            let afterUser = authority.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last ?? []
            host = Array(afterUser.prefix { $0 != UInt8(ascii: ":") })
        default:
            return nil
        }
        guard let domain = DomainName(String(decoding: host, as: UTF8.self)), domain.hostNameFault == nil else {
            return nil
        }
        return Destination(uri: String(decoding: entry, as: UTF8.self), scheme: scheme, domain: domain)
    }

    private static func looksLikeURI(_ field: [UInt8]) -> Bool {
        ["mailto:", "https:", "http:"].contains { field.starts(with: $0.utf8) }
    }

    /// The rules of RFC 8461 section 3.1, which RFC 8460 section 3 shares.
    private static func isExtension(_ pair: [UInt8]) -> Bool {
        guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let isWord = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        let name = pair[..<equals]
        let value = pair[(equals + 1)...]
        guard (1...32).contains(name.count), let first = name.first, isWord(first), !value.isEmpty else { return false }
        return name.allSatisfy { isWord($0) || "_-.".utf8.contains($0) }
            && value.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3B && $0 != 0x3D }
    }

    private static func trimmed(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result = Array(bytes.drop { $0 == 0x20 || $0 == 0x09 })
        while let last = result.last, last == 0x20 || last == 0x09 { result.removeLast() }
        return result
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(255).map { $0 > 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// Destinations looked at.
    static let destinationLimit = 10
}
