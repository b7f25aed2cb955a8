/// A typed statement about the world, for example `mta_sts.policy`.
///
/// Carries raw values (`bits: 1024`), never adjectives (`weak`). Property names become snake_case keys; enumerations are
/// encoded by lower-case raw values. Every optional property is present in one example and absent in another, so that the
/// examples are the fact's schema for the rule loader.
package protocol Fact: Sendable, Codable, Equatable {
    /// `checker.snake_case`, an id that never changes its meaning.
    static var id: String { get }
    /// Values that between them show every field.
    static var examples: [Self] { get }
}

extension Fact {
    /// This fact as plain data.
    package var factValue: FactValue { FactValueEncoder.encode(self) }
}

/// A fact about a subject, or why it is not known.
package struct Observation: Hashable, Sendable {
    /// `o1`, `o2`, ... given after sorting; empty before.
    package var id: String
    package let fact: String
    package let checker: String
    package let subject: Subject
    package let outcome: Outcome<FactValue>
    /// What was seen on the wire, by the ids of the report's evidence (`e1`).
    package var evidence: [String]

    package init(
        id: String = "", fact: String, checker: String, subject: Subject, outcome: Outcome<FactValue>,
        evidence: [String] = []
    ) {
        self.id = id
        self.fact = fact
        self.checker = checker
        self.subject = subject
        self.outcome = outcome
        self.evidence = evidence
    }
}
