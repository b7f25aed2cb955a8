import AssayModel
import AssayStore

/// `dane.history`, about an owner of TLSA records (a record): those that fit a key of the past, and none of today (RFC 7671
/// section 8.4: the old record goes when the old key has gone).
struct DANEHistory: Fact {
    static let id = "dane.history"

    struct Stale: Codable, Equatable {
        let record: String
        /// The day that its key was last seen in use.
        let lastUsedOn: String
    }

    let stale: [Stale]
    let staleCount: Int

    static let examples = [
        DANEHistory(stale: [Stale(record: "3 1 1 ab", lastUsedOn: "2026-10-01")], staleCount: 1)
    ]

    static func observations(_ past: Past) -> [Observation] {
        let records = past.now("dane.record").filter { $0.outcome.value != nil }
        let owners = Dictionary(grouping: records, by: \.subject.name)
        return owners.sorted { $0.key < $1.key }.compactMap { name, records in
            let matched = records.contains { $0.outcome.value?[path: "is_match"] == .bool(true) }
            // Where nothing fits, the record of the old key is not left over: the new one is missing.
            guard matched, let first = records.first else { return nil }
            let stale = records.compactMap { record in lastUse(of: record, past) }
            let known = records.contains { !past.runs(of: "dane.record", about: $0.subject).isEmpty }
            guard known || !stale.isEmpty else { return nil }
            return past.observation(
                DANEHistory(stale: stale, staleCount: stale.count),
                about: Subject(kind: .record, name: name, object: "TLSA"), like: first)
        }
    }

    /// A record that fits nothing now, and fitted in an earlier scan, or is the digest of a key or certificate seen then.
    private static func lastUse(of record: Observation, _ past: Past) -> Stale? {
        guard let value = record.outcome.value, value[path: "is_match"] == .bool(false),
            let text = value[path: "record"]?.stringValue
        else { return nil }
        var moments = past.runs(of: "dane.record", about: record.subject)
            .filter { $0.value?[path: "is_match"] == .bool(true) }.map(\.lastSeen)
        if let digest = text.utf8.split(separator: UInt8(ascii: " ")).last, value[path: "matching"] == .int(1) {
            let wanted = FactValue.string(String(decoding: digest, as: UTF8.self))
            let field = value[path: "selector"] == .int(1) ? "spki_sha256" : "fingerprint_sha256"
            moments += past.runs(of: "cert.leaf").filter { $0.value?[path: field] == wanted }.map(\.lastSeen)
        }
        guard let last = moments.max() else { return nil }
        return Stale(record: text, lastUsedOn: last.dayText)
    }
}
