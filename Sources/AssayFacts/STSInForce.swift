import AssayModel

/// `mta_sts.in_force`, about the domain: the policy that a sender without a cache would apply now. Absent where the
/// record, the fetch or the policy is void.
package struct STSInForce: Fact {
    package static let id = "mta_sts.in_force"

    /// `enforce`, `testing` or `none`.
    package let mode: String
    /// Seconds.
    package let maxAge: Int
    package let patterns: [String]

    package init(mode: String, maxAge: Int, patterns: [String]) {
        self.mode = mode
        self.maxAge = maxAge
        self.patterns = patterns
    }

    package static let examples = [STSInForce(mode: "enforce", maxAge: 604_800, patterns: ["*.example.com"])]
}
