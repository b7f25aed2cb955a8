/// How much this checker asks and keeps.
enum DMARCLimits {
    /// Destinations of `rua`, and of `ruf`, that are looked up.
    static let destinations = 5
    /// Subdomains asked for a record of their own: the common mail labels, and the parents of the mail hosts.
    static let mailHostParents = 4
    /// Octets of a record that are shown.
    static let shownOctets = 512
    /// Faults of a record that are stated.
    static let faults = 40
}
