/// A fact's value as plain data: what rules and reports read.
///
/// Members of an object are sorted by key wherever they are printed.
package enum FactValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([FactValue])
    case object([String: FactValue])
}

extension FactValue {
    /// The value behind a dotted path (`policy.max_age`), or nil where a step is missing or null.
    package subscript(path path: String) -> FactValue? {
        // Most paths are one step.
        if !path.utf8.contains(UInt8(ascii: ".")) { return member(path) }
        var current = self
        for step in path.utf8.split(separator: UInt8(ascii: ".")) {
            guard case .object(let members) = current, let next = members[String(decoding: step, as: UTF8.self)] else {
                return nil
            }
            current = next
        }
        return current == .null ? nil : current
    }

    /// The value behind the steps of a path, taken apart before.
    package subscript(steps steps: [String]) -> FactValue? {
        guard let first = steps.first else { return self == .null ? nil : self }
        if steps.count == 1 { return member(first) }
        var current = self
        for step in steps {
            guard let next = current.member(step) else { return nil }
            current = next
        }
        return current
    }

    private func member(_ name: String) -> FactValue? {
        guard case .object(let members) = self, let value = members[name] else { return nil }
        if case .null = value { return nil }
        return value
    }

    package var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    package var intValue: Int? { if case .int(let value) = self { value } else { nil } }
    package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var listValue: [FactValue]? { if case .list(let value) = self { value } else { nil } }
    package var objectValue: [String: FactValue]? { if case .object(let value) = self { value } else { nil } }
}

extension FactValue: Codable {
    package init(from decoder: any Decoder) throws {
        if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
            var members: [String: FactValue] = [:]
            for key in keyed.allKeys { members[key.stringValue] = try keyed.decode(FactValue.self, forKey: key) }
            self = .object(members)
        } else if var list = try? decoder.unkeyedContainer() {
            var values: [FactValue] = []
            while !list.isAtEnd { values.append(try list.decode(FactValue.self)) }
            self = .list(values)
        } else {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                self = .null
            } else if let value = try? single.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? single.decode(Int.self) {
                self = .int(value)
            } else if let value = try? single.decode(Double.self) {
                self = .double(value)
            } else {
                self = .string(try single.decode(String.self))
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: AnyKey.self)
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                try container.encode(value, forKey: AnyKey(key))
            }
        case .list(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .int(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .double(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .string(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        }
    }
}

/// A coding key made of any text.
package struct AnyKey: CodingKey {
    package let stringValue: String
    package var intValue: Int? { nil }
    package init(_ text: String) { stringValue = text }
    package init(stringValue: String) { self.stringValue = stringValue }
    package init?(intValue: Int) { nil }
}
