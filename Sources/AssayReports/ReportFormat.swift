package import AssayModel

/// A form that reports come in.
package enum ReportFormat: String, Sendable, CaseIterable {
    case text, json, ndjson, html
    case markdown = "md"
    case csv, sarif, junit
    case prometheus = "prom"
    case calendar = "ics"
    case badge, nagios

    package init?(name: String) { self.init(rawValue: name) }

    /// By the extension of a file's name, without the dot.
    package init?(fileExtension: String) {
        guard let format = Self.allCases.first(where: { $0.fileExtension == fileExtension }) else { return nil }
        self = format
    }

    package var fileExtension: String {
        switch self {
        case .text: "txt"
        case .junit: "xml"
        case .badge: "svg"
        default: rawValue
        }
    }

    /// Each report stands by itself, so that it can be written when it is there.
    package var isStream: Bool { self == .ndjson || self == .text || self == .csv }

    /// One file takes several domains.
    package var holdsSeveral: Bool { self == .ndjson || self == .csv }
}

/// How a report is drawn.
package struct RenderOptions: Sendable {
    /// Columns of text.
    package var width = 80
    package var color = false
    package var catalogue: Catalogue
    package var csvShape = CSVReport.Shape.finding
    /// Text that fits on one screen.
    package var isBrief = false
    /// By domain.
    package var pasts: [DomainName: ReportPast] = [:]
    package init(catalogue: Catalogue) {
        self.catalogue = catalogue
    }
}

/// The one door to all formats.
package enum ReportWriter {
    package static func render(_ reports: [Report], as format: ReportFormat, options: RenderOptions) -> [UInt8] {
        let words = Wording(options.catalogue)
        return switch format {
        case .json: JSONReport.write(reports)
        case .text: Array(reports.map { text($0, options) }.joined(separator: "\n").utf8)
        case .html: html(reports, options)
        case .ndjson: reports.flatMap(JSONReport.line)
        case .markdown: Array(reports.map { MarkdownReport($0, words).render() }.joined(separator: "\n").utf8)
        case .csv: CSVReport.write(reports, shape: options.csvShape)
        case .sarif: SARIFReport.write(reports)
        case .junit: JUnitReport.write(reports)
        case .prometheus: PrometheusReport.write(reports)
        case .calendar: CalendarReport.write(reports, words)
        case .badge: BadgeReport.write(reports, words)
        case .nagios: NagiosReport.write(reports, words, known: options.pasts.mapValues(\.known))
        }
    }

    private static func text(_ report: Report, _ options: RenderOptions) -> String {
        options.isBrief ? BriefReport(report, options).render() : TextReport(report, options).render()
    }

    private static func html(_ reports: [Report], _ options: RenderOptions) -> [UInt8] {
        var page = HTMLReport(options)
        for report in reports { page.add(report, past: options.pasts[report.domain] ?? ReportPast()) }
        return page.render()
    }
}
