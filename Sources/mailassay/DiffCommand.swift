import ArgumentParser
import AssayKit
import AssayModel
import AssayReports
import AssayStore
import Glibc

/// `mailassay diff A B`: what changed between two scans.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what changed between two scans of a domain.",
        discussion: """
            A and B are report files (JSON), DOMAIN@DAY or DOMAIN@TIME (the last stored scan by then), DOMAIN@last, \
            DOMAIN@previous, or the id of a stored scan. DOMAIN alone compares its last two stored scans.

            What could not be told in B is neither fixed nor changed. With --exit-code: 0 nothing changed, 1 something did.
            """)

    @Argument(help: "The earlier scan, or a domain.")
    var a: String

    @Argument(help: "The later scan.")
    var b: String?

    @OptionGroup var store: StoreOptionGroup

    @Option(help: "text, json, html or md.")
    var format = "text"

    @OptionGroup var drawing: DrawingOptionGroup

    @Flag(name: .customLong("exit-code"), help: "Exit with 1 where something changed.")
    var exitCode = false

    mutating func run() throws {
        guard let form = DiffReport.Format(rawValue: format) else {
            throw AuditError("--format \(ScanCommand.quoted(format)): use text, json, html or md")
        }
        var place = ScanPlace(storePath: store.store)
        let sides = b.map { [a, $0] } ?? ["\(a)@previous", "\(a)@last"]
        let reports = try sides.map { try place.report($0) }
        let (from, to) = (reports[0], reports[1])
        if from.domain != to.domain { Console.error("mailassay: two domains: \(from.domain) and \(to.domain)") }
        let presence = try place.opened?.presence(of: to.domain, from: from.startedAt, to: to.startedAt)
        let diff = ReportDiff(from: from, to: to, presence: from.domain == to.domain ? presence : nil)
        Console.output(DiffReport.render(diff, as: form, options: try drawing.options()))
        if exitCode, !diff.isEmpty { throw StatusExit(status: .findings) }
    }
}

/// Finds the report that a word on the command line means; opens the store when a word needs it.
struct ScanPlace {
    let storePath: String?
    private(set) var opened: ScanHistory?

    init(storePath: String?) { self.storePath = storePath }

    mutating func report(_ word: String) throws -> Report {
        if access(word, F_OK) == 0 { return try file(word) }
        if let id = Int64(word), id > 0 { return try history().report(id) }
        guard let at = word.utf8.lastIndex(of: UInt8(ascii: "@")) else {
            throw AuditError("\(ScanCommand.quoted(word)): neither a file, DOMAIN@DAY, nor the id of a stored scan")
        }
        let domain = try HistoryCommand.name(String(word[..<at]))
        let moment = String(word[word.index(after: at)...])
        let history = try history()
        let scans = try history.scans(of: domain)
        func missing() -> UndeterminedError {
            UndeterminedError("\(history.path): no scan of \(domain) for \(ScanCommand.quoted(word))")
        }
        switch moment {
        case "last":
            guard let id = scans.first?.id else { throw missing() }
            return try history.report(id)
        case "previous":
            guard scans.count > 1, let id = scans[1].id else { throw missing() }
            return try history.report(id)
        default:
            guard let end = Timestamp(parsing: moment) ?? Timestamp(parsing: "\(moment)T23:59:59Z") else {
                throw AuditError("\(ScanCommand.quoted(word)): after @ a day (2026-11-24), a time, last or previous")
            }
            guard let id = try history.scan(of: domain, at: end) else { throw missing() }
            return try history.report(id)
        }
    }

    private func file(_ path: String) throws -> Report {
        let bytes = try WholeFile.read(path)
        let reports: [Report]
        do { reports = try JSONReport.read(bytes) } catch { throw AuditError("\(path): \(error)") }
        guard reports.count == 1 else { throw AuditError("\(path): \(reports.count) reports; a diff takes one") }
        return reports[0]
    }

    private mutating func history() throws -> ScanHistory {
        if let opened { return opened }
        let history = try ScanHistory(storePath)
        opened = history
        return history
    }
}
