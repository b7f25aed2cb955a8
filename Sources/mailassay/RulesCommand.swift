import ArgumentParser
import AssayKit
import AssayModel
import AssayRules

/// `mailassay rules`: what the findings are made of.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Look at the rules, and check rule files of your own.",
        subcommands: [List.self, Show.self, Validate.self, Test.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List rules and profiles.")

        @Option(help: "A file or folder of further rules. Repeats.")
        var rules: [String] = []

        mutating func run() throws {
            let book = try RuleBook(rules)
            for rule in book.ruleSet.rules {
                Console.output(
                    "\(rule.id)\t\(rule.severities.map(\.rawValue).joined(separator: "/"))\t\(rule.title.source)\n")
            }
            for profile in book.ruleSet.knownProfiles {
                Console.output("profile \(profile.name)\t\t\(profile.title)\n")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show rules in full.")

        @Argument(help: "An id, or a part of one.")
        var id: String

        @Option(help: "A file or folder of further rules. Repeats.")
        var rules: [String] = []

        mutating func run() throws {
            try Explanation.write(id, rules)
        }
    }

    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check that rule files load.")

        @Argument(help: "Files or folders of rules; without one, the built-in rules.")
        var paths: [String] = []

        mutating func run() throws {
            let count = try RuleBook(paths).ruleCount
            Console.output("\(count) rules, no fault\n")
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the cases of all rules, and turn each test round to see that a case notices.")

        @Argument(help: "Files or folders of further rules.")
        var paths: [String] = []

        mutating func run() throws {
            let book = try RuleBook(paths)
            let (failures, cases) = book.test()
            for failure in failures { Console.error(failure) }
            Console.output("\(book.ruleCount) rules, \(cases) cases, \(failures.count) failures\n")
            if !failures.isEmpty { throw StatusExit(status: .findings) }
        }
    }
}

/// `mailassay explain ID`: what a finding means, when it comes, and what to do.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain a finding by its id.")

    @Argument(help: "An id, or a part of one: email.mta_sts_absent, max_age.")
    var id: String

    @Option(help: "A file or folder of further rules. Repeats.")
    var rules: [String] = []

    mutating func run() throws {
        try Explanation.write(id, rules)
    }
}

enum Explanation {
    static func write(_ id: String, _ paths: [String]) throws {
        let found = try RuleBook(paths).find(id)
        guard !found.isEmpty else {
            throw AuditError("\(ScanCommand.quoted(id)): no rule has this in its id; see \"mailassay rules list\"")
        }
        for (index, rule) in found.enumerated() {
            if index > 0 { Console.output("\n") }
            var lines = [
                rule.id,
                "  \(rule.title.source)",
                "  Severity:   \(rule.severities.map(\.rawValue).joined(separator: ", else "))",
                "  What happens: \(rule.text.source)",
                "  What to do: \(rule.remedy.source)",
                "  Facts:      \(rule.facts.joined(separator: ", "))",
                "  References: \(rule.references.joined(separator: "; "))",
            ]
            if !rule.explains.isEmpty { lines.append("  Explains:   \(rule.explains.joined(separator: ", "))") }
            lines.append("  Written in: \(rule.file):\(rule.line)")
            Console.output(lines.joined(separator: "\n") + "\n")
        }
    }
}
