/// The kinds of senders (RFC 7435, RFC 7672, RFC 8461, RFC 8689), as they differ in what they insist on.
package enum SenderModel: String, Sendable, CaseIterable {
    /// TLS if offered, with whomever; in clear otherwise.
    case opportunistic
    case mtaSTS = "mta_sts"
    /// Postfix at level `dane`: DANE where there is some, an insecure MX included.
    case postfixDANE = "dane"
    /// DANE or no delivery.
    case daneOnly = "dane_only"
    /// DANE with secure MX records, in clear where TLS fails.
    case exim
    /// DANE with secure MX records, else MTA-STS.
    case exchangeOnline = "exchange_online"
    /// DANE decides where it is there, MTA-STS elsewhere (RFC 8461 section 2).
    case daneAndSTS = "dane_mta_sts"
    /// A message that must not travel unprotected.
    case requireTLS = "requiretls"

    var heedsDANE: Bool { self != .opportunistic && self != .mtaSTS }
    var heedsSTS: Bool { [.mtaSTS, .exchangeOnline, .daneAndSTS, .requireTLS].contains(self) }
    /// With insecure MX records there is no DANE for it (RFC 7672 section 2.2.1 leaves that open).
    var wantsSecureMX: Bool { [.exim, .exchangeOnline, .daneOnly].contains(self) }
}

/// What an attacker can do (on top of reading what passes in clear).
package enum Attack: String, Sendable, CaseIterable {
    case none
    /// Listens.
    case passive = "P"
    /// Takes STARTTLS away.
    case strip = "S"
    /// Ends TLS himself: self-signed, with a valid certificate of another name, with a mis-issued one of the host's name.
    case selfSigned = "C1", otherName = "C2", misissued = "C3"
    /// Forges DNS answers that are not signed.
    case forgeDNS = "M"
    case forgeDNSWithCertificate = "M+C2"
    /// Hides the policy from a sender that has none, and takes STARTTLS away.
    case hidePolicy = "B"
    /// The same against a sender that has it cached.
    case hideCachedPolicy = "B'"
    /// Drops packets to the hosts of his choice.
    case drop = "D"
    /// Has taken over DNSSEC of the domain.
    case takeOverDNSSEC = "K"
}
