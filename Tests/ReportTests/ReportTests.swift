import AssayCrypto
import AssayModel
import AssayReports
import AssayRules
import Foundation
import Testing

@Suite struct ReportTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let hostile = "<script>alert(1)</script>\"' onload=x \u{1B}[31mred\u{7}\r\n\u{202E}gnp.exe &amp;"

    static func report() throws -> Report {
        let domain = try #require(DomainName("xn--bcher-kva.example"))
        let subject = Subject(kind: .address, name: "mx.xn--bcher-kva.example", address: "193.0.0.1")
        let at = Timestamp(secondsSince1970: 1_795_000_000)
        return Report(
            tool: .init(name: "mailassay", version: "0.1.0"), ruleset: .init(profiles: ["default"], sha256: "00"),
            domain: domain, unicodeDomain: "bücher.example", tier: "basic", role: "auto", startedAt: at, finishedAt: at,
            complete: true,
            findings: [
                Finding(
                    id: "email.starttls_absent", severity: .high, checker: "STARTTLS", subject: subject,
                    title: "The server does not offer STARTTLS", text: "It said \(hostile)", remedy: "Switch `TLS` on.",
                    references: ["RFC 3207"], facts: ["o1"], profiles: ["default"], masked: true),
                Finding(
                    id: "email.smtp_ext_inventory", severity: .info, checker: "STARTTLS", subject: subject,
                    title: "Extensions", text: String(repeating: "word ", count: 60), remedy: "Nothing.",
                    references: ["RFC 5321"], facts: [], profiles: ["default"]),
            ],
            checks: [
                Check(id: "email.starttls_absent", subject: subject, result: .finding),
                Check(id: "email.cert_expired", subject: subject, result: .undetermined, lacking: ["cert.leaf"]),
            ],
            observations: [
                Observation(
                    id: "o1", fact: "smtp.greeting", checker: "STARTTLS", subject: subject,
                    outcome: .observed(
                        .object([
                            "code": .int(220), "text": .string(hostile), "list": .list([.bool(true), .double(0.5)]),
                        ])),
                    evidence: ["e1", "e2"]),
                Observation(
                    id: "o2", fact: "cert.leaf", checker: "STARTTLS", subject: subject,
                    outcome: .undetermined(Cause(.deadline, detail: hostile))),
                Observation(
                    id: "o3", fact: "mta_sts.txt", checker: "MTASTS", subject: .domain(domain), outcome: .absent),
                Observation(
                    id: "o4", fact: "mx.ptr", checker: "MX", subject: .domain(domain),
                    outcome: .notApplicable("no_mail_host")),
                Observation(
                    id: "o5", fact: "cert.leaf", checker: "STARTTLS",
                    subject: Subject(
                        kind: .certificate, name: "mx.xn--bcher-kva.example", address: "193.0.0.1", object: "ecdsa"),
                    outcome: .observed(.object(["not_after": .string("2026-12-24T12:00:00Z")]))),
            ],
            evidence: [
                .init(
                    id: "e1",
                    record: EvidenceRecord(kind: .dns, at: at, name: "example MX", body: .octets(Array(0...255)))),
                .init(
                    id: "e2",
                    record: EvidenceRecord(
                        kind: .smtp, at: at, name: "mx", server: "193.0.0.1:25",
                        body: .lines([
                            .init(from: .them, atMilliseconds: 3, text: hostile),
                            .init(from: .us, atMilliseconds: 4, text: "QUIT"),
                        ]))),
            ],
            connections: [.init(address: "193.0.0.1", port: 25, planned: 1, made: 1, resumed: 0)])
    }

    @Test func whatIsWrittenReadsBack() throws {
        let report = try Self.report()
        #expect(try JSONReport.read(JSONReport.write([report])) == [report])
        #expect(try JSONReport.read(JSONReport.write([report, report])) == [report, report])
        #expect(JSONReport.write([report]) == JSONReport.write([report]))
    }

    @Test(arguments: [
        ("", "not JSON"), ("{}", "schema is missing"),
        ("{\"schema\": \"x\"}", ".schema: is x, this program reads mailassay.report/1"),
    ])
    func whatIsNoReportIsNamed(_ text: String, _ words: String) {
        do {
            _ = try JSONReport.read(Array(text.utf8))
            Issue.record("it was read")
        } catch {
            #expect(error.description == words)
        }
    }

    @Test func theTextObeysNobodyAndFits() throws {
        for width in [40, 80, 120] {
            var options = RenderOptions(catalogue: Languages.standard)
            options.width = width
            let text = String(
                decoding: ReportWriter.render([try Self.report()], as: .text, options: options), as: UTF8.self)
            for scalar in text.unicodeScalars {
                #expect(scalar == "\n" || scalar.value >= 0x20 && scalar.value != 0x7F && scalar.value != 0x202E)
            }
            for line in text.split(separator: "\n") where line.contains(" ") && !line.hasPrefix("    It said") {
                let longestWord = line.split(separator: " ").map(\.count).max() ?? 0
                #expect(line.count <= max(width, longestWord + 8), "\(width): \(line)")
            }
            #expect(text.contains("NOT TOLD"))
            #expect(text.contains("bücher.example (xn--bcher-kva.example)"))
        }
    }

    @Test func colourIsOnlyForWhoWantsIt() throws {
        var options = RenderOptions(catalogue: Languages.standard)
        let plain = ReportWriter.render([try Self.report()], as: .text, options: options)
        options.color = true
        let coloured = ReportWriter.render([try Self.report()], as: .text, options: options)
        #expect(!plain.contains(0x1B) && coloured.contains(0x1B))
    }

    private func page() throws -> String {
        let bytes = ReportWriter.render(
            [try Self.report()], as: .html, options: RenderOptions(catalogue: Languages.standard))
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func thePageAsksForNothingFromOutside() throws {
        let page = try page()
        for forbidden in ["<img", "<link", "<iframe", "src=", "http:", "javascript:", "\u{1B}", "\u{202E}"] {
            #expect(!page.contains(forbidden), "\(forbidden)")
        }
        // The report's data and our script, and no other.
        #expect(page.components(separatedBy: "<script").count == 3)
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x"))
        #expect(page.contains("\\u003cscript>alert(1)\\u003c/script>"))
        // Everything but words is quoted: no attribute can be broken out of.
        #expect(page.components(separatedBy: "<html lang=\"en\">").count == 2)
        #expect(page.contains("default-src &#39;none&#39;"))
        #expect(page.contains("masked") && page.contains("not told"))
    }

    @Test func thePageReadsBack() throws {
        let report = try Self.report()
        let read = try #require(try JSONReport.read(Array(try page().utf8)).first)
        #expect(read.findings == report.findings)
        #expect(read.observations == report.observations)
        #expect(read.checks == report.checks)
        #expect(read.evidence.map(\.id) == report.evidence.map(\.id))
        #expect(throws: JSONReport.Fault.self) { try JSONReport.read(Array("<html></html>".utf8)) }
    }

    @Test(arguments: [("style.css", "style-src"), ("report.js", "script-src")])
    func whatThePolicyAllowsIsWhatStandsThere(_ name: String, _ directive: String) throws {
        let file = try Data(contentsOf: Self.root.appendingPathComponent("reports/\(name)"))
        let hash = Data(Digest.sha256(Array(file))).base64EncodedString()
        let page = try page()
        #expect(page.contains("\(directive) &#39;sha256-\(hash)&#39;"))
        #expect(page.contains(String(decoding: file, as: UTF8.self)))
    }

    @Test(arguments: ReportFormat.allCases) func theGoldenSamplesAreWhatIsWritten(_ format: ReportFormat) throws {
        let file = Self.root.appendingPathComponent("reports/golden/hostile.\(format.fileExtension)")
        let bytes = ReportWriter.render(
            [try Self.report()], as: format, options: RenderOptions(catalogue: Languages.standard))
        if ProcessInfo.processInfo.environment["MAILASSAY_RECORD"] == "1" { try Data(bytes).write(to: file) }
        #expect(try Data(contentsOf: file) == Data(bytes))
    }
}
