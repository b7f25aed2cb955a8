package import AssayModel

extension RuleSet {
    /// Findings and checks out of observations; a pure function.
    package func evaluate(observations: [Observation], context: EvaluationContext) -> Evaluation {
        let facts = ObservationIndex(observations)
        let owners = FamilyOwners(observations)
        var verdicts: [Verdict] = []
        for rule in rules {
            let evaluator = RuleEvaluator(rule: rule, facts: facts, context: context, checker: owners.checker(of: rule))
            for observation in facts.all(rule.anchor) { verdicts += evaluator.judge(observation) }
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

/// What one rule came to on one subject.
struct Verdict {
    var check: Check
    var finding: Finding?
}

/// Observations by fact, and the way from a subject to what is known about it.
struct ObservationIndex {
    private let byFact: [String: [Observation]]

    init(_ observations: [Observation]) {
        byFact = Dictionary(grouping: observations, by: \.fact)
    }

    func all(_ fact: String) -> [Observation] { byFact[fact] ?? [] }

    /// The subject's own, else its address's, else its host's, else the domain's, else the only one there is.
    func find(_ fact: String, about subject: Subject, domain: DomainName) -> Observation? {
        let all = all(fact)
        var candidates = [subject]
        if subject.address != nil {
            candidates.append(Subject(kind: .address, name: subject.name, address: subject.address))
        }
        candidates.append(Subject(kind: .mx, name: subject.name))
        candidates.append(.domain(domain))
        for candidate in candidates {
            if let found = all.first(where: { $0.subject == candidate }) { return found }
            // What is known about the certificate at an address belongs to the address.
            if candidate == subject, let address = subject.address {
                let here = all.filter { $0.subject.name == subject.name && $0.subject.address == address }
                if here.count == 1 { return here.first }
            }
        }
        return all.count == 1 ? all.first : nil
    }
}

/// Judges one rule.
struct RuleEvaluator {
    let rule: Rule
    let facts: ObservationIndex
    let context: EvaluationContext
    /// nil for the checker that stated the anchor.
    var checker: String?

    func judge(_ anchor: Observation) -> [Verdict] {
        guard let each = rule.forEach else { return [judge(anchor, item: nil)] }
        // A list makes a row per item, and one row where there is none.
        guard let value = anchor.outcome.value, let items = value[path: each.path]?.listValue, !items.isEmpty else {
            return [judge(anchor, item: nil, hasNoItem: true)]
        }
        let chosen = items.prefix(RuleLimits.items).filter { item in each.tests.allSatisfy { $0.holds(for: item) } }
        if chosen.isEmpty { return [judge(anchor, item: nil, hasNoItem: true)] }
        var seen: Set<FactValue> = []
        return chosen.filter { seen.insert($0).inserted }.map { judge(anchor, item: $0) }
    }

    private func judge(_ anchor: Observation, item: FactValue?, hasNoItem: Bool = false) -> Verdict {
        let base = anchor.subject
        var subject = base
        if let item, let each = rule.forEach {
            let name = each.key.flatMap { item[path: $0]?.stringValue } ?? item.stringValue ?? ""
            subject = Subject(kind: base.kind, name: base.name, address: base.address, object: name)
        }
        var lacking: Set<String> = []
        var used: Set<String> = []
        var truth = evaluate(rule.when, about: base, anchor: anchor, &lacking, &used)
        if hasNoItem, truth == .yes { truth = .no }
        switch truth {
        case .unknown:
            return Verdict(
                check: Check(id: rule.id, subject: subject, result: .undetermined, lacking: lacking.sorted()),
                finding: nil)
        case .no:
            let isApplicable = isApplicable(anchor)
            return Verdict(
                check: Check(id: rule.id, subject: subject, result: isApplicable ? .pass : .notApplicable), finding: nil
            )
        case .yes:
            let finding = Finding(
                id: rule.id, severity: severity(about: base, anchor: anchor), checker: checker ?? anchor.checker,
                subject: subject,
                title: render(rule.title, subject, anchor, item), text: render(rule.text, subject, anchor, item),
                remedy: render(rule.remedy, subject, anchor, item), references: rule.references,
                facts: used.sorted(by: Self.byNumber), profiles: [],
                explains: rule.explains.isEmpty ? nil : rule.explains)
            return Verdict(check: Check(id: rule.id, subject: subject, result: .finding), finding: finding)
        }
    }

    /// False where there was nothing to look at.
    private func isApplicable(_ anchor: Observation) -> Bool {
        let wanted = rule.when.facts.first?.outcome ?? .observed
        switch anchor.outcome.kind {
        case .notApplicable: return false
        case .absent: return wanted != .observed
        case .observed, .undetermined: return true
        }
    }

    private func severity(about subject: Subject, anchor: Observation) -> Severity {
        var (lacking, used): (Set<String>, Set<String>) = ([], [])
        for step in rule.severity.steps
        where evaluate(step.condition, about: subject, anchor: anchor, &lacking, &used) == .yes {
            return step.severity
        }
        return rule.severity.otherwise
    }

    // MARK: Conditions

    private func evaluate(
        _ condition: Condition, about subject: Subject, anchor: Observation, _ lacking: inout Set<String>,
        _ used: inout Set<String>
    ) -> Truth {
        switch condition {
        case .fact(let condition):
            let truth = evaluate(condition, about: subject, anchor: anchor, &used)
            if truth == .unknown { lacking.insert(condition.fact) }
            return truth
        case .all(let parts):
            return .all(parts.map { evaluate($0, about: subject, anchor: anchor, &lacking, &used) })
        case .any(let parts):
            return .any(parts.map { evaluate($0, about: subject, anchor: anchor, &lacking, &used) })
        case .not(let part):
            return !evaluate(part, about: subject, anchor: anchor, &lacking, &used)
        }
    }

    private func evaluate(
        _ condition: FactCondition, about subject: Subject, anchor: Observation, _ used: inout Set<String>
    ) -> Truth {
        switch condition.scope {
        case .own:
            let found =
                condition.fact == anchor.fact
                ? anchor : facts.find(condition.fact, about: subject, domain: context.domain)
            guard let found else { return .unknown }
            if !found.id.isEmpty { used.insert(found.id) }
            return truth(of: condition, for: found)
        case .any, .every:
            let all = facts.all(condition.fact)
            guard !all.isEmpty else { return .unknown }
            let truths = all.map { truth(of: condition, for: $0) }
            if condition.scope == .any {
                for (observation, truth) in zip(all, truths) where truth == .yes && !observation.id.isEmpty {
                    used.insert(observation.id)
                }
                return .any(truths)
            }
            for observation in all where !observation.id.isEmpty { used.insert(observation.id) }
            return .all(truths)
        }
    }

    private func truth(of condition: FactCondition, for observation: Observation) -> Truth {
        let kind = observation.outcome.kind
        if condition.outcome == .undetermined { return Truth(kind == .undetermined) }
        if kind == .undetermined { return .unknown }
        guard kind == condition.outcome else { return .no }
        guard let value = observation.outcome.value else { return .yes }
        return Truth(condition.tests.allSatisfy { $0.holds(for: value) })
    }

    // MARK: Text

    private func render(_ template: Template, _ subject: Subject, _ anchor: Observation, _ item: FactValue?) -> String {
        template.render { placeholder in
            if let fact = placeholder.fact {
                return facts.find(fact, about: anchor.subject, domain: context.domain)?.outcome.value?[
                    path: placeholder.path]
            }
            switch placeholder.path {
            case "domain": return .string(context.domain.description)
            case "unicode_domain": return .string(context.unicodeDomain)
            case "subject": return .string(Self.shown(subject))
            case "name": return .string(subject.name)
            case "address": return subject.address.map(FactValue.string)
            case "object": return subject.object.map(FactValue.string)
            case "item":
                guard let item, let each = rule.forEach else { return nil }
                return each.key.flatMap { item[path: $0] } ?? item
            default:
                if placeholder.path.utf8.starts(with: "item.".utf8) {
                    return item?[path: String(decoding: placeholder.path.utf8.dropFirst(5), as: UTF8.self)]
                }
                return anchor.outcome.value?[path: placeholder.path]
            }
        }
    }

    /// The kind of key of a certificate is no part of what people call it.
    private static func shown(_ subject: Subject) -> String {
        subject.address.map { "\(subject.name) [\($0)]" } ?? subject.name
    }

    /// `o2` before `o10`.
    private static func byNumber(_ left: String, _ right: String) -> Bool {
        (left.utf8.count, left) < (right.utf8.count, right)
    }
}
