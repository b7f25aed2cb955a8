package import AssayCrypto
package import AssayModel

/// What we want to learn from one connection to one SMTP server.
package struct SMTPQuestion: Hashable, Codable, Sendable {
    package let address: IPAddress
    package let port: UInt16
    /// The MX host's name: SNI of the handshake.
    package let serverName: DomainName
    /// What we say in EHLO: a host name or an address literal.
    package let ehloName: String
    /// Of the handshake.
    package let keys: KeyOffer
    /// 1, or how often the server was asked the same before.
    package let visit: Int
    /// SNI is sent.
    package let sendsServerName: Bool
    /// A NOOP is sent in the same packet as STARTTLS (CVE-2011-0411); only with `--active`.
    package let injects: Bool

    package init(
        address: IPAddress, port: UInt16, serverName: DomainName, ehloName: String, keys: KeyOffer = .any,
        visit: Int = 1, sendsServerName: Bool = true, injects: Bool = false
    ) {
        self.address = address
        self.port = port
        self.serverName = serverName
        self.ehloName = ehloName
        self.keys = keys
        self.visit = visit
        self.sendsServerName = sendsServerName
        self.injects = injects
    }

    /// Asks for the handshake alone: what else the server says was asked before.
    package var isBrief: Bool { keys != .any || visit > 1 || !sendsServerName || injects }
}

/// One whole SMTP conversation: connect, greeting, EHLO, STARTTLS, handshake, EHLO, VRFY, QUIT. Never MAIL.
package struct SMTPConversation: Hashable, Codable, Sendable {
    package enum Connect: Hashable, Codable, Sendable {
        case connected
        case refused
        case timedOut
        /// Host or network unreachable by a router's word.
        case unreachable
        /// This machine has no route for the family, no free port or descriptor: says nothing about the target.
        case local(String)
        /// Not a public address, and `--allow-private` was not given; no packet was sent.
        case refusedTarget(IPAddress.SpecialPurpose)
    }

    package enum Stage: String, Codable, Sendable, CaseIterable {
        case connect, greeting, ehlo, helo, starttls, handshake
        case ehloAfterTLS = "ehlo_after_tls"
        case vrfy, expn, quit
    }

    /// How the conversation ended.
    package enum Ending: Hashable, Codable, Sendable {
        /// QUIT was sent; its answer is not waited for longer than its limit.
        case quit
        case closedByPeer(Stage)
        case reset(Stage)
        /// The stage's own time limit, in seconds.
        case timedOut(Stage, seconds: Int)
        /// The domain's deadline.
        case deadline(Stage)
        /// A limit of ours, by its name.
        case limit(Stage, name: String)
        /// Something came that is no SMTP reply; its first octets as printable ASCII.
        case notSMTP(Stage, octets: String)
        /// We hung up on replies in clear behind the 220 of STARTTLS.
        case plaintextAfterStartTLS
        case neverConnected
    }

    package let question: SMTPQuestion
    package let connect: Connect
    package let ending: Ending
    package let greeting: SMTPReply?
    /// From the connection's completion to the end of the greeting, in milliseconds.
    package let greetingDelayMilliseconds: Int?
    package let ehlo: SMTPReply?
    /// Only asked where EHLO was refused.
    package let helo: SMTPReply?
    /// nil where STARTTLS was not offered.
    package let starttls: SMTPReply?
    /// Octets that lay behind the 220 before we sent our ClientHello, at most 64 (RFC 3207 section 4.2): never believed.
    package let plaintextAfterStartTLS: [UInt8]
    package let handshake: TLSHandshake?
    package let ehloAfterTLS: SMTPReply?
    package let vrfy: SMTPReply?
    /// Only asked where EXPN is advertised.
    package let expn: SMTPReply?
    /// The first reply inside TLS, where a command was sent before it: to QUIT from a sound server.
    package let firstReplyInTLS: SMTPReply?
    /// Lines ended in LF alone (RFC 5321 section 2.3.8).
    package let sawBareLF: Bool
    /// NUL, ESC or other control octets in a reply (RFC 5321 section 2.4).
    package let sawControlOctets: Bool
    package let transcript: [EvidenceRecord.Line]
    package let startedAt: Timestamp

    package init(
        question: SMTPQuestion, connect: Connect, ending: Ending, greeting: SMTPReply?, greetingDelayMilliseconds: Int?,
        ehlo: SMTPReply?, helo: SMTPReply?, starttls: SMTPReply?, plaintextAfterStartTLS: [UInt8],
        handshake: TLSHandshake?, ehloAfterTLS: SMTPReply?, vrfy: SMTPReply?, expn: SMTPReply?,
        firstReplyInTLS: SMTPReply? = nil, sawBareLF: Bool,
        sawControlOctets: Bool, transcript: [EvidenceRecord.Line], startedAt: Timestamp
    ) {
        self.question = question
        self.connect = connect
        self.ending = ending
        self.greeting = greeting
        self.greetingDelayMilliseconds = greetingDelayMilliseconds
        self.ehlo = ehlo
        self.helo = helo
        self.starttls = starttls
        self.plaintextAfterStartTLS = plaintextAfterStartTLS
        self.handshake = handshake
        self.ehloAfterTLS = ehloAfterTLS
        self.vrfy = vrfy
        self.expn = expn
        self.firstReplyInTLS = firstReplyInTLS
        self.sawBareLF = sawBareLF
        self.sawControlOctets = sawControlOctets
        self.transcript = transcript
        self.startedAt = startedAt
    }
}

/// One reply, of one or many lines (RFC 5321 section 4.2).
package struct SMTPReply: Hashable, Codable, Sendable {
    /// 200 to 599.
    package let code: Int
    /// The text of each line behind code and separator, raw.
    package let lines: [[UInt8]]

    package init(code: Int, lines: [[UInt8]]) {
        self.code = code
        self.lines = lines
    }
}
