/// What came of looking for a fact. "Could not tell" is a result of its own: never a pass and never a fail.
package enum Outcome<Value> {
    /// The fact was seen.
    case observed(Value)
    /// We looked, were answered, and it is not there.
    case absent
    /// We looked, or would have, and cannot know.
    case undetermined(Cause)
    /// There is nothing here to look at; the words say why (a code, not a sentence for users).
    case notApplicable(String)
}

extension Outcome: Sendable where Value: Sendable {}
extension Outcome: Equatable where Value: Equatable {}
extension Outcome: Hashable where Value: Hashable {}
extension Outcome: Codable where Value: Codable {}

extension Outcome {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case observed, absent, undetermined
        case notApplicable = "not_applicable"
    }

    package var kind: Kind {
        switch self {
        case .observed: .observed
        case .absent: .absent
        case .undetermined: .undetermined
        case .notApplicable: .notApplicable
        }
    }

    package var value: Value? {
        if case .observed(let value) = self { value } else { nil }
    }

    package var cause: Cause? {
        if case .undetermined(let cause) = self { cause } else { nil }
    }

    package func map<Other, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Other
    ) throws(Failure) -> Outcome<Other> {
        switch self {
        case .observed(let value): .observed(try transform(value))
        case .absent: .absent
        case .undetermined(let cause): .undetermined(cause)
        case .notApplicable(let reason): .notApplicable(reason)
        }
    }
}

/// Why something could not be told: a code for programs and, where the other side spoke, its own words.
package struct Cause: Hashable, Codable, Sendable {
    /// An open set of codes: `deadline`, `no_answer_on_port_25`, `blocked`, ...
    package struct Code: RawRepresentable, Hashable, Codable, Sendable, ExpressibleByStringLiteral {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
        package init(stringLiteral value: String) { rawValue = value }
    }

    package let code: Code
    /// A stage, a limit with its number, or the peer's words (printable ASCII, escaped).
    package let detail: String?

    package init(_ code: Code, detail: String? = nil) {
        self.code = code
        self.detail = detail
    }
}

extension Cause.Code {
    /// The domain's own time was over.
    package static let deadline: Self = "deadline"
    /// The user stopped the scan.
    package static let interrupted: Self = "interrupted"
    /// The checker ended without a word about this fact.
    package static let fault: Self = "fault"
    /// An option or the tier said not to ask.
    package static let notAsked: Self = "not_asked"
    /// One of our own limits was hit; the detail names it.
    package static let limit: Self = "limit"
    /// The connection budget of the scan is used up.
    package static let budget: Self = "budget"
    /// No address of any MX host answered on port 25: the port may be blocked where we are.
    package static let noAnswerOnPort25: Self = "no_answer_on_port_25"
    /// Greeted by 421, 450 or 554, or told to go away.
    package static let blocked: Self = "blocked"
    /// The greeting did not come within our patience, which is shorter than RFC 5321 section 4.5.3.2.1 allows.
    package static let slowBanner: Self = "slow_banner"
    /// This machine has no route for the address family.
    package static let noRoute: Self = "no_route"
    /// No server of the zone answered.
    package static let noAnswerFromServers: Self = "no_answer_from_servers"
    /// Our own guard refused to connect.
    package static let refusedTarget: Self = "refused_target"
    /// Something this depends on could not be told.
    package static let dependsOnUndetermined: Self = "depends_on_undetermined"
    /// The local TLS library cannot negotiate it.
    package static let notSupportedHere: Self = "not_supported_here"
}
