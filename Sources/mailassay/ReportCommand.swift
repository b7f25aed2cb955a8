import ArgumentParser
import AssayKit
import AssayModel
import AssayReports

/// `mailassay report FILE`: a stored report in another form.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Turn a stored report into another format.",
        discussion: "Pages of this program are read, too: the report is inside.")

    @Argument(help: "A report of this program: JSON, NDJSON or HTML; - for standard input.")
    var file: String

    @OptionGroup var output: OutputOptionGroup

    @OptionGroup var store: StoreOptionGroup

    @Option(help: "A JSON report of an earlier day: what changed since, and what does not count for nagios.")
    var baseline: String?

    mutating func run() throws {
        var reader = try ReportReader(path: file == "-" ? "/dev/stdin" : file)
        let baseline = try baseline.map(BaselineFile.init(path:))
        let history = try store.store.map(ScanHistory.init)
        var plan = try OutputPlan(output, domainCount: reader.holdsSeveral ? 2 : 1)
        var status = NagiosReport.Status.ok
        while let report = try reader.next() {
            var past = try history?.past(of: report) ?? ReportPast()
            if let baseline { past = baseline.completing(past, of: report) }
            try plan.add(report, past: past)
            status = max(status, NagiosReport.status(of: report, known: past.known))
        }
        try plan.finish()
        if plan.nagiosAlone, status != .ok { throw StatusExit(plugin: status) }
    }
}
