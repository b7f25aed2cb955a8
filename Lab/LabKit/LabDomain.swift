/// What the lab's mail world is made of: values, nothing that runs.
public struct LabDomain: Sendable {
    /// `exemplary.lab`.
    public let name: String
    /// What is wrong with it.
    public let note: String
    public internal(set) var isDemo = false
    /// Records of the zone, names relative to the domain (`@`, `_mta-sts`), without TTL and class.
    var records: [String] = []
    /// Records of names outside the lab, whole: `sendgrid.net. TXT "v=spf1 -all"`.
    var foreignRecords: [String] = []
    var ttls: [String: Int] = [:]
    /// CAA records at the domain itself, as in a zone file.
    var authorizations: [String] = []
    var hosts: [MailHost] = []
    var policy: PolicyHost?
    var webs: [WebHost] = []
    /// How the domain is cut out of its parent zone; nil for a part of it.
    var delegation: Delegation?
    /// Played by servers that need root and Debian's packages.
    public var needsRealServers: Bool {
        hosts.contains { $0.service == .postfix || $0.service == .exim || $0.tlsProgram != nil }
            || policy?.isNginx ?? false
    }

    enum Delegation: Sendable {
        /// A zone of its own whose DS record matches nothing.
        case bogus
        /// A zone of its own without signatures.
        case unsigned
        /// The server is not told about the zone: REFUSED.
        case refused
        /// The zone's file is missing: SERVFAIL.
        case servfail
        /// Nobody listens at the name server's address.
        case silent
        /// A zone of its own, signed so.
        case signed(Signing)
    }

    /// How Knot signs a zone, and what the zone above says of it.
    struct Signing: Sendable {
        var algorithm = "ecdsap256sha256"
        var bits: Int?
        /// NSEC3 with these extra iterations.
        var iterations: Int?
        var salt = 0
        var isOptOut = false
        /// Signatures and denials are made for each question (Knot's mod-onlinesign, compact denial of the older kind).
        var isOnline = false
        /// And say NXNAME (RFC 9824) of every name, so that only names that do not exist may be asked for.
        var saysNXNAME = false
        var lifetime = "30d"
        var refresh = "7d"
        var asksForRemoval = false
        /// DS records of these digest types.
        var digests = [2]
        /// In place of, or beside those: as in a zone file.
        var otherDS: [String] = []
    }

    /// The numbers of the zone's SOA record behind the serial, and its NS records.
    var times = "3600 900 604800 300"
    var nameServers = ["ns.lab.", "ns2.lab."]
}

/// One scripted SMTP server.
struct MailHost: Sendable {
    /// `mx1`, below the domain.
    var label: String
    var preference = 10
    var hasIPv4 = true
    var hasIPv6 = true
    /// Reverse names are published.
    var hasReverse = true
    /// In place of the host's own name.
    var reverseName: String?
    /// Further reverse names.
    var reverseAliases: [String] = []
    /// `v=spf1 a -all` at its name, where that is not the domain's.
    var hasSPF = true
    var certificate: CertificateSpec? = CertificateSpec()
    /// Offered beside it, for clients that take its key type alone.
    var secondCertificate: CertificateSpec?
    /// Of another server behind the same address, which answers the second and third of every three handshakes.
    var backendCertificate: CertificateSpec?
    var ipv6Certificate: CertificateSpec?
    /// For clients that name a server (SNI).
    var namedCertificate: CertificateSpec?
    var isInMX = true
    var tlsa: [TLSASpec] = []
    var service = Service.scripted
    /// Does the TLS of a scripted host.
    var tlsProgram: TLSProgram?
    var ipv6Service: Service?
    var script = Script()
    /// An address in place of the one the lab gives.
    var fixedAddress: String?

    enum Service: Sendable {
        case scripted
        /// Nobody listens.
        case closed
        /// Connections are never accepted.
        case silent
        /// The real servers.
        case postfix, exim
    }

    enum TLSASpec: Sendable {
        case daneEE, daneEEWrong
        /// `3 1 1` of the second certificate.
        case second
        /// Of the host's certificate (element 0) or of its issuer's (element 1).
        case of(usage: Int, selector: Int, matching: Int, element: Int)
        /// As it stands in a zone file.
        case raw(String)

        var isOfSecond: Bool { if case .second = self { true } else { false } }
    }
}

/// What a scripted SMTP server says.
struct Script: Sendable {
    var greeting = "220 {name} ESMTP"
    var greetingDelay = 0.0
    /// Sent as it is in place of a greeting.
    var rawGreeting: [UInt8]?
    var closesAfterGreeting = false
    var ehlo: String?
    var keywords = ["PIPELINING", "SIZE 10485760", "8BITMIME", "SMTPUTF8"]
    var keywordsAfterTLS: [String] = ["REQUIRETLS"]
    var offersSTARTTLS = true
    /// STARTTLS is kept from every first visitor of two.
    var isSelective = false
    var starttls = "220 2.0.0 ready"
    var afterSTARTTLS = AfterSTARTTLS.handshake
    var lineEnd = "\r\n"
    var vrfy = "502 5.5.1 VRFY is not offered"
    var expn = "502 5.5.1 EXPN is not offered"
    var tls = ServerTLS()

    enum AfterSTARTTLS: Sendable {
        case handshake, close, silence
        case octets([UInt8])
    }
}

/// One web server with the policy.
struct PolicyHost: Sendable {
    var lines: [String]
    var lineEnd = "\r\n"
    var status = "200 OK"
    var headers = ["Content-Type: text/plain"]
    var body: [UInt8]?
    var certificate: CertificateSpec? = CertificateSpec()
    var hasIPv4 = true
    var hasIPv6 = true
    var isListening = true
    var listensIPv6 = true
    var delay = 0.0
    /// The TLS handshake is answered with this.
    var garbage: [UInt8]?
    /// `mta-sts` is an alias for this name of the lab.
    var alias: String?
    var hasAddress = true
    var maximumTLS: Int32?
    /// Served by a real nginx.
    var isNginx = false
}

/// What a certificate of the lab's says.
struct CertificateSpec: Sendable, Hashable {
    enum Key: Sendable, Hashable {
        case ec(String), rsa(UInt32)
        /// Broken on purpose; see WeakKeys.
        case weak(WeakKey)
    }

    enum Issuer: Sendable, Hashable { case authority, intermediate, missingIntermediate, unknown, itself }

    /// nil for the host's own name.
    var names: [String]?
    var key = Key.ec("P-256")
    var issuer = Issuer.authority
    /// Days from now.
    var from = -20
    var to = 60
    var usage = "serverAuth"
    var keyUsage = "digitalSignature"
    var isCA = false
    var isSHA1 = false
    var mustStaple = false
    /// Further copies of the intermediate certificate behind the leaf.
    var ballast = 0
    /// The subjectAltName as DER, in place of `names`.
    var alternativeNamesDER: String?
}
