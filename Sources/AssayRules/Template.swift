import AssayModel

/// Text with placeholders: `{field}`, `{fact.id:field}`, `{domain}`, `{unicode_domain}`, `{subject}`, `{name}`, `{address}`,
/// `{object}`, `{item}`, and filters `|duration`, `|date`, `|list`, `|count`, `|txt`, `|code`, `|or:TEXT`.
package struct Template: Sendable, Equatable {
    enum Piece: Sendable, Equatable {
        case literal(String)
        case value(Placeholder)
    }

    struct Placeholder: Sendable, Equatable {
        /// nil for the anchor's.
        let fact: String?
        let path: String
        let filters: [Filter]
    }

    enum Filter: Sendable, Equatable {
        case duration, date, list, count, txt, code
        case or(String)
    }

    /// As written.
    package let source: String
    let pieces: [Piece]

    /// Names that stand for the subject and the domain, not for a field.
    static let subjectNames: Set<String> = [
        "domain", "unicode_domain", "subject", "name", "address", "object", "item",
    ]

    /// Splits the text; throws words about the first placeholder that is none.
    init(_ source: String) throws(Template.Fault) {
        self.source = source
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        var rest = Array(source.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "{"), rest.first == byte {
                literal.append(byte)
                rest = rest.dropFirst()
            } else if byte == UInt8(ascii: "{") {
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                    throw Fault(words: "a brace is not closed")
                }
                if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
                literal = []
                pieces.append(.value(try Self.placeholder(rest[..<end])))
                rest = rest[(end + 1)...]
            } else if byte == UInt8(ascii: "}"), rest.first == byte {
                literal.append(byte)
                rest = rest.dropFirst()
            } else {
                literal.append(byte)
            }
        }
        if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
        self.pieces = pieces
    }

    struct Fault: Error { let words: String }

    private static func placeholder(_ bytes: ArraySlice<UInt8>) throws(Fault) -> Placeholder {
        let parts = bytes.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        var filters: [Filter] = []
        for part in parts.dropFirst() {
            switch part {
            case "duration": filters.append(.duration)
            case "date": filters.append(.date)
            case "list": filters.append(.list)
            case "count": filters.append(.count)
            case "txt": filters.append(.txt)
            case "code": filters.append(.code)
            case _ where part.utf8.starts(with: "or:".utf8):
                filters.append(.or(String(decoding: part.utf8.dropFirst(3), as: UTF8.self)))
            default:
                throw Fault(
                    words: "there is no filter \"\(part)\"; there are duration, date, list, count, txt, code, or:TEXT")
            }
        }
        let words = parts[0].utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count <= 2, words.allSatisfy({ !$0.isEmpty }) else {
            throw Fault(words: "{\(parts[0])} is no placeholder")
        }
        return Placeholder(fact: words.count == 2 ? words[0] : nil, path: words[words.count - 1], filters: filters)
    }

    var placeholders: [Placeholder] {
        pieces.compactMap { if case .value(let placeholder) = $0 { placeholder } else { nil } }
    }

    /// Fills the placeholders; `lookup` gives the value of one, nil where there is none.
    func render(_ lookup: (Placeholder) -> FactValue?) -> String {
        var result = ""
        for piece in pieces {
            switch piece {
            case .literal(let text): result += text
            case .value(let placeholder): result += Self.text(lookup(placeholder), placeholder.filters)
            }
        }
        return result
    }

    private static func text(_ value: FactValue?, _ filters: [Filter]) -> String {
        for filter in filters {
            switch (filter, value) {
            case (.or(let other), nil), (.or(let other), .list([])), (.or(let other), .string("")): return other
            case (.duration, .int(let seconds)): return DurationText.of(seconds)
            case (.date, .string(let text)): return Timestamp(parsing: text)?.dayText ?? text
            case (.count, .list(let items)): return "\(items.count)"
            case (.txt, .string(let text)): return ZoneFileText.quoted(text)
            // Lines to be pasted: whole, each for itself.
            case (.code, .list(let items)):
                return items.map { "`\($0.stringValue ?? plain($0))`" }.joined(separator: ", ")
            default: continue
            }
        }
        guard let value else { return "unknown" }
        return plain(value)
    }

    private static func plain(_ value: FactValue) -> String {
        switch value {
        case .null: return "unknown"
        case .bool(let flag): return flag ? "yes" : "no"
        case .int(let number): return "\(number)"
        case .double(let number): return "\(number)"
        case .string(let text): return cut(text)
        case .list(let items): return cut(items.map(plain).joined(separator: ", "))
        case .object(let members):
            return cut(
                members.sorted { $0.key < $1.key }.map { "\($0.key) \(plain($0.value))" }.joined(separator: ", "))
        }
    }

    /// Whole characters up to the limit.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > RuleLimits.valueOctets else { return text }
        var octets = 0
        let kept = text.unicodeScalars.prefix { scalar in
            octets += Unicode.UTF8.width(scalar)
            return octets <= RuleLimits.valueOctets
        }
        return String(String.UnicodeScalarView(kept)) + "..."
    }
}

/// Seconds as people say them: `90 seconds`, `36 hours`, `14 days`.
enum DurationText {
    static func of(_ seconds: Int) -> String {
        let length = seconds.magnitude
        func say(_ count: UInt, _ unit: String) -> String { "\(count) \(unit)\(count == 1 ? "" : "s")" }
        switch length {
        case ..<120: return say(length, "second")
        case ..<7200: return say(length / 60, "minute")
        case ..<172_800: return say(length / 3600, "hour")
        default: return say(length / 86_400, "day")
        }
    }
}
