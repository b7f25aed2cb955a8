import AssayModel
import AssayProbes
import Testing

struct DMARCRecordTests {
    private func record(_ text: String) -> DMARCRecord { DMARCRecord(parsing: Array(text.utf8)) }

    @Test(arguments: [
        "v=DMARC1; p=none", "v=DMARC1;p=reject;", "v = DMARC1 ; p = quarantine ; sp=none",
        "v=DMARC1; p=reject; sp=quarantine; np=reject; adkim=s; aspf=r; psd=n; t=n; rua=mailto:a@example.com,mailto:b@example.net; ruf=mailto:c@example.com; fo=1:d:s",
        "v=DMARC1; p=NONE",
    ])
    func `reads good records`(text: String) {
        let record = record(text)
        #expect(record.isDMARC)
        #expect(record.faults == [])
        #expect(record.reading(by: .rfc9989) == .asWritten)
        #expect(record.reading(by: .rfc7489) == .asWritten)
        #expect(DMARCRecord(parsing: Array(record.description.utf8)) == record)
    }

    @Test(arguments: [
        ("v=DMARC1", DMARCRecord.Fault.Kind.policyMissing, "p"), ("v=DMARC1; p=no", .policyInvalid, "p"),
        ("v=DMARC1; p=none; sp=", .policyInvalid, "sp"), ("v=DMARC1; p=none; np=all", .policyInvalid, "np"),
        ("v=DMARC1; rua=mailto:a@example.com; p=none", .order, "p"), ("p=none; v=DMARC1", .version, "v"),
        ("v=dmarc1; p=none", .version, "v"), ("v=DMARC1 p=none", .version, "v"),
        ("v=DMARC1\u{37e} p=none", .version, "v"), ("v=DMAR\u{212a}1; p=none", .version, "v"),
        (" v=DMARC1; p=none", .version, "v"), ("v=DMARC1; p=none; t=yes", .value, "t"),
        ("v=DMARC1; p=none; psd=x", .value, "psd"), ("v=DMARC1; p=none; adkim=strict", .value, "adkim"),
        ("v=DMARC1; p=none; pct=50", .retired, "pct"), ("v=DMARC1; p=none; pct=101", .value, "pct"),
        ("v=DMARC1; p=none; rf=afrf", .retired, "rf"), ("v=DMARC1; p=none; fo=1", .orphan, "fo"),
        ("v=DMARC1; p=none; ruf=mailto:a@example.com; fo=0:1", .value, "fo"),
        ("v=DMARC1; p=none; ruf=mailto:a@example.com; fo=d:d", .value, "fo"),
        ("v=DMARC1; p=none; x=1", .unknown, "x"), ("v=DMARC1; p=none; p=reject", .duplicate, "p"),
        ("v=DMARC1; P=none", .nameCase, "P"), ("v=DMARC1; p=none; what", .malformed, ""),
        ("v=DMARC1;; p=none", .empty, ""), ("v=DMARC1; p=none; rua=a@example.com", .destination, "rua"),
        ("v=DMARC1; p=none; rua=mailto:a@example.com; mailto:b@example.com", .separator, ""),
        ("v=DMARC1; p=none; x=\u{e9}", .nonASCII, ""), ("v=DMARC1; p=reject\u{301}", .policyInvalid, "p"),
    ])
    func `names the fault of bad ones`(text: String, kind: DMARCRecord.Fault.Kind, tag: String) {
        #expect(record(text).faults.contains { $0.kind == kind && $0.tag == tag })
    }

    @Test(arguments: [
        ("mailto:a@example.com", nil), ("MAILTO:a@example.com?subject=x", nil), ("https://example.com/x", nil),
        ("a@example.com", ReportURI.Fault.bareAddress), ("mailto://a@example.com", .mailtoSlashes),
        ("mailto:a @example.com", .character), ("mailto:a@example.com mailto:b@example.com", .missingComma),
        ("mailto:a@example.commailto:b@example.com", .missingComma), ("mailto:@example.com", .host),
        ("mailto:a@exa_mple.com", .host), ("mailto:a", .host), ("example.com", .scheme), ("", .empty),
        ("mailto:a@\u{212a}.example", .character),
    ])
    func `reads report destinations`(text: String, fault: ReportURI.Fault?) {
        switch ReportURI.read(Array(text.utf8)) {
        case .success: #expect(fault == nil)
        case .failure(let refusal): #expect(refusal.fault == fault)
        }
    }

    @Test func `takes the size limit off`() throws {
        let uri = try ReportURI.read(Array(" mailto:a@Example.com!10M ".utf8)).get()
        #expect(uri.text == "mailto:a@Example.com")
        #expect(uri.sizeLimit == "10M")
        #expect(uri.host?.description == "example.com")
    }

    @Test(arguments: [
        ("v=DMARC1; p=bad; rua=mailto:a@example.com", DMARCRecord.Reading.asNone, DMARCRecord.Reading.asNone),
        ("v=DMARC1; p=bad", .notApplied, .notApplied),
        ("v=DMARC1; p=reject; np=bad", .notApplied, .asWritten),
        ("v=DMARC1; rua=mailto:a@example.com", .asNone, .asNone),
        ("v=DMARC1; p=bad; rua=a@example.com", .notApplied, .notApplied),
        ("v=dmarc1; p=reject", .ignored, .ignored),
    ])
    func `is read by both generations`(text: String, new: DMARCRecord.Reading, old: DMARCRecord.Reading) {
        #expect(record(text).reading(by: .rfc9989) == new)
        #expect(record(text).reading(by: .rfc7489) == old)
    }

    @Test func `picks the policy for names below`() {
        let record = record("v=DMARC1; p=reject; sp=quarantine; np=none")
        #expect(record.policy(for: .domain, by: .rfc9989).policy == .reject)
        #expect(record.policy(for: .existingSubdomain, by: .rfc9989).policy == .quarantine)
        #expect(record.policy(for: .nonexistentSubdomain, by: .rfc9989).policy == DMARCRecord.Policy.none)
        #expect(record.policy(for: .nonexistentSubdomain, by: .rfc7489).policy == .quarantine)
    }

    @Test func `ends hostile records quickly`() {
        let many = (0..<5_000).map { "x\($0)=1" }.joined(separator: ";")
        let texts = [
            Array("v=DMARC1; p=reject; \(many)".utf8), [UInt8](repeating: UInt8(ascii: ";"), count: 65_535),
            Array("v=DMARC1; p=none; rua=".utf8) + [UInt8](repeating: UInt8(ascii: ","), count: 65_000),
            Array("v=DMARC1; p=none; rua=mailto:a@".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 65_000),
            Array("v=DMARC1; p=none; rua=".utf8) + Array(String(repeating: "mailto:", count: 9_000).utf8),
            [UInt8](repeating: 0, count: 65_535),
        ]
        for text in texts {
            let start = ContinuousClock.now
            let record = DMARCRecord(parsing: text)
            _ = record.reading(by: .rfc9989)
            // 5 ms is what a release build is allowed; this is none.
            #expect(ContinuousClock.now - start < .milliseconds(100))
            #expect(!record.faults(.limit).isEmpty)
            #expect(record.faults.count < 200)
        }
    }
}
