package import AssayModel

extension RuleSet {
    /// Findings and checks out of observations; a pure function.
    package func evaluate(observations: [Observation], context: EvaluationContext) -> Evaluation {
        let facts = ObservationIndex(observations, plan.numbers)
        let owners = FamilyOwners(observations)
        let writer = FindingWriter(facts: facts, context: context)
        var verdicts: [Verdict] = []
        for judgement in RuleJudge(facts: facts, context: context).all(plan) {
            verdicts.append(writer.verdict(of: judgement, checker: owners.checker(of: judgement.rule.rule)))
        }
        verdicts = Preference(facts).adjusted(verdicts)

        var findings: [Finding] = []
        var deciding: [FindingKey: Severity] = [:]
        for verdict in verdicts {
            guard var finding = verdict.finding else { continue }
            let asking = profiles.filter { !$0.disabled.contains(finding.id) }
            guard !asking.isEmpty else { continue }
            let own = finding.severity
            let severities = asking.map { $0.severity[finding.id] ?? own }
            finding.severity = severities.min { $0.rank < $1.rank } ?? own
            finding.profiles = asking.map(\.name)
            findings.append(finding)
            if let first = profiles.first, asking.first?.name == first.name, let severity = severities.first {
                deciding[finding.key] = severity
            }
        }
        let present = Set(findings.map(\.key))
        for index in findings.indices {
            let explained = findings[index].explains?.filter {
                present.contains(FindingKey(id: $0, subject: findings[index].subject))
            }
            findings[index].explains = explained?.isEmpty ?? true ? nil : explained
        }
        let disabled = rules.map(\.id).filter { id in profiles.allSatisfy { $0.disabled.contains(id) } }
        return Evaluation(
            findings: findings.sorted { ($0.severity.rank, $0.id, $0.subject) < ($1.severity.rank, $1.id, $1.subject) },
            checks: verdicts.map(\.check).filter { !disabled.contains($0.id) }.sorted {
                ($0.id, $0.subject) < ($1.id, $1.subject)
            },
            deciding: deciding)
    }
}

extension RuleSet {
    /// Every rule on every subject, without rendering a text.
    package func judge(observations: [Observation], context: EvaluationContext) -> [Judgement] {
        RuleJudge(facts: ObservationIndex(observations, plan.numbers), context: context).all(plan)
    }
}

/// Which checker a finding belongs to: the one whose facts have the family of the rule's id (`email.mta_sts_...`,
/// `mta_sts.policy`), else the one that stated the anchor.
private struct FamilyOwners {
    private let checkers: [String: String]

    init(_ observations: [Observation]) {
        var checkers: [String: String] = [:]
        for observation in observations {
            let family = String(decoding: observation.fact.utf8.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
            checkers[family] = observation.checker
        }
        self.checkers = checkers
    }

    func checker(of rule: Rule) -> String? {
        checkers.first { rule.id.utf8.starts(with: "email.\($0.key)_".utf8) }?.value
    }
}
