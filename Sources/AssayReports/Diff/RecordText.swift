import AssayModel

/// What an operator published, as one line of text: what a diff shows of it. Derived facts (days left) are not records.
enum RecordText {
    /// nil for a fact that is no record, and where it could not be told.
    static func of(_ observation: Observation) -> String? {
        guard let render = renderers[observation.fact] else { return nil }
        switch observation.outcome {
        case .observed(let value): return render(value)
        case .absent: return ""
        case .undetermined, .notApplicable: return nil
        }
    }

    private static let renderers: [String: @Sendable (FactValue) -> String] = [
        "mx.hosts": { value in
            (value[path: "hosts"]?.listValue ?? []).map { host in
                "\(host[path: "preference"]?.intValue ?? 0) \(host[path: "name"]?.stringValue ?? "")"
            }.joined(separator: " ")
        },
        "mta_sts.txt": text("text"),
        "mta_sts.policy": { value in
            let patterns = (value[path: "patterns"]?.listValue ?? []).compactMap(\.stringValue)
            let parts =
                [value[path: "mode"]?.stringValue.map { "mode: \($0)" }] + patterns.map { "mx: \($0)" }
                + [value[path: "max_age"]?.intValue.map { "max_age: \($0)" }]
            return parts.compactMap(\.self).joined(separator: " ")
        },
        "tlsrpt.record": text("text"),
        "dane.record": text("record"),
        "spf.record": text("text"),
        "dkim.key": text("text"),
        "dmarc.record": text("text"),
        "bimi.record": text("text"),
        "caa.record": text("text"),
        "cert.leaf": { value in
            let issuer = value[path: "issuer"]?.stringValue ?? ""
            let print = value[path: "fingerprint_sha256"]?.stringValue ?? ""
            return
                "\(value[path: "key_kind"]?.stringValue ?? "") \(issuer) until \(value[path: "not_after"]?.stringValue ?? "") \(print)"
        },
    ]

    private static func text(_ field: String) -> @Sendable (FactValue) -> String {
        { $0[path: field]?.stringValue ?? "" }
    }
}
