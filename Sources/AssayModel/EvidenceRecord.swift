/// What was seen on the wire, raw: a DNS packet, an SMTP dialogue, an HTTPS answer, a certificate.
package struct EvidenceRecord: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable { case dns, smtp, https, certificate }

    package struct Line: Hashable, Codable, Sendable {
        package enum Side: String, Codable, Sendable { case us, them }

        package let from: Side
        /// Milliseconds since the connection was started.
        package let atMilliseconds: Int
        /// The line without its end, bytes outside printable ASCII as `\xNN`.
        package let text: String

        package init(from side: Side, atMilliseconds: Int, text: String) {
            self.from = side
            self.atMilliseconds = atMilliseconds
            self.text = text
        }

        enum CodingKeys: String, CodingKey {
            case from, text
            case atMilliseconds = "at_ms"
        }
    }

    package enum Body: Hashable, Codable, Sendable {
        case octets([UInt8])
        case lines([Line])
    }

    package let kind: Kind
    package let at: Timestamp
    /// `example.com MX`, a host name, a URL.
    package let name: String
    /// The address and port that answered, where one did.
    package let server: String?
    package var body: Body

    package init(kind: Kind, at: Timestamp, name: String, server: String? = nil, body: Body) {
        self.kind = kind
        self.at = at
        self.name = name
        self.server = server
        self.body = body
    }
}
