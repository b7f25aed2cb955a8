/// Turns any `Encodable` into a `FactValue`, with keys in snake_case (`maxAge` to `max_age`, `policyID` to `policy_id`).
///
/// Absent optionals leave no key. Total: a value that cannot be represented becomes `null`.
package enum FactValueEncoder {
    package static func encode(_ value: some Encodable) -> FactValue {
        let slot = Slot()
        do { try value.encode(to: SlotEncoder(slot: slot)) } catch { return .null }
        return slot.value
    }

    /// `spkiSHA256` to `spki_sha256`: a new word at lower-to-upper, and before the last of several capitals.
    package static func snakeCase(_ name: String) -> String {
        let bytes = Array(name.utf8)
        func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
        func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if isUpper(byte), index > 0 {
                let previous = bytes[index - 1]
                let beginsWord = isUpper(previous) && index + 1 < bytes.count && isLower(bytes[index + 1])
                if previous != UInt8(ascii: "_"), !isUpper(previous) || beginsWord { result.append(UInt8(ascii: "_")) }
            }
            result.append(isUpper(byte) ? byte + 0x20 : byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// The place one value is written to. Lives within one call of `encode`.
private final class Slot {
    enum Content {
        case value(FactValue)
        case object([String: Slot])
        case list([Slot])
    }

    var content = Content.value(.null)

    var value: FactValue {
        switch content {
        case .value(let value): value
        case .object(let members): .object(members.mapValues(\.value))
        case .list(let items): .list(items.map(\.value))
        }
    }

    func member(_ key: String) -> Slot {
        let slot = Slot()
        var members: [String: Slot] = [:]
        if case .object(let existing) = content { members = existing }
        members[FactValueEncoder.snakeCase(key)] = slot
        content = .object(members)
        return slot
    }

    func item() -> Slot {
        let slot = Slot()
        if case .list(let existing) = content { content = .list(existing + [slot]) } else { content = .list([slot]) }
        return slot
    }

    func write(_ value: some Encodable) throws {
        switch value {
        case let value as Bool: content = .value(.bool(value))
        case let value as String: content = .value(.string(value))
        case let value as Double: content = .value(.double(value))
        case let value as any FixedWidthInteger: content = .value(.int(Int(clamping: value)))
        case let value as FactValue: content = .value(value)
        default: try value.encode(to: SlotEncoder(slot: self))
        }
    }
}

private struct SlotEncoder: Encoder {
    let slot: Slot
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .value = slot.content { slot.content = .object([:]) }
        return KeyedEncodingContainer(KeyedSlots<Key>(slot: slot))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .value = slot.content { slot.content = .list([]) }
        return ListSlots(slot: slot)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleSlot(slot: slot) }
}

private struct KeyedSlots<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: Slot
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil(forKey key: Key) { _ = slot.member(key.stringValue) }
    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
        try slot.member(key.stringValue).write(value)
    }
    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        SlotEncoder(slot: slot.member(key.stringValue)).container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        SlotEncoder(slot: slot.member(key.stringValue)).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { SlotEncoder(slot: slot.member("super")) }
    mutating func superEncoder(forKey key: Key) -> any Encoder { SlotEncoder(slot: slot.member(key.stringValue)) }
}

private struct ListSlots: UnkeyedEncodingContainer {
    let slot: Slot
    var codingPath: [any CodingKey] { [] }
    var count: Int { if case .list(let items) = slot.content { items.count } else { 0 } }

    mutating func encodeNil() { _ = slot.item() }
    mutating func encode(_ value: some Encodable) throws { try slot.item().write(value) }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        SlotEncoder(slot: slot.item()).container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        SlotEncoder(slot: slot.item()).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { SlotEncoder(slot: slot.item()) }
}

private struct SingleSlot: SingleValueEncodingContainer {
    let slot: Slot
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil() { slot.content = .value(.null) }
    mutating func encode(_ value: some Encodable) throws { try slot.write(value) }
}
