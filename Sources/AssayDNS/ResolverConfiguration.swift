package import AssayModel

/// What the resolver starts from.
package struct ResolverConfiguration: Sendable {
    /// Root name servers in zone-file form; nil for Debian's, else libunbound's own.
    package var rootHintsPath: String?
    /// DS or DNSKEY lines of the root in zone-file form; nil for Debian's, else both keys built in.
    package var trustAnchorPath: String?
    /// Ask this resolver instead of the authoritative servers; answers are validated here all the same.
    package var forwarder: (address: IPAddress, port: UInt16)?
    /// Name servers on loopback and private addresses may be asked.
    package var allowPrivate = false

    package init() {}
}

/// A file or option that keeps the resolver from starting.
package struct ResolverError: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
