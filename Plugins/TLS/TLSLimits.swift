/// How much one server is asked. The numbers are those of design.md section 8.
package enum TLSLimits {
    /// Connections to an address in an extended scan, those of other checkers included.
    static let perAddress = 12
    /// The same with `--tls full`.
    static let perAddressInFull = 60
    /// What `--active` adds: three questions, and five that are asked again where the answers differ.
    static let active = activeWithoutRobot + 10
    static let activeWithoutRobot = 3

    /// Connections to an address, where the operator names no number.
    package static func connections(toList everything: Bool, isActive: Bool) -> Int {
        (everything ? perAddressInFull : perAddress) + (isActive ? active : 0)
    }

    /// Connections of an extended scan to all addresses of a domain.
    static let perDomain = 120
    static let perDomainInFull = 1000
    /// Connections to an address at a time with `--pace 0`, for lists.
    static let atOnce = 4
    /// Answers that say nothing, after which a server is left alone.
    static let patience = 2
    /// Octets that a ClientHello has with a post-quantum key share in it.
    static let largeHello = 1700
}
