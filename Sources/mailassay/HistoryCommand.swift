import ArgumentParser
import AssayKit
import AssayModel
import AssayReports

/// `mailassay history DOMAIN`: the scans in the store, and how long each finding has been there.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show the stored scans of a domain; without one, which domains there are.")

    @Argument(help: "The domain.")
    var domain: String?

    @OptionGroup var store: StoreOptionGroup

    @Option(help: "text or json.")
    var format = "text"

    @OptionGroup var drawing: DrawingOptionGroup

    @Option(help: "At most this many scans, the newest.")
    var limit = 50

    mutating func run() throws {
        guard let form = HistoryReport.Format(rawValue: format) else {
            throw AuditError("--format \(ScanCommand.quoted(format)): use text or json")
        }
        guard (1...100_000).contains(limit) else { throw AuditError("--limit \(limit): use 1 to 100000") }
        let name = try domain.map(Self.name)
        let history = try ScanHistory(store.store)
        guard let name else {
            for row in try history.domains() { Console.output("\(row.domain)  \(row.scans)  \(row.last)\n") }
            return
        }
        guard let found = try history.history(of: name, limit: limit) else {
            throw UndeterminedError("\(history.path): no scan of \(name); make one with scan \(name) --store")
        }
        Console.output(HistoryReport.render(found, as: form, options: try drawing.options()))
    }

    static func name(_ text: String) throws -> DomainName {
        do { return try DomainInput(text).name } catch { throw AuditError("\(ScanCommand.quoted(text)): \(error)") }
    }
}

/// How a command that prints no report is drawn: as the terminal wants it, in a language.
struct DrawingOptionGroup: ParsableArguments {
    @Option(help: "Language: \(ReportLanguage.all.joined(separator: ", ")). What it lacks is English.")
    var lang = "en"

    @Option(help: "Columns of text, 40 to 400 (default: the terminal's).")
    var width: Int?

    func options() throws -> RenderOptions {
        var options = RenderOptions(catalogue: try OutputOptionGroup.language(lang).catalogue)
        options.width = try OutputPlan.checked(width) ?? Console.columns
        options.color = Console.wantsColor
        return options
    }
}
