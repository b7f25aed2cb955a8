import AssayModel
import FoundationEssentials

/// SARIF 2.1.0 (OASIS), for code scanning: a run per report.
///
/// What could not be decided is a notification of the run, never a result: results become alerts.
enum SARIFReport {
    static func write(_ reports: [Report]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Values of our own types always encode.
        return Array((try? encoder.encode(Log(runs: reports.map(Run.init)))) ?? Data()) + [0x0A]
    }

    private struct Log: Encodable {
        let schema = "https://json.schemastore.org/sarif-2.1.0.json"
        let version = "2.1.0"
        let runs: [Run]

        private enum CodingKeys: String, CodingKey {
            case version, runs
            case schema = "$schema"
        }
    }

    private struct Message: Encodable {
        let text: String

        init(_ text: String) { self.text = Wording.plain(text) }
    }

    private struct Run: Encodable {
        struct Tool: Encodable { let driver: Driver }
        struct Driver: Encodable {
            let name: String
            let version: String
            let rules: [Rule]
        }
        struct Automation: Encodable { let id: String }

        let tool: Tool
        let automationDetails: Automation
        let invocations: [Invocation]
        let results: [Result]
        let columnKind = "unicodeCodePoints"

        init(_ report: Report) {
            var rules: [Rule] = []
            var indexes: [String: Int] = [:]
            for finding in report.findings where indexes[finding.id] == nil {
                indexes[finding.id] = rules.count
                rules.append(Rule(finding))
            }
            tool = Tool(driver: Driver(name: report.tool.name, version: report.tool.version, rules: rules))
            automationDetails = Automation(id: "mailassay/\(report.domain)/")
            invocations = [Invocation(report)]
            results = report.findings.map { Result($0, in: report, index: indexes[$0.id] ?? 0) }
        }
    }

    private struct Rule: Encodable {
        struct Properties: Encodable {
            let tags: [String]
            let severity: String

            private enum CodingKeys: String, CodingKey {
                case tags
                case severity = "security-severity"
            }
        }

        let id: String
        let shortDescription: Message
        let help: Message
        let properties: Properties

        init(_ finding: Finding) {
            id = finding.id
            shortDescription = Message(finding.title)
            help = Message(([finding.remedy] + finding.references).joined(separator: " "))
            properties = Properties(tags: ["security", finding.checker], severity: Self.score(finding.severity))
        }

        /// GitHub's bands: critical over 9.0, high from 7.0, medium from 4.0.
        private static func score(_ severity: Severity) -> String {
            switch severity {
            case .critical: "9.5"
            case .high: "8.0"
            case .medium: "5.5"
            case .low: "2.0"
            case .info: "0.0"
            }
        }
    }

    private struct Invocation: Encodable {
        struct Notification: Encodable {
            struct Descriptor: Encodable { let id: String }
            let level = "note"
            let message: Message
            let associatedRule: Descriptor
        }

        let executionSuccessful: Bool
        let startTimeUtc: String
        let endTimeUtc: String
        let toolExecutionNotifications: [Notification]

        init(_ report: Report) {
            executionSuccessful = report.complete
            startTimeUtc = "\(report.startedAt)"
            endTimeUtc = "\(report.finishedAt)"
            toolExecutionNotifications = report.checks.filter { $0.result == .undetermined }.map { check in
                Notification(
                    message: Message("\(check.subject): \((check.lacking ?? []).joined(separator: ", "))"),
                    associatedRule: .init(id: check.id))
            }
        }
    }

    private struct Result: Encodable {
        struct Location: Encodable {
            struct Physical: Encodable {
                struct Artifact: Encodable { let uri: String }
                struct Region: Encodable { let startLine = 1 }
                let artifactLocation: Artifact
                let region = Region()
            }
            struct Logical: Encodable {
                let name: String
                let fullyQualifiedName: String
                let kind: String
            }
            let physicalLocation: Physical
            let logicalLocations: [Logical]
        }
        struct Suppression: Encodable {
            let kind = "external"
            let justification: String
        }

        let ruleId: String
        let ruleIndex: Int
        let level: String
        let message: Message
        let locations: [Location]
        let partialFingerprints: [String: String]
        let suppressions: [Suppression]?

        init(_ finding: Finding, in report: Report, index: Int) {
            let subject = finding.subject
            ruleId = finding.id
            ruleIndex = index
            level =
                switch finding.severity {
                case .critical, .high: "error"
                case .medium: "warning"
                case .low, .info: "note"
                }
            message = Message("\(finding.title). \(finding.text) \(finding.remedy)")
            let name = Wording.plain("\(subject)")
            locations = [
                Location(
                    // Readers want a file: the domain stands for one.
                    physicalLocation: .init(artifactLocation: .init(uri: "\(report.domain)")),
                    logicalLocations: [
                        .init(
                            name: name, fullyQualifiedName: "\(report.domain)/\(subject.kind.rawValue)/\(name)",
                            kind: subject.kind.rawValue)
                    ])
            ]
            // What tells a finding from another (design: id and subject), so that readers follow it over time.
            partialFingerprints = [
                "mailassay/1": Wording.plain(
                    [finding.id, subject.kind.rawValue, subject.name, subject.address ?? "", subject.object ?? ""]
                        .joined(separator: "|"))
            ]
            suppressions = finding.accepted.map { [Suppression(justification: Wording.plain($0.reason))] }
        }
    }
}
