import AssayModel
import ReportFiles

/// The report as one HTML file: no script, nothing from outside, a policy that forbids both.
struct HTMLReport {
    private let reports: [Report]

    init(_ reports: [Report]) {
        self.reports = reports
    }

    func render() -> String {
        var html = HTML()
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        let policy = "default-src 'none'; style-src 'sha256-\(Self.styleHash)'; base-uri 'none'; form-action 'none'"
        html.open("meta", [("http-equiv", "Content-Security-Policy"), ("content", policy)])
        html.raw(
            "\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
        )
        html.element("title", "Mail security of " + reports.map(Wording.domain).joined(separator: ", "))
        html.raw("\n<style>")
        html.style(Self.style)
        html.raw("</style>\n</head>\n<body>\n<main>\n")
        for report in reports { body(report, &html) }
        html.raw("</main>\n</body>\n</html>\n")
        return html.source
    }

    private static var style: String {
        String(decoding: UnsafeBufferPointer(start: report_style(), count: report_style_length()), as: UTF8.self)
    }

    private static var styleHash: String {
        let bytes = UnsafeBufferPointer(start: report_style_hash(), count: report_style_hash_length())
        return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    }

    private func body(_ report: Report, _ html: inout HTML) {
        html.element("article") { html in
            masthead(report, &html)
            verdict(report, &html)
            hosts(report, &html)
            findings(report, &html)
            senders(report, &html)
            untold(report, &html)
            passed(report, &html)
            appendix(report, &html)
        }
        html.raw("\n")
    }

    private func masthead(_ report: Report, _ html: inout HTML) {
        html.element("header") { html in
            html.element("p", class: "kicker", "Mail security audit")
            html.element("h1", report.unicodeDomain)
            if report.unicodeDomain != report.domain.description {
                html.element("p", class: "alabel", report.domain.description)
            }
            html.element("p", class: "meta") { html in
                html.text(
                    "\(report.startedAt) · \(report.tier) tier · \(report.tool.name) \(report.tool.version) · profile ")
                html.text(report.ruleset.profiles.joined(separator: ", "))
            }
            if !report.complete {
                html.element(
                    "p", class: "warning", "This scan is not complete. What is missing stands under “Not told”.")
            }
        }
    }

    private func verdict(_ report: Report, _ html: inout HTML) {
        html.element("section", class: "verdict") { html in
            html.element("p", class: "sentence", Wording.verdict(report))
            html.element("ul", class: "tiles") { html in
                for severity in Severity.allCases {
                    tile(
                        "\(report.summary[severity])", severity.rawValue, severity.rawValue,
                        report.summary[severity] == 0, &html)
                }
                tile("\(report.summary.undetermined)", "not told", "untold", report.summary.undetermined == 0, &html)
                let passed = report.checks.count { $0.result == .pass }
                tile("\(passed)", "passed", "pass", passed == 0, &html)
            }
        }
    }

    private func tile(_ number: String, _ word: String, _ name: String, _ isZero: Bool, _ html: inout HTML) {
        html.element("li", class: "tile \(name)\(isZero ? " zero" : "")") { html in
            html.element("strong", number)
            html.element("span", word)
        }
    }

    // MARK: Hosts

    private func hosts(_ report: Report, _ html: inout HTML) {
        let rows = Hosts.table(report)
        guard !rows.isEmpty else { return }
        html.element("section") { html in
            html.element("h2", "Mail hosts")
            html.element("div", class: "scroll", [("tabindex", "0"), ("role", "region"), ("aria-label", "Mail hosts")])
            { html in
                html.element("table") { html in
                    html.raw(
                        "<thead><tr><th scope=\"col\">Host</th><th scope=\"col\">Address</th><th scope=\"col\">Port 25</th><th scope=\"col\">STARTTLS</th><th scope=\"col\">TLS</th><th scope=\"col\">Certificate</th><th scope=\"col\">MTA-STS</th></tr></thead>"
                    )
                    html.element("tbody") { html in
                        for row in rows { self.row(row, &html) }
                    }
                }
            }
        }
    }

    private func row(_ row: Hosts.Row, _ html: inout HTML) {
        html.element("tr") { html in
            html.element("th", [("scope", "row")]) { html in
                html.element("span", class: "pref", "\(row.preference)")
                html.text(" \(row.host)")
            }
            html.element("td", class: "mono", row.address)
            for cell in [row.reach, row.starttls, row.tls, row.certificate, row.policy] { self.cell(cell, &html) }
        }
    }

    private func cell(_ cell: Hosts.Cell, _ html: inout HTML) {
        if cell.words.isEmpty { return html.element("td", class: "none", "–") }
        let name = cell.severity?.rawValue ?? (cell.isTold ? "pass" : "untold")
        html.element("td", class: name) { html in
            html.element("span", class: "glyph", [("aria-hidden", "true")]) {
                $0.text(cell.severity.map(Wording.glyph) ?? (cell.isTold ? "✓" : "?"))
            }
            html.text(" " + cell.words)
        }
    }

    // MARK: Findings

    private func findings(_ report: Report, _ html: inout HTML) {
        html.element("section") { html in
            html.element("h2", "Findings")
            let groups = TextReport.groups(report.findings)
            if groups.isEmpty { html.element("p", "No finding.") }
            for group in groups { finding(group, report, &html) }
        }
    }

    private func finding(_ group: [Finding], _ report: Report, _ html: inout HTML) {
        let first = group[0]
        let attributes: [(StaticString, String)] =
            first.severity == .info || first.severity == .low ? [] : [("open", "")]
        html.element("details", class: "finding \(first.severity.rawValue)", attributes) { html in
            html.element("summary") { html in
                html.element("span", class: "badge") { html in
                    html.element("span", [("aria-hidden", "true")]) { $0.text(Wording.glyph(of: first.severity)) }
                    html.text(" \(first.severity.rawValue)")
                }
                html.element("span", class: "title", first.title)
                if group.count > 1 { html.element("span", class: "count", "\(group.count) times") }
                if first.masked == true { html.element("span", class: "count", "masked") }
            }
            if first.masked == true {
                html.element(
                    "p", class: "masked",
                    "A mail host of better preference hides this today; it shows when that host fails.")
            }
            for finding in group {
                html.element("p") { $0.prose(finding.text) }
            }
            html.element("div", class: "remedy") { html in
                html.element("h3", "What to do")
                html.element("p") { $0.prose(first.remedy) }
                if group.count > 1 {
                    html.element("p", class: "also") { html in
                        html.text(
                            "The same for "
                                + group.dropFirst().map { Wording.subject($0.subject) }.joined(separator: ", ") + ".")
                    }
                }
            }
            html.element("p", class: "meta") { html in
                html.element("code", first.id)
                html.text(" · \(first.references.joined(separator: " · "))")
                let evidence = evidenceIDs(group, report)
                if !evidence.isEmpty {
                    html.text(" · seen in ")
                    for (index, id) in evidence.enumerated() {
                        if index > 0 { html.text(", ") }
                        html.element("a", [("href", "#\(report.domain)-\(id)")]) { $0.text(id) }
                    }
                }
            }
        }
    }

    private func evidenceIDs(_ group: [Finding], _ report: Report) -> [String] {
        let facts = Set(group.flatMap(\.facts))
        let ids = report.observations.filter { facts.contains($0.id) }.flatMap(\.evidence)
        var seen: Set<String> = []
        return Array(ids.filter { seen.insert($0).inserted }.prefix(8))
    }

    // MARK: What was not told, what passed

    // MARK: Senders

    private func senders(_ report: Report, _ html: inout HTML) {
        let rows = SenderTable.rows(report)
        guard !rows.isEmpty else { return }
        html.element("section") { html in
            html.element("h2", "Who cannot deliver to you now")
            let stopped = rows.filter(\.isStopped)
            if stopped.isEmpty { html.element("p", "Every kind of sender delivers.") }
            html.element("ul") { html in
                for row in stopped { html.element("li", "\(row.title): \(row.now)") }
            }
            guard stopped.count < rows.count || Set(stopped.map(\.now)).count > 1 else { return }
            html.element("h2", "Who reads your mail")
            html.element(
                "div", class: "scroll", [("tabindex", "0"), ("role", "region"), ("aria-label", "Who reads your mail")]
            ) { html in
                html.element("table") { html in
                    html.element("thead") { html in
                        html.element("tr") { html in
                            html.element("th", [("scope", "col")]) { html in html.text("Sender") }
                            for attack in SenderTable.attacks.dropFirst() {
                                html.element("th", [("scope", "col")]) { html in html.text(attack.title) }
                            }
                        }
                    }
                    html.element("tbody") { html in
                        for row in rows { senderRow(row, &html) }
                    }
                }
            }
            if let directory = report.senderDirectory {
                html.element(
                    "p",
                    "What is known of senders by name, as of \(directory.asOf); unverified claims count for nothing:")
                html.element("ul") { html in
                    for row in rows where !row.names.isEmpty {
                        html.element("li", "\(row.title): \(row.names.joined(separator: "; "))")
                    }
                }
            }
        }
    }

    private func senderRow(_ row: SenderTable.Row, _ html: inout HTML) {
        html.element("tr") { html in
            html.element("th", [("scope", "row")]) { html in html.text(row.title) }
            for attack in SenderTable.attacks.dropFirst() {
                let cell = row.cells.first { $0.attack == attack.code }
                let isStopped = cell.map { $0.outcome == "defer" || $0.outcome == "bounce" } ?? false
                let word = cell.map { $0.isRead ? "read" : isStopped ? "waits" : "safe" } ?? "not told"
                html.element("td", [("title", cell?.words ?? "")]) { html in html.text(word) }
            }
        }
    }

    private func untold(_ report: Report, _ html: inout HTML) {
        html.element("section") { html in
            html.element("h2", "Not told")
            let rows = Wording.untold(report)
            if rows.isEmpty { return html.element("p", "Everything that was asked could be told.") }
            html.element(
                "p",
                "Neither good nor bad: what follows could not be seen, and \(Wording.counted(report.summary.undetermined, "check", "checks")) could not be decided for want of it."
            )
            for row in rows {
                html.element("div", class: "finding untold") { html in
                    html.element("p") { html in
                        html.element("span", class: "badge") { html in
                            html.element("span", [("aria-hidden", "true")]) { $0.text("?") }
                            html.text(" not told")
                        }
                        html.element("span", class: "title", row.cause)
                    }
                    html.element("ul") { html in
                        for part in row.rows {
                            html.element("li") { html in
                                html.text(part.subjects.joined(separator: ", ") + ": ")
                                html.element("code", part.facts.joined(separator: ", "))
                            }
                        }
                    }
                }
            }
        }
    }

    private func passed(_ report: Report, _ html: inout HTML) {
        let passed = report.checks.filter { $0.result == .pass }
        guard !passed.isEmpty else { return }
        html.element("section") { html in
            html.element("h2", "Passed")
            html.element("details") { html in
                html.element("summary", Wording.counted(passed.count, "check", "checks") + " found nothing wrong")
                html.element("ul", class: "columns") { html in
                    for (id, checks) in Dictionary(grouping: passed, by: \.id).sorted(by: { $0.key < $1.key }) {
                        html.element("li") { html in
                            html.element("code", id)
                            if checks.count > 1 { html.text(" (\(checks.count) times)") }
                        }
                    }
                }
            }
        }
    }

    // MARK: Appendix

    private func appendix(_ report: Report, _ html: inout HTML) {
        html.element("section", class: "appendix") { html in
            html.element("h2", "What was seen")
            for item in report.evidence { evidence(item, report, &html) }
            html.element("h2", "How this was made")
            html.element("p") { html in
                let made = report.connections.reduce(0) { $0 + $1.made }
                html.text(
                    "From \(report.startedAt) to \(report.finishedAt), with \(Wording.counted(made, "connection", "connections")). DNS answers were validated in this program. "
                )
                html.text("No mail was sent. Rules: SHA-256 \(report.ruleset.sha256).")
            }
        }
    }

    private func evidence(_ item: Report.Evidence, _ report: Report, _ html: inout HTML) {
        html.element("details", class: "evidence", [("id", "\(report.domain)-\(item.id)")]) { html in
            html.element("summary") { html in
                html.element("code", item.id)
                html.text(
                    " \(item.record.kind.rawValue) \(item.record.name)\(item.record.server.map { " from \($0)" } ?? "")"
                )
            }
            html.element("pre") { html in
                switch item.record.body {
                case .octets(let octets): html.preformatted(Self.dump(octets))
                case .lines(let lines):
                    html.preformatted(
                        lines.map { "\($0.from == .us ? ">" : "<") \(Wording.plain($0.text))" }.joined(separator: "\n"))
                }
            }
        }
    }

    /// Sixteen octets a line, at most a kilobyte.
    private static func dump(_ octets: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let shown = octets.prefix(1024)
        var lines: [String] = []
        var start = shown.startIndex
        while start < shown.endIndex {
            let row = shown[start..<min(start + 16, shown.endIndex)]
            let hex = row.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)], 0x20] }
            let text = row.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") }
            let padding = String(repeating: " ", count: 48 - hex.count)
            lines.append(String(decoding: hex, as: UTF8.self) + padding + " " + String(decoding: text, as: UTF8.self))
            start += 16
        }
        if octets.count > shown.count { lines.append("... \(octets.count - shown.count) octets more") }
        return lines.joined(separator: "\n")
    }
}
