import AssayModel

/// What ends on a known day, out of a report's observations: certificates and signatures.
struct Expiry: Hashable {
    enum Kind: String, CaseIterable {
        case certificate, signature
        case markCertificate = "mark_certificate"
    }

    let kind: Kind
    /// The host or zone.
    let name: String
    let at: Timestamp

    /// Of each kind and name the earliest, in order of time.
    static func all(_ report: Report) -> [Expiry] {
        var earliest: [String: Expiry] = [:]
        for observation in report.observations {
            guard let source = sources[observation.fact],
                let text = observation.outcome.value?[path: source.field]?.stringValue,
                let at = Timestamp(parsing: text)
            else { continue }
            let expiry = Expiry(kind: source.kind, name: observation.subject.name, at: at)
            let key = "\(expiry.kind.rawValue) \(expiry.name)"
            if let known = earliest[key], known.at <= at { continue }
            earliest[key] = expiry
        }
        return earliest.values.sorted { ($0.at, $0.kind.rawValue, $0.name) < ($1.at, $1.kind.rawValue, $1.name) }
    }

    /// Facts that carry a day, and the field it is in.
    private static let sources: [String: (kind: Kind, field: String)] = [
        "cert.leaf": (.certificate, "not_after"), "dnssec.signatures": (.signature, "ends_on"),
        "vmc.certificate": (.markCertificate, "not_after"),
    ]
}
