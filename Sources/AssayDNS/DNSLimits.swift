/// How much of an answer is read, and how long is waited. The numbers are those of reliability.md section 3.
package enum DNSLimits {
    /// One name, from the question to the last answer, in seconds.
    package static let querySeconds = 10
    /// Aliases followed (RFC 1034 sets no limit; unbound stops at 11).
    package static let aliasHops = 10
    package static let recordsPerSet = 256
    package static let octetsPerSet = 65_536
    /// TTLs above are read as this, in seconds: a week.
    package static let ttlCeiling = 604_800
    /// Authoritative servers asked to explain a failure.
    package static let explainedServers = 8
    /// Delegations followed to find them.
    package static let explainedDelegations = 4
    /// Seconds that one of them has.
    package static let explainSeconds = 2
    /// Of a file of root hints or trust anchors.
    package static let zoneFileOctets = 1 << 20
}
