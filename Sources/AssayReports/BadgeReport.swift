import AssayModel

/// A small SVG for a README: what was scanned, and the worst of it, in words and colour.
enum BadgeReport {
    static func write(_ reports: [Report], _ words: Wording) -> [UInt8] {
        let open = reports.flatMap(\.findings).filter { $0.accepted == nil && $0.severity != .info }
        let isComplete = reports.allSatisfy(\.complete)
        let worst = open.map(\.severity).max()
        let right =
            worst.map { worst in "\(open.count { $0.severity == worst }) \(words.name(of: worst))" }
            ?? (isComplete ? words("badge.good") : words("badge.unknown"))
        let colour = worst.map(color) ?? (isComplete ? "#0f6b3c" : "#5c6370")
        return Array(svg(left: words("badge.name"), right: right, colour: colour).utf8)
    }

    private static func svg(left: String, right: String, colour: String) -> String {
        let (leftWidth, rightWidth) = (width(left), width(right))
        let total = leftWidth + rightWidth
        var svg = HTML()
        svg.element(
            "svg",
            [
                ("xmlns", "http://www.w3.org/2000/svg"), ("width", "\(total)"), ("height", "20"), ("role", "img"),
                ("aria-label", "\(left): \(right)"),
            ]
        ) { svg in
            svg.element("title", "\(left): \(right)")
            rectangle(0, leftWidth, "#333b46", &svg)
            rectangle(leftWidth, rightWidth, colour, &svg)
            label(left, at: 0, leftWidth, &svg)
            label(right, at: leftWidth, rightWidth, &svg)
        }
        return String(decoding: svg.octets, as: UTF8.self) + "\n"
    }

    private static func rectangle(_ x: Int, _ width: Int, _ colour: String, _ svg: inout HTML) {
        svg.element("rect", [("x", "\(x)"), ("width", "\(width)"), ("height", "20"), ("fill", colour)]) { _ in }
    }

    private static func label(_ text: String, at x: Int, _ width: Int, _ svg: inout HTML) {
        svg.element(
            "text",
            [
                ("x", "\(x + padding)"), ("y", "14"), ("fill", "#fff"), ("font-size", "11"),
                ("font-family", "Verdana,DejaVu Sans,sans-serif"), ("textLength", "\(width - 2 * padding)"),
            ]
        ) { $0.text(text) }
    }

    /// Verdana at 11 pixels is about 7 wide; `textLength` makes it exact.
    private static func width(_ text: String) -> Int { text.utf8.count * 7 + 2 * padding }

    private static let padding = 6

    /// White on each passes 4.5 to 1.
    private static func color(_ severity: Severity) -> String {
        switch severity {
        case .critical: "#7d0552"
        case .high: "#b3261e"
        case .medium: "#8a4b00"
        case .low: "#5b5f00"
        case .info: "#1f5a99"
        }
    }
}
