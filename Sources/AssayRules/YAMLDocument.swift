import Yams

/// A parsed rule file: values with their places. Refuses what a rule file does not need.
struct YAMLDocument {
    let file: String
    let root: Node

    init(_ source: RuleSource) throws(RuleError) {
        file = source.name
        guard source.bytes.count <= RuleLimits.fileOctets else {
            throw RuleError(source.name, "larger than \(RuleLimits.fileOctets) octets")
        }
        guard let text = String(validating: source.bytes, as: UTF8.self) else {
            throw RuleError(source.name, "not UTF-8")
        }
        let parsed: Node?
        do { parsed = try Yams.compose(yaml: text, .basic) } catch { throw Self.translated(error, source.name) }
        guard let parsed else { throw RuleError(source.name, "the file is empty") }
        root = parsed
        var walk = Walk()
        try Self.check(parsed, in: source.name, depth: 1, walk: &walk)
    }

    func error(_ node: Node, _ words: String) -> RuleError {
        RuleError(file, line: node.mark?.line, column: node.mark?.column, words)
    }

    /// Nodes so far, and the place of the last.
    private struct Walk {
        var count = 0
        var last: Mark?
    }

    /// Whoever walks a file meets later places only, unless an alias leads back: whoever expands it may expand a bomb.
    private static func check(_ node: Node, in file: String, depth: Int, walk: inout Walk) throws(RuleError) {
        walk.count += 1
        let place = node.mark
        if let place, let last = walk.last, (place.line, place.column) < (last.line, last.column) {
            throw RuleError(file, line: last.line, column: last.column, "aliases are not allowed here")
        }
        walk.last = place ?? walk.last
        guard depth <= RuleLimits.depth else {
            throw RuleError(
                file, line: place?.line, column: place?.column, "nested deeper than \(RuleLimits.depth) levels")
        }
        guard walk.count <= RuleLimits.nodes else {
            throw RuleError(file, line: place?.line, column: place?.column, "more than \(RuleLimits.nodes) values")
        }
        switch node {
        case .sequence(let items):
            for item in items { try check(item, in: file, depth: depth + 1, walk: &walk) }
        case .mapping(let members):
            for (key, value) in members {
                try check(key, in: file, depth: depth + 1, walk: &walk)
                try check(value, in: file, depth: depth + 1, walk: &walk)
            }
        case .alias: throw RuleError(file, line: place?.line, column: place?.column, "aliases are not allowed here")
        case .scalar: break
        }
    }

    private static func translated(_ error: any Error, _ file: String) -> RuleError {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            RuleError(file, line: mark.line, column: mark.column, problem)
        case .duplicatedKeysInMapping(let keys, let context):
            RuleError(
                file, line: context.mark.line, column: context.mark.column,
                "the key \(keys.sorted().joined(separator: ", ")) stands twice in one mapping")
        case .reader(let problem, _, _, _): RuleError(file, problem)
        default: RuleError(file, "\(error)")
        }
    }
}
