import AssayModel
import AssayTransport

/// The answer to EHLO, read line by line (RFC 5321 section 4.1.1.1).
struct EHLOReply {
    /// The first word of the first line: the server's name for itself.
    let name: String?
    /// Upper-case, without parameters, in the order sent.
    let keywords: [String]
    let authMechanisms: [String]
    let sizeLimit: Int?

    init(_ reply: SMTPReply) {
        let words = reply.lines.map { line in
            line.split { $0 == 0x20 || $0 == 0x09 }.map { printable(Array($0), limit: 255) }
        }
        name = words.first?.first?.lowercased()
        let extensions = words.dropFirst().filter { !$0.isEmpty }
        keywords = extensions.map { $0[0].uppercased() }
        // Some old servers write AUTH=LOGIN beside or instead of AUTH LOGIN.
        authMechanisms = extensions.flatMap { words -> [String] in
            let keyword = words[0].uppercased()
            if keyword == "AUTH" { return words.dropFirst().map { $0.uppercased() } }
            if keyword.utf8.starts(with: "AUTH=".utf8) {
                return [String(decoding: keyword.utf8.dropFirst(5), as: UTF8.self)]
                    + words.dropFirst().map { $0.uppercased() }
            }
            return []
        }
        sizeLimit = extensions.first { $0[0].uppercased() == "SIZE" && $0.count > 1 }.flatMap { Self.number($0[1]) }
    }

    /// Keywords that were STARTTLS before somebody on the path overwrote them with X, or cut them.
    var mangledSTARTTLS: [String] {
        keywords.filter { keyword in
            guard keyword != "STARTTLS", keyword != "REQUIRETLS" else { return false }
            let bytes = Array(keyword.utf8)
            let xs = bytes.prefix { $0 == UInt8(ascii: "X") }.count
            if xs >= 4, bytes.count - xs <= 1 { return true }
            let whole = Array("STARTTLS".utf8)
            if bytes.count == whole.count { return zip(bytes, whole).count { $0 != $1 } == 1 }
            guard (4..<whole.count).contains(bytes.count) else { return false }
            return whole.starts(with: bytes) || Array(whole.suffix(bytes.count)) == bytes
        }
    }

    private static func number(_ text: String) -> Int? {
        let digits = Array(text.utf8)
        guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
