import AssayModel
import FoundationEssentials

/// The report's JSON shape: keys and their order of meaning, nothing else.
struct ReportDocument: Codable {
    let report: Report

    init(_ report: Report) {
        self.report = report
    }

    private enum Key: String, CodingKey {
        case schema, tool, ruleset, lang, domain, tier, role, complete, summary, findings, checks, observations,
            evidence
        case connections, senders, score
        case unicodeDomain = "unicode_domain"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case senderDirectory = "sender_directory"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Report.schema, forKey: .schema)
        try container.encode(report.tool, forKey: .tool)
        try container.encode(report.ruleset, forKey: .ruleset)
        try container.encode(report.lang, forKey: .lang)
        try container.encode(report.domain, forKey: .domain)
        try container.encode(report.unicodeDomain, forKey: .unicodeDomain)
        try container.encode(report.tier, forKey: .tier)
        try container.encode(report.role, forKey: .role)
        try container.encode(report.startedAt, forKey: .startedAt)
        try container.encode(report.finishedAt, forKey: .finishedAt)
        try container.encode(report.complete, forKey: .complete)
        try container.encode(SummaryDocument(report), forKey: .summary)
        try container.encodeIfPresent(report.score, forKey: .score)
        try container.encode(report.findings, forKey: .findings)
        try container.encode(report.checks, forKey: .checks)
        try container.encode(report.observations.map(ObservationDocument.init), forKey: .observations)
        try container.encode(report.senders, forKey: .senders)
        try container.encodeIfPresent(report.senderDirectory, forKey: .senderDirectory)
        try container.encode(report.evidence.map(EvidenceDocument.init), forKey: .evidence)
        try container.encode(report.connections, forKey: .connections)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let schema = try container.decode(String.self, forKey: .schema)
        guard schema == Report.schema else {
            throw DecodingError.dataCorruptedError(
                forKey: .schema, in: container, debugDescription: "is \(schema), this program reads \(Report.schema)")
        }
        report = Report(
            tool: try container.decode(Report.Tool.self, forKey: .tool),
            ruleset: try container.decode(Report.RulesetMark.self, forKey: .ruleset),
            lang: try container.decode(String.self, forKey: .lang),
            domain: try container.decode(DomainName.self, forKey: .domain),
            unicodeDomain: try container.decode(String.self, forKey: .unicodeDomain),
            tier: try container.decode(String.self, forKey: .tier),
            role: try container.decode(String.self, forKey: .role),
            startedAt: try container.decode(Timestamp.self, forKey: .startedAt),
            finishedAt: try container.decode(Timestamp.self, forKey: .finishedAt),
            complete: try container.decode(Bool.self, forKey: .complete),
            findings: try container.decode([Finding].self, forKey: .findings),
            checks: try container.decode([Check].self, forKey: .checks),
            observations: try container.decode([ObservationDocument].self, forKey: .observations).map(\.observation),
            evidence: try container.decode([EvidenceDocument].self, forKey: .evidence).map(\.evidence),
            connections: try container.decode([Report.Connection].self, forKey: .connections),
            senders: try container.decodeIfPresent([Report.Sender].self, forKey: .senders) ?? [],
            senderDirectory: try container.decodeIfPresent(Report.SenderDirectory.self, forKey: .senderDirectory),
            score: try container.decodeIfPresent(Score.self, forKey: .score))
    }
}

private struct SummaryDocument: Codable {
    let critical: Int
    let high: Int
    let medium: Int
    let low: Int
    let info: Int
    let undetermined: Int
    let score: Int?
    let grade: String?

    init(_ report: Report) {
        let summary = report.summary
        critical = summary[.critical]
        high = summary[.high]
        medium = summary[.medium]
        low = summary[.low]
        info = summary[.info]
        undetermined = summary.undetermined
        score = report.score?.value
        grade = report.score?.grade
    }
}

private struct ObservationDocument: Codable {
    let observation: Observation

    init(_ observation: Observation) {
        self.observation = observation
    }

    private enum Key: String, CodingKey {
        case id, fact, checker, subject, outcome, value, cause, evidence
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(observation.id, forKey: .id)
        try container.encode(observation.fact, forKey: .fact)
        try container.encode(observation.checker, forKey: .checker)
        try container.encode(observation.subject, forKey: .subject)
        try container.encode(observation.outcome.kind, forKey: .outcome)
        switch observation.outcome {
        case .observed(let value): try container.encode(value, forKey: .value)
        case .undetermined(let cause): try container.encode(cause, forKey: .cause)
        case .notApplicable(let reason): try container.encode(Cause(Cause.Code(rawValue: reason)), forKey: .cause)
        case .absent: break
        }
        try container.encode(observation.evidence, forKey: .evidence)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let outcome: Outcome<FactValue> =
            switch try container.decode(Outcome<FactValue>.Kind.self, forKey: .outcome) {
            case .observed: .observed(try container.decode(FactValue.self, forKey: .value))
            case .absent: .absent
            case .undetermined: .undetermined(try container.decode(Cause.self, forKey: .cause))
            case .notApplicable:
                .notApplicable(try container.decodeIfPresent(Cause.self, forKey: .cause)?.code.rawValue ?? "")
            }
        observation = Observation(
            id: try container.decode(String.self, forKey: .id), fact: try container.decode(String.self, forKey: .fact),
            checker: try container.decode(String.self, forKey: .checker),
            subject: try container.decode(Subject.self, forKey: .subject), outcome: outcome,
            evidence: try container.decode([String].self, forKey: .evidence))
    }
}

private struct EvidenceDocument: Codable {
    let evidence: Report.Evidence

    init(_ evidence: Report.Evidence) {
        self.evidence = evidence
    }

    private enum Key: String, CodingKey {
        case id, kind, at, name, server, lines
        case octets = "octets_base64"
    }

    func encode(to encoder: any Encoder) throws {
        let record = evidence.record
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(evidence.id, forKey: .id)
        try container.encode(record.kind, forKey: .kind)
        try container.encode(record.at, forKey: .at)
        try container.encode(record.name, forKey: .name)
        try container.encodeIfPresent(record.server, forKey: .server)
        switch record.body {
        case .octets(let octets): try container.encode(Data(octets).base64EncodedString(), forKey: .octets)
        case .lines(let lines): try container.encode(lines, forKey: .lines)
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let body: EvidenceRecord.Body
        if let text = try container.decodeIfPresent(String.self, forKey: .octets) {
            guard let data = Data(base64Encoded: text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .octets, in: container, debugDescription: "is not base64")
            }
            body = .octets(Array(data))
        } else {
            body = .lines(try container.decode([EvidenceRecord.Line].self, forKey: .lines))
        }
        evidence = Report.Evidence(
            id: try container.decode(String.self, forKey: .id),
            record: EvidenceRecord(
                kind: try container.decode(EvidenceRecord.Kind.self, forKey: .kind),
                at: try container.decode(Timestamp.self, forKey: .at),
                name: try container.decode(String.self, forKey: .name),
                server: try container.decodeIfPresent(String.self, forKey: .server), body: body))
    }
}
