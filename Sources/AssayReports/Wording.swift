import AssayModel

/// The words that all formats share.
enum Wording {
    static func title(of severity: Severity) -> String { severity.rawValue.uppercased() }

    static func glyph(of severity: Severity) -> String {
        switch severity {
        case .critical: "‼"
        case .high: "✗"
        case .medium: "!"
        case .low: "-"
        case .info: "i"
        }
    }

    static func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }

    static let notToldTitle = "Not told: neither good nor bad"
    static let badgeName = "mail security"
    static let badgeGood = "in good order"
    static let badgeUnknown = "not told"

    static func expiry(_ kind: Expiry.Kind) -> String {
        switch kind {
        case .certificate: "The certificate ends:"
        case .signature: "The DNSSEC signatures end:"
        case .markCertificate: "The mark certificate ends:"
        }
    }

    static func counts(_ report: Report) -> String { counts(report.findings) }

    /// `1 critical, 2 medium`, worst first; `no findings`.
    static func counts(_ findings: [Finding]) -> String {
        let parts = Severity.allCases.compactMap { severity in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)"
        }
        return parts.isEmpty ? "no findings" : parts.joined(separator: ", ")
    }

    /// One sentence on what the findings mean for mail.
    static func verdict(_ report: Report) -> String {
        let summary = report.summary
        if summary[.critical] > 0 { return "Mail is being lost or held back, or can be, for some senders today." }
        if summary[.high] > 0 { return "A protection does not work as meant, or mail can be read on its way." }
        if summary[.medium] > 0 { return "Mail arrives; some protections cover it in part only." }
        if !report.complete { return "Too little could be told for a verdict." }
        if summary[.low] > 0 { return "In good order; a few things could be better." }
        return "In good order."
    }

    /// What stands between `name` and `unicode` where they differ.
    static func domain(_ report: Report) -> String {
        report.unicodeDomain == report.domain.description
            ? report.unicodeDomain : "\(report.unicodeDomain) (\(report.domain))"
    }

    /// `mx.example.com [192.0.2.1]`; which of several keys a certificate has is for programs.
    static func subject(_ subject: Subject) -> String {
        guard subject.kind == .certificate, let address = subject.address else { return subject.description }
        return "\(subject.name) [\(address)]"
    }

    /// Why something could not be told, for people.
    static func cause(_ cause: Cause) -> String {
        let known: [String: String] = [
            "deadline": "the time of this scan was over", "interrupted": "the scan was stopped",
            "not_asked": "an option said not to ask", "limit": "a limit of this scan was reached",
            "budget": "the connections of this scan were used up",
            "no_answer_on_port_25": "no answer on port 25; the port may be blocked where this scan ran",
            "no_answer_on_port_443": "no answer on port 443", "blocked": "the server turned this scan away",
            "slow_banner": "no greeting within our patience", "no_route": "no route from where this scan ran",
            "no_answer_from_servers": "no name server of the zone answered", "refused_target": "not a public address",
            "depends_on_undetermined": "it depends on something that could not be told",
            "not_supported_here": "our TLS library cannot do it", "no_network": "no name server answered at all",
            "no_resolver": "the resolver did not answer", "closed_by_peer": "the server hung up",
            "reset_by_peer": "the server broke the connection", "slow_reply": "no reply within our patience",
            "lookup_error": "the lookup failed", "fault": "a fault of this program",
            "not_reached": "the dialogue did not come that far", "verifier_failed": "a fault of the verifier",
        ]
        let words = known[cause.code.rawValue] ?? cause.code.rawValue
        return cause.detail.map { "\(words) (\($0))" } ?? words
    }

    /// What could not be told: each cause with the facts it cost, subjects that lack the same facts side by side.
    static func untold(_ report: Report) -> [(cause: String, rows: [(subjects: [String], facts: [String])])] {
        var byCause: [String: [String: Set<String>]] = [:]
        for observation in report.observations {
            guard let cause = observation.outcome.cause else { continue }
            byCause[self.cause(cause), default: [:]][subject(observation.subject), default: []].insert(observation.fact)
        }
        return byCause.sorted { $0.key < $1.key }.map { cause, bySubject in
            var byFacts: [[String]: [String]] = [:]
            for (subject, facts) in bySubject { byFacts[facts.sorted(), default: []].append(subject) }
            let rows = byFacts.map { (subjects: $0.value.sorted(), facts: $0.key) }
            return (cause, rows.sorted { $0.subjects.lexicographicallyPrecedes($1.subjects) })
        }
    }

    /// Text without octets that a terminal or a page would obey: control characters and those that turn writing round
    /// become visible.
    static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0xAD, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xFFFE...0xFFFF, 0xE0000...0xE007F:
            true
        default: false
        }
    }
}
