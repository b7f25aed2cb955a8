package import AssayModel

/// What one rule comes to on one subject, without the words.
package struct Judgement: Sendable {
    let rule: ReadyRule
    let anchor: Seen
    package let result: Check.Result
    /// Of a finding, and of what could not be told.
    var details: Details?
    /// The item of the list that the rule goes through.
    var item: FactValue?

    final class Details: Sendable {
        /// What the finding rests on, or what was missing.
        let facts: [String]
        let severity: Severity?

        init(facts: [String], severity: Severity?) {
            self.facts = facts
            self.severity = severity
        }
    }

    package var ruleID: String { rule.rule.id }
    package var severity: Severity? { details?.severity }

    var subject: Subject {
        let base = anchor.observation.subject
        guard let item, let each = rule.rule.forEach else { return base }
        let name = each.key.flatMap { item[path: $0]?.stringValue } ?? item.stringValue ?? ""
        return Subject(kind: base.kind, name: base.name, address: base.address, object: name)
    }
}

/// Judges rules on observations; nearly all of what a survey does, so nothing is made on the way but the answers.
struct RuleJudge {
    let facts: ObservationIndex
    let context: EvaluationContext

    func all(_ plan: RulePlan) -> [Judgement] {
        var judgements: [Judgement] = []
        judgements.reserveCapacity(1024)
        for (number, group) in plan.groups.enumerated() where !group.isEmpty {
            let anchors = facts.all(number)
            if anchors.isEmpty { continue }
            for rule in group {
                for anchor in anchors { judge(rule, anchor, &judgements) }
            }
        }
        return judgements
    }

    func judge(_ ready: ReadyRule, _ anchor: Seen, _ judgements: inout [Judgement]) {
        guard let each = ready.rule.forEach else { return judgements.append(judge(ready, anchor, item: nil)) }
        // A list makes a row per item, and one row where there is none.
        guard let value = anchor.observation.outcome.value, let items = value[path: each.path]?.listValue,
            !items.isEmpty
        else {
            return judgements.append(judge(ready, anchor, item: nil, hasNoItem: true))
        }
        let chosen = items.prefix(RuleLimits.items).filter { item in each.tests.allSatisfy { $0.holds(for: item) } }
        if chosen.isEmpty { return judgements.append(judge(ready, anchor, item: nil, hasNoItem: true)) }
        var seen: Set<FactValue> = []
        for item in chosen where seen.insert(item).inserted { judgements.append(judge(ready, anchor, item: item)) }
    }

    private func judge(_ ready: ReadyRule, _ anchor: Seen, item: FactValue?, hasNoItem: Bool = false) -> Judgement {
        var truth = evaluate(ready.when, ready, anchor)
        if hasNoItem, truth == .yes { truth = .no }
        switch truth {
        case .unknown:
            let details = Judgement.Details(facts: trace(ready, anchor).lacking.sorted(), severity: nil)
            return Judgement(rule: ready, anchor: anchor, result: .undetermined, details: details, item: item)
        case .no:
            let result: Check.Result = isApplicable(ready, anchor) ? .pass : .notApplicable
            return Judgement(rule: ready, anchor: anchor, result: result, item: item)
        case .yes:
            let used = trace(ready, anchor).used.sorted(by: Self.byNumber)
            let details = Judgement.Details(facts: used, severity: severity(ready, anchor))
            return Judgement(rule: ready, anchor: anchor, result: .finding, details: details, item: item)
        }
    }

    /// False where there was nothing to look at.
    private func isApplicable(_ ready: ReadyRule, _ anchor: Seen) -> Bool {
        switch anchor.observation.outcome.kind {
        case .notApplicable: false
        case .absent: ready.wanted != .observed
        case .observed, .undetermined: true
        }
    }

    private func severity(_ ready: ReadyRule, _ anchor: Seen) -> Severity {
        for step in ready.steps where evaluate(step.condition, ready, anchor) == .yes { return step.severity }
        return ready.rule.severity.otherwise
    }

    // MARK: Conditions

    private func evaluate(_ condition: ReadyCondition, _ ready: ReadyRule, _ anchor: Seen) -> Truth {
        switch condition {
        case .fact(let leaf): return evaluate(leaf, ready, anchor)
        case .all(let parts):
            var result = Truth.yes
            for part in parts {
                let truth = evaluate(part, ready, anchor)
                if truth == .no { return .no }
                if truth == .unknown { result = .unknown }
            }
            return result
        case .any(let parts):
            var result = Truth.no
            for part in parts {
                let truth = evaluate(part, ready, anchor)
                if truth == .yes { return .yes }
                if truth == .unknown { result = .unknown }
            }
            return result
        case .not(let part): return !evaluate(part, ready, anchor)
        }
    }

    private func evaluate(_ leaf: ReadyLeaf, _ ready: ReadyRule, _ anchor: Seen) -> Truth {
        if leaf.condition.scope == .own {
            guard let found = own(leaf, ready, anchor) else { return .unknown }
            return truth(of: leaf, for: found)
        }
        let all = facts.all(leaf.number)
        guard !all.isEmpty else { return .unknown }
        let truths = all.lazy.map { truth(of: leaf, for: $0) }
        return leaf.condition.scope == .any ? .any(truths) : .all(truths)
    }

    private func own(_ leaf: ReadyLeaf, _ ready: ReadyRule, _ anchor: Seen) -> Seen? {
        leaf.number == ready.anchor
            ? anchor
            : ObservationIndex.find(
                in: facts.all(leaf.number), about: anchor.observation.subject, domain: context.domain)
    }

    private func truth(of leaf: ReadyLeaf, for seen: Seen) -> Truth {
        switch seen.observation.outcome {
        case .undetermined: return leaf.condition.outcome == .undetermined ? .yes : .unknown
        case .absent: return Truth(leaf.condition.outcome == .absent)
        case .notApplicable: return Truth(leaf.condition.outcome == .notApplicable)
        case .observed(let value):
            guard leaf.condition.outcome == .observed else { return .no }
            for index in leaf.condition.tests.indices where !leaf.condition.tests[index].holds(for: value) {
                return .no
            }
            return .yes
        }
    }

    // MARK: Trace

    /// What a finding rests on, and what an open question lacks.
    private struct Trace {
        var lacking: Set<String> = []
        var used: Set<String> = []
    }

    private func trace(_ ready: ReadyRule, _ anchor: Seen) -> Trace {
        var trace = Trace()
        note(ready.when, ready, anchor, &trace)
        // Observations of a rule's own cases have no id.
        trace.used.remove("")
        return trace
    }

    private func note(_ condition: ReadyCondition, _ ready: ReadyRule, _ anchor: Seen, _ trace: inout Trace) {
        switch condition {
        case .fact(let leaf):
            if evaluate(leaf, ready, anchor) == .unknown { trace.lacking.insert(leaf.condition.fact) }
            switch leaf.condition.scope {
            case .own:
                if let found = own(leaf, ready, anchor) { trace.used.insert(found.observation.id) }
            case .any:
                for seen in facts.all(leaf.number) where truth(of: leaf, for: seen) == .yes {
                    trace.used.insert(seen.observation.id)
                }
            case .every: trace.used.formUnion(facts.all(leaf.number).map(\.observation.id))
            }
        case .all(let parts), .any(let parts):
            for part in parts { note(part, ready, anchor, &trace) }
        case .not(let part): note(part, ready, anchor, &trace)
        }
    }

    /// `o2` before `o10`.
    private static func byNumber(_ left: String, _ right: String) -> Bool {
        (left.utf8.count, left) < (right.utf8.count, right)
    }
}
