import AssayModel
import AssayReports
import Foundation

/// Reports and moments to test with.
enum Sample {
    static func moment(_ text: String) -> Timestamp {
        Timestamp(parsing: text.count == 10 ? text + "T12:00:00Z" : text) ?? Timestamp(secondsSince1970: 0)
    }

    static func domain(_ name: String = "example.com") -> DomainName { DomainName(name) ?? .root }

    static func finding(
        _ id: String, _ severity: Severity = .high, at subject: Subject? = nil, title: String = "A title"
    ) -> Finding {
        Finding(
            id: id, severity: severity, checker: "MX", subject: subject ?? .domain(domain()), title: title,
            text: "Text.",
            remedy: "Remedy.", references: [], facts: [], profiles: ["default"])
    }

    static func observation(
        _ fact: String, _ subject: Subject, _ value: FactValue?, checker: String = "MX"
    ) -> Observation {
        Observation(
            fact: fact, checker: checker, subject: subject, outcome: value.map { .observed($0) } ?? .absent)
    }

    static func report(
        _ day: String, findings: [Finding] = [], checks: [Check]? = nil, observations: [Observation] = [],
        domain name: String = "example.com", ruleset: String = "00"
    ) -> Report {
        let start = moment(day)
        return Report(
            tool: .init(name: "mailassay", version: "0.1.0"), ruleset: .init(profiles: ["default"], sha256: ruleset),
            domain: domain(name), unicodeDomain: name, tier: "basic", role: "auto", startedAt: start,
            finishedAt: Timestamp(secondsSince1970: start.secondsSince1970 + 2), complete: true, findings: findings,
            checks: checks ?? findings.map { Check(id: $0.id, subject: $0.subject, result: .finding) },
            observations: observations, evidence: [], connections: [])
    }

    /// A folder that is gone when the work is done.
    static func inFolder<T>(_ work: (String) throws -> T) throws -> T {
        let folder = NSTemporaryDirectory() + "mailassay-store.\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try work(folder)
    }
}
