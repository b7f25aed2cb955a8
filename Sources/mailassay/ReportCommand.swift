import ArgumentParser
import AssayKit
import AssayModel
import AssayReports

/// `mailassay report FILE.json --format html`: a stored report in another format, nothing asked again.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Turn a stored JSON report into another format.")

    @Argument(help: "A JSON report of this program; - for standard input.")
    var file: String

    @Option(help: "text, json or html.")
    var format: String?

    @Option(
        name: [.customShort("o"), .customLong("output")], help: "Write a file; its extension gives the format. Repeats."
    )
    var outputs: [String] = []

    mutating func run() throws {
        let bytes = try WholeFile.read(file == "-" ? "/dev/stdin" : file)
        let reports: [Report]
        do {
            reports = try JSONReport.read(bytes)
        } catch {
            throw AuditError("\(file): \(error)")
        }
        try OutputPlan(format: format, outputs: outputs, domainCount: reports.count).write(reports)
    }
}
