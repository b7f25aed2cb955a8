import AssayModel
import AssayStore

/// `dnssec.history`, about a zone: keys and DS records that came or went since the last scan, and the step of a change of
/// keys that this looks like (RFC 6781 section 4.1).
struct DNSSECHistory: Fact {
    static let id = "dnssec.history"

    enum Step: String, Codable {
        /// DS records of two keys, one of them new.
        case doubleDS = "double_ds"
        /// A new key that does not sign yet.
        case prePublished = "pre_published"
        /// A new key signs beside an old one.
        case doubleSignature = "double_signature"
        /// A key has gone.
        case retired
        case none
    }

    let step: Step
    /// Key tag and algorithm: `12345 13`.
    let newKeys: [String]
    let goneKeys: [String]
    let newDS: [String]
    let goneDS: [String]

    static let examples = [
        DNSSECHistory(step: .doubleDS, newKeys: ["12345 13"], goneKeys: ["1 8"], newDS: ["12345"], goneDS: ["1"])
    ]

    static func observations(_ past: Past) -> [Observation] {
        let keys = Dictionary(grouping: past.now("dnssec.key").filter { $0.outcome.value != nil }, by: \.subject.name)
        return keys.sorted { $0.key < $1.key }.compactMap { zone, keys in
            let runs = past.runs(of: "dnssec.key").filter { $0.subject.name == zone }
            // The keys of the last scan that saw any.
            guard let last = runs.map(\.lastSeen).max(), let first = keys.first else { return nil }
            let before = Set(runs.filter { $0.lastSeen == last }.compactMap { Self.name($0.subject) })
            let now = Set(keys.compactMap { Self.name($0.subject) })
            let (newDS, goneDS) = delegation(zone, past)
            let new = now.subtracting(before)
            let isSigning = keys.contains { key in
                Self.name(key.subject).map(new.contains) == true
                    && key.outcome.value?[path: "is_signing"] == .bool(true)
            }
            let step: Step =
                if !newDS.isEmpty && goneDS.isEmpty {
                    .doubleDS
                } else if !new.isEmpty {
                    isSigning ? .doubleSignature : .prePublished
                } else if !before.subtracting(now).isEmpty || !goneDS.isEmpty {
                    .retired
                } else {
                    .none
                }
            return past.observation(
                DNSSECHistory(
                    step: step, newKeys: new.sorted(), goneKeys: before.subtracting(now).sorted(), newDS: newDS,
                    goneDS: goneDS),
                about: Subject(kind: .zone, name: zone), like: first)
        }
    }

    private static func delegation(_ zone: String, _ past: Past) -> (new: [String], gone: [String]) {
        guard let now = past.now("dnssec.delegation").first(where: { $0.subject.name == zone }),
            let before = past.runs(of: "dnssec.delegation", about: now.subject).last
        else { return ([], []) }
        func tags(_ value: FactValue?) -> Set<Int> {
            Set((value?[path: "key_tags"]?.listValue ?? []).compactMap(\.intValue))
        }
        let (old, new) = (tags(before.value), tags(now.outcome.value))
        return (new.subtracting(old).sorted().map(String.init), old.subtracting(new).sorted().map(String.init))
    }

    /// `DNSKEY 12345 13`, without the type.
    private static func name(_ subject: Subject) -> String? {
        subject.object.map { String(decoding: $0.utf8.drop { $0 != 0x20 }.dropFirst(), as: UTF8.self) }
    }
}
