import AssayModel
import AssayReports
import AssayRules
import Testing

@Suite struct DiffTests {
    private func words(_ old: String, _ new: String) -> String {
        WordDiff(from: old, to: new).parts.map {
            $0.kind == .same ? $0.text : $0.kind == .removed ? "[-\($0.text)-]" : "{+\($0.text)+}"
        }.joined(separator: " ")
    }

    @Test(
        arguments: [
            (
                "v=DMARC1; p=none; rua=mailto:a", "v=DMARC1; p=reject; rua=mailto:a",
                "v=DMARC1; [-p=none;-] {+p=reject;+} rua=mailto:a"
            ),
            ("", "v=STSv1; id=1", "{+v=STSv1; id=1+}"), ("a b", "", "[-a b-]"), ("a  b\t", "a b", "a b"), ("", "", ""),
            ("a b c d", "a c b d", "a [-b-] c {+b+} d"),
            // One grapheme, two texts.
            ("e\u{301}", "\u{E9}", "[-e\u{301}-] {+\u{E9}+}"),
        ])
    func aDiffIsByWords(old: String, new: String, shown: String) {
        #expect(words(old, new) == shown)
    }

    /// reliability.md: nothing is quadratic without a limit.
    @Test func aRecordOf64KilobytesIsComparedAtOnce() {
        let long = String(repeating: "a ", count: 32_768)
        let start = ContinuousClock.now
        #expect(WordDiff(from: long, to: long + "b").parts.count == 2)
        #expect(ContinuousClock.now - start < .milliseconds(500))
    }

    private func check(_ id: String, _ result: Check.Result, at subject: Subject? = nil) -> Check {
        Check(id: id, subject: subject ?? .domain(Sample.domain()), result: result)
    }

    @Test func whatCouldNotBeToldIsNotFixed() {
        let from = Sample.report("2026-11-01", findings: [Sample.finding("email.a"), Sample.finding("email.b")])
        let to = Sample.report("2026-11-02", checks: [check("email.a", .undetermined), check("email.b", .pass)])
        let diff = ReportDiff(from: from, to: to)
        #expect(diff.fixed.map(\.id) == ["email.b"])
        #expect(diff.untold.map(\.finding.id) == ["email.a"] && diff.untold.allSatisfy(\.wasAsked))
    }

    @Test func aFindingOfACheckerThatDidNotRunIsNotFixed() {
        let from = Sample.report("2026-11-01", findings: [Sample.finding("email.a")])
        let diff = ReportDiff(from: from, to: Sample.report("2026-11-02"))
        #expect(diff.fixed.isEmpty && diff.untold.map(\.wasAsked) == [false] && diff.isEmpty)
    }

    @Test func theFindingOfAHostThatIsGoneIsFixed() {
        let host = Subject(kind: .mx, name: "mx2.example.com")
        let from = Sample.report("2026-11-01", findings: [Sample.finding("email.a", at: host)])
        let to = Sample.report("2026-11-02", checks: [check("email.a", .pass, at: Subject(kind: .mx, name: "mx1"))])
        #expect(ReportDiff(from: from, to: to).fixed.map(\.id) == ["email.a"])
    }

    @Test func whatComesAndGoesIsNeitherNewNorFixed() {
        let finding = Sample.finding("email.a")
        let from = Sample.report("2026-11-01", checks: [check("email.a", .pass)])
        let to = Sample.report("2026-11-02", findings: [finding])
        let once = ReportDiff.Presence(recent: [finding.key: [false, false, true]], between: [:])
        #expect(ReportDiff(from: from, to: to, presence: once).new.map(\.id) == ["email.a"])
        let often = ReportDiff.Presence(recent: [finding.key: [true, false, true]], between: [:])
        let diff = ReportDiff(from: from, to: to, presence: often)
        #expect(diff.new.isEmpty && diff.flapping.map(\.id) == ["email.a"])
        let hidden = ReportDiff.Presence(recent: [:], between: [finding.key: [true, false, true]])
        #expect(ReportDiff(from: to, to: to, presence: hidden).flapping.map(\.id) == ["email.a"])
    }

    @Test func aRecordThatWasNotAskedForHasNotChanged() {
        let subject = Subject(kind: .record, name: "_smtp._tls.example.com", object: "TXT")
        let seen = Sample.observation("tlsrpt.record", subject, .object(["text": .string("v=TLSRPTv1; rua=mailto:a")]))
        let failed = Observation(
            fact: "tlsrpt.record", checker: "TLSRPT", subject: subject, outcome: .undetermined(Cause(.deadline)))
        let gone = Sample.observation("tlsrpt.record", subject, nil)
        let first = Sample.report("2026-11-01", observations: [seen])
        #expect(ReportDiff(from: first, to: Sample.report("2026-11-02")).records.isEmpty)
        #expect(ReportDiff(from: first, to: Sample.report("2026-11-02", observations: [failed])).records.isEmpty)
        let diff = ReportDiff(from: first, to: Sample.report("2026-11-02", observations: [gone]))
        #expect(diff.records.map(\.after) == [""])
    }

    @Test func hostileWordsStayWords() {
        let subject = Subject(kind: .record, name: "x", object: "\u{1B}[31m|<script>")
        let from = Sample.report("2026-11-01", checks: [check("email.a", .pass, at: subject)])
        let to = Sample.report(
            "2026-11-02", findings: [Sample.finding("email.a", at: subject, title: "\u{1B}]8;;\u{7}")])
        let diff = ReportDiff(from: from, to: to)
        for format in DiffReport.Format.allCases {
            let bytes = DiffReport.render(diff, as: format, options: RenderOptions(catalogue: Languages.standard))
            #expect(!bytes.contains(0x1B) && !bytes.contains(0x07), "\(format)")
            if format == .markdown { #expect(!String(decoding: bytes, as: UTF8.self).contains("<script>")) }
        }
    }
}
