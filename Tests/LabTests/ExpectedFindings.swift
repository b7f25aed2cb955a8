import AssayModel
import Foundation

/// A report's findings as lines that do not change when the lab gives other addresses: one per severity and id.
enum ExpectedFindings {
    static func lines(_ report: Report, checker: String? = nil) -> [String] {
        var subjects: [String: Set<String>] = [:]
        for finding in report.findings where checker == nil || finding.checker == checker {
            let id = finding.id.replacingOccurrences(of: "email.", with: "")
            let key = "\(finding.severity.rawValue) \(id)\(finding.masked == true ? " (masked)" : "")"
            subjects[key, default: []].insert(words(finding.subject, report.domain.description))
        }
        return subjects.map { "\($0.key): \($0.value.sorted().joined(separator: ", "))" }.sorted()
    }

    /// `mx1 ipv4 ecdsa`: the domain cut off, addresses by their family.
    private static func words(_ subject: Subject, _ domain: String) -> String {
        var name = subject.name
        if name == domain {
            name = "@"
        } else if name.hasSuffix("." + domain) {
            name = String(name.dropLast(domain.count + 1))
        }
        let family = subject.address.map { $0.contains(":") ? " ipv6" : " ipv4" } ?? ""
        return "\(subject.kind.rawValue) \(name)\(family)\(subject.object.map { " \(steady($0))" } ?? "")"
    }

    /// `3 1 1 *` for a TLSA record, `DNSKEY * 13` for a key: the lab makes its keys anew for every run.
    private static func steady(_ object: String) -> String {
        let fields = object.split(separator: " ", omittingEmptySubsequences: false)
        if fields.first == "DNSKEY", fields.count == 3 { return "DNSKEY * \(fields[2])" }
        guard fields.count == 4, fields[..<3].allSatisfy({ UInt8($0) != nil }), fields[3].allSatisfy(\.isHexDigit)
        else { return object }
        return fields[..<3].joined(separator: " ") + " *"
    }

    /// Lab/expected: a file per checker, a section per domain that gives any.
    static func read(_ folder: URL) throws -> [String: [String]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }
        var all: [String: [String]] = [:]
        for name in names {
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            all.merge(parse(text)) { $0 + $1 }
        }
        return all
    }

    /// Writes the files of these checkers anew.
    static func record(_ reports: [(domain: String, report: Report)], checkers: [String], in folder: URL) throws {
        for checker in checkers {
            let sections = reports.compactMap { domain, report in
                let found = lines(report, checker: checker)
                return found.isEmpty ? nil : ([domain] + found.map { "  \($0)" }).joined(separator: "\n") + "\n"
            }
            try sections.joined().write(
                to: folder.appendingPathComponent("\(checker).txt"), atomically: true, encoding: .utf8)
        }
    }

    private static func parse(_ text: String) -> [String: [String]] {
        var sections: [String: [String]] = [:]
        var current = ""
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("  ") {
                sections[current, default: []].append(String(line.dropFirst(2)))
            } else {
                current = String(line)
                sections[current] = []
            }
        }
        return sections
    }
}
