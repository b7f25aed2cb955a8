import AssayModel
import RuleFiles

/// One rule file: its name for messages, and its octets.
package struct RuleSource: Sendable {
    package let name: String
    package let bytes: [UInt8]
    /// Came with the program, so its cases were proven before: a scan need not read them.
    let isBuiltIn: Bool

    package init(name: String, bytes: [UInt8]) {
        self.init(name: name, bytes: bytes, isBuiltIn: false)
    }

    private init(name: String, bytes: [UInt8], isBuiltIn: Bool) {
        self.name = name
        self.bytes = bytes
        self.isBuiltIn = isBuiltIn
    }

    /// A built-in file with every `cases` block emptied, its lines still where they were: cases are most of what there is to
    /// parse. Any other file as it is.
    var withoutCases: RuleSource {
        guard isBuiltIn else { return self }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var isCase = false
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[end...]
            isCase = line.starts(with: "  cases:".utf8) || (isCase && line.starts(with: "    ".utf8))
            if isCase { kept.append(0x0A) } else { kept += line }
        }
        return RuleSource(name: name, bytes: kept, isBuiltIn: true)
    }

    /// A built-in file with the rules alone that are judged on one of these facts, their lines where they were; `leftOut` are the
    /// ids of the others. A rule that is judged on a fact that nobody states says nothing. Any other file as it is.
    func judgedOn(_ facts: Set<String>) -> (source: RuleSource, leftOut: Set<String>, isEmpty: Bool) {
        guard isBuiltIn else { return (self, [], false) }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var leftOut: Set<String> = []
        var rules = 0
        for block in Self.blocks(bytes) {
            guard let id = Self.word(behind: "- id: ", in: block) else {
                kept += block
                continue
            }
            // The first fact of `when` is what a rule is judged on.
            let when = block.place(of: Self.whenHead).map { block[$0...] } ?? []
            let anchor = when.place(of: Self.factHead).flatMap {
                Self.word(behind: "", in: when[($0 + Self.factHead.count)...])
            }
            if let anchor, !facts.contains(anchor) {
                leftOut.insert(id)
                for octet in block where octet == 0x0A { kept.append(octet) }
            } else {
                rules += 1
                kept += block
            }
        }
        return (RuleSource(name: name, bytes: kept, isBuiltIn: true), leftOut, rules == 0 && !leftOut.isEmpty)
    }

    /// What stands before the first rule, and each rule.
    private static func blocks(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var blocks: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        // The search starts behind the first octet, so that a block does not find its own head.
        while let next = rest.dropFirst().place(of: ruleHead) {
            blocks.append(rest[...next])
            rest = rest[(next + 1)...]
        }
        return blocks + [rest]
    }

    private static let ruleHead = Array("\n- id: ".utf8)
    private static let whenHead = Array("\n  when:".utf8)
    private static let factHead = Array("fact: ".utf8)

    /// Letters, digits, dots and underscores behind `head`.
    private static func word(behind head: String, in text: ArraySlice<UInt8>) -> String? {
        guard text.starts(with: head.utf8) else { return nil }
        let word = text.dropFirst(head.utf8.count).prefix {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x5F
        }
        return String(decoding: word, as: UTF8.self)
    }

    /// The rule files inside this program, in order of their names.
    package static var builtIn: [RuleSource] {
        files.filter { !tableNames.contains($0.name) && !$0.isLanguage && $0.name != markRootsName }
    }

    /// The directory of senders (`rules/senders.yaml`).
    package static var senders: RuleSource? { table("senders") }

    /// Certificate authorities and how CAA records name them (`rules/issuers.yaml`).
    package static var issuers: RuleSource? { table("issuers") }

    /// The arithmetic of the score (`rules/score.yaml`).
    package static var score: RuleSource? { table("score") }

    /// Providers with their DKIM selectors (`rules/selectors.yaml`).
    package static var selectors: RuleSource? { table("selectors") }

    /// Every table: facts about the outside world, which no rule is.
    package static var tables: [RuleSource] { files.filter { tableNames.contains($0.name) } }

    /// The words of reports, a file per language.
    package static var languages: [RuleSource] { files.filter(\.isLanguage) }

    private var isLanguage: Bool { isBuiltIn && name.utf8.starts(with: "rules/lang/".utf8) }

    private static func table(_ name: String) -> RuleSource? { files.first { $0.name == "rules/\(name).yaml" } }

    private static let tableNames: Set = [
        "rules/issuers.yaml", "rules/score.yaml", "rules/selectors.yaml", "rules/senders.yaml",
    ]

    /// The authorities of mark certificates (`rules/mark-roots.txt`): digest and subject of one on each line.
    package static var markRoots: [(digest: String, subject: String)] {
        let bytes = files.first { $0.name == markRootsName }?.bytes ?? []
        return bytes.split(separator: 0x0A).filter { $0.first != UInt8(ascii: "#") }.compactMap { line in
            guard let space = line.firstIndex(of: 0x20) else { return nil }
            return (
                String(decoding: line[..<space], as: UTF8.self), String(decoding: line[(space + 1)...], as: UTF8.self)
            )
        }
    }

    private static let markRootsName = "rules/mark-roots.txt"

    private static var files: [RuleSource] {
        (0..<rule_file_count()).map { index in
            let file = rule_file(index)
            return RuleSource(
                name: "rules/\(String(cString: file.name))",
                bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.length)), isBuiltIn: true)
        }
    }
}

/// What is wrong with a rule file, and where.
package struct RuleError: Error, CustomStringConvertible, Equatable {
    package let description: String

    init(_ file: String, line: Int? = nil, column: Int? = nil, _ words: String) {
        let place = line.map { ":\($0):\(column ?? 1)" } ?? ""
        description = "\(file)\(place): \(words)"
    }
}
