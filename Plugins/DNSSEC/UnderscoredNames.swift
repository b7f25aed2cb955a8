import AssayModel

/// Names where mail policies live (RFC 8552; IANA "Underscored and Globally Scoped DNS Node Names", as of 2026-11), and names
/// where they are found by mistake.
enum UnderscoredNames {
    /// A kind of TXT record, with the label that it belongs at.
    struct Policy: Sendable {
        /// What the record begins with, in lower case.
        let version: String
        let label: String
        /// Where people put it instead.
        let mistaken: [String]
    }

    /// The global node names of the registry that mail uses, with their record type.
    static let registry: [(type: String, node: String)] = [
        ("TXT", "_dmarc"), ("TXT", "_domainkey"), ("TXT", "_mta-sts"), ("TXT", "_smtp"), ("TXT", "_report"),
        ("TXT", "_spf"), ("TXT", "_vouch"), ("TXT", "_adsp"), ("TLSA", "_tcp"), ("TLSA", "_udp"), ("TLSA", "_sctp"),
        ("TLSA", "_dane"), ("SRV", "_tcp"), ("SRV", "_udp"),
    ]

    /// TLSRPT records astray are the TLSRPT checker's; TLSA records the DANE checker's.
    static let policies = [
        Policy(
            version: "v=stsv1", label: "_mta-sts",
            mistaken: ["_mtasts", "_mta_sts", "mta_sts", "mta-sts", "_sts", "_mta-sts._tcp"]),
        Policy(version: "v=dmarc1", label: "_dmarc", mistaken: ["dmarc", "_dmarc._tcp", "_dmark"]),
        Policy(version: "v=bimi1", label: "default._bimi", mistaken: ["_bimi", "default.bimi", "_bimi.default"]),
    ]

    /// `_dmarc.example.com.example.com`: what a zone editor makes of a whole name without its last dot.
    static func doubled(_ label: String, _ domain: DomainName) -> DomainName? {
        domain.prepending("\(label).\(domain)")
    }
}
