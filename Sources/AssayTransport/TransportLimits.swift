/// How long is waited and how much is read on a connection. The numbers are those of reliability.md section 3.
package enum TransportLimits {
    // Seconds.
    package static let connectSeconds = 10
    package static let greetingSeconds = 30
    package static let replySeconds = 15
    package static let handshakeSeconds = 15
    package static let verifySeconds = 5
    package static let quitSeconds = 2
    /// RFC 8461 section 3.3 suggests one minute for the policy's fetch as a whole.
    package static let exchangeSeconds = 60

    // SMTP, octets and lines.
    package static let smtpLine = 2048
    package static let smtpLines = 100
    package static let smtpReply = 16_384
    package static let smtpConnection = 262_144
    /// Octets kept of plaintext behind the 220 of STARTTLS.
    package static let injectedOctets = 64
    /// Lines of a dialogue kept as evidence.
    package static let transcriptLines = 300

    // A ClientHello of our own, and what comes back.
    /// Seconds for the answer to the hello.
    package static let helloSeconds = 10
    /// RFC 5246 section 6.2.3: 2^14 + 2048.
    package static let recordOctets = 18_432
    /// Of one message, and of all that is read.
    package static let helloOctets = 131_072
    package static let helloExtensions = 64
    package static let warningAlerts = 5
    /// Seconds in which a server reacts to what only a broken one answers.
    package static let reactionSeconds = 3

    // HTTPS.
    package static let httpHeaderOctets = 32_768
    package static let httpHeaderFields = 100
    package static let httpConnection = 524_288

    // Connections.
    package static let perAddress = 2
    /// With `--pace 0`.
    package static let perAddressInHaste = 4
    package static let atOnce = 64
}
