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

    @OptionGroup var output: OutputOptionGroup

    mutating func run() throws {
        let bytes = try WholeFile.read(file == "-" ? "/dev/stdin" : file)
        let reports: [Report]
        do {
            reports = try JSONReport.read(bytes)
        } catch {
            throw AuditError("\(file): \(error)")
        }
        var plan = try OutputPlan(output, domainCount: reports.count)
        for report in reports { try plan.add(report) }
        try plan.finish()
        let status = NagiosReport.status(of: reports)
        if plan.nagiosAlone, status != .ok { throw StatusExit(plugin: status) }
    }
}
