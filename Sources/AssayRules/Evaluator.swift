package import AssayModel

extension RuleSet {
    /// Findings and checks out of observations; a pure function.
    package func evaluate(observations: [Observation], context: EvaluationContext) -> Evaluation {
        let facts = ObservationIndex(observations)
        let owners = FamilyOwners(observations)
        var verdicts: [Verdict] = []
        for rule in rules {
            let anchors = facts.all(rule.anchor)
            if anchors.isEmpty { continue }
            let evaluator = RuleEvaluator(rule: rule, facts: facts, context: context)
            let checker = owners.checker(of: rule)
            for anchor in anchors {
                var judgements: [Judgement] = []
                evaluator.judge(anchor, &judgements)
                verdicts += judgements.map { evaluator.verdict(of: $0, on: anchor, checker: checker) }
            }
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

/// What one rule comes to on one subject, without the words.
package struct Judgement: Sendable {
    let rule: String
    let subject: Subject
    let result: Check.Result
    /// Facts that were missing, or that the finding rests on.
    var facts: [String] = []
    var severity: Severity?
    var item: FactValue?
}

extension RuleSet {
    /// Every rule on every subject, without rendering a text.
    package func judge(observations: [Observation], context: EvaluationContext) -> [Judgement] {
        let facts = ObservationIndex(observations)
        var judgements: [Judgement] = []
        for rule in rules {
            let evaluator = RuleEvaluator(rule: rule, facts: facts, context: context)
            for anchor in facts.all(rule.anchor) { evaluator.judge(anchor, &judgements) }
        }
        return judgements
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
        // The only one there is, whoever it is about.
        if all.count <= 1 { return all.first }
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
        return nil
    }
}

/// Judges one rule.
struct RuleEvaluator {
    let rule: Rule
    let facts: ObservationIndex
    let context: EvaluationContext

    func judge(_ anchor: Observation) -> [Judgement] {
        var judgements: [Judgement] = []
        judge(anchor, &judgements)
        return judgements
    }

    func judge(_ anchor: Observation, _ judgements: inout [Judgement]) {
        guard let each = rule.forEach else { return judgements.append(judge(anchor, item: nil)) }
        // A list makes a row per item, and one row where there is none.
        guard let value = anchor.outcome.value, let items = value[path: each.path]?.listValue, !items.isEmpty else {
            return judgements.append(judge(anchor, item: nil, hasNoItem: true))
        }
        let chosen = items.prefix(RuleLimits.items).filter { item in each.tests.allSatisfy { $0.holds(for: item) } }
        if chosen.isEmpty { return judgements.append(judge(anchor, item: nil, hasNoItem: true)) }
        var seen: Set<FactValue> = []
        for item in chosen where seen.insert(item).inserted { judgements.append(judge(anchor, item: item)) }
    }

    private func judge(_ anchor: Observation, item: FactValue?, hasNoItem: Bool = false) -> Judgement {
        let base = anchor.subject
        var subject = base
        if let item, let each = rule.forEach {
            let name = each.key.flatMap { item[path: $0]?.stringValue } ?? item.stringValue ?? ""
            subject = Subject(kind: base.kind, name: base.name, address: base.address, object: name)
        }
        var truth = evaluate(rule.when, about: base, anchor: anchor)
        if hasNoItem, truth == .yes { truth = .no }
        switch truth {
        case .unknown:
            var trace = Trace()
            note(rule.when, about: base, anchor: anchor, &trace)
            return Judgement(
                rule: rule.id, subject: subject, result: .undetermined, facts: trace.lacking.sorted())
        case .no:
            let isApplicable = isApplicable(anchor)
            return Judgement(rule: rule.id, subject: subject, result: isApplicable ? .pass : .notApplicable)
        case .yes:
            var trace = Trace()
            note(rule.when, about: base, anchor: anchor, &trace)
            return Judgement(
                rule: rule.id, subject: subject, result: .finding, facts: trace.used.sorted(by: Self.byNumber),
                severity: severity(about: base, anchor: anchor), item: item)
        }
    }

    /// With the words; `checker` nil for the one that stated the anchor.
    func verdict(of judgement: Judgement, on anchor: Observation, checker: String?) -> Verdict {
        let (subject, item) = (judgement.subject, judgement.item)
        let check = Check(
            id: rule.id, subject: subject, result: judgement.result,
            lacking: judgement.result == .undetermined ? judgement.facts : nil)
        guard judgement.result == .finding, let severity = judgement.severity else {
            return Verdict(check: check, finding: nil)
        }
        let finding = Finding(
            id: rule.id, severity: severity, checker: checker ?? anchor.checker, subject: subject,
            title: render(rule.title, subject, anchor, item), text: render(rule.text, subject, anchor, item),
            remedy: render(rule.remedy, subject, anchor, item), references: rule.references,
            facts: judgement.facts, profiles: [],
            explains: rule.explains.isEmpty ? nil : rule.explains)
        return Verdict(check: check, finding: finding)
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
        for step in rule.severity.steps where evaluate(step.condition, about: subject, anchor: anchor) == .yes {
            return step.severity
        }
        return rule.severity.otherwise
    }

    // MARK: Conditions

    /// Nearly all of what rules do: nothing is made but the answer.
    private func evaluate(_ condition: Condition, about subject: Subject, anchor: Observation) -> Truth {
        switch condition {
        case .fact(let condition): return evaluate(condition, about: subject, anchor: anchor)
        case .all(let parts):
            var result = Truth.yes
            for part in parts {
                let truth = evaluate(part, about: subject, anchor: anchor)
                if truth == .no { return .no }
                if truth == .unknown { result = .unknown }
            }
            return result
        case .any(let parts):
            var result = Truth.no
            for part in parts {
                let truth = evaluate(part, about: subject, anchor: anchor)
                if truth == .yes { return .yes }
                if truth == .unknown { result = .unknown }
            }
            return result
        case .not(let part): return !evaluate(part, about: subject, anchor: anchor)
        }
    }

    private func evaluate(_ condition: FactCondition, about subject: Subject, anchor: Observation) -> Truth {
        switch condition.scope {
        case .own:
            let found = own(condition, about: subject, anchor: anchor)
            return found.map { truth(of: condition, for: $0) } ?? .unknown
        case .any, .every:
            let all = facts.all(condition.fact)
            guard !all.isEmpty else { return .unknown }
            let truths = all.lazy.map { truth(of: condition, for: $0) }
            return condition.scope == .any ? .any(truths) : .all(truths)
        }
    }

    private func own(_ condition: FactCondition, about subject: Subject, anchor: Observation) -> Observation? {
        condition.fact == anchor.fact ? anchor : facts.find(condition.fact, about: subject, domain: context.domain)
    }

    /// What a finding rests on, and what an open question lacks.
    private struct Trace {
        var lacking: Set<String> = []
        var used: Set<String> = []
    }

    private func note(_ condition: Condition, about subject: Subject, anchor: Observation, _ trace: inout Trace) {
        switch condition {
        case .fact(let condition):
            if evaluate(condition, about: subject, anchor: anchor) == .unknown { trace.lacking.insert(condition.fact) }
            switch condition.scope {
            case .own:
                if let found = own(condition, about: subject, anchor: anchor) { trace.used.insert(found.id) }
            case .any:
                for observation in facts.all(condition.fact) where truth(of: condition, for: observation) == .yes {
                    trace.used.insert(observation.id)
                }
            case .every: trace.used.formUnion(facts.all(condition.fact).map(\.id))
            }
            // Observations of a rule's own cases have no id.
            trace.used.remove("")
        case .all(let parts), .any(let parts):
            for part in parts { note(part, about: subject, anchor: anchor, &trace) }
        case .not(let part): note(part, about: subject, anchor: anchor, &trace)
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
