import Yams

/// What readers of YAML ask for, each refusal with its place.
extension YAMLDocument {
    func mapping(_ node: Node) throws(RuleError) -> [(Node, Node)] {
        guard case .mapping(let members) = node else { throw error(node, "expected a mapping") }
        return members.map { ($0.key, $0.value) }
    }

    func members(of node: Node, _ what: String, allowed: Set<String>) throws(RuleError) -> [String: Node] {
        guard case .mapping(let members) = node else { throw error(node, "\(what) is a mapping") }
        var result: [String: Node] = [:]
        for (key, value) in members {
            let name = try text(key)
            guard allowed.contains(name) else {
                throw error(
                    key, "\(what) has no \"\(name)\"; it has \(allowed.sorted().joined(separator: ", "))")
            }
            result[name] = value
        }
        return result
    }

    func required(_ name: String, of members: [String: Node], _ node: Node) throws(RuleError) -> Node {
        guard let found = members[name] else { throw error(node, "\"\(name)\" is missing") }
        return found
    }

    func items(_ node: Node) throws(RuleError) -> [Node] {
        guard case .sequence(let items) = node else { throw error(node, "expected a list") }
        return Array(items)
    }

    func text(_ node: Node) throws(RuleError) -> String {
        guard case .scalar(let scalar) = node else { throw error(node, "expected a text") }
        return scalar.string
    }

    func texts(_ node: Node) throws(RuleError) -> [String] {
        var result: [String] = []
        for item in try items(node) { result.append(try text(item)) }
        return result
    }
}
