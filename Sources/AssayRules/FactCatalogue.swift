package import AssayModel
import Synchronization

/// The facts that rules may ask about, with the shape of each, learnt from the facts' examples when a rule asks.
package final class FactCatalogue: Sendable {
    /// The shape of a value.
    package indirect enum Shape: Sendable, Equatable {
        case bool, int, double, string
        case list(Shape)
        case object([String: Shape])
        /// Seen only empty.
        case unknown

        package var name: String {
            switch self {
            case .bool: "a truth value"
            case .int: "an integer"
            case .double: "a number"
            case .string: "a text"
            case .list: "a list"
            case .object: "an object"
            case .unknown: "unknown"
            }
        }
    }

    private let facts: [String: any Fact.Type]
    private let shapes = Mutex<[String: Shape]>([:])

    package init(facts: [any Fact.Type]) {
        self.facts = Dictionary(facts.map { ($0.id, $0) }) { first, _ in first }
    }

    /// nil where there is no such fact.
    package subscript(fact: String) -> Shape? {
        guard let type = facts[fact] else { return nil }
        return shapes.withLock { shapes in
            if let known = shapes[fact] { return known }
            let shape = Self.shape(of: type)
            shapes[fact] = shape
            return shape
        }
    }

    private static func shape<F: Fact>(of fact: F.Type) -> Shape {
        fact.examples.map { Self.shape(of: $0.factValue) }.reduce(.unknown, merge)
    }

    private static func shape(of value: FactValue) -> Shape {
        switch value {
        case .null: .unknown
        case .bool: .bool
        case .int: .int
        case .double: .double
        case .string: .string
        case .list(let items): .list(items.map(shape(of:)).reduce(.unknown, merge))
        case .object(let members): .object(members.mapValues(shape(of:)))
        }
    }

    private static func merge(_ left: Shape, _ right: Shape) -> Shape {
        switch (left, right) {
        case (.unknown, let other), (let other, .unknown): other
        case (.list(let a), .list(let b)): .list(merge(a, b))
        case (.object(let a), .object(let b)): .object(a.merging(b, uniquingKeysWith: merge))
        default: left
        }
    }

    /// The shape behind a dotted path, or nil where there is none.
    package func shape(of fact: String, path: String) -> Shape? {
        self[fact].flatMap { Self.step(into: $0, path) }
    }

    static func step(into shape: Shape, _ path: String) -> Shape? {
        var current = shape
        for step in path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard case .object(let members) = current, let next = members[String(decoding: step, as: UTF8.self)] else {
                return nil
            }
            current = next
        }
        return current
    }
}
