package import AssayModel
import Yams

/// Reads `rules/issuers.yaml` and files like it: certificate authorities and how CAA records name them.
package enum IssuerTableReader {
    /// What came with the program.
    package static func builtIn() throws(RuleError) -> IssuerTable? {
        guard let source = RuleSource.issuers else { return nil }
        return try read(source)
    }

    package static func read(_ source: RuleSource) throws(RuleError) -> IssuerTable {
        let document = try YAMLDocument(source)
        guard let date = document.root["as_of"]?.string, Timestamp(parsing: date + "T00:00:00Z") != nil else {
            throw document.error(document.root, "as_of is missing or no day")
        }
        guard let list = document.root["issuers"]?.sequence else {
            throw document.error(document.root, "issuers is missing or no list")
        }
        var issuers: [IssuerTable.Issuer] = []
        for item in list { issuers.append(try issuer(item, document)) }
        return IssuerTable(asOf: date, issuers: issuers)
    }

    private static func issuer(_ item: Node, _ document: YAMLDocument) throws(RuleError) -> IssuerTable.Issuer {
        guard let name = item["name"]?.string, !name.isEmpty else { throw document.error(item, "name is missing") }
        let identifiers = try texts(item, "identifiers", document)
        guard !identifiers.isEmpty else { throw document.error(item, "identifiers is missing or empty") }
        for identifier in identifiers where DomainName(identifier)?.description != identifier {
            throw document.error(item["identifiers"] ?? item, "\(identifier) is no domain name in lower case")
        }
        let organizations = try texts(item, "organizations", document)
        guard !organizations.isEmpty else { throw document.error(item, "organizations is missing or empty") }
        guard let status = item["status"]?.string, ["verified", "unsourced"].contains(status) else {
            throw document.error(item["status"] ?? item, "status is one of verified, unsourced")
        }
        return IssuerTable.Issuer(
            name: name, organizations: organizations, commonNames: try texts(item, "common_names", document),
            identifiers: identifiers, mistaken: try texts(item, "mistaken", document), isVerified: status == "verified")
    }

    private static func texts(_ item: Node, _ key: String, _ document: YAMLDocument) throws(RuleError) -> [String] {
        guard let node = item[key] else { return [] }
        guard let list = node.sequence else { throw document.error(node, "\(key) is no list") }
        var texts: [String] = []
        for entry in list {
            guard let text = entry.string, !text.isEmpty else {
                throw document.error(entry, "\(key): a text is expected")
            }
            texts.append(text)
        }
        return texts
    }
}
