import ArgumentParser
import AssayKit
import AssayModel
import AssayReports
import AssayStore
import Glibc

/// `mailassay store`: upkeep of the file that scans are kept in.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Check, prune, copy, export or import the store of scans.",
        subcommands: [Check.self, Prune.self, Backup.self, Export.self, Import.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let SQLite check the file; exit 1 where it is damaged.")

        @OptionGroup var store: StoreOptionGroup

        mutating func run() throws {
            let history = try ScanHistory(store.store)
            let faults = try history.faults()
            let domains = try history.domains()
            Console.output(
                "\(history.path): \(domains.reduce(0) { $0 + $1.scans }) scans of \(domains.count) domains\n")
            for fault in faults { Console.output("\(fault)\n") }
            if !faults.isEmpty { throw StatusExit(status: .findings) }
        }
    }

    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Remove old scans. The newest of each domain stays, and so does since when keys and policies are known."
        )

        @OptionGroup var store: StoreOptionGroup

        @Option(name: .customLong("keep-days"), help: "Scans of the last days stay.")
        var keepDays: Int?

        @Option(name: .customLong("keep"), help: "Of each domain the newest scans stay.")
        var keep: Int?

        mutating func run() throws {
            guard keepDays != nil || keep != nil else { throw AuditError("prune needs --keep-days or --keep") }
            if let keepDays, !(0...36_500).contains(keepDays) {
                throw AuditError("--keep-days \(keepDays): use 0 to 36500")
            }
            if let keep, keep < 1 { throw AuditError("--keep \(keep): the newest scan always stays; use 1 or more") }
            let since = keepDays.map { Timestamp(secondsSince1970: Int64(time(nil)) - Int64($0) * 86_400) }
            let removed = try ScanHistory(store.store).prune(ScanStore.Retention(since: since, newest: keep))
            Console.error("mailassay: \(removed) scans removed")
        }
    }

    struct Backup: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the store as it is now, also while scans go on.")

        @OptionGroup var store: StoreOptionGroup

        @Argument(help: "The copy; it must not be there.")
        var file: String

        mutating func run() throws {
            guard access(file, F_OK) != 0 else { throw AuditError("\(file): File exists") }
            try ScanHistory(store.store).backup(to: file)
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write all scans as NDJSON, one report a line, in order of time.")

        @OptionGroup var store: StoreOptionGroup

        @Argument(help: "Of this domain only.")
        var domain: String?

        @Option(name: [.customShort("o"), .customLong("output")], help: "A file, in place of standard output.")
        var output: String?

        mutating func run() throws {
            let name = try domain.map(HistoryCommand.name)
            let history = try ScanHistory(store.store)
            let file = try output.map(GrowingFile.init)
            let count = try history.export(name) { (line) throws(AuditError) in
                if let file { try file.append(line) } else { Console.output(line) }
            }
            try file?.finish()
            Console.error("mailassay: \(count) scans exported")
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep reports from JSON or NDJSON; those that are there already are left.",
            discussion: "Prints `ID DOMAIN TIME` as soon as a scan is safe.")

        @OptionGroup var store: StoreOptionGroup

        @Argument(help: "A file; - for standard input.")
        var file: String

        mutating func run() throws {
            let bytes = try WholeFile.read(file == "-" ? "/dev/stdin" : file, limit: 1 << 30)
            let history = try ScanHistory(store.store)
            var known = 0
            for (number, part) in Self.parts(bytes).enumerated() {
                let reports: [Report]
                do {
                    reports = try JSONReport.read(Array(part))
                } catch {
                    throw AuditError("\(file)\(number > 0 ? ":\(number + 1)" : ""): \(error)")
                }
                for report in reports.sorted(by: { $0.startedAt < $1.startedAt }) {
                    if let id = try history.keep(report) {
                        Console.output("\(id) \(report.domain) \(report.startedAt)\n")
                    } else {
                        known += 1
                    }
                }
            }
            if known > 0 { Console.error("mailassay: \(known) scans were there already") }
        }

        /// The lines of NDJSON, so that each is read and kept by itself; else the whole.
        private static func parts(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
            let lines = bytes.split(separator: 0x0A)
            let isNDJSON = lines.allSatisfy { $0.first == UInt8(ascii: "{") && $0.last == UInt8(ascii: "}") }
            return isNDJSON ? lines : [bytes[...]]
        }
    }
}
