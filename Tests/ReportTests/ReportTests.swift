import AssayCrypto
import AssayGzip
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

    private func fault(_ inside: [UInt8], type: String = "json+gzip") -> String? {
        let head = "<html><script type=\"application/\(type)\" id=\"mailassay-report\">"
        do {
            _ = try JSONReport.read(Array(head.utf8) + inside + Array("</script>".utf8))
            return nil
        } catch {
            return error.description
        }
    }

    @Test func pagesOfOlderVersionsReadBack() throws {
        let json = JSONReport.line(try Self.report())
        let escaped = String(decoding: json, as: UTF8.self).replacingOccurrences(of: "<", with: "\\u003c")
        #expect(fault(Array(escaped.utf8), type: "json") == nil)
    }

    /// What is inside a page is bounded: a few kilobytes must not become gigabytes.
    @Test func aDamagedOrSwollenPageIsRefused() throws {
        func packed(_ octets: [UInt8]) -> [UInt8] { Array(Data(Gzip.compressed(octets)).base64EncodedData()) }
        let good = packed(JSONReport.line(try Self.report()))
        #expect(fault(good) == nil)
        #expect(fault(Array(good.dropLast(8))) == "the report inside the page is damaged (gzip: truncated)")
        #expect(fault([0x21]) == "the report inside the page is damaged (base64)")
        #expect(fault(Array("AAAA".utf8)) == "the report inside the page is damaged (gzip: corrupt)")
        let swollen = packed([UInt8](repeating: 0x20, count: 16 << 20))
        #expect(fault(swollen) == "the report inside the page is damaged (gzip: ratio)")
    }

    @Test func theLimitOfWhatComesOutIsKept() throws {
        let bounds = Gzip.Bounds(octets: 1000, ratio: 1000, free: 1000)
        #expect(try Gzip.inflated(Gzip.compressed(Array(repeating: 7, count: 1000)), within: bounds).count == 1000)
        #expect(throws: Gzip.Fault.limit) {
            try Gzip.inflated(Gzip.compressed(Array(repeating: 7, count: 1001)), within: bounds)
        }
        #expect(throws: Gzip.Fault.trailing) { try Gzip.inflated(Gzip.compressed([1]) + [0], within: bounds) }
        #expect(try Gzip.inflated(Gzip.compressed([]), within: bounds) == [])
    }

    /// A plugin's line and the page leave out what a baseline holds, and say what changed.
    @Test func thePastShows() throws {
        let report = try Self.report()
        var previous = report
        previous.findings[0].severity = .medium
        previous.findings.removeLast()
        previous.startedAt = Timestamp(secondsSince1970: report.startedAt.secondsSince1970 - 864_000)
        var past = ReportPast()
        past.previous = previous
        past.known = [report.findings[0].key]
        past.scores = [.init(at: previous.startedAt, score: 40)]
        var options = RenderOptions(catalogue: Languages.standard)
        options.pasts = [report.domain: past]
        var scored = report
        scored.score = Score(value: 70, grade: "C", start: 100, steps: [], ceiling: nil, fixes: [])
        func text(_ format: ReportFormat) -> String {
            String(decoding: ReportWriter.render([scored], as: format, options: options), as: UTF8.self)
        }
        let page = text(.html)
        #expect(page.contains("What changed") && page.contains("was medium") && page.contains("New (1)"))
        #expect(page.contains("2 scans since 2026-11-08: from 40 to 70, least 40"))
        #expect(text(.nagios).hasPrefix("MAIL OK - xn--bcher-kva.example: 1 info"))
        #expect(NagiosReport.status(of: report, known: past.known) == .ok)
    }

    @Test func aBriefReportFitsOnAScreen() throws {
        var options = RenderOptions(catalogue: Languages.standard)
        options.isBrief = true
        for width in [40, 80, 200] {
            options.width = width
            let text = String(
                decoding: ReportWriter.render([try Self.report()], as: .text, options: options), as: UTF8.self)
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(width)")
            #expect(text.contains("✗ STARTTLS") && text.contains("✓ MTASTS"))
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
        }
    }

    /// Ten thousand domains are a page of five megabytes, and what is kept of each is its line.
    @Test func anOverviewOfManyStaysSmall() throws {
        var page = HTMLReport(RenderOptions(catalogue: Languages.standard))
        var report = try Self.report()
        report.findings += ["MX", "DMARC", "DKIM", "SPF", "BIMI", "CAA", "DANE", "DNSSEC", "TLS", "TLSRPT"].map {
            Finding(
                id: "email.\($0.lowercased())_x", severity: .critical, checker: $0,
                subject: Subject(kind: .mx, name: "mx.provider.example"), title: "A", text: "", remedy: "",
                references: [], facts: [], profiles: [])
        }
        let count = 500
        for number in 0..<count {
            report.domain = try #require(DomainName("a-domain-of-usual-length-\(number).example"))
            report.unicodeDomain = "\(report.domain)"
            page.add(report)
        }
        let bytes = page.render()
        #expect(bytes.count < 10_000 + count * 500, "\(bytes.count)")
        #expect(String(decoding: bytes, as: UTF8.self).contains("A, mx.provider.example: 500 domains"))
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
