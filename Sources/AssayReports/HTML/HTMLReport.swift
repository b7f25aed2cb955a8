package import AssayModel

/// Reports as one HTML file, taken one after the other.
///
/// A few are shown whole, behind an overview where there are several; of many only the overview is kept, a line for each domain.
package struct HTMLReport {
    private let words: Wording
    private let options: RenderOptions
    private var whole: [(report: Report, past: ReportPast)] = []
    private var overview = Overview()

    package init(_ options: RenderOptions) {
        words = Wording(options.catalogue)
        self.options = options
    }

    package mutating func add(_ report: Report, past: ReportPast = ReportPast()) {
        overview.add(report)
        if overview.count <= ReportLimits.wholeReports { whole.append((report, past)) } else { whole = [] }
    }

    package func render() -> [UInt8] {
        let names =
            whole.isEmpty || whole.count > ReportLimits.titleNames
            ? "\(overview.count)" : whole.map { Wording.domain($0.report) }.joined(separator: ", ")
        return HTMLPage(words: words, title: words("title.page", ["domain": names])).render { html in
            if overview.count > 1 { OverviewSection(words: words).write(overview, isLinked: !whole.isEmpty, &html) }
            for item in whole { article(item.report, item.past, &html) }
        } data: { html in
            // An overview of thousands stays a page; their reports are in files of their own.
            if !whole.isEmpty { EmbeddedReport.write(whole.map(\.report), &html) }
        }
    }

    private func article(_ report: Report, _ past: ReportPast, _ html: inout HTML) {
        html.element("article", [("id", "\(report.domain)")]) { html in
            if let logo = Logo(report) {
                html.open("img", [("src", logo.source), ("alt", logo.title), ("width", "64"), ("height", "64")])
            }
            VerdictSection(words: words).write(report, past, &html)
            if let diff = past.diff(to: report) { ChangesSection(words: words).write(diff, &html) }
            ForgerySection(words: words).write(report, &html)
            SenderSection(words: words).write(report, &html)
            HostSection(words: words).write(report, &html)
            TimelineSection(words: words).write(report, &html)
            CheckerSections(words: words).write(report, &html)
            UntoldSection(words: words).write(report, &html)
            AppendixSection(words: words).write(report, &html)
        }
        html.raw("\n")
    }
}
