import AssayModel

/// The include tree of SPF as a receiver walks it, with the lookups it has cost so far, and a bar of the ten that are allowed
/// (RFC 7208 section 4.6.4).
struct SPFPicture {
    let words: Wording

    func write(_ report: Report, _ html: inout HTML) {
        guard let tree = report.observations.first(where: { $0.fact == "spf.tree" })?.outcome.value,
            let nodes = tree[path: "nodes"]?.listValue, !nodes.isEmpty
        else { return }
        let lookups = tree[path: "lookups"]?.intValue ?? 0
        let label = words("tree.lookups", ["n": "\(lookups)"])
        let rows = nodes.prefix(ReportLimits.treeRows).map(Row.init)
        let width = rows.map { $0.depth * 18 + $0.text.unicodeScalars.count * 7 }.max() ?? 0
        let full = max(320, min(width, 720) + 110)
        let height = 44 + rows.count * 20
        html.element("h3", words("tree.title"))
        html.element(
            "div", class: "scroll", [("tabindex", "0"), ("role", "region"), ("aria-label", words("tree.title"))]
        ) {
            html in
            html.element(
                "svg", class: "picture",
                [
                    ("viewBox", "0 0 \(full) \(height)"), ("width", "\(full)"), ("height", "\(height)"),
                    ("role", "img"),
                    ("aria-label", label + ": " + rows.map(\.text).joined(separator: ", ")),
                ]
            ) { html in
                bar(lookups, label, &html)
                for (index, row) in rows.enumerated() { draw(row, y: 56 + index * 20, right: full - 10, &html) }
            }
        }
        if nodes.count > rows.count {
            html.element("p", class: "meta", words("tree.more", ["n": "\(nodes.count - rows.count)"]))
        }
    }

    private struct Row {
        let depth: Int
        let text: String
        let lookups: Int
        let isBad: Bool

        init(_ node: FactValue) {
            depth = min(node[path: "depth"]?.intValue ?? 0, 10)
            let term = node[path: "term"]?.stringValue ?? ""
            text =
                term.unicodeScalars.count > 90
                ? String(String.UnicodeScalarView(term.unicodeScalars.prefix(89))) + "…" : term
            lookups = node[path: "lookups"]?.intValue ?? 0
            isBad = node[path: "status"]?.stringValue != "ok" || lookups > SPFPicture.allowed
        }
    }

    private func bar(_ lookups: Int, _ label: String, _ html: inout HTML) {
        for number in 0..<max(Self.allowed, min(lookups, 30)) {
            let tone = number < lookups ? (number < Self.allowed ? "pass" : "high") : "untold"
            html.element("g", class: tone) { html in
                html.element(
                    "rect", class: number < lookups ? "full" : nil,
                    [("x", "\(2 + number * 16)"), ("y", "4"), ("width", "13"), ("height", "14")]
                ) { _ in }
            }
        }
        html.element("text", class: "head", [("x", "2"), ("y", "34")]) { $0.text(label) }
    }

    private func draw(_ row: Row, y: Int, right: Int, _ html: inout HTML) {
        html.element("g", class: row.isBad ? "high" : "pass") { html in
            html.element("text", class: row.isBad ? "bad" : nil, [("x", "\(4 + row.depth * 18)"), ("y", "\(y)")]) {
                $0.text((row.isBad ? "✗ " : "") + row.text)
            }
            html.element("text", [("x", "\(right)"), ("y", "\(y)"), ("text-anchor", "end")]) {
                $0.text("\(row.lookups)")
            }
        }
    }

    /// RFC 7208 section 4.6.4.
    private static let allowed = 10
}
