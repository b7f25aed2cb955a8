/// The result of one scan of one domain: the JSON contract `mailassay.report/1` as values.
package struct Report: Sendable, Equatable {
    package static let schema = "mailassay.report/1"

    package struct Tool: Sendable, Equatable, Codable {
        package let name: String
        package let version: String
        package init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    package struct RulesetMark: Sendable, Equatable, Codable {
        package let profiles: [String]
        /// SHA-256 of all rule files that were read, lower-case hex.
        package let sha256: String
        package init(profiles: [String], sha256: String) {
            self.profiles = profiles
            self.sha256 = sha256
        }
    }

    package var tool: Tool
    package var ruleset: RulesetMark
    package var lang: String
    package var domain: DomainName
    /// The domain in U-labels.
    package var unicodeDomain: String
    package var tier: String
    package var role: String
    package var startedAt: Timestamp
    package var finishedAt: Timestamp
    package var complete: Bool
    package var findings: [Finding]
    package var checks: [Check]
    package var observations: [Observation]
    package var evidence: [Evidence]
    package var connections: [Connection]
    package var senders: [Sender]
    /// Who sends like that, as far as is known.
    package var senderDirectory: SenderDirectory?
    /// nil where the scan is not complete.
    package var score: Score?

    package init(
        tool: Tool, ruleset: RulesetMark, lang: String = "en", domain: DomainName, unicodeDomain: String, tier: String,
        role: String, startedAt: Timestamp, finishedAt: Timestamp, complete: Bool, findings: [Finding], checks: [Check],
        observations: [Observation], evidence: [Evidence], connections: [Connection],
        senders: [Sender] = [], senderDirectory: SenderDirectory? = nil, score: Score? = nil
    ) {
        self.tool = tool
        self.ruleset = ruleset
        self.lang = lang
        self.domain = domain
        self.unicodeDomain = unicodeDomain
        self.tier = tier
        self.role = role
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.complete = complete
        self.findings = findings
        self.checks = checks
        self.observations = observations
        self.evidence = evidence
        self.connections = connections
        self.senders = senders
        self.senderDirectory = senderDirectory
        self.score = score
    }

    /// A record with the id by which observations refer to it.
    package struct Evidence: Sendable, Equatable {
        package let id: String
        package let record: EvidenceRecord
        package init(id: String, record: EvidenceRecord) {
            self.id = id
            self.record = record
        }
    }

    /// Senders by name, with a date, for what is known about them grows old.
    package struct SenderDirectory: Sendable, Equatable, Codable {
        package struct Entry: Sendable, Equatable, Codable {
            package let name: String
            /// The kind of sender it is, by what is verified alone.
            package let model: String
            /// `yes`, `opt-in`, `no`, `unverified`, `unknown`.
            package let dane: String
            package let mtaSTS: String
            /// `high`, `medium`, `low`, `none`.
            package let confidence: String
            package let source: String

            package init(
                name: String, model: String, dane: String, mtaSTS: String, confidence: String, source: String
            ) {
                self.name = name
                self.model = model
                self.dane = dane
                self.mtaSTS = mtaSTS
                self.confidence = confidence
                self.source = source
            }

            private enum CodingKeys: String, CodingKey {
                case name, model, dane, confidence, source
                case mtaSTS = "mta_sts"
            }
        }

        /// The day of the facts.
        package let asOf: String
        package let senders: [Entry]

        package init(asOf: String, senders: [Entry]) {
            self.asOf = asOf
            self.senders = senders
        }

        private enum CodingKeys: String, CodingKey {
            case senders
            case asOf = "as_of"
        }
    }

    /// What one kind of sender does under one attack.
    package struct Sender: Sendable, Equatable, Codable {
        package struct Decision: Sendable, Equatable, Codable {
            /// nil where no host decided.
            package let host: String?
            package let rule: String
            package init(host: String?, rule: String) {
                self.host = host
                self.rule = rule
            }

            /// `host` is there even where it is null.
            package func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(host, forKey: .host)
                try container.encode(rule, forKey: .rule)
            }

            private enum CodingKeys: CodingKey { case host, rule }
        }

        /// `opportunistic`, `mta_sts`, `dane`, ...
        package let sender: String
        /// `none`, `P`, `S`, ...
        package let attack: String
        /// `auth`, `unauth`, `clear`, `defer`, `bounce`.
        package let outcome: String
        /// The attacker reads the message.
        package let read: Bool
        package let decidedBy: Decision
        package let dependsOnCache: Bool
        /// A finding whose remedy improves this.
        package let fix: String?

        package init(
            sender: String, attack: String, outcome: String, read: Bool, decidedBy: Decision, dependsOnCache: Bool,
            fix: String?
        ) {
            self.sender = sender
            self.attack = attack
            self.outcome = outcome
            self.read = read
            self.decidedBy = decidedBy
            self.dependsOnCache = dependsOnCache
            self.fix = fix
        }

        /// `fix` is there even where it is null.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(sender, forKey: .sender)
            try container.encode(attack, forKey: .attack)
            try container.encode(outcome, forKey: .outcome)
            try container.encode(read, forKey: .read)
            try container.encode(decidedBy, forKey: .decidedBy)
            try container.encode(dependsOnCache, forKey: .dependsOnCache)
            try container.encode(fix, forKey: .fix)
        }

        private enum CodingKeys: String, CodingKey {
            case sender, attack, outcome, read, fix
            case decidedBy = "decided_by"
            case dependsOnCache = "depends_on_cache"
        }
    }

    /// How many connections one endpoint saw from us.
    package struct Connection: Sendable, Equatable, Codable {
        package let address: String
        package let port: Int
        package let planned: Int
        package let made: Int
        package let resumed: Int
        package init(address: String, port: Int, planned: Int, made: Int, resumed: Int) {
            self.address = address
            self.port = port
            self.planned = planned
            self.made = made
            self.resumed = resumed
        }
    }
}

/// A rule that fired on a subject. Identified by (`id`, `subject`), unique within a report.
package struct Finding: Sendable, Equatable, Codable {
    package var id: String
    package var severity: Severity
    package var checker: String
    package var subject: Subject
    package var title: String
    package var text: String
    package var remedy: String
    package var references: [String]
    /// Ids of the observations it rests on.
    package var facts: [String]
    /// The profiles that ask for it.
    package var profiles: [String]
    /// Ids of findings on the same subject that this one explains.
    package var explains: [String]?
    /// True where a host of better preference hides the fault today.
    package var masked: Bool?
    package var accepted: Acceptance?

    package init(
        id: String, severity: Severity, checker: String, subject: Subject, title: String, text: String, remedy: String,
        references: [String], facts: [String], profiles: [String], explains: [String]? = nil, masked: Bool? = nil,
        accepted: Acceptance? = nil
    ) {
        self.id = id
        self.severity = severity
        self.checker = checker
        self.subject = subject
        self.title = title
        self.text = text
        self.remedy = remedy
        self.references = references
        self.facts = facts
        self.profiles = profiles
        self.explains = explains
        self.masked = masked
        self.accepted = accepted
    }

    /// A risk that somebody took knowingly, until a day.
    package struct Acceptance: Sendable, Equatable, Codable {
        package let reason: String
        package let owner: String
        package let until: String
        package init(reason: String, owner: String, until: String) {
            self.reason = reason
            self.owner = owner
            self.until = until
        }
    }
}

/// What one rule came to on one subject, so that what passed shows too.
package struct Check: Sendable, Hashable, Codable {
    package enum Result: String, Codable, Sendable, CaseIterable {
        case finding, pass, undetermined
        case notApplicable = "not_applicable"
    }

    package let id: String
    package let subject: Subject
    package let result: Result
    /// The facts that were missing where the result is `undetermined`.
    package let lacking: [String]?

    package init(id: String, subject: Subject, result: Result, lacking: [String]? = nil) {
        self.id = id
        self.subject = subject
        self.result = result
        self.lacking = lacking
    }
}

extension Report {
    /// Counts of findings by severity, and of checks that could not be decided.
    package struct Summary: Sendable, Equatable {
        package var bySeverity: [Severity: Int] = [:]
        package var undetermined = 0
        package subscript(severity: Severity) -> Int { bySeverity[severity] ?? 0 }
    }

    package var summary: Summary {
        var summary = Summary()
        for finding in findings { summary.bySeverity[finding.severity, default: 0] += 1 }
        summary.undetermined = checks.count { $0.result == .undetermined }
        return summary
    }
}
