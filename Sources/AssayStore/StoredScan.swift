package import AssayModel

/// A scan as the store keeps it: what lists need as columns, the whole as its JSON report.
package struct StoredScan: Sendable, Equatable {
    /// A finding of the scan, without its wording.
    package struct Entry: Sendable, Equatable {
        package let key: FindingKey
        package let severity: Severity
        package let title: String
        package let isAccepted: Bool

        package init(key: FindingKey, severity: Severity, title: String, isAccepted: Bool) {
            self.key = key
            self.severity = severity
            self.title = title
            self.isAccepted = isAccepted
        }
    }

    /// Given by the store.
    package var id: Int64?
    package let domain: DomainName
    package let startedAt: Timestamp
    package let finishedAt: Timestamp
    package let tier: String
    package let profiles: [String]
    package let tool: String
    package let ruleset: String
    package let isComplete: Bool
    package let undetermined: Int
    package let score: Int?
    package let findings: [Entry]

    package init(
        id: Int64? = nil, domain: DomainName, startedAt: Timestamp, finishedAt: Timestamp, tier: String,
        profiles: [String], tool: String, ruleset: String, isComplete: Bool, undetermined: Int, score: Int? = nil,
        findings: [Entry]
    ) {
        self.id = id
        self.domain = domain
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.tier = tier
        self.profiles = profiles
        self.tool = tool
        self.ruleset = ruleset
        self.isComplete = isComplete
        self.undetermined = undetermined
        self.score = score
        self.findings = findings
    }
}

/// From when to when one thing was seen unchanged. Kept when the scans that saw it are pruned.
package struct Sighting: Sendable, Hashable {
    package let fact: String
    package let subject: Subject
    /// The part of the fact that is remembered; nil where the fact was absent.
    package let value: FactValue?
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp

    package init(fact: String, subject: Subject, value: FactValue?, firstSeen: Timestamp, lastSeen: Timestamp) {
        self.fact = fact
        self.subject = subject
        self.value = value
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
    }
}
