import AssayModel
import AssayStore

/// `mta_sts.history`, about the domain: how record and policy changed, seen from senders that cached the earlier ones.
///
/// A sender fetches the policy anew when the id changes or the cached one ends (RFC 8461 section 3.3), so a policy that
/// changes under the same id stays unknown to them for its old `max_age`.
struct STSHistory: Fact {
    static let id = "mta_sts.history"

    let policyID: String?
    /// Senders may still hold an earlier policy under the id that stands now.
    let isChangedUnderSameID: Bool
    /// That id was announced while the earlier policy was still served: the record was changed first.
    let isRecordChangedFirst: Bool
    /// The id is new since the last scan, the policy is what it was.
    let isIDChangedAlone: Bool
    /// An `enforce` policy is gone, no policy of mode `none` followed it, and senders may still hold it.
    let isRemovedWhileEnforced: Bool
    /// The earlier policy, and the one now, in short; missing where there is nothing to tell.
    let before: String?
    let after: String?
    /// The day that the earlier policy was last seen.
    let lastSeenOn: String?
    /// Until senders that fetched the earlier policy on the last occasion have forgotten it.
    let heldUntil: String?
    let secondsHeld: Int?
    /// A record with an id that no sender has seen: the moment of the scan.
    let suggestion: String

    static let examples = [
        STSHistory(
            policyID: "20261124", isChangedUnderSameID: true, isRecordChangedFirst: true, isIDChangedAlone: false,
            isRemovedWhileEnforced: false, before: "mode: enforce", after: "mode: testing", lastSeenOn: "2026-11-20",
            heldUntil: "2026-12-20T00:00:00Z", secondsHeld: 2_246_400,
            suggestion: "v=STSv1; id=20261124053300"),
        STSHistory(
            policyID: nil, isChangedUnderSameID: false, isRecordChangedFirst: false, isIDChangedAlone: false,
            isRemovedWhileEnforced: false, before: nil, after: nil, lastSeenOn: nil, heldUntil: nil, secondsHeld: nil,
            suggestion: "v=STSv1; id=20261124053300"),
    ]

    /// Nothing where the domain never had a record, or where the record now could not be told.
    static func observations(_ past: Past, domain: DomainName) -> [Observation] {
        guard let record = past.now("mta_sts.txt").first else { return [] }
        let records = past.runs(of: "mta_sts.txt", about: record.subject)
        guard !records.isEmpty else { return [] }
        let policy = past.now("mta_sts.policy").first
        let policies = past.runs(of: "mta_sts.policy").map(Run.init)
        let fact: STSHistory?
        switch (record.outcome.kind, policy?.outcome.kind) {
        case (.absent, .absent?), (.absent, .notApplicable?), (.absent, nil):
            fact = removed(policies, records, at: past.moment)
        case (.observed, .observed?):
            fact = changed(Present(record: record, policy: policy), policies, records, at: past.moment)
        default: fact = nil
        }
        guard let fact else { return [] }
        return [past.observation(fact, about: .domain(domain), like: record)]
    }

    // MARK: Removal

    /// RFC 8461 section 8.3: first a policy of mode `none` with a new id, and the record stays until the old one has ended.
    private static func removed(_ policies: [Run], _ records: [Sighting], at moment: Timestamp) -> STSHistory? {
        guard let last = policies.lastIndex(where: { $0.mode == "enforce" }) else { return .quiet(moment) }
        let enforced = policies[last]
        let later = policies[(last + 1)...]
        guard !later.contains(where: { $0.mode == "none" }) else { return .quiet(moment) }
        // What followed was first seen then, so a sender may have fetched the policy just before.
        let gone = later.first?.firstSeen ?? records.last { $0.value == nil }?.firstSeen ?? moment
        let until = enforced.end(fetchedAt: gone)
        let left = until.seconds(since: moment)
        return STSHistory(
            policyID: nil, isChangedUnderSameID: false, isRecordChangedFirst: false, isIDChangedAlone: false,
            isRemovedWhileEnforced: left > 0, before: enforced.words, after: nil, lastSeenOn: enforced.lastSeen.dayText,
            heldUntil: "\(until)", secondsHeld: max(0, left),
            suggestion: suggestion(moment))
    }

    // MARK: Change

    private struct Present {
        let id: String
        let value: FactValue
        let words: String

        init?(record: Observation, policy: Observation?) {
            guard let id = record.outcome.value?[path: "policy_id"]?.stringValue,
                record.outcome.value?[path: "is_valid"] == .bool(true),
                let value = policy?.outcome.value, value[path: "is_valid"] == .bool(true)
            else { return nil }
            self.id = id
            self.value = Memory.projection(of: value, on: Memory.fields["mta_sts.policy"] ?? [])
            words = Run.words(self.value)
        }
    }

    private static func changed(
        _ present: Present?, _ policies: [Run], _ records: [Sighting], at moment: Timestamp
    ) -> STSHistory? {
        guard let present else { return nil }
        let isNewID = records.last?.value?[path: "policy_id"]?.stringValue != present.id
        // The id has stood since then.
        let since =
            records.reversed().prefix { $0.value?[path: "policy_id"]?.stringValue == present.id }.last?.firstSeen
            ?? moment
        // The latest other policy that a sender can have fetched under this id.
        let others = policies.filter { $0.isValid && $0.value != present.value && $0.lastSeen >= since }
        if !isNewID, let other = others.last {
            let replaced =
                policies.first { $0.value == present.value && $0.firstSeen > other.lastSeen }?.firstSeen ?? moment
            let until = other.end(fetchedAt: replaced)
            let left = until.seconds(since: moment)
            return STSHistory(
                policyID: present.id, isChangedUnderSameID: left > 0,
                // It was there before the id was.
                isRecordChangedFirst: left > 0 && records.count > 1 && other.firstSeen < since, isIDChangedAlone: false,
                isRemovedWhileEnforced: false, before: other.words, after: present.words,
                lastSeenOn: other.lastSeen.dayText, heldUntil: "\(until)", secondsHeld: max(0, left),
                suggestion: suggestion(moment))
        }
        let isSame = policies.last?.value == present.value
        let hadID = records.last?.value?[path: "policy_id"] != nil
        return STSHistory(
            policyID: present.id, isChangedUnderSameID: false, isRecordChangedFirst: false,
            isIDChangedAlone: isNewID && hadID && isSame, isRemovedWhileEnforced: false,
            before: isSame ? nil : policies.last?.words, after: isSame ? nil : present.words,
            lastSeenOn: policies.last?.lastSeen.dayText, heldUntil: nil, secondsHeld: nil,
            suggestion: suggestion(moment))
    }

    /// RFC 8461 section 3.1: an id is 1 to 32 letters and digits.
    private static func suggestion(_ moment: Timestamp) -> String {
        let digits = moment.description.utf8.filter { (0x30...0x39).contains($0) }
        return "v=STSv1; id=\(String(decoding: digits, as: UTF8.self))"
    }

    private static func quiet(_ moment: Timestamp) -> STSHistory {
        STSHistory(
            policyID: nil, isChangedUnderSameID: false, isRecordChangedFirst: false, isIDChangedAlone: false,
            isRemovedWhileEnforced: false, before: nil, after: nil, lastSeenOn: nil, heldUntil: nil, secondsHeld: nil,
            suggestion: suggestion(moment))
    }

    /// A policy from when to when.
    private struct Run {
        let value: FactValue?
        let firstSeen: Timestamp
        let lastSeen: Timestamp

        init(_ sighting: Sighting) {
            value = sighting.value
            firstSeen = sighting.firstSeen
            lastSeen = sighting.lastSeen
        }

        var isValid: Bool { value?[path: "is_valid"] == .bool(true) }
        var mode: String? { isValid ? value?[path: "mode"]?.stringValue : nil }
        var words: String { value.map(Self.words) ?? "" }

        /// When a sender that fetched it at `moment` forgets it; at most a year (RFC 8461 section 3.2).
        func end(fetchedAt moment: Timestamp) -> Timestamp {
            let age = min(max(0, value?[path: "max_age"]?.intValue ?? 0), 31_557_600)
            return Timestamp(secondsSince1970: moment.secondsSince1970 + Int64(age))
        }

        static func words(_ value: FactValue) -> String {
            var parts = value[path: "mode"]?.stringValue.map { ["mode: \($0)"] } ?? []
            for pattern in value[path: "patterns"]?.listValue ?? [] {
                if let name = pattern.stringValue { parts.append("mx: \(name)") }
            }
            if let age = value[path: "max_age"]?.intValue { parts.append("max_age: \(age)") }
            return parts.joined(separator: ", ")
        }
    }
}
