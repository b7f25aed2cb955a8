import ArgumentParser
import AssayKit

/// `--store` with or without a file. The parser knows no option whose value may be missing, so `Main` writes `--store` alone
/// as `--store=default`.
struct StoreOptionGroup: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Use the store of scans; FILE (with a slash, or ending in .db) in place of the user's own.",
            valueName: "file"))
    var store: String?

    /// The words after `--store` that are a file: those with a slash or a database's extension; `--store=FILE` takes any.
    static func rewriting(_ arguments: [String]) -> [String] {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return result + [argument] + rest }
            guard argument == "--store" else {
                result.append(argument)
                continue
            }
            if let next = rest.first, isFile(next) {
                result.append("--store=\(next)")
                rest = rest.dropFirst()
            } else {
                result.append("--store=\(ScanHistory.standardName)")
            }
        }
        return result
    }

    private static func isFile(_ text: String) -> Bool {
        guard text.utf8.first != UInt8(ascii: "-") else { return false }
        let endings = [".db", ".sqlite", ".sqlite3"]
        return text.utf8.contains(UInt8(ascii: "/"))
            || endings.contains { text.utf8.reversed().starts(with: $0.utf8.reversed()) }
    }
}
