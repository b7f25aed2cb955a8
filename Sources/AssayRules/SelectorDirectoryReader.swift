package import AssayModel
import Yams

/// Reads `rules/selectors.yaml`: providers with their DKIM selectors, the dictionary, and keys that everybody has.
package enum SelectorDirectoryReader {
    /// What came with the program.
    package static func builtIn() throws(RuleError) -> SelectorDirectory {
        guard let source = RuleSource.selectors else { return .empty }
        return try read(source)
    }

    package static func read(_ source: RuleSource) throws(RuleError) -> SelectorDirectory {
        let document = try YAMLDocument(source)
        guard let date = document.root["as_of"]?.string, Timestamp(parsing: date + "T00:00:00Z") != nil else {
            throw document.error(document.root, "as_of is missing or no day")
        }
        guard let list = document.root["providers"]?.sequence else {
            throw document.error(document.root, "providers is missing or no list")
        }
        var providers: [SelectorDirectory.Provider] = []
        for item in list {
            guard let name = item["name"]?.string, !name.isEmpty else {
                throw document.error(item, "name is missing")
            }
            let source = item["source"]?.string ?? "unsourced"
            guard sources.contains(source) else {
                throw document.error(item, "source is one of \(sources.joined(separator: ", "))")
            }
            providers.append(
                SelectorDirectory.Provider(
                    name: name, selectors: try names(item, "selectors", document), mx: try names(item, "mx", document),
                    spf: try names(item, "spf", document), keyHosts: try names(item, "key_hosts", document),
                    reports: try names(item, "reports", document), hasOwnSelectors: item["own"]?.bool ?? false,
                    isDistinctive: item["distinctive"]?.bool ?? false, source: source))
        }
        var keys: [SelectorDirectory.KnownKey] = []
        for item in document.root["known_keys"]?.sequence ?? [] {
            guard let digest = item["sha256"]?.string, digest.utf8.count == 64,
                let published = item["published"]?.string
            else { throw document.error(item, "sha256 and published are wanted") }
            keys.append(SelectorDirectory.KnownKey(sha256: digest, published: published))
        }
        return SelectorDirectory(
            asOf: date, providers: providers, generic: try names(document.root, "generic", document), knownKeys: keys)
    }

    /// Names of labels, lower-case; a list, or words with spaces between them.
    private static func names(_ node: Node, _ key: String, _ document: YAMLDocument) throws(RuleError) -> [String] {
        guard let value = node[key] else { return [] }
        guard let text = value.string else { throw document.error(value, "\(key) is one line of names") }
        var names: [String] = []
        for word in text.split(separator: " ") {
            guard let name = DomainName(String(word)), "\(name)" == word else {
                throw document.error(value, "\(key): \(printable(word.utf8)) is no lower-case name")
            }
            names.append("\(name)")
        }
        return names
    }

    private static let sources = ["vendor", "sweep 2026-10-06", "unsourced"]
}
