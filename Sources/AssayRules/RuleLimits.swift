/// How much of a rule file is read (reliability.md YML, section 3).
package enum RuleLimits {
    package static let fileOctets = 262_144
    package static let depth = 32
    package static let nodes = 40_000
    /// Items of a list that `forEach` makes findings of.
    package static let items = 100
    /// Octets of one rendered value.
    package static let valueOctets = 512
}
