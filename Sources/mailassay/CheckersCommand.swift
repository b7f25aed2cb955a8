import ArgumentParser
import AssayEngine
import AssayKit
import AssayModel

/// `mailassay checkers`: what there is, with the facts each may state.
struct CheckersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkers", abstract: "List the checkers and their facts.")

    mutating func run() throws {
        for checker in BuiltIn.registry.checkers {
            let manifest = checker.manifest
            Console.output("\(manifest.name) (\(manifest.tier.rawValue)): \(manifest.title)\n")
            Console.output("    \(manifest.references.joined(separator: ", "))\n")
            for fact in manifest.facts { Console.output("    \(fact.id)\n") }
        }
    }
}
