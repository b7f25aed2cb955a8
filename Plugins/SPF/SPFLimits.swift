/// How much of a record and of its include tree is looked at. A receiver's own limits are those of RFC 7208 section 4.6.4; ours
/// are wider, so that a record that breaks them can be explained.
package enum SPFLimits {
    /// Terms that cause lookups, over the whole evaluation (RFC 7208 section 4.6.4).
    package static let lookups = 10
    /// Terms whose lookup finds nothing (RFC 7208 section 4.6.4).
    package static let voids = 2
    /// MX records of a term, PTR names of a client (RFC 7208 section 4.6.4).
    package static let names = 10
    /// Of one evaluation, in seconds (RFC 7208 section 4.6.4).
    package static let seconds = 20
    /// Octets of an expanded domain name (RFC 7208 section 7.3).
    package static let nameOctets = 253
    /// Octets of a record that are read; `spf.octets`.
    package static let octets = 65_536
    /// Terms of a record that are read; `spf.terms`.
    package static let terms = 1_000
    /// Octets of a malformed term of which it is still asked what it was meant to be.
    package static let mendedOctets = 1_024
    /// Syntax errors of a record that are listed.
    package static let listedErrors = 20
    /// Records of an include tree that are fetched; `spf.records`.
    package static let records = 150
    /// Names whose addresses or MX records are asked; `spf.names`.
    package static let askedNames = 200
    /// Includes within includes; `spf.depth`.
    package static let depth = 20
    /// Terms that the walk over the tree visits, and that are listed; `spf.nodes`.
    package static let nodes = 1_000
    package static let listedNodes = 150
    /// Networks of a tree that are added up; `spf.networks`.
    package static let networks = 5_000
    /// Ranges of addresses that are listed.
    package static let listedRanges = 200
    /// Names of one mail host that are looked up.
    package static let heloNames = 8
    /// Octets of an expanded macro-string; `spf.expansion`.
    package static let expansionOctets = 4_096
    /// Octets of a term that are shown.
    package static let shownOctets = 255
    /// Octets of a record that are shown.
    package static let shownRecordOctets = 2_048
}
