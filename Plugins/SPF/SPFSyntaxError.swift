/// What is wrong in a record, and where.
package struct SPFSyntaxError: Error, Equatable, Sendable {
    package enum Kind: String, CaseIterable, Codable, Sendable {
        /// `ipv4:192.0.2.1`, `all.`, `moo`: no mechanism of that name (RFC 7208 section 4.6.1).
        case unknownMechanism = "unknown_mechanism"
        /// `include`, `ip4`, `exists`, `a:`: an argument is missing.
        case missingArgument = "missing_argument"
        /// `all:x`, `ptr/24`: an argument that the mechanism does not take.
        case unexpectedArgument = "unexpected_argument"
        /// No dotted quad (RFC 7208 section 5.6).
        case ip4Network = "ip4_network"
        case ip6Network = "ip6_network"
        /// Not 0 to 32, or with leading zeros.
        case ip4PrefixLength = "ip4_prefix_length"
        /// Not 0 to 128, or with leading zeros.
        case ip6PrefixLength = "ip6_prefix_length"
        /// `%` without `{`, `%`, `_` or `-`; an unknown letter; a zero; no `}` (RFC 7208 section 7.1).
        case macro
        /// The last label has no letter, or there is but one label (RFC 7208 section 7.1).
        case domainSpec = "domain_spec"
        /// A control character: terms are separated by spaces alone (RFC 7208 section 4.6.1).
        case character
        /// An octet outside of ASCII (RFC 7208 section 3.1).
        case nonASCII = "non_ascii"
        /// RFC 7208 section 6: each at most once.
        case redirectTwice = "redirect_twice"
        case expTwice = "exp_twice"
        /// `=x`, `1up=x`: a modifier's name begins with a letter.
        case modifierName = "modifier_name"
        /// `-redirect=x`: modifiers take no qualifier.
        case qualifiedModifier = "qualified_modifier"
    }

    package let kind: Kind
    /// Octets from the start of the record.
    package let offset: Int

    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}
