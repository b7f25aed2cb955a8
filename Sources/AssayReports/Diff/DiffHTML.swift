import AssayModel

/// A diff as a page of its own.
struct DiffHTML {
    private let diff: ReportDiff
    private let words: Wording

    init(_ diff: ReportDiff, _ words: Wording) {
        self.diff = diff
        self.words = words
    }

    func render() -> [UInt8] {
        let name = Wording.domain(diff.to)
        return HTMLPage(words: words, title: words("diff.page", ["domain": name])).render { html in
            html.element("header") { html in
                html.element("p", class: "kicker", words("title.kicker"))
                html.element("h1", name)
            }
            if let before = diff.from.score, let after = diff.to.score {
                let values = [
                    "before": "\(before.value) \(before.grade)", "after": "\(after.value) \(after.grade)",
                ]
                html.element("p", class: "sentence", words("diff.score", values))
            }
            ChangesSection(words: words).write(diff, &html)
        }
    }
}
