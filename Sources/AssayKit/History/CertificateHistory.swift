import AssayModel
import AssayStore

/// `cert.history`, about a certificate: whether an earlier scan saw the very same.
struct CertificateHistory: Fact {
    static let id = "cert.history"

    let isSeenBefore: Bool
    let firstSeenOn: String
    /// The key of an earlier certificate stayed.
    let isKeyKept: Bool

    static let examples = [CertificateHistory(isSeenBefore: true, firstSeenOn: "2026-10-01", isKeyKept: false)]

    static func observations(_ past: Past) -> [Observation] {
        past.now("cert.leaf").compactMap { leaf in
            let runs = past.runs(of: "cert.leaf", about: leaf.subject)
            guard !runs.isEmpty, let value = leaf.outcome.value else { return nil }
            func seen(_ field: String) -> [Sighting] {
                runs.filter { $0.value?[path: field] != nil && $0.value?[path: field] == value[path: field] }
            }
            let same = seen("fingerprint_sha256")
            return past.observation(
                CertificateHistory(
                    isSeenBefore: !same.isEmpty,
                    firstSeenOn: (same.map(\.firstSeen).min() ?? past.moment).dayText,
                    isKeyKept: same.isEmpty && !seen("spki_sha256").isEmpty),
                about: leaf.subject, like: leaf)
        }
    }
}
