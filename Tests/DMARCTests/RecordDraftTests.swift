import AssayProbes
@testable import DMARC
import Testing

/// What is offered for publication keeps what was right, and has no fault itself.
struct RecordDraftTests {
    private let reports = "mailto:dmarc-reports@example.com"

    private func draft(_ text: String) -> RecordDraft { RecordDraft(repairing: Array(text.utf8), reports: reports) }

    @Test(arguments: [
        ("v=DMARC1; p=reject", "v=DMARC1; p=reject"), ("v = DMARC1 ; p = reject", "v=DMARC1; p=reject"),
        ("v=dmarc1; p=reject", "v=DMARC1; p=reject"), ("v=DMARC1 p=reject", "v=DMARC1; p=reject"),
        ("p=reject; v=DMARC1", "v=DMARC1; p=reject"), ("\"v=DMARC1\\; p=reject\"", "v=DMARC1; p=reject"),
        ("v=DMARC1\u{37e} p=reject", "v=DMARC1; p=reject"), ("\u{a0}v=DMARC1; p=rejct", "v=DMARC1; p=reject"),
        ("v=DMARC1; rua=mailto:a@example.com; p=quarantaine", "v=DMARC1; p=quarantine; rua=mailto:a@example.com"),
        ("v=DMARC1; p=block", "v=DMARC1; p=none"), ("v=DMARC1", "v=DMARC1; p=none"),
        ("v=DMARC1; p=reject; pct=50; rf=afrf; ri=1; x=1; fo=1", "v=DMARC1; p=reject"),
        (
            "v=DMARC1; p=none; sp=none; np=reject; adkim=s; aspf=s; psd=n; t=y",
            "v=DMARC1; p=none; sp=none; np=reject; adkim=s; aspf=s; psd=n; t=y"
        ),
        (
            "v=DMARC1; p=none; rua=a@example.com, mailto://b@example.com mailto:c@example.com!1m",
            "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@example.com,mailto:c@example.com"
        ),
        (
            "v=DMARC1; p=none; rua=mailto:a@example.com; mailto:b@example.com",
            "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@example.com"
        ),
        ("v=DMARC1; p=none; rua=https://example.com/x", "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com"),
        (
            "v=DMARC1; p=none; ruf=mailto:a@example.com; fo=0:1:d:d",
            "v=DMARC1; p=none; ruf=mailto:a@example.com; fo=1:d"
        ),
    ])
    func `keeps what was right`(text: String, repaired: String) {
        #expect("\(draft(text))" == repaired)
        #expect(DMARCRecord(parsing: Array(repaired.utf8)).faults == [])
    }

    @Test func `goes up step by step`() throws {
        let none = draft("v=DMARC1; p=none; sp=none")
        let quarantine = try #require(none.next(reports: reports))
        #expect("\(quarantine)" == "v=DMARC1; p=quarantine; rua=mailto:dmarc-reports@example.com")
        let reject = try #require(quarantine.next(reports: reports))
        #expect("\(reject)" == "v=DMARC1; p=reject; rua=mailto:dmarc-reports@example.com")
        #expect(reject.next(reports: reports) == nil)
    }

    @Test func `covers subdomains`() {
        #expect("\(draft("v=DMARC1; p=reject; sp=none").coveringSubdomains())" == "v=DMARC1; p=reject")
        #expect("\(draft("v=DMARC1; p=reject; np=none").coveringSubdomains())" == "v=DMARC1; p=reject")
        #expect(
            "\(draft("v=DMARC1; p=quarantine; sp=reject; np=quarantine").coveringSubdomains())"
                == "v=DMARC1; p=quarantine; sp=reject")
    }
}
