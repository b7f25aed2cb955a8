import AssayEngine
import AssayModel
import AssayRules

/// The tables that checkers look things up in, as services: `LazyTable<IssuerTable>`.
///
/// Files of the user's are read at once, so that a mistake in them is told before the scan; what came with the program is read
/// when somebody looks.
struct Tables: Sendable {
    /// What the user's files say, for a recording.
    let texts: [String]
    private let issuers: LazyTable<IssuerTable>
    private let selectors = LazyTable { (try? SelectorDirectoryReader.builtIn()) ?? .empty }

    /// `recorded`: the texts of an earlier scan's files.
    init(_ paths: [String], recorded: [String]) throws(AuditError) {
        let files = try RuleFilesOnDisk.sources(paths)
        let sources = files.isEmpty ? recorded.map { RuleSource(name: "recording", bytes: Array($0.utf8)) } : files
        texts = sources.map { String(decoding: $0.bytes, as: UTF8.self) }
        var own: [IssuerTable] = []
        for source in sources {
            do { own.append(try IssuerTableReader.read(source)) } catch { throw AuditError(error.description) }
        }
        let added = own
        issuers = LazyTable {
            // A test reads the file that came with the program.
            let builtIn = (try? IssuerTableReader.builtIn()) ?? IssuerTable(asOf: "", issuers: [])
            return added.reduce(builtIn) { $0.preceded(by: $1) }
        }
    }

    func provide(to services: inout Services) {
        services.provide(issuers)
        services.provide(selectors)
    }
}
