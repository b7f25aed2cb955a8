package import AssayModel

/// Comma-separated values (RFC 4180): a row per finding, or a row per domain.
package enum CSVReport {
    package enum Shape: String, Sendable, CaseIterable { case finding, domain }

    package static func write(_ reports: [Report], shape: Shape) -> [UInt8] {
        header(shape) + reports.flatMap { rows($0, shape: shape) }
    }

    /// The first line; rows of several reports go below one.
    package static func header(_ shape: Shape) -> [UInt8] { line(shape == .finding ? findingColumns : domainColumns) }

    package static func rows(_ report: Report, shape: Shape) -> [UInt8] {
        switch shape {
        case .finding: report.findings.flatMap { line(row($0, in: report)) }
        case .domain: line(row(report))
        }
    }

    private static let findingColumns = [
        "domain", "started_at", "severity", "id", "checker", "subject_kind", "subject_name", "subject_address",
        "subject_object", "title", "text", "remedy", "references", "profiles", "masked", "accepted_until",
    ]

    private static func row(_ finding: Finding, in report: Report) -> [String] {
        [
            "\(report.domain)", "\(report.startedAt)", finding.severity.rawValue, finding.id, finding.checker,
            finding.subject.kind.rawValue, finding.subject.name, finding.subject.address ?? "",
            finding.subject.object ?? "", finding.title, finding.text, finding.remedy,
            finding.references.joined(separator: "; "), finding.profiles.joined(separator: " "),
            finding.masked == true ? "true" : "false", finding.accepted?.until ?? "",
        ]
    }

    private static let domainColumns =
        ["domain", "unicode_domain", "started_at", "tier", "complete", "worst"] + Severity.allCases.map(\.rawValue)
        + ["undetermined", "passed", "first_expiry", "findings"]

    private static func row(_ report: Report) -> [String] {
        let open = report.findings.filter { $0.accepted == nil }
        return [
            "\(report.domain)", report.unicodeDomain, "\(report.startedAt)", report.tier, "\(report.complete)",
            open.map(\.severity).max()?.rawValue ?? "",
        ] + Severity.allCases.map { "\(report.summary[$0])" } + [
            "\(report.summary.undetermined)", "\(report.checks.count { $0.result == .pass })",
            Expiry.all(report).first.map { "\($0.at)" } ?? "",
            Set(open.filter { $0.severity != .info }.map(\.id)).sorted().joined(separator: " "),
        ]
    }

    private static func line(_ fields: [String]) -> [UInt8] {
        Array(fields.map(field).joined(separator: [UInt8(ascii: ",")])) + [0x0D, 0x0A]
    }

    /// A spreadsheet runs what begins like a formula, so an apostrophe goes before it (OWASP, CSV injection).
    static func field(_ text: String) -> [UInt8] {
        let plain = Wording.plain(text)
        var octets = Array(plain.utf8)
        if let first = plain.unicodeScalars.first, formulaStarts.contains(first.value) {
            octets.insert(UInt8(ascii: "'"), at: 0)
        }
        guard octets.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0D || $0 == 0x0A || $0 == 0x3B }) else {
            return octets
        }
        return [0x22] + octets.flatMap { $0 == 0x22 ? [$0, $0] : [$0] } + [0x22]
    }

    /// `=`, `+`, `-`, `@`, tab, CR, and their full-width forms.
    private static let formulaStarts: Set<UInt32> = [
        0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D, 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20,
    ]
}
