import AssayModel

/// Masthead and verdict: what this is about, how good it is, and what to mend first.
struct VerdictSection {
    let words: Wording

    func write(_ report: Report, _ past: ReportPast, _ html: inout HTML) {
        html.element("header") { html in
            html.element("p", class: "kicker", words("title.kicker"))
            html.element("h1", report.unicodeDomain)
            if report.unicodeDomain != report.domain.description {
                html.element("p", class: "alabel", report.domain.description)
            }
            html.element(
                "p", class: "meta",
                words(
                    "head.meta",
                    [
                        "time": "\(report.startedAt)", "tier": report.tier, "tool": Wording.tool(report),
                        "profiles": Wording.profiles(report),
                    ]))
            let decided = report.checks.count { $0.result != .undetermined }
            html.element(
                "p", class: "chip",
                words("head.coverage", ["decided": "\(decided)", "all": "\(report.checks.count)"]))
            if !report.complete {
                html.element("p", class: "warning", words("head.incomplete", ["untold": words("title.untold")]))
            }
        }
        html.element("section", class: "verdict", [("aria-label", words("title.verdict"))]) { html in
            html.element("div", class: "headline") { html in
                if let score = report.score { ring(score, report, &html) }
                html.element("div") { html in
                    html.element("p", class: "sentence", words.verdict(report))
                    tiles(report, &html)
                }
            }
            if let score = report.score {
                fixes(score, report, &html)
                arithmetic(score, &html)
            }
            ScorePicture(words: words).write(report, past, &html)
        }
    }

    /// The score as part of a circle, in its own words for who does not see it.
    private func ring(_ score: Score, _ report: Report, _ html: inout HTML) {
        let label = words("score.label", ["score": "\(score.value)", "grade": score.grade])
        let worst = report.findings.filter { $0.accepted == nil && $0.severity != .info }.map(\.severity).max()
        html.element(
            "svg", class: "ring \(worst?.rawValue ?? "pass")",
            [("viewBox", "0 0 120 120"), ("width", "132"), ("height", "132"), ("role", "img"), ("aria-label", label)]
        ) { html in
            html.element("title", label)
            html.raw("<circle cx=\"60\" cy=\"60\" r=\"50\" class=\"track\"></circle>")
            // The circumference of radius 50 is 314.
            html.element(
                "circle", class: "arc",
                [
                    ("cx", "60"), ("cy", "60"), ("r", "50"), ("stroke-dasharray", "\(score.value * 314 / 100) 314"),
                    ("transform", "rotate(-90 60 60)"),
                ]
            ) { _ in }
            html.element("text", class: "grade", [("x", "60"), ("y", "66"), ("text-anchor", "middle")]) {
                $0.text(score.grade)
            }
            html.element("text", class: "points", [("x", "60"), ("y", "88"), ("text-anchor", "middle")]) {
                $0.text("\(score.value)/100")
            }
        }
    }

    private func tiles(_ report: Report, _ html: inout HTML) {
        html.element("ul", class: "tiles") { html in
            for severity in Severity.allCases {
                tile(report.summary[severity], words.name(of: severity), severity.rawValue, &html)
            }
            tile(report.summary.undetermined, words("status.untold"), "untold", &html)
            tile(report.checks.count { $0.result == .pass }, words("status.pass"), "pass", &html)
        }
    }

    private func tile(_ number: Int, _ word: String, _ name: String, _ html: inout HTML) {
        html.element("li", class: "tile \(name)\(number == 0 ? " zero" : "")") { html in
            html.element("strong", "\(number)")
            html.element("span", word)
        }
    }

    private func fixes(_ score: Score, _ report: Report, _ html: inout HTML) {
        guard !score.fixes.isEmpty else { return }
        html.element("h2", words("title.first"))
        html.element("ol", class: "first") { html in
            for fix in score.fixes {
                guard let finding = report.findings.first(where: { $0.id == fix.finding }) else { continue }
                html.element("li", class: finding.severity.rawValue) { html in
                    html.element("a", [("href", "#\(FindingView.anchor(finding, in: report))")]) {
                        $0.text(finding.title)
                    }
                    html.element(
                        "span", class: "gain",
                        words("first.after", ["score": "\(fix.score)", "grade": fix.grade]))
                }
            }
        }
    }

    private func arithmetic(_ score: Score, _ html: inout HTML) {
        html.element("details", class: "arithmetic") { html in
            html.element("summary", words("score.arithmetic"))
            html.element("table") { html in
                html.element("tbody") { html in
                    line(words("score.start"), "\(score.start)", &html)
                    for step in score.steps {
                        let label = words(
                            "score.step",
                            ["severity": words.name(of: step.severity), "findings": words.count(step.count, "finding")])
                        line(label, "−\(step.points)", &html)
                    }
                    if let ceiling = score.ceiling {
                        let values = ["value": "\(ceiling.value)", "severity": words.name(of: ceiling.severity)]
                        line(words("score.ceiling", values), "≤ \(ceiling.value)", &html)
                    }
                    line(words("score.sum"), "\(score.value)", &html)
                }
            }
            html.element("p", class: "meta", words("score.counted"))
        }
    }

    private func line(_ label: String, _ number: String, _ html: inout HTML) {
        html.element("tr") { html in
            html.element("th", [("scope", "row")]) { $0.text(label) }
            html.element("td", class: "number", number)
        }
    }
}
