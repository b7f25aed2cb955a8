import AssayModel

/// The words that all formats share: the catalogue's, with a report's values in them.
struct Wording {
    private let catalogue: Catalogue

    init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    var language: String { catalogue.language }

    func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String { catalogue(key, values) }

    func optional(_ key: String) -> String? { catalogue.optional(key) }

    func count(_ count: Int, _ noun: String) -> String { catalogue.count(count, noun) }

    func name(of severity: Severity) -> String { self("severity.\(severity.rawValue)") }

    /// In capitals, which a translation may have beyond ASCII.
    func title(of severity: Severity) -> String { name(of: severity).uppercased() }

    static func glyph(of severity: Severity) -> String {
        switch severity {
        case .critical: "‼"
        case .high: "✗"
        case .medium: "!"
        case .low: "-"
        case .info: "i"
        }
    }

    /// `1 critical, 2 medium`, worst first; `no findings`.
    func counts(_ findings: [Finding]) -> String {
        let parts = Severity.allCases.compactMap { severity in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(name(of: severity))"
        }
        return parts.isEmpty ? self("findings.none") : parts.joined(separator: ", ")
    }

    /// One sentence on what the findings mean for mail.
    func verdict(_ report: Report) -> String {
        let worst = report.findings.filter { $0.accepted == nil && $0.severity != .info }.map(\.severity).max()
        switch worst {
        case .critical, .high, .medium: return self("verdict.\(worst?.rawValue ?? "")")
        case .low, .info, nil:
            if !report.complete { return self("verdict.incomplete") }
            return self(worst == nil ? "verdict.good" : "verdict.low")
        }
    }

    /// What stands between `name` and `unicode` where they differ.
    static func domain(_ report: Report) -> String {
        report.unicodeDomain == report.domain.description
            ? report.unicodeDomain : "\(report.unicodeDomain) (\(report.domain))"
    }

    static func tool(_ report: Report) -> String { "\(report.tool.name) \(report.tool.version)" }

    static func profiles(_ report: Report) -> String { report.ruleset.profiles.joined(separator: "+") }

    /// `mx.example.com [192.0.2.1]`; which of several keys a certificate has is for programs.
    static func subject(_ subject: Subject) -> String {
        guard subject.kind == .certificate, let address = subject.address else { return subject.description }
        return "\(subject.name) [\(address)]"
    }

    /// Why something could not be told, for people.
    func cause(_ cause: Cause) -> String {
        let words = optional("cause.\(cause.code.rawValue)") ?? cause.code.rawValue
        return cause.detail.map { "\(words) (\($0))" } ?? words
    }

    func accepted(_ acceptance: Finding.Acceptance) -> String {
        self(
            "finding.accepted",
            ["until": acceptance.until, "owner": acceptance.owner, "reason": acceptance.reason])
    }

    /// What could not be told: each cause with the facts it cost, subjects that lack the same facts side by side.
    func untold(_ report: Report) -> [(cause: String, rows: [(subjects: [String], facts: [String])])] {
        var byCause: [String: [String: Set<String>]] = [:]
        for observation in report.observations {
            guard let cause = observation.outcome.cause else { continue }
            byCause[self.cause(cause), default: [:]][Self.subject(observation.subject), default: []]
                .insert(observation.fact)
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

    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0xAD, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xFFFE...0xFFFF, 0xE0000...0xE007F:
            true
        default: false
        }
    }
}
