import AssayModel

/// Who can send as the domain: what receivers do with a forged message, by whose name it carries and by what they check.
///
/// The forger takes his better way: a host of his own with an envelope of his own, unless SPF or a DKIM key lets him pass.
struct ForgeryTable {
    /// Whose name stands in From.
    enum Identity: String, CaseIterable { case domain, existing, unmade }

    /// What the receiver goes by.
    enum Receiver: String, CaseIterable {
        /// SPF of the envelope alone.
        case spf
        /// DMARC as RFC 7489 had it, and as RFC 9989 has it.
        case legacy, current
    }

    enum Outcome: String {
        case delivered, junk, partly, rejected, untold
    }

    struct Cell {
        let receiver: Receiver
        let outcome: Outcome
        let reason: String
    }

    struct Row {
        let identity: Identity
        /// `anything.example.com`
        let example: String
        let cells: [Cell]
    }

    let words: Wording

    /// Empty where the scan did not ask about DMARC.
    func rows(_ report: Report) -> [Row] {
        guard let effective = report.observations.first(where: { $0.fact == "dmarc.effective" }) else { return [] }
        let scene = Scene(report)
        return Identity.allCases.map { identity in
            let cells = Receiver.allCases.map { receiver -> Cell in
                if receiver == .spf { return envelopeAlone(scene) }
                guard let value = effective.outcome.value else {
                    let cause = effective.outcome.cause.map(words.cause) ?? words("forge.why.none")
                    return Cell(receiver: receiver, outcome: .untold, reason: cause)
                }
                return judged(value, identity, receiver, scene)
            }
            return Row(identity: identity, example: Self.example(identity, report), cells: cells)
        }
    }

    private static func example(_ identity: Identity, _ report: Report) -> String {
        switch identity {
        case .domain: "ceo@\(report.domain)"
        case .existing: "ceo@mail.\(report.domain)"
        case .unmade: "ceo@anything.\(report.domain)"
        }
    }

    /// RFC 7208 judges the envelope, which the reader of a message never sees.
    private func envelopeAlone(_ scene: Scene) -> Cell {
        let result = words.optional("forge.spf.\(scene.spf)") ?? scene.spf
        return Cell(receiver: .spf, outcome: .delivered, reason: words("forge.why.envelope", ["result": result]))
    }

    private func judged(_ value: FactValue, _ identity: Identity, _ receiver: Receiver, _ scene: Scene) -> Cell {
        func cell(_ outcome: Outcome, _ reason: String) -> Cell {
            Cell(receiver: receiver, outcome: outcome, reason: reason)
        }
        if scene.spfIsOpen, identity == .domain || !scene.isSPFStrict {
            return cell(.delivered, words("forge.why.open"))
        }
        if let selector = scene.weakSelector, identity == .domain || !scene.isDKIMStrict {
            return cell(.delivered, words("forge.why.key", ["selector": selector]))
        }
        // Where a wildcard answers for every name, no name is without existence (RFC 9989 section 3.2.13).
        let isMade = identity == .unmade && receiver == .current && scene.answersForAll
        let field: String =
            switch identity {
            case .domain: "domain"
            case .existing: "existing_subdomain"
            case .unmade: isMade ? "existing_subdomain" : "nonexistent_subdomain"
            }
        guard let entry = value[path: receiver == .legacy ? "legacy.\(field)" : field] else {
            return cell(.untold, words("forge.why.none"))
        }
        let state = entry[path: "state"]?.stringValue ?? ""
        guard state == "applied" else {
            return cell(.delivered, words.optional("forge.why.\(state)") ?? words("forge.why.none"))
        }
        let policy = entry[path: "effective"]?.stringValue ?? "none"
        let share = entry[path: "percentage"]?.intValue ?? 100
        var reason = words(
            "forge.why.policy",
            [
                "record": "_dmarc.\(entry[path: "record_domain"]?.stringValue ?? "")",
                "tag": entry[path: "tag"]?.stringValue ?? "p",
                "policy": entry[path: "requested"]?.stringValue ?? policy,
            ])
        if policy != entry[path: "requested"]?.stringValue { reason += "; " + words("forge.why.test") }
        if isMade { reason += "; " + words("forge.why.wildcard") }
        switch policy {
        case "reject" where share < 100, "quarantine" where share < 100:
            return cell(.partly, reason + "; " + words("forge.why.share", ["n": "\(share)"]))
        case "reject": return cell(.rejected, reason)
        case "quarantine": return cell(.junk, reason)
        default: return cell(.delivered, reason)
        }
    }

    /// What is beside DMARC's policy: whether a forger passes anyway.
    private struct Scene {
        let spf: String
        let spfIsOpen: Bool
        let weakSelector: String?
        let isSPFStrict: Bool
        let isDKIMStrict: Bool
        let answersForAll: Bool

        init(_ report: Report) {
            func values(_ fact: String) -> [FactValue] {
                report.observations.lazy.filter { $0.fact == fact }.compactMap(\.outcome.value)
            }
            let record = values("spf.record").first
            let isValid = record?[path: "is_valid"]?.boolValue == true
            spf = record == nil ? "none" : isValid ? record?[path: "all"]?.stringValue ?? "none" : "error"
            spfIsOpen = isValid && values("spf.ranges").contains { $0[path: "passes_all"]?.boolValue == true }
            weakSelector = values("dkim.key").first(where: Self.isForgeable)?[path: "selector"]?.stringValue
            let applied = values("dmarc.tags").first { $0[path: "is_applied"]?.boolValue == true }
            isSPFStrict = applied?[path: "has_strict_spf"]?.boolValue == true
            isDKIMStrict = applied?[path: "has_strict_dkim"]?.boolValue == true
            let unmade = values("dmarc.wildcard").first?[path: "unmade_name"]?.stringValue
            answersForAll = unmade == "records" || unmade == "no_data"
        }

        /// The secret key is known, or anybody can compute it.
        private static func isForgeable(_ key: FactValue) -> Bool {
            guard key[path: "is_usable"]?.boolValue == true, key[path: "is_revoked"]?.boolValue != true else {
                return false
            }
            let isShort = key[path: "kind"]?.stringValue == "rsa" && (key[path: "bits"]?.intValue ?? 4096) <= 512
            return isShort || key[path: "holds_private_key"]?.boolValue == true
        }
    }
}
