package import AssayModel

/// Where reports go (RFC 7489 section 6.2, RFC 8460 section 3): the scheme and host of a URI, parsed on octets.
package struct ReportURI: Hashable, Sendable {
    package enum Fault: String, Codable, CaseIterable, Sendable {
        /// `a@example.com` without `mailto:`.
        case bareAddress = "bare_address"
        /// `mailto://a@example.com`.
        case mailtoSlashes = "mailto_slashes"
        /// White space or octets outside printable ASCII within.
        case character
        /// Nothing before or behind `@`, or a host that is no host name.
        case host
        /// No scheme at all, or not one of RFC 3986 section 3.1.
        case scheme
        /// Two URIs without a comma between them.
        case missingComma = "missing_comma"
        case empty
    }

    /// As written, without a size limit.
    package let text: String
    /// In lower case: `mailto`, `https`, ...
    package let scheme: String
    /// Nil for a scheme that has none.
    package let host: DomainName?
    /// `10m` of the obsolete `!10m`.
    package let sizeLimit: String?

    /// Reads one entry of a list; white space at its ends is the list's.
    package static func read(_ entry: [UInt8]) -> Result<ReportURI, Refusal> {
        let trimmed = Array(TagList.trimmed(entry[...]))
        func refuse(_ fault: Fault) -> Result<ReportURI, Refusal> {
            .failure(Refusal(fault: fault, text: printable(trimmed, limit: shownOctets)))
        }
        guard !trimmed.isEmpty else { return refuse(.empty) }
        let lowered = trimmed.map(lowered)
        if trimmed.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) {
            return refuse(repeatsMailto(lowered) ? .missingComma : .character)
        }
        let (octets, limit) = withoutSize(trimmed)
        guard let colon = octets.firstIndex(of: UInt8(ascii: ":")), isScheme(lowered[..<colon]) else {
            return refuse(octets.contains(UInt8(ascii: "@")) ? .bareAddress : .scheme)
        }
        let scheme = String(decoding: lowered[..<colon], as: UTF8.self)
        let rest = octets[(colon + 1)...]
        var host: DomainName?
        if scheme == "mailto" {
            if repeatsMailto(lowered) { return refuse(.missingComma) }
            if rest.starts(with: "//".utf8) { return refuse(.mailtoSlashes) }
            let address = rest.prefix { $0 != UInt8(ascii: "?") }
            guard let at = address.lastIndex(of: UInt8(ascii: "@")), at > address.startIndex else {
                return refuse(.host)
            }
            host = hostName(address[(at + 1)...])
            if host == nil { return refuse(.host) }
        } else if rest.starts(with: "//".utf8) {
            // RFC 3986 section 3.2: authority = [userinfo "@"] host [":" port].
            let authority = rest.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
            let afterUser = authority.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last ?? []
            host = hostName(afterUser.prefix { $0 != UInt8(ascii: ":") })
            if host == nil { return refuse(.host) }
        }
        return .success(
            ReportURI(
                text: String(decoding: octets, as: UTF8.self), scheme: scheme, host: host,
                sizeLimit: limit.map { String(decoding: $0, as: UTF8.self) }))
    }

    /// Why an entry is no destination.
    package struct Refusal: Error, Hashable, Sendable {
        package let fault: Fault
        /// The entry, escaped.
        package let text: String
    }

    /// `"!" 1*DIGIT [ "k" / "m" / "g" / "t" ]` at the end (RFC 9989 section 4.8, obs-dmarc-report-size).
    private static func withoutSize(_ octets: [UInt8]) -> (octets: [UInt8], size: [UInt8]?) {
        guard let mark = octets.lastIndex(of: UInt8(ascii: "!")) else { return (octets, nil) }
        let size = octets[(mark + 1)...]
        var digits = size
        if let last = digits.last, "kmgt".utf8.contains(lowered(last)) { digits = digits.dropLast() }
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return (octets, nil) }
        return (Array(octets[..<mark]), Array(size))
    }

    private static func hostName(_ octets: some Collection<UInt8>) -> DomainName? {
        guard let name = DomainName(String(decoding: octets, as: UTF8.self)), name.hostNameFault == nil else {
            return nil
        }
        return name
    }

    /// `ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`, in lower case (RFC 3986 section 3.1).
    private static func isScheme(_ octets: ArraySlice<UInt8>) -> Bool {
        guard let first = octets.first, (0x61...0x7A).contains(first) else { return false }
        return octets.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0) }
    }

    /// ASCII alone: the Kelvin sign is no `k`.
    private static func lowered(_ octet: UInt8) -> UInt8 {
        (0x41...0x5A).contains(octet) ? octet | 0x20 : octet
    }

    /// `mailto:` stands in it more than once. One is enough to know, so the search ends there.
    private static func repeatsMailto(_ octets: [UInt8]) -> Bool {
        let word = Array("mailto:".utf8)
        guard octets.count >= 2 * word.count else { return false }
        let start = octets.starts(with: word) ? word.count : 0
        var rest = octets[start...]
        var found = start > 0 ? 1 : 0
        while let next = rest.firstIndex(of: word[0]) {
            rest = rest[next...]
            if rest.starts(with: word) { found += 1 }
            if found > 1 { return true }
            rest = rest.dropFirst()
        }
        return false
    }

    private static let shownOctets = 255
}
