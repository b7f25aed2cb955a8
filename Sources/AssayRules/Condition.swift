import AssayModel

/// What must hold: a closed set of operators over facts.
indirect enum Condition: Sendable, Equatable {
    case fact(FactCondition)
    case all([Condition])
    case any([Condition])
    case not(Condition)

    /// The conditions on facts, in the order they are written.
    var facts: [FactCondition] {
        switch self {
        case .fact(let condition): [condition]
        case .all(let parts), .any(let parts): parts.flatMap(\.facts)
        case .not(let part): part.facts
        }
    }

    /// The same condition with every fact condition transformed.
    func map(_ transform: (FactCondition) -> Condition) -> Condition {
        switch self {
        case .fact(let condition): transform(condition)
        case .all(let parts): .all(parts.map { $0.map(transform) })
        case .any(let parts): .any(parts.map { $0.map(transform) })
        case .not(let part): .not(part.map(transform))
        }
    }
}

/// A condition on one fact: its outcome, and tests of its fields.
struct FactCondition: Sendable, Equatable {
    /// Which observations of the fact are meant.
    enum Scope: String, Sendable, CaseIterable {
        /// The subject's own, else its host's, else the domain's, else the only one there is.
        case own
        /// At least one of all.
        case any
        /// Every one of all.
        case every
    }

    let id: Int
    let fact: String
    let outcome: Outcome<FactValue>.Kind
    let scope: Scope
    let tests: [FieldTest]
}

/// One test of one field.
struct FieldTest: Sendable, Equatable {
    enum Operator: Sendable, Equatable {
        case equals(FactValue)
        case oneOf([FactValue])
        case below(Double)
        case atLeast(Double)
        /// A list holds the value.
        case contains(FactValue)
        /// `*` stands for any octets, the rest for itself; linear in the text.
        case matches(String)
        case exists(Bool)
    }

    /// Dotted; empty for the item of a list of texts.
    let path: String
    let test: Operator
    /// Set by the rule tester.
    var isNegated = false
    private let steps: [String]

    init(path: String, test: Operator) {
        self.path = path
        self.test = test
        steps = path.utf8.split(separator: UInt8(ascii: ".")).map { String(decoding: $0, as: UTF8.self) }
    }

    func holds(for value: FactValue) -> Bool {
        evaluate(steps.isEmpty ? value : value[steps: steps]) != isNegated
    }

    private func evaluate(_ value: FactValue?) -> Bool {
        if case .exists(let wanted) = test { return (value != nil) == wanted }
        // An optional field that is not there is neither this nor that.
        guard let value else { return false }
        switch test {
        case .equals(let wanted): return value == wanted
        case .oneOf(let wanted): return wanted.contains(value)
        case .below(let limit): return Self.number(value).map { $0 < limit } ?? false
        case .atLeast(let limit): return Self.number(value).map { $0 >= limit } ?? false
        case .contains(let wanted): return value.listValue?.contains(wanted) ?? false
        case .matches(let pattern): return value.stringValue.map { Glob.matches($0, pattern) } ?? false
        case .exists: return false
        }
    }

    private static func number(_ value: FactValue) -> Double? {
        switch value {
        case .int(let number): Double(number)
        case .double(let number): number
        // The number of items, for lists.
        case .list(let items): Double(items.count)
        default: nil
        }
    }
}

/// Patterns with `*`, matched in time proportional to text times pattern.
package enum Glob {
    package static func matches(_ text: String, _ pattern: String) -> Bool {
        let text = Array(text.utf8)
        let pattern = Array(pattern.utf8)
        let star = UInt8(ascii: "*")
        var (t, p) = (0, 0)
        var (starAt, resumeAt) = (-1, 0)
        while t < text.count {
            if p < pattern.count, pattern[p] == star {
                (starAt, resumeAt) = (p, t)
                p += 1
            } else if p < pattern.count, pattern[p] == text[t] {
                (t, p) = (t + 1, p + 1)
            } else if starAt >= 0 {
                resumeAt += 1
                (t, p) = (resumeAt, starAt + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == star }
    }
}
