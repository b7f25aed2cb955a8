import AssayModel
import AssayReports
import AssayRules
import Foundation
import Testing

/// Each format, read by somebody else's parser (parse-formats.py), with hostile words in every field that comes from outside.
@Suite struct FormatTests {
    /// reliability.md section 2h.
    static let hostile = [
        "<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "\"\u{301}", "<\u{338}b>", "&\u{301}amp;",
        "'\u{301}",
        "=HYPERLINK(\"http://x\")", "+1", "-1+1|cmd", "@SUM(A1)", "\t=1", "\r\nX: y", "\u{FF1D}1", "a,b;c\"d",
        "\u{1B}]8;;http://x\u{7}", "\u{9B}31m", "\u{202E}gpj.exe", "\u{200B}zero", "\u{FEFF}bom", "\u{FFFE}", "]]>",
        "-->", "\\",
        "`code` | pipe | # head", "![x](http://x)", "[x](javascript:x)", "@everyone #1", "{{7*7}} ${x}", "%0a",
        "\u{0}nul",
        "'days'=1;;;", "\u{1F3F4}\u{E0067}", "раypal",
    ]

    private static func report(_ words: String) throws -> Report {
        var report = try ReportTests.report()
        let subject = Subject(kind: .record, name: "_dmarc.example", address: nil, object: words)
        report.findings += [
            Finding(
                id: "email.dmarc_absent", severity: .critical, checker: "DMARC", subject: subject, title: words,
                text: words,
                remedy: words, references: [words], facts: [], profiles: ["default"],
                accepted: .init(reason: words, owner: words, until: "2027-01-01"))
        ]
        report.findings.append(
            Finding(
                id: "email.dmarc_p_none", severity: .medium, checker: "DMARC", subject: subject, title: "A title",
                text: words,
                remedy: words, references: [], facts: [], profiles: ["default"]))
        report.checks += ["email.dmarc_absent", "email.dmarc_p_none"].map {
            Check(id: $0, subject: subject, result: .finding)
        }
        return report
    }

    private struct Found: Decodable {
        struct JUnit: Decodable {
            let failures: [String]
            let skipped: Int
            let cases: Int
        }
        struct Page: Decodable {
            let tags: [String]
            let text: String
        }
        struct HTML: Decodable {
            let tags: [String]
            let handlers: [String]
        }
        let csv: [String]
        let sarif: [String]
        let junit: JUnit
        let prom: [String: Double]
        let ics: [[String]]
        let badge: String
        let md: Page
        let html: HTML
    }

    /// All in one run: the parsers take longer to load than to parse.
    private func parse(_ reports: [Report]) throws -> [Found] {
        let base = URL(fileURLWithPath: NSTemporaryDirectory() + "mailassay-formats.\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: base) }
        let folders = reports.indices.map { base.appendingPathComponent("\($0)") }
        for (report, folder) in zip(reports, folders) {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for format in ReportFormat.allCases {
                let bytes = ReportWriter.render(
                    [report], as: format, options: RenderOptions(catalogue: Languages.standard))
                try Data(bytes).write(to: folder.appendingPathComponent("report.\(format.fileExtension)"))
            }
        }
        let process = Process()
        process.executableURL = ReportTests.root.appendingPathComponent(".build/python/bin/python")
        process.arguments =
            [ReportTests.root.appendingPathComponent("Tests/ReportTests/parse-formats.py").path] + folders.map(\.path)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try JSONDecoder().decode([Found].self, from: data)
    }

    @Test func othersReadWhatIsWritten() throws {
        let reports = try Self.hostile.map(Self.report)
        let found = try parse(reports)
        #expect(found.count == reports.count)
        for (index, words) in Self.hostile.enumerated() { try check(words, reports[index], found[index]) }
    }

    private func check(_ words: String, _ report: Report, _ found: Found) throws {
        // The same words everywhere, made harmless in one way: what a terminal would obey is shown, the rest is kept.
        let shown = try #require(found.sarif.last?.split(separator: " ", maxSplits: 2).last).dropFirst(0)
        #expect(found.csv.count == report.findings.count)
        #expect(found.sarif.count == report.findings.count)
        for text in [found.csv[3], String(shown)] {
            for scalar in text.unicodeScalars { #expect(scalar.value >= 0x20 && scalar.value != 0x7F) }
        }
        #expect(found.junit.cases == report.checks.count)
        #expect(found.junit.failures.count == 2)
        #expect(found.junit.skipped == 2)
        #expect(found.prom["mailassay_findings critical xn--bcher-kva.example"] == nil)
        #expect(found.prom["mailassay_findings xn--bcher-kva.example critical"] == 0)
        #expect(found.prom["mailassay_findings xn--bcher-kva.example medium"] == 1)
        #expect(found.badge == "mail security: 1 high")
        let tags: Set<String> = [
            "html", "head", "body", "h1", "h2", "p", "details", "summary", "code", "ul", "li", "strong", "em",
        ]
        #expect(Set(found.md.tags).subtracting(tags) == [])
        #expect(found.html.handlers == [])
        #expect(!found.html.tags.contains("img") && !found.html.tags.contains("b"))
        if words.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value < 0x7F }), !"=+-@".contains(words.prefix(1)) {
            #expect(found.csv[3] == words)
            #expect(found.md.text.contains(words.replacingOccurrences(of: "`", with: "")))
        }
    }

    @Test func whatEndsIsInTheCalendar() throws {
        let found = try #require(try parse([try ReportTests.report()]).first)
        #expect(found.ics.map { $0[0] } == ["The certificate ends: mx.xn--bcher-kva.example"])
        #expect(found.ics.map { $0[1] } == ["2026-12-24"])
        #expect(
            found.prom["mailassay_expiry_timestamp_seconds xn--bcher-kva.example certificate mx.xn--bcher-kva.example"]
                != nil)
    }

    @Test func aPluginKnowsFourStates() throws {
        var report = try ReportTests.report()
        #expect(NagiosReport.status(of: report) == .critical)
        report.findings.removeFirst()
        #expect(NagiosReport.status(of: report) == .ok)
        report.complete = false
        #expect(NagiosReport.status(of: report) == .unknown)
        report.findings = [try #require(try Self.report("x").findings.last)]
        report.complete = true
        #expect(NagiosReport.status(of: report) == .warning)
    }
}
