import AssayModel

/// `smtp.connection`, about an address: what TCP port 25 said.
struct SMTPConnection: Fact {
    static let id = "smtp.connection"
    enum State: String, Codable {
        case connected, refused, unreachable
        case timedOut = "timed_out"
    }
    let state: State
    /// `ipv4` or `ipv6`.
    let family: String
    static let examples = [SMTPConnection(state: .connected, family: "ipv4")]
}

/// `smtp.reachability`, about an MX host: its addresses taken together.
struct SMTPReachability: Fact {
    static let id = "smtp.reachability"
    let addresses: Int
    let connected: Int
    let refused: Int
    let timedOut: Int
    let unreachable: Int
    /// Could not be told.
    let undetermined: Int
    let ipv4Connected: Int
    let ipv6Connected: Int
    /// IPv6 addresses that refused or did not answer.
    let ipv6Failed: [String]
    static let examples = [
        SMTPReachability(
            addresses: 2, connected: 1, refused: 1, timedOut: 0, unreachable: 0, undetermined: 0, ipv4Connected: 1,
            ipv6Connected: 0, ipv6Failed: ["2001:db8::1"])
    ]
}

/// `smtp.greeting`, about an address: the first reply (RFC 5321 section 3.1).
struct SMTPGreeting: Fact {
    static let id = "smtp.greeting"
    let code: Int
    let text: String
    /// Whole seconds from connection to the end of the greeting.
    let delaySeconds: Int
    static let examples = [SMTPGreeting(code: 220, text: "mx.example.com ESMTP", delaySeconds: 0)]
}

/// `smtp.protocol`, about an address: how well the server keeps to the form of SMTP.
struct SMTPProtocol: Fact {
    static let id = "smtp.protocol"
    let sawBareLF: Bool
    let sawControlOctets: Bool
    /// A reply that is not SMTP, or one beyond our limits.
    let isBroken: Bool
    /// `not_smtp`, or the limit's name (`smtp.line`).
    let fault: String?
    /// `greeting`, `ehlo`, ...
    let stage: String?
    /// The first octets of what came, escaped.
    let octets: String?
    /// The EHLO reply went beyond 100 lines.
    let hasTooManyLines: Bool
    static let examples = [
        SMTPProtocol(
            sawBareLF: true, sawControlOctets: false, isBroken: true, fault: "not_smtp", stage: "greeting",
            octets: "HTTP/1.1 400", hasTooManyLines: false),
        SMTPProtocol(
            sawBareLF: false, sawControlOctets: false, isBroken: false, fault: nil, stage: nil, octets: nil,
            hasTooManyLines: false),
    ]
}

/// `smtp.ehlo`, about an address: the answer to EHLO before TLS (RFC 5321 section 4.1.1.1).
struct SMTPHello: Fact {
    static let id = "smtp.ehlo"
    let isAccepted: Bool
    let code: Int
    /// HELO was tried after EHLO was refused.
    let heloIsAccepted: Bool?
    /// The name the server gives itself.
    let name: String?
    let nameMatchesHost: Bool
    /// Upper-case keywords without parameters.
    let keywords: [String]
    /// SASL mechanisms offered in clear.
    let authMechanisms: [String]
    /// SIZE limit in octets, where one is stated.
    let sizeLimit: Int?
    static let examples = [
        SMTPHello(
            isAccepted: true, code: 250, heloIsAccepted: true, name: "mx.example.com", nameMatchesHost: true,
            keywords: ["PIPELINING", "STARTTLS"], authMechanisms: ["PLAIN"], sizeLimit: 10_485_760),
        SMTPHello(
            isAccepted: false, code: 502, heloIsAccepted: nil, name: nil, nameMatchesHost: false, keywords: [],
            authMechanisms: [], sizeLimit: nil),
    ]
}

/// `smtp.ehlo_after_tls`, about an address: the capabilities that count (RFC 3207 section 4.2).
struct SMTPHelloAfterTLS: Fact {
    static let id = "smtp.ehlo_after_tls"
    let code: Int
    let keywords: [String]
    let stillOffersSTARTTLS: Bool
    let hasREQUIRETLS: Bool
    let hasSMTPUTF8: Bool
    let has8BITMIME: Bool
    /// REQUIRETLS stood in the reply before TLS, where it has no meaning.
    let hadREQUIRETLSBefore: Bool
    static let examples = [
        SMTPHelloAfterTLS(
            code: 250, keywords: ["8BITMIME", "SMTPUTF8"], stillOffersSTARTTLS: false, hasREQUIRETLS: false,
            hasSMTPUTF8: true, has8BITMIME: true, hadREQUIRETLSBefore: false)
    ]
}

/// `smtp.vrfy`, about an address: whether VRFY and EXPN answer (RFC 5321 section 7.3).
struct SMTPVerify: Fact {
    static let id = "smtp.vrfy"
    let vrfyCode: Int
    let expnCode: Int?
    static let examples = [SMTPVerify(vrfyCode: 252, expnCode: 250), SMTPVerify(vrfyCode: 502, expnCode: nil)]
}

/// `eai.support`, about the domain: internationalised mail over its MX hosts (RFC 6531).
struct InternationalisedMail: Fact {
    static let id = "eai.support"
    let hostsWith: [String]
    let hostsWithout: [String]
    /// SMTPUTF8 without 8BITMIME, which RFC 6531 section 3.1 demands beside it.
    let hostsWithout8BITMIME: [String]
    static let examples = [
        InternationalisedMail(
            hostsWith: ["mx1.example.com"], hostsWithout: ["mx2.example.com"], hostsWithout8BITMIME: [])
    ]
}
