import AssayModel

/// What one rule came to on one subject, with the words.
struct Verdict {
    var check: Check
    var finding: Finding?
}

/// Puts judgements into words.
struct FindingWriter {
    let facts: ObservationIndex
    let context: EvaluationContext

    /// `checker` nil for the one that stated the anchor.
    func verdict(of judgement: Judgement, checker: @autoclosure () -> String?) -> Verdict {
        let rule = judgement.rule.rule
        let subject = judgement.subject
        let check = Check(
            id: rule.id, subject: subject, result: judgement.result,
            lacking: judgement.result == .undetermined ? judgement.details?.facts : nil)
        guard judgement.result == .finding, let details = judgement.details, let severity = details.severity else {
            return Verdict(check: check, finding: nil)
        }
        let finding = Finding(
            id: rule.id, severity: severity, checker: checker() ?? judgement.anchor.observation.checker,
            subject: subject, title: render(rule.title, judgement, subject),
            text: render(rule.text, judgement, subject), remedy: render(rule.remedy, judgement, subject),
            references: rule.references, facts: details.facts, profiles: [],
            explains: rule.explains.isEmpty ? nil : rule.explains)
        return Verdict(check: check, finding: finding)
    }

    private func render(_ template: Template, _ judgement: Judgement, _ subject: Subject) -> String {
        let (anchor, item, rule) = (judgement.anchor.observation, judgement.item, judgement.rule.rule)
        return template.render { placeholder in
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
}
