package import AssayCrypto
package import AssayModel

/// One GET over HTTPS, or over plain HTTP for what is signed itself: no redirect is followed, nothing is cached, no cookie kept.
package struct HTTPSQuestion: Hashable, Codable, Sendable {
    /// Tried in order until one connects; each is vetted again at connect.
    package let addresses: [IPAddress]
    package let port: UInt16
    /// SNI, Host and the name the certificate must carry.
    package let host: DomainName
    package let path: String
    /// Octets of body after which the exchange is cut.
    package let bodyLimit: Int
    /// The media types asked for; nil for `text/plain`.
    package let accept: String?
    /// For the exchange as a whole; nil for `TransportLimits.exchangeSeconds`.
    package let seconds: Int?
    /// Without TLS; missing in recordings of earlier versions.
    package let isPlain: Bool?

    package init(
        addresses: [IPAddress], port: UInt16, host: DomainName, path: String, bodyLimit: Int, accept: String? = nil,
        seconds: Int? = nil, isPlain: Bool = false
    ) {
        self.addresses = addresses
        self.port = port
        self.host = host
        self.path = path
        self.bodyLimit = bodyLimit
        self.accept = accept
        self.seconds = seconds
        self.isPlain = isPlain ? true : nil
    }

    package var patience: Int { seconds ?? TransportLimits.exchangeSeconds }
}

/// What came of it.
package struct HTTPSExchange: Hashable, Codable, Sendable {
    package struct Attempt: Hashable, Codable, Sendable {
        package let address: IPAddress
        package let connect: SMTPConversation.Connect
        package init(address: IPAddress, connect: SMTPConversation.Connect) {
            self.address = address
            self.connect = connect
        }
    }

    package struct Response: Hashable, Codable, Sendable {
        package let status: Int
        /// In order; names lower-case, values raw with control octets escaped.
        package let headers: [Header]
        /// At most `bodyLimit` octets.
        package let body: [UInt8]
        /// The body went on beyond the limit.
        package let bodyTruncated: Bool
        package init(status: Int, headers: [Header], body: [UInt8], bodyTruncated: Bool) {
            self.status = status
            self.headers = headers
            self.body = body
            self.bodyTruncated = bodyTruncated
        }
    }

    package struct Header: Hashable, Codable, Sendable {
        package let name: String
        package let value: String
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package enum Failure: Hashable, Codable, Sendable {
        case noConnection
        case handshake
        case closed
        case reset
        /// The exchange's own time limit, in seconds.
        case timedOut(stage: String, seconds: Int)
        case deadline(stage: String)
        case limit(name: String)
        /// Not HTTP/1.1, or ambiguous framing.
        case notHTTP(String)
    }

    package let question: HTTPSQuestion
    package let attempts: [Attempt]
    package let handshake: TLSHandshake?
    /// Present as soon as the header was complete, even where the body failed.
    package let response: Response?
    package let failure: Failure?
    /// From the first SYN to the end, in milliseconds.
    package let durationMilliseconds: Int
    package let startedAt: Timestamp

    package init(
        question: HTTPSQuestion, attempts: [Attempt], handshake: TLSHandshake?, response: Response?, failure: Failure?,
        durationMilliseconds: Int, startedAt: Timestamp
    ) {
        self.question = question
        self.attempts = attempts
        self.handshake = handshake
        self.response = response
        self.failure = failure
        self.durationMilliseconds = durationMilliseconds
        self.startedAt = startedAt
    }
}
