import AssayTransport
import Testing

@testable import STARTTLS

struct EHLOReplyTests {
    private func reply(_ lines: String...) -> EHLOReply {
        EHLOReply(SMTPReply(code: 250, lines: lines.map { Array($0.utf8) }))
    }

    @Test func `reads name, keywords, mechanisms and size`() {
        let reply = reply("MX.example.com greets you", "size 1000", "Auth PLAIN login", "AUTH=CRAM-MD5", "starttls", "")
        #expect(reply.name == "mx.example.com")
        #expect(reply.keywords == ["SIZE", "AUTH", "AUTH=CRAM-MD5", "STARTTLS"])
        #expect(reply.authMechanisms == ["PLAIN", "LOGIN", "CRAM-MD5"])
        #expect(reply.sizeLimit == 1000)
        #expect(reply.mangledSTARTTLS.isEmpty)
    }

    @Test(arguments: ["XXXXXXXA", "XXXXXXXX", "STARTTLX", "TTLS", "STARTTL"])
    func `sees what was STARTTLS`(keyword: String) {
        #expect(reply("mx", keyword).mangledSTARTTLS == [keyword])
    }

    @Test(arguments: ["STARTTLS", "REQUIRETLS", "XCLIENT", "XFORWARD", "SIZE", "XXX", "TLS"])
    func `leaves other keywords alone`(keyword: String) {
        #expect(reply("mx", keyword).mangledSTARTTLS.isEmpty)
    }
}
