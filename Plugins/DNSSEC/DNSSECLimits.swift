/// How much is asked of name servers. Addresses of servers are limited where they are found (`DNSLimits`).
enum DNSSECLimits {
    /// Owners of TLSA records, and policy names, asked for at each server.
    static let namesPerServer = 10
    /// Questions that one server is asked at a time.
    static let questionsAtOnce = 4
    /// Zones of report destinations looked at.
    static let reportDestinations = 5
    /// TXT records of one name that are read for slips of the keyboard.
    static let textsPerName = 64
    /// Octets of a record that is searched for report destinations.
    static let textOctets = 4096
}
