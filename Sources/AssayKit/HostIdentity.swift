import AssayModel
import Glibc

/// How this machine names itself in EHLO (RFC 5321 section 4.1.1.1).
package enum HostIdentity {
    /// The host's name if it has a dot, else an address literal of the source address, else `[127.0.0.1]`.
    package static var ehloName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        if gethostname(&buffer, buffer.count - 1) == 0 {
            let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let text = String(decoding: bytes, as: UTF8.self)
            if let name = DomainName(text), name.labelCount >= 2, name.hostNameFault == nil { return name.description }
        }
        return "[\(Route.ipv4Source?.description ?? "127.0.0.1")]"
    }

    /// True where the text may stand in EHLO: a host name or an address literal.
    package static func isValidEHLOName(_ text: String) -> Bool {
        if text.utf8.first == UInt8(ascii: "["), text.utf8.last == UInt8(ascii: "]") {
            let inner = Array(text.utf8.dropFirst().dropLast())
            let bare = inner.starts(with: "IPv6:".utf8) ? Array(inner.dropFirst(5)) : inner
            return IPAddress(parsing: bare) != nil
        }
        guard let name = DomainName(text) else { return false }
        return name.hostNameFault == nil && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
