import ArgumentParser
import AssayKit
import AssayModel

/// `mailassay svg-check`: reads a logo from standard input and writes the verdict as JSON. For this program itself, which starts
/// it as a process that may die.
struct LogoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "svg-check", abstract: "Judge a logo on standard input, within limits; JSON.", shouldDisplay: false
    )

    /// Where the running program is found, whatever its name has become.
    static let ownProgram = "/proc/self/exe"

    func run() throws { LogoChild.serve() }
}
