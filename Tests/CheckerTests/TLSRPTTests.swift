import Testing

import AssayModel
@testable import TLSRPT

struct TLSRPTRecordTests {
    private func record(_ text: String) -> TLSRPTRecord { TLSRPTRecord(parsing: Array(text.utf8)) }

    @Test(arguments: [
        "v=TLSRPTv1; rua=mailto:tls@example.com", "v=TLSRPTv1;rua=mailto:tls@example.com;",
        "v=TLSRPTv1; rua=mailto:a@example.com , https://example.com/tls?x=1",
        "v=TLSRPTv1; rua=MAILTO:a@example.com; ext=1",
    ])
    func `accepts good records`(text: String) {
        let record = record(text)
        #expect(record.faults.isEmpty)
        #expect(record.isValid)
        #expect(record.badDestinations.isEmpty)
    }

    @Test(arguments: [
        ("v=TLSRPTV1; rua=mailto:a@example.com", TLSRPTRecord.Fault.badVersion),
        ("v=tlsrptv1; rua=mailto:a@example.com", .badVersion), ("v =TLSRPTv1; rua=mailto:a@example.com", .badVersion),
        ("v=TLSRPTv1;", .ruaMissing), ("v=TLSRPTv1; rua=", .ruaEmpty), ("v=TLSRPTv1; rua=a@example.com", .schemeBad),
        ("v=TLSRPTv1; rua=http://example.com/", .schemeBad),
        ("v=TLSRPTv1; rua=mailto:a@example.com; mailto:b@example.com", .separator),
        ("v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:b@example.com", .duplicateRUA),
        ("v=TLSRPTv1; rua=mailto:a@example.com!10m", .unencoded),
        ("v=TLSRPTv1; rua=mailto:a@example.com; x", .extensionBad),
    ])
    func `names the fault of bad ones`(text: String, fault: TLSRPTRecord.Fault) {
        #expect(record(text).faults.contains(fault))
    }

    @Test func `finds the domain of each destination`() {
        let record = record("v=TLSRPTv1; rua=mailto:a@Mail.Example.com,https://u@rep.example.net:8443/x")
        #expect(record.destinations.map(\.domain.description) == ["mail.example.com", "rep.example.net"])
        #expect(record.destinations.map(\.scheme) == ["mailto", "https"])
    }

    @Test func `keeps the usable of several`() {
        let record = record("v=TLSRPTv1; rua=ftp://x.example/,mailto:a@example.com")
        #expect(record.isValid)
        #expect(record.badDestinations == ["ftp://x.example/"])
    }
}
