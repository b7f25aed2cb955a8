package import AssayEngine
package import AssayModel
package import AssayRules

/// Everything a user may ask of an audit, checked for form but not yet for existence.
package struct AuditRequest: Sendable {
    package var tier = Tier.basic
    /// Run these checkers, whatever the tier; empty for all of the tier.
    package var checkers: [String] = []
    package var role = "auto"
    package var timeoutSeconds = 60
    package var paceSeconds = 0.5
    /// nil for the host's own name, or an address literal where that has no dot.
    package var ehloName: String?
    package var asksSMTP = true
    package var isActive = false
    package var allowsPrivate = false
    /// Connections to an address; nil for the tier's own number.
    package var connectionsPerAddress: Int?
    /// `--tls full`.
    package var listsEveryTLS = false
    package var rootHintsPath: String?
    package var trustAnchorPath: String?
    /// A resolver to forward to; answers are validated here all the same.
    package var resolver: Forwarder?
    package var caFilePath: String?
    /// Authorities of mark certificates (PEM), in place of those that are known by their digests.
    package var markRootsPath: String?
    /// Public keys of transparency logs (PEM).
    package var logKeysPath: String?
    /// This program, which judges logos in a process of its own: `/proc/self/exe`; nil where its command is not there.
    package var programPath: String?
    /// The public suffix list, in place of Debian's.
    package var suffixListPath: String?
    /// DKIM selectors that the operator says are in use.
    package var selectors: [String] = []
    /// A message (RFC 5322) to verify, as it stands in its file.
    package var message: [UInt8]?
    /// What DMARC reports say about DKIM.
    package var reportedSelectors: [ReportedSelector] = []
    /// Follow NSEC records below `_domainkey`.
    package var walksNSEC = false
    /// Ask authorities of mark certificates for their revocation lists.
    package var fetchesRevocationLists = false
    package var rulePaths: [String] = []
    /// Tables that add to those of the program.
    package var tablePaths: [String] = []
    package var profiles: [String] = []
    /// Of titles, texts and remedies.
    package var language = "en"
    /// `mailassay.yaml`: expectations and accepted risks.
    package var policy: AuditPolicy?
    /// Findings that do not decide the exit status.
    package var baseline: BaselineFile?
    package var savesEvidence = false
    /// A recorded scan in place of the network.
    package var replay: EvidenceFile?
    /// The moment that dates are judged at; nil for the scan's own.
    package var moment: Timestamp?

    package struct Forwarder: Sendable, Equatable {
        package let address: IPAddress
        package let port: UInt16

        /// `192.0.2.1`, `192.0.2.1@5353`, `2001:db8::1@53`.
        package init?(_ text: String) {
            let parts = text.split(separator: "@", omittingEmptySubsequences: false)
            guard (1...2).contains(parts.count), let address = IPAddress(String(parts[0])) else { return nil }
            self.address = address
            if parts.count == 2 {
                guard let port = UInt16(parts[1]), port > 0 else { return nil }
                self.port = port
            } else {
                port = 53
            }
        }
    }

    /// Octets of a message file.
    package static let messageOctets = 50 << 20

    package init() {}
}

/// What could not be told (a name that does not resolve, a server that does not answer); one line.
package struct UndeterminedError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// An argument, file or environment that keeps an audit from starting; one line that names what and where.
package struct AuditError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
