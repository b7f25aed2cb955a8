package import AssayModel
import Yams

/// Reads `rules/senders.yaml`: who sends how, with a date, a source and how far to trust it.
package enum SenderDirectoryReader {
    /// What came with the program.
    package static func builtIn() throws(RuleError) -> Report.SenderDirectory? {
        guard let source = RuleSource.senders else { return nil }
        return try read(source)
    }

    package static func read(_ source: RuleSource) throws(RuleError) -> Report.SenderDirectory {
        let document = try YAMLDocument(source)
        guard let date = document.root["as_of"]?.string, Timestamp(parsing: date + "T00:00:00Z") != nil else {
            throw document.error(document.root, "as_of is missing or no day")
        }
        guard let list = document.root["senders"]?.sequence else {
            throw document.error(document.root, "senders is missing or no list")
        }
        var senders: [Report.SenderDirectory.Entry] = []
        for item in list {
            func text(_ key: String, _ allowed: [String]?) throws(RuleError) -> String {
                guard let value = item[key]?.string, !value.isEmpty else {
                    throw document.error(item, "\(key) is missing")
                }
                guard allowed?.contains(value) ?? true else {
                    throw document.error(
                        item[key] ?? item, "\(key) is one of \(allowed?.joined(separator: ", ") ?? "")")
                }
                return value
            }
            let states = ["yes", "opt-in", "no", "unverified", "unknown"]
            senders.append(
                Report.SenderDirectory.Entry(
                    name: try text("name", nil), model: try text("model", nil), dane: try text("dane", states),
                    mtaSTS: try text("mta_sts", states),
                    confidence: try text("confidence", ["high", "medium", "low", "none"]),
                    source: try text("source", nil)))
        }
        return Report.SenderDirectory(asOf: date, senders: senders)
    }
}
