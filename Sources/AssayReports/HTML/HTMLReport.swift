import AssayModel
import ReportFiles

/// The report as one HTML file that asks for nothing from outside; without script all of it is there.
struct HTMLReport {
    private let reports: [Report]
    private let words: Wording

    init(_ reports: [Report], _ words: Wording) {
        self.reports = reports
        self.words = words
    }

    func render() -> String {
        var html = HTML()
        html.raw("<!DOCTYPE html>\n")
        html.open("html", [("lang", words.language)])
        html.raw("\n<head>\n<meta charset=\"utf-8\">\n")
        html.open("meta", [("http-equiv", "Content-Security-Policy"), ("content", Self.policy)])
        html.raw("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
        let names =
            reports.count > ReportLimits.titleNames
            ? "\(reports.count)" : reports.map(Wording.domain).joined(separator: ", ")
        html.element("title", words("title.page", ["domain": names]))
        html.raw("\n<style>")
        html.ours(EmbeddedFile.style.text)
        html.raw("</style>\n</head>\n<body>\n<main>\n")
        if reports.count > 1 { OverviewSection(words: words).write(reports, &html) }
        if reports.count <= ReportLimits.wholeReports {
            for report in reports { article(report, &html) }
        }
        html.raw("</main>\n")
        // An overview of thousands stays a page; their reports are in files of their own.
        if reports.count <= ReportLimits.wholeReports { EmbeddedReport.write(reports, &html) }
        html.open(
            "script",
            ["all", "open", "close", "copy", "copied", "filter"].map {
                (Self.scriptWords[$0] ?? "", words("script.\($0)"))
            }
                + [
                    (
                        "data-severities",
                        Severity.allCases.map { "\($0.rawValue)=\(words.name(of: $0))" }.joined(separator: ",")
                    )
                ])
        html.ours(EmbeddedFile.script.text)
        html.raw("</script>\n</body>\n</html>\n")
        return html.source
    }

    private func article(_ report: Report, _ html: inout HTML) {
        html.element("article", [("id", "\(report.domain)")]) { html in
            if let logo = Logo(report) {
                html.open("img", [("src", logo.source), ("alt", logo.title), ("width", "64"), ("height", "64")])
            }
            VerdictSection(words: words).write(report, &html)
            SenderSection(words: words).write(report, &html)
            HostSection(words: words).write(report, &html)
            TimelineSection(words: words).write(report, &html)
            CheckerSections(words: words).write(report, &html)
            UntoldSection(words: words).write(report, &html)
            AppendixSection(words: words).write(report, &html)
        }
        html.raw("\n")
    }

    /// Nothing from anywhere but the style, the script and pictures that stand in the file itself.
    private static let policy =
        "default-src 'none'; style-src 'sha256-\(EmbeddedFile.style.hash)'; script-src 'sha256-\(EmbeddedFile.script.hash)'; "
        + "img-src data:; base-uri 'none'; form-action 'none'"

    private static let scriptWords: [String: StaticString] = [
        "all": "data-all", "open": "data-open", "close": "data-close", "copy": "data-copy", "copied": "data-copied",
        "filter": "data-filter",
    ]
}

/// A file of `reports/` that stands in the page, with the hash that the page's policy names.
struct EmbeddedFile {
    let text: String
    /// SHA-256, base64.
    let hash: String

    static let style = EmbeddedFile(text: octets(report_style()), hash: octets(report_style_hash()))
    static let script = EmbeddedFile(text: octets(report_script()), hash: octets(report_script_hash()))

    private static func octets(_ file: report_file) -> String {
        let bytes = UnsafeBufferPointer(start: file.bytes, count: file.length)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// How much of a report is drawn.
enum ReportLimits {
    /// Reports that follow an overview in full.
    static let wholeReports = 20
    /// Domains named in a title.
    static let titleNames = 5
    /// Octets of a packet in the appendix.
    static let dumpOctets = 1024
    /// Observations shown beside a finding, and their fields.
    static let seenObservations = 6
    static let seenFields = 14
    static let seenOctets = 400
    /// Links from a finding to what was seen.
    static let evidenceLinks = 8
    /// Rows of the timeline.
    static let expiries = 24
    /// Zones in a picture of the chain of trust.
    static let zones = 8
    /// Terms in the picture of an include tree.
    static let treeRows = 60
    /// Certificates in pictures of chains.
    static let chains = 8
}
