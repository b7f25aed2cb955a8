import AssaySVG

/// How much of a domain's indicator is looked at; the numbers are those of the drafts and of reliability.md section 3.
enum BIMILimits {
    /// Octets of an uncompressed logo (draft-svg-tiny-ps-abrotman section 2.4; a hard limit for some receivers).
    static let logoOctets = SVGLimits.logoOctets
    /// Octets of a record that are shown.
    static let recordOctets = 1024
    /// Names of a certificate that are shown.
    static let names = 10
    /// Local-part prefixes that are shown.
    static let prefixes = 50
}
