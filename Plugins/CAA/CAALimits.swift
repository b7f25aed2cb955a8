/// How much the CAA checker asks and reads.
enum CAALimits {
    /// Labels of a name that are climbed.
    static let labels = 16
    /// Parameters of a property that are kept; further ones are checked for their form alone.
    static let parameters = 32
    /// Validation methods of a property that are told apart.
    static let methods = 32
    /// Properties of a set that are read, as many as an answer holds (`DNSLimits.recordsPerSet`).
    static let properties = 256
    /// Octets of a property that are shown.
    static let shownOctets = 160
    /// Octets of a URL or an address that are looked at.
    static let addressOctets = 2048
}
