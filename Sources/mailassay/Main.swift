import ArgumentParser
import AssayKit
import AssayReports
import Glibc

/// The command's entry: parses, runs, and ends with the documented exit status.
@main
struct Main {
    static func main() async {
        do {
            var command = try Mailassay.parseAsRoot(
                StoreOptionGroup.rewriting(Array(CommandLine.arguments.dropFirst())))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as AuditError {
            finish(.badInput, saying: error.description)
        } catch let error as UndeterminedError {
            finish(.incomplete, saying: error.description)
        } catch let status as StatusExit {
            exit(status.code)
        } catch {
            let code = Mailassay.exitCode(for: error)
            // Help, version and completion scripts are no errors.
            if code == .success { Mailassay.exit(withError: error) }
            finish(.badInput, saying: Mailassay.message(for: error))
        }
    }

    private static func finish(_ status: ExitStatus, saying message: String) -> Never {
        Console.error("mailassay: \(message)")
        exit(status.rawValue)
    }
}

/// Ends the command with a status other than 0, with nothing more to say.
struct StatusExit: Error {
    let code: Int32

    init(status: ExitStatus) { code = status.rawValue }

    /// Of a monitoring plugin.
    init(plugin: NagiosReport.Status) { code = plugin.rawValue }
}

/// The root command: `mailassay scan example.com`.
struct Mailassay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mailassay",
        abstract: "Audit the mail security of a domain.",
        discussion: """
            Exit status: 0 no finding at or above --fail-on, 1 there is one, 2 the scan could not be done, completed or stored, \
            3 bad argument, rule file or input, 130 interrupted with the partial report saved.
            """,
        version: "\(BuiltIn.name) \(BuiltIn.version)",
        subcommands: [
            ScanCommand.self, ReportCommand.self, HistoryCommand.self, DiffCommand.self, StoreCommand.self,
            ExplainCommand.self, RulesCommand.self, CheckersCommand.self, TLSACommand.self, SPFCommand.self,
            DoctorCommand.self, LogoCommand.self,
        ])
}
