import AssayModel
import Foundation
import Yams

/// The RFC 7208 test suite (openspf.org, release 2014.04), read from where it lies beside the project.
struct RFC7208Suite {
    struct Scenario: Sendable {
        let description: String
        let tests: [Case]
        let zone: [Name]
    }

    struct Case: Sendable, CustomStringConvertible {
        let name: String
        let helo: [UInt8]
        let mailFrom: [UInt8]
        let host: String
        /// Any of them is right.
        let results: [String]
        /// `DEFAULT` for the receiver's own; nil where it does not matter.
        let explanation: String?

        var description: String { name }
    }

    /// What stands at a name.
    struct Name: Sendable {
        let labels: [[UInt8]]
        var records: [(type: String, data: String)] = []
        /// Questions for types without a record are not answered.
        var isSilent = false
    }

    struct Fault: Error { let words: String }

    let scenarios: [Scenario]

    init(path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        scenarios = try Yams.compose_all(yaml: text).map { try Self.scenario($0) }
    }

    private static func scenario(_ node: Node) throws -> Scenario {
        guard let tests = node["tests"]?.mapping, let zone = node["zonedata"]?.mapping else {
            throw Fault(words: "a scenario without tests or zonedata")
        }
        return Scenario(
            description: node["description"]?.string ?? "",
            tests: try tests.map { try test($0.key.string ?? "", $0.value) },
            zone: try zone.map { try name($0.key, $0.value) })
    }

    private static func test(_ name: String, _ node: Node) throws -> Case {
        guard let host = node["host"]?.string, let result = node["result"] else {
            throw Fault(words: "\(name): no host or result")
        }
        return Case(
            name: name, helo: octets(node["helo"]?.string ?? ""), mailFrom: octets(node["mailfrom"]?.string ?? ""),
            host: host,
            results: result.sequence.map { $0.compactMap(\.string) } ?? [result.string ?? ""],
            explanation: node["explanation"]?.string)
    }

    /// Records of type SPF stand for TXT too, where there is no TXT (the suite's own introduction).
    private static func name(_ key: Node, _ value: Node) throws -> Name {
        guard let text = key.string, let entries = value.sequence else { throw Fault(words: "a name without records") }
        var labels = octets(text).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Array.init)
        if labels.last?.isEmpty ?? false { labels.removeLast() }
        var name = Name(labels: labels)
        var hasTXT = false
        var policies: [String] = []
        for entry in entries {
            guard let pair = entry.mapping?.first, let type = pair.key.string else {
                guard entry.string == "TIMEOUT" else { throw Fault(words: "\(text): neither a record nor TIMEOUT") }
                name.isSilent = true
                continue
            }
            if type == "TXT" { hasTXT = true }
            if type == "TXT", pair.value.string == "NONE" { continue }
            let data = try data(type, pair.value)
            if type == "SPF" { policies.append(data) }
            name.records.append((type, data))
        }
        if !hasTXT { name.records += policies.map { ("TXT", $0) } }
        return name
    }

    private static func data(_ type: String, _ value: Node) throws -> String {
        switch type {
        case "SPF", "TXT":
            let strings = value.sequence.map { $0.map { $0.string ?? "" } } ?? [value.string ?? ""]
            // No strings at all is no record that a server could hold.
            return strings.isEmpty ? "\"\"" : strings.map(quoted).joined(separator: " ")
        case "MX":
            let parts = value.sequence.map { $0.map { $0.string ?? "" } } ?? []
            guard parts.count == 2 else { throw Fault(words: "an MX record of \(parts.count) parts") }
            return "\(parts[0]) \(ownerText(parts[1]))"
        case "PTR", "CNAME": return ownerText(value.string ?? "")
        default: return value.string ?? ""
        }
    }

    /// The suite's escapes stand for octets.
    static func octets(_ text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { $0.value < 256 ? [UInt8($0.value)] : Array(String($0).utf8) }
    }

    private static func quoted(_ text: String) -> String {
        let octets = octets(text)
        return stride(from: 0, to: max(1, octets.count), by: 255).map { start in
            "\"" + octets[start..<min(start + 255, octets.count)].map { String(format: "\\%03d", $0) }.joined() + "\""
        }.joined(separator: " ")
    }

    private static func ownerText(_ text: String) -> String {
        let labels = octets(text).split(separator: UInt8(ascii: ".")).map(Array.init)
        return Self.text(labels)
    }

    /// Every octet escaped: names of the suite hold colons, spaces and percent signs.
    static func text(_ labels: [[UInt8]]) -> String {
        labels.isEmpty
            ? "." : labels.map { $0.map { String(format: "\\%03d", $0) }.joined() + "." }.joined()
    }

    /// A root zone with everything in it.
    static func zoneFile(_ names: [Name]) -> String {
        var lines = [
            "$TTL 300", ". SOA ns.nowhere. host.nowhere. 1 3600 900 604800 300", ". NS ns.nowhere.",
        ]
        // What is no name of the DNS (a label of 64 octets) is in no zone.
        for name in names where name.labels.allSatisfy({ (1...63).contains($0.count) }) {
            for record in name.records {
                // `TYPE99`: the server knows no `SPF` any more.
                let type = record.type == "SPF" ? "SPF" : record.type
                lines.append("\(text(name.labels)) \(type) \(record.data)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
