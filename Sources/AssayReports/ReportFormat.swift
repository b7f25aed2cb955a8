package import AssayModel

/// A form that reports come in.
package enum ReportFormat: String, Sendable, CaseIterable {
    case text, json, html

    package init?(name: String) { self.init(rawValue: name) }

    /// By the extension of a file's name, without the dot.
    package init?(fileExtension: String) {
        guard let format = Self.allCases.first(where: { $0.fileExtension == fileExtension }) else { return nil }
        self = format
    }

    package var fileExtension: String {
        switch self {
        case .text: "txt"
        case .json: "json"
        case .html: "html"
        }
    }
}

/// How a report is drawn.
package struct RenderOptions: Sendable {
    /// Columns of text.
    package var width = 80
    package var color = false
    package init() {}
}

/// The one door to all formats.
package enum ReportWriter {
    package static func render(_ reports: [Report], as format: ReportFormat, options: RenderOptions) -> [UInt8] {
        switch format {
        case .json: JSONReport.write(reports)
        case .text: Array(reports.map { TextReport($0, options).render() }.joined(separator: "\n").utf8)
        case .html: Array(HTMLReport(reports).render().utf8)
        }
    }
}
