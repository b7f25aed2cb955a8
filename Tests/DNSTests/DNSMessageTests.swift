@testable import AssayDNS
import AssayModel
import Testing

@Suite struct DNSMessageTests {
    /// `example.com MX 10 mx.example.com`, with compression.
    static let packet: [UInt8] =
        [0x12, 0x34, 0x84, 0x00, 0, 1, 0, 1, 0, 0, 0, 0]
        + [7] + Array("example".utf8) + [3] + Array("com".utf8) + [0, 0, 15, 0, 1]
        + [0xC0, 12, 0, 15, 0, 1, 0, 0, 1, 0x2C, 0, 7, 0, 10, 2] + Array("mx".utf8) + [0xC0, 12]

    @Test func readsNamesWithCompression() throws {
        let message = try #require(DNSMessage(parsing: Self.packet))
        #expect(message.isResponse && message.isAuthoritative && !message.isTruncated)
        #expect(message.question?.name == DomainName("example.com"))
        let record = try #require(message.answers.first)
        #expect(record.ttl == 300)
        #expect(record.content == .mx(preference: 10, exchange: try #require(DomainName("mx.example.com"))))
    }

    @Test func everyCutIsRefusedOrShorter() {
        for length in 0..<Self.packet.count { #expect(DNSMessage(parsing: Array(Self.packet[..<length])) == nil) }
    }

    @Test func pointersThatLoopOrLeadForwardEnd() {
        var looping = Self.packet
        looping[29...30] = [0xC0, 29]
        #expect(DNSMessage(parsing: looping) == nil)
        var forward = Self.packet
        forward[29...30] = [0xC0, 40]
        #expect(DNSMessage(parsing: forward) == nil)
    }

    @Test func noOctetsTrap() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = Self.packet
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = DNSMessage(parsing: bytes)
        }
    }

    @Test func aQueryReadsBack() throws {
        let name = try #require(DomainName("_25._tcp.mx.example.com"))
        let message = try #require(
            DNSMessage(parsing: PlainDNSClient.query(id: 7, name: name, type: .tlsa, recursion: false)))
        #expect(message.id == 7 && !message.isResponse)
        #expect(message.question?.name == name)
        #expect(message.question?.type == RecordType.tlsa.rawValue)
    }

    @Test(arguments: [DNSLimits.recordsPerSet - 1, DNSLimits.recordsPerSet, DNSLimits.recordsPerSet + 1])
    func recordsBeyondTheLimitAreLeftOut(_ count: Int) throws {
        let name = try #require(DomainName("a.example"))
        let header: [UInt8] = [0, 1, 0x84, 0, 0, 1, UInt8(count >> 8), UInt8(count & 255), 0, 0, 0, 0]
        let question = name.wireFormat + [0, 1, 0, 1]
        let records = (0..<count).flatMap { number -> [UInt8] in
            [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 193, 0, UInt8(number >> 8), UInt8(number & 255)]
        }
        let assembler = AnswerAssembler(name: name, type: .a, at: Timestamp(secondsSince1970: 0))
        let answer = assembler.assemble(header + question + records, security: .insecure, whyBogus: nil)
        #expect(answer.records.count == min(count, DNSLimits.recordsPerSet))
    }

    @Test func ttlsAreCutAtTheCeiling() throws {
        var packet = Self.packet
        packet[35...38] = [0x7F, 0xFF, 0xFF, 0xFF]
        let name = try #require(DomainName("example.com"))
        let answer = AnswerAssembler(name: name, type: .mx, at: Timestamp(secondsSince1970: 0))
            .assemble(packet, security: .secure, whyBogus: nil)
        #expect(answer.ttl == DNSLimits.ttlCeiling)
    }
}
