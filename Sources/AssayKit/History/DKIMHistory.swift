import AssayModel
import AssayStore

/// `dkim.history`, about a selector: how long its key has been seen, and where else.
struct DKIMHistory: Fact {
    static let id = "dkim.history"

    /// The day of the first scan that saw this key, under whatever selector.
    let firstSeenOn: String
    /// Since then: the key is at least so old.
    let ageDays: Int
    /// The key is another than in the last scan.
    let isNew: Bool
    let isRevoked: Bool
    /// Unrelated domains in the store that had the same key when they were last scanned; the first of them, and how many.
    let otherDomains: [String]
    let otherCount: Int

    static let examples = [
        DKIMHistory(
            firstSeenOn: "2025-10-01", ageDays: 419, isNew: false, isRevoked: false, otherDomains: ["example.net"],
            otherCount: 1)
    ]

    static func observations(_ past: Past) -> [Observation] {
        past.now("dkim.key").compactMap { key in
            guard let value = key.outcome.value, let fingerprint = value[path: "fingerprint"]?.stringValue else {
                return nil
            }
            let own = past.runs(of: "dkim.key", about: key.subject)
            let same = past.runs(of: "dkim.key").filter {
                $0.value?[path: "fingerprint"]?.stringValue == fingerprint
            }
            let twins = past.keyTwins[fingerprint] ?? []
            guard !own.isEmpty || !same.isEmpty || !twins.isEmpty else { return nil }
            let first = same.map(\.firstSeen).min() ?? past.moment
            return past.observation(
                DKIMHistory(
                    firstSeenOn: first.dayText, ageDays: max(0, past.moment.seconds(since: first) / 86_400),
                    isNew: own.last?.value?[path: "fingerprint"]?.stringValue != fingerprint,
                    isRevoked: value[path: "is_revoked"] == .bool(true),
                    otherDomains: twins.prefix(HistoryLimits.namedTwins).map(\.description), otherCount: twins.count),
                about: key.subject, like: key)
        }
    }
}
