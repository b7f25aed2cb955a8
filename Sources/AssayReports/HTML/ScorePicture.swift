import AssayModel

/// The score over the scans that are kept, as a line; the numbers stand below for who does not see it.
struct ScorePicture {
    let words: Wording

    func write(_ report: Report, _ past: ReportPast, _ html: inout HTML) {
        guard let score = report.score?.value else { return }
        let marks =
            past.scores.suffix(ReportLimits.historyScans - 1) + [.init(at: report.startedAt, score: score)]
        guard marks.count > 1, let first = marks.first else { return }
        let label = words(
            "score.history.label",
            [
                "scans": words.count(marks.count, "scan"), "day": first.at.dayText, "first": "\(first.score)",
                "last": "\(score)", "least": "\(marks.map(\.score).min() ?? 0)",
            ])
        html.element("div", class: "history") { html in
            html.element("h2", words("title.history"))
            draw(Array(marks), label, &html)
            html.element("details") { html in
                html.element("summary", label)
                html.element("ul", class: "columns") { html in
                    for mark in marks.reversed() { html.element("li", "\(mark.at.dayText): \(mark.score)") }
                }
            }
        }
    }

    private func draw(_ marks: [ReportPast.Mark], _ label: String, _ html: inout HTML) {
        guard let first = marks.first?.at, let last = marks.last?.at else { return }
        let span = max(1, last.seconds(since: first))
        let points = marks.map { mark in
            (
                x: Self.left + mark.at.seconds(since: first) * (Self.width - Self.left - Self.right) / span,
                y: Self.top + (100 - mark.score) * Self.height / 100
            )
        }
        let full = Self.height + Self.top + 24
        html.element(
            "div", class: "scroll", [("tabindex", "0"), ("role", "region"), ("aria-label", words("title.history"))]
        ) { html in
            html.element(
                "svg", class: "spark",
                [("viewBox", "0 0 \(Self.width) \(full)"), ("role", "img"), ("aria-label", label)]
            ) { lines(marks, points, full, &$0) }
        }
    }

    private func lines(_ marks: [ReportPast.Mark], _ points: [(x: Int, y: Int)], _ full: Int, _ html: inout HTML) {
        guard let first = marks.first?.at, let last = marks.last?.at else { return }
        for score in [0, 50, 100] {
            let y = Self.top + (100 - score) * Self.height / 100
            html.element(
                "line", class: "grid",
                [("x1", "\(Self.left)"), ("x2", "\(Self.width - Self.right)"), ("y1", "\(y)"), ("y2", "\(y)")]
            ) { _ in }
            html.element("text", [("x", "\(Self.left - 8)"), ("y", "\(y + 4)"), ("text-anchor", "end")]) {
                $0.text("\(score)")
            }
        }
        html.element(
            "polyline", [("points", points.map { "\($0.x),\($0.y)" }.joined(separator: " "))]
        ) { _ in }
        for (index, point) in points.enumerated() {
            let isChange = index > 0 && marks[index].score != marks[index - 1].score
            guard isChange || index == 0 || index == points.count - 1 else { continue }
            html.element("circle", [("cx", "\(point.x)"), ("cy", "\(point.y)"), ("r", "4")]) { _ in }
        }
        let end = points[points.count - 1]
        html.element("text", class: "head", [("x", "\(end.x + 10)"), ("y", "\(end.y + 4)")]) {
            $0.text("\(marks[marks.count - 1].score)")
        }
        html.element("text", [("x", "\(Self.left)"), ("y", "\(full - 4)")]) { $0.text(first.dayText) }
        html.element("text", [("x", "\(Self.width - Self.right)"), ("y", "\(full - 4)"), ("text-anchor", "end")]) {
            $0.text(last.dayText)
        }
    }

    private static let (width, height) = (640, 90)
    private static let (left, right, top) = (36, 44, 10)
}
