import AssayModel

/// The domains in a From field: what DMARC compares (RFC 9989 section 4.2), found without its comments and quoted names.
struct AuthorDomain {
    /// One for each address, each once, in order.
    let domains: [DomainName]
    /// Something that is no address.
    let isMalformed: Bool

    init(_ value: [UInt8]) {
        var domains: [DomainName] = []
        var isMalformed = false
        for mailbox in Self.mailboxes(value) {
            let text = mailbox.filter { $0 > 0x20 }
            guard !text.isEmpty else { continue }
            var address = text[...]
            if let open = text.lastIndex(of: UInt8(ascii: "<")) {
                address = text[(open + 1)...].prefix { $0 != UInt8(ascii: ">") }
            }
            // A group's name stands before its colon.
            if let colon = address.firstIndex(of: UInt8(ascii: ":")) { address = address[(colon + 1)...] }
            guard let at = address.lastIndex(of: UInt8(ascii: "@")),
                let domain = DomainName(String(decoding: address[(at + 1)...], as: UTF8.self)), !domain.isRoot
            else {
                isMalformed = true
                continue
            }
            if !domains.contains(domain), domains.count < 10 { domains.append(domain) }
        }
        self.domains = domains
        self.isMalformed = isMalformed || domains.isEmpty
    }

    /// Cut at commas and semicolons outside of quotes, comments and angles; quoted strings and comments left out.
    private static func mailboxes(_ value: [UInt8]) -> [[UInt8]] {
        var boxes: [[UInt8]] = [[]]
        var depth = 0
        var isQuoted = false
        var isAngle = false
        var isEscaped = false
        for octet in value {
            if isEscaped {
                isEscaped = false
            } else if octet == UInt8(ascii: "\\") {
                isEscaped = isQuoted || depth > 0
            } else if isQuoted {
                if octet == UInt8(ascii: "\"") { isQuoted = false }
            } else if octet == UInt8(ascii: "("), !isAngle {
                depth += 1
            } else if octet == UInt8(ascii: ")"), depth > 0 {
                depth -= 1
            } else if depth > 0 {
                continue
            } else if octet == UInt8(ascii: "\"") {
                isQuoted = true
            } else if !isAngle, octet == UInt8(ascii: ",") || octet == UInt8(ascii: ";") {
                boxes.append([])
            } else {
                if octet == UInt8(ascii: "<") { isAngle = true }
                if octet == UInt8(ascii: ">") { isAngle = false }
                boxes[boxes.count - 1].append(octet)
            }
        }
        return boxes
    }
}
