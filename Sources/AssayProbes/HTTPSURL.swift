package import AssayModel

/// An `https` URL with a host name on port 443 (RFC 9110 section 4.2.2): what this program is willing to fetch.
package struct HTTPSURL: Hashable, Codable, Sendable {
    package let host: DomainName
    /// Path and query; starts with `/`. A fragment is not sent.
    package let path: String

    package enum Fault: String, Error, Codable, Sendable, CaseIterable {
        case scheme, octet, port, length
        case userInfo = "user_info"
        case noHost = "no_host"
        case addressLiteral = "address_literal"
        /// No host name of at least two labels.
        case hostName = "host_name"
    }

    package init(parsing text: some Collection<UInt8>) throws(Fault) {
        let bytes = Array(text)
        guard bytes.count <= ProbeLimits.urlOctets else { throw .length }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }) else { throw .octet }
        // RFC 3986 section 3.1: schemes compare without case.
        guard bytes.prefix(8).map({ $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }) == Array("https://".utf8) else {
            throw .scheme
        }
        let rest = bytes.dropFirst(8)
        let authority = rest.prefix { !"/?#".utf8.contains($0) }
        guard !authority.contains(UInt8(ascii: "@")) else { throw .userInfo }
        guard authority.first != UInt8(ascii: "[") else { throw .addressLiteral }
        let hostPart = authority.prefix { $0 != UInt8(ascii: ":") }
        let port = authority.dropFirst(hostPart.count)
        guard !hostPart.isEmpty else { throw .noHost }
        guard port.isEmpty || port.elementsEqual(":443".utf8) || port.elementsEqual(":".utf8) else { throw .port }
        guard let host = DomainName(String(decoding: hostPart, as: UTF8.self)) else { throw .hostName }
        guard !Self.isNumeric(host) else { throw .addressLiteral }
        guard host.hostNameFault == nil, host.labelCount > 1 else { throw .hostName }
        let target = rest.dropFirst(authority.count).prefix { $0 != UInt8(ascii: "#") }
        self.host = host
        path = (target.first == UInt8(ascii: "/") ? "" : "/") + String(decoding: target, as: UTF8.self)
    }

    /// Where a redirect leads from here (RFC 9110 section 10.2.2).
    package func following(_ location: String) throws(Fault) -> HTTPSURL {
        let bytes = Array(location.utf8)
        let head = bytes.prefix { !"/?#".utf8.contains($0) }
        if head.contains(UInt8(ascii: ":")) { return try HTTPSURL(parsing: bytes) }
        if bytes.starts(with: "//".utf8) { return try HTTPSURL(parsing: "https:".utf8 + bytes) }
        let base: String
        if bytes.first == UInt8(ascii: "/") {
            base = ""
        } else {
            let own = path.utf8.prefix { $0 != UInt8(ascii: "?") }
            let slash = own.lastIndex(of: UInt8(ascii: "/")) ?? own.startIndex
            base = String(own[...slash]) ?? "/"
        }
        return try HTTPSURL(parsing: "https://\(host)\(base)\(location)".utf8)
    }

    /// `svg` of `/logo.SVG?x=1`; nil without one.
    package var suffix: String? {
        let file = path.utf8.prefix { $0 != UInt8(ascii: "?") }
        let name = file.suffix(while: { $0 != UInt8(ascii: "/") })
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        return String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()
    }

    /// `127.1`, `0x7f.1`, `2130706433`: programs read addresses out of such names.
    private static func isNumeric(_ host: DomainName) -> Bool {
        if host.addressLiteral != nil { return true }
        guard let last = host.labels.last else { return false }
        return last.allSatisfy { (0x30...0x39).contains($0) } || last.starts(with: "0x".utf8)
    }
}

extension HTTPSURL: CustomStringConvertible {
    package var description: String { "https://\(host)\(path)" }
}

extension Collection where Element == UInt8 {
    /// The longest end of it whose octets all satisfy.
    fileprivate func suffix(while holds: (UInt8) -> Bool) -> [UInt8] {
        Array(Array(self).reversed().prefix(while: holds).reversed())
    }
}
