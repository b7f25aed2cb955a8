/// Boxes with lines between them, as inline SVG; the words are the picture's label too.
enum Picture {
    enum Tone: String { case pass, bad = "high", untold }

    struct Box {
        let lines: [String]
        let tone: Tone
        /// To the box before it; a broken link is dashed.
        let isLinked: Bool
    }

    /// One box after the other.
    static func row(_ boxes: [Box], label: String, _ html: inout HTML) {
        let widths = boxes.map(width)
        let height = (boxes.map(\.lines.count).max() ?? 1) * 17 + 18
        let full = widths.reduce(0, +) + (boxes.count - 1) * gap + 4
        let text = ([label] + boxes.map { $0.lines.joined(separator: ", ") }).joined(separator: "; ")
        frame(label: label, text: text, width: full, height: height + 4, &html) { html in
            var x = 2
            for (index, box) in boxes.enumerated() {
                let middle = height / 2
                if index > 0 { link(from: (x - gap, middle), to: (x, middle), isWhole: box.isLinked, &html) }
                draw(box, x: x, y: 2, width: widths[index], height: height, &html)
                x += widths[index] + gap
            }
        }
    }

    /// A picture that scrolls by itself on a narrow screen.
    static func frame(
        label: String, text: String, width: Int, height: Int, _ html: inout HTML, _ body: (inout HTML) -> Void
    ) {
        html.element("div", class: "scroll", [("tabindex", "0"), ("role", "region"), ("aria-label", label)]) { html in
            html.element(
                "svg", class: "picture",
                [
                    ("viewBox", "0 0 \(width) \(height)"), ("width", "\(width)"), ("height", "\(height)"),
                    ("role", "img"), ("aria-label", text),
                ], body)
        }
    }

    static func width(_ box: Box) -> Int {
        max(70, min(maximumColumns, (box.lines.map(\.unicodeScalars.count).max() ?? 0)) * 7 + 20)
    }

    /// Straight, or by way of the middle.
    static func link(from: (x: Int, y: Int), to: (x: Int, y: Int), isWhole: Bool, _ html: inout HTML) {
        let middle = (from.x + to.x) / 2
        let path =
            from.y == to.y
            ? "M\(from.x) \(from.y)H\(to.x)" : "M\(from.x) \(from.y)H\(middle)V\(to.y)H\(to.x)"
        html.element("path", class: isWhole ? "link" : "link broken", [("d", path)]) { _ in }
    }

    static func draw(_ box: Box, x: Int, y: Int, width: Int, height: Int, _ html: inout HTML) {
        html.element("g", class: box.tone.rawValue) { html in
            html.element(
                "rect",
                [("x", "\(x)"), ("y", "\(y)"), ("width", "\(width)"), ("height", "\(height)"), ("rx", "4")]
            ) { _ in }
            for (index, line) in box.lines.enumerated() {
                html.element(
                    "text", class: index == 0 ? "head" : nil,
                    [("x", "\(x + 10)"), ("y", "\(y + 20 + index * 17)")]
                ) { $0.text(cut(line)) }
            }
        }
    }

    private static func cut(_ text: String) -> String {
        guard text.unicodeScalars.count > maximumColumns else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(maximumColumns - 1))) + "…"
    }

    static let gap = 34
    private static let maximumColumns = 34
}
