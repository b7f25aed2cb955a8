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
        case .text: Array(reports.map { TextReport($0, options).render() }.joined(separator: "\n").utf8)
        case .html: Array(HTMLReport(reports, words).render().utf8)
        case .ndjson: reports.flatMap(JSONReport.line)
        case .markdown: Array(reports.map { MarkdownReport($0, words).render() }.joined(separator: "\n").utf8)
        case .csv: CSVReport.write(reports, shape: options.csvShape)
        case .sarif: SARIFReport.write(reports)
        case .junit: JUnitReport.write(reports)
        case .prometheus: PrometheusReport.write(reports)
        case .calendar: CalendarReport.write(reports, words)
        case .badge: BadgeReport.write(reports, words)
        case .nagios: NagiosReport.write(reports, words)
        }
    }
}
