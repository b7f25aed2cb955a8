/// What `use` elements come to: each stands for its target, which may hold others.
final class SVGUses {
    struct Problem {
        let isCycle: Bool
        let place: (line: Int, column: Int)
        let words: String
    }

    private struct Node {
        var children: [Int] = []
        let target: String?
        let place: (line: Int, column: Int)
    }

    private var nodes: [Node] = []
    private var path: [Int] = []
    private var ids: [String: Int] = [:]
    private var found: [Problem] = []
    private var reported: Set<Int> = []
    private var drawn = 0

    func begin(id: String?, target: String?, place: (line: Int, column: Int)) {
        let index = nodes.count
        nodes.append(Node(target: target.flatMap(Self.fragment), place: place))
        if let parent = path.last { nodes[parent].children.append(index) }
        if let id, ids[id] == nil { ids[id] = index }
        path.append(index)
    }

    func end() { _ = path.popLast() }

    /// Draws as a renderer would, as far as the limits go; one problem for each `use`, at most one of the whole.
    func problems() -> [Problem] {
        guard !nodes.isEmpty else { return [] }
        var active: Set<Int> = []
        draw(0, depth: 0, &active)
        return found
    }

    private func draw(_ index: Int, depth: Int, _ active: inout Set<Int>) {
        drawn += 1
        if drawn == SVGLimits.drawnElements + nodes.count {
            let place = nodes.first { $0.target != nil }?.place ?? nodes[0].place
            found.append(Problem(isCycle: false, place: place, words: "svg.drawn_elements \(SVGLimits.drawnElements)"))
        }
        guard drawn < SVGLimits.drawnElements + nodes.count else { return }
        active.insert(index)
        defer { active.remove(index) }
        for child in nodes[index].children { draw(child, depth: depth, &active) }
        guard let target = nodes[index].target, let place = ids[target] else { return }
        if active.contains(place) {
            report(index, isCycle: true, "#\(target)")
        } else if depth == SVGLimits.useDepth {
            report(index, isCycle: false, "svg.use_depth \(SVGLimits.useDepth)")
        } else {
            draw(place, depth: depth + 1, &active)
        }
    }

    private func report(_ index: Int, isCycle: Bool, _ words: String) {
        guard reported.insert(index).inserted else { return }
        found.append(Problem(isCycle: isCycle, place: nodes[index].place, words: words))
    }

    /// The id behind `#`.
    private static func fragment(_ reference: String) -> String? {
        let text = SVGProfile.Value.collapsed(Array(reference.utf8))
        guard text.utf8.first == UInt8(ascii: "#"), text.utf8.count <= 256 else { return nil }
        return String(decoding: text.utf8.dropFirst(), as: UTF8.self)
    }
}
