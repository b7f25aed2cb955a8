/// Reads DER element by element (X.690): definite lengths, single-octet tags. What does not fit is nil.
struct DERReader {
    struct Element {
        let tag: UInt8
        let content: ArraySlice<UInt8>

        var reader: DERReader { DERReader(content) }
    }

    private var rest: ArraySlice<UInt8>

    init(_ octets: ArraySlice<UInt8>) { rest = octets }
    init(_ octets: [UInt8]) { rest = octets[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next element, whatever it is.
    mutating func next() -> Element? {
        var cursor = rest
        guard let tag = cursor.popFirst(), tag & 0x1F != 0x1F, let first = cursor.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            let count = Int(first & 0x7F)
            guard (1...3).contains(count), cursor.count >= count else { return nil }
            length = cursor.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            cursor = cursor.dropFirst(count)
        }
        guard cursor.count >= length else { return nil }
        rest = cursor.dropFirst(length)
        return Element(tag: tag, content: cursor.prefix(length))
    }

    /// The next element where it has this tag; else nothing is read.
    mutating func next(_ tag: UInt8) -> Element? {
        guard rest.first == tag else { return nil }
        return next()
    }

    /// All that is left.
    mutating func all() -> [Element] {
        var elements: [Element] = []
        while !isAtEnd, let element = next() { elements.append(element) }
        return elements
    }

    /// `1.3.6.1.5.5.7.3.31`; nil for what is no object identifier.
    static func objectIdentifier(_ content: ArraySlice<UInt8>) -> String? {
        guard !content.isEmpty, content.last.map({ $0 & 0x80 == 0 }) ?? false, content.count <= 64 else { return nil }
        var numbers: [UInt64] = []
        var value: UInt64 = 0
        for octet in content {
            guard value < 1 << 56 else { return nil }
            value = value << 7 | UInt64(octet & 0x7F)
            guard octet & 0x80 == 0 else { continue }
            if numbers.isEmpty {
                let first = min(value / 40, 2)
                numbers = [first, value - first * 40]
            } else {
                numbers.append(value)
            }
            value = 0
        }
        return numbers.map(String.init).joined(separator: ".")
    }

    static let sequence: UInt8 = 0x30
    static let objectIdentifier: UInt8 = 0x06
    static let octetString: UInt8 = 0x04
    static let ia5String: UInt8 = 0x16
}
