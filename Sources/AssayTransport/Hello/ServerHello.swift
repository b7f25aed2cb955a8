/// What a server answered to a ClientHello of ours, as far as it speaks in clear.
package struct ServerHello: Hashable, Codable, Sendable {
    package let version: TLSVersion
    /// 0 for SSL 2, which has kinds of three octets.
    package let suite: CipherSuite
    /// A HelloRetryRequest (RFC 8446 section 4.1.4).
    package let isRetry: Bool
    /// The group chosen: by extension in TLS 1.3, in ServerKeyExchange before.
    package var group: NamedGroup?
    /// 1 is DEFLATE.
    package let compression: UInt8
    /// The numbers of the extensions it answered with.
    package let extensions: [UInt16]
    /// SHA-256 of the first certificate; nil where none came in clear.
    package var leafSHA256: [UInt8]?
    /// Of a finite-field exchange.
    package var prime: Prime?
    /// Of ServerKeyExchange, from TLS 1.2 on.
    package var scheme: SignatureScheme?
    package var asksForCertificate = false
    /// ServerHelloDone came.
    package var isWhole = false
    /// A fatal alert that came behind the hello.
    package var alertBehind: Int?
    /// Kinds of ciphers of SSL 2, which the server lists.
    package var ssl2Kinds = 0

    /// The modulus of a finite-field group.
    package struct Prime: Hashable, Codable, Sendable {
        package let bits: Int
        /// `ffdhe3072` (RFC 7919), `modp2048` (RFC 3526, RFC 2409), nil for one of its own.
        package let name: String?
    }

    package func answered(_ number: UInt16) -> Bool { extensions.contains(number) }
}

/// How a server took a ClientHello.
package enum HelloAnswer: Hashable, Codable, Sendable {
    case hello(ServerHello)
    /// The number of a fatal alert (RFC 8446 section 6).
    case alert(Int)
    /// The connection ended without a word of TLS.
    case closed, reset
    /// Seconds that were waited.
    case timedOut(Int)
    /// The domain's deadline.
    case deadline
    /// What came is not TLS; its first octets as printable ASCII.
    case notTLS(String)
    /// TLS that breaks its own rules, or one of our limits, by a name.
    case broken(String)
    /// The mail server would not have us: reply code (0 for none) and words.
    case refused(stage: String, code: Int, words: String)
    /// There was no connection.
    case unconnected(String)
}
