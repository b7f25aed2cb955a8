import AssayModel
import AssayStore

/// What the store remembers of a scan for longer than the scan itself: of some facts the fields that later scans are
/// compared with, and none that changes by itself (seconds left).
enum Memory {
    /// Fact to remembered fields.
    static let fields: [String: [String]] = [
        "mta_sts.txt": ["policy_id", "is_valid"],
        "mta_sts.policy": ["is_valid", "mode", "max_age", "patterns"],
        "dane.record": ["is_match"],
        "cert.leaf": ["fingerprint_sha256", "spki_sha256"],
        "dkim.key": ["fingerprint"],
        "dnssec.key": ["is_sep", "is_signing"],
        "dnssec.delegation": ["key_tags"],
    ]

    /// What was not told, or not looked for, is not remembered: it would look like a change.
    static func sightings(_ observations: [Observation], at moment: Timestamp) -> [Sighting] {
        observations.prefix(HistoryLimits.observations).compactMap { observation in
            guard let fields = fields[observation.fact] else { return nil }
            let value: FactValue?
            switch observation.outcome {
            case .observed(let seen): value = projection(of: seen, on: fields)
            case .absent: value = nil
            case .undetermined, .notApplicable: return nil
            }
            return Sighting(
                fact: observation.fact, subject: observation.subject, value: value, firstSeen: moment, lastSeen: moment)
        }
    }

    static func projection(of value: FactValue, on fields: [String]) -> FactValue {
        var members: [String: FactValue] = [:]
        for field in fields { members[field] = value[path: field] }
        return .object(members)
    }
}

/// How much of a history is looked at.
enum HistoryLimits {
    /// Observations of one scan that are remembered.
    static let observations = 5000
    /// Runs of one domain that facts are made from.
    static let sightings = 20_000
    /// DKIM keys of one domain that are looked for at others, and domains found for one.
    static let keys = 100
    static let twins = 1000
    /// Domains with the same key that are named; more are counted.
    static let namedTwins = 20
}
