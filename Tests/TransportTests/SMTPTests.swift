import AssayCrypto
import AssayModel
@testable import AssayTransport
import Testing

@Suite struct SMTPReplyParserTests {
    private func events(_ octets: [UInt8], chunk: Int) -> [SMTPReplyParser.Event] {
        var parser = SMTPReplyParser()
        var events: [SMTPReplyParser.Event] = []
        var rest = octets[...]
        while !rest.isEmpty {
            var event = parser.receive(rest.prefix(chunk))
            rest = rest.dropFirst(chunk)
            while let found = event {
                events.append(found)
                if case .reply = found { event = parser.next() } else { return events }
            }
        }
        return events
    }

    @Test(arguments: [1, 3, 1000])
    func repliesOfOneAndManyLines(_ chunk: Int) {
        let octets = Array("220-first\r\n220 second\n250\r\n".utf8)
        #expect(
            events(octets, chunk: chunk) == [
                .reply(SMTPReply(code: 220, lines: [Array("first".utf8), Array("second".utf8)])),
                .reply(SMTPReply(code: 250, lines: [[]])),
            ])
    }

    @Test(arguments: ["HTTP/1.1 400 Bad", "2200 x", "199 x", "600 x", "22", "", "\u{0}\u{0}\u{0} x"])
    func whatIsNoReply(_ line: String) {
        var parser = SMTPReplyParser()
        guard case .notSMTP = parser.receive(Array("\(line)\r\n".utf8)) else {
            Issue.record("\(line) was taken")
            return
        }
    }

    @Test func limitsAtTheirEdges() {
        func line(_ length: Int) -> SMTPReplyParser.Event? {
            var parser = SMTPReplyParser()
            return parser.receive(Array("220 ".utf8) + [UInt8](repeating: 0x78, count: length - 6) + [0x0D, 0x0A])
        }
        for length in [TransportLimits.smtpLine - 1, TransportLimits.smtpLine, TransportLimits.smtpLine + 1] {
            // The line counts without its LF.
            guard case .reply = line(length) else {
                Issue.record("a line of \(length) octets was refused")
                continue
            }
        }
        #expect(line(TransportLimits.smtpLine + 2) == .limit("smtp.line"))
        func many(_ count: Int) -> SMTPReplyParser.Event? {
            var parser = SMTPReplyParser()
            return parser.receive(Array((String(repeating: "250-x\r\n", count: count - 1) + "250 x\r\n").utf8))
        }
        guard case .reply = many(TransportLimits.smtpLines) else {
            Issue.record("\(TransportLimits.smtpLines) lines were refused")
            return
        }
        #expect(many(TransportLimits.smtpLines + 1) == .limit("smtp.lines"))
        var parser = SMTPReplyParser()
        #expect(
            parser.receive([UInt8](repeating: 0x78, count: TransportLimits.smtpConnection + 1))
                == .limit("smtp.connection"))
        var long = SMTPReplyParser()
        let big = String(repeating: "250-" + String(repeating: "x", count: 1000) + "\r\n", count: 17)
        #expect(long.receive(Array(big.utf8)) == .limit("smtp.reply"))
    }

    @Test func bareLFAndControlOctetsAreNoted() {
        var parser = SMTPReplyParser()
        _ = parser.receive(Array("220 a\u{1B}[31m\n".utf8))
        #expect(parser.sawBareLF && parser.sawControlOctets)
        var clean = SMTPReplyParser()
        _ = clean.receive(Array("220 a\tb\r\n".utf8))
        #expect(!clean.sawBareLF && !clean.sawControlOctets)
    }

    @Test func noOctetsTrap() {
        for _ in 0..<5000 {
            var parser = SMTPReplyParser()
            let octets = (0..<Int.random(in: 0...200)).map { _ in
                Bool.random() ? UInt8.random(in: 0...255) : [0x0A, 0x0D, 0x32, 0x20, 0x2D].randomElement() ?? 0
            }
            _ = parser.receive(octets)
        }
    }
}

@Suite struct SMTPSessionTests {
    private func session() throws -> SMTPSession {
        let address = try #require(IPAddress("193.0.0.1"))
        let host = try #require(DomainName("mx.example.com"))
        return SMTPSession(SMTPQuestion(address: address, port: 25, serverName: host, ehloName: "scanner.example"))
    }

    @Test func theWholeDialogue() throws {
        var session = try session()
        #expect(session.received(Array("220 hello\r\n".utf8), at: 1) == [.send("EHLO scanner.example")])
        #expect(session.received(Array("250-mx\r\n250 STARTTLS\r\n".utf8), at: 2) == [.send("STARTTLS")])
        #expect(session.received(Array("220 go\r\n".utf8), at: 3) == [.startTLS])
        let tls = TLSSession(
            version: "TLSv1.3", cipher: "x", group: nil, signatureScheme: nil, ticketGiven: false, resumed: false,
            alpn: nil,
            askedForClientCertificate: false, ocspStapled: false, chain: PresentedChain(certificates: [], count: 0))
        #expect(session.completedHandshake(.completed(tls), at: 4) == [.send("EHLO scanner.example")])
        #expect(session.received(Array("250 mx\r\n".utf8), at: 5) == [.send("VRFY postmaster")])
        #expect(session.received(Array("252 maybe\r\n".utf8), at: 6) == [.send("QUIT")])
        #expect(session.received(Array("221 bye\r\n".utf8), at: 7) == [.finish])
        #expect(session.ending == .quit)
    }

    @Test func repliesBehind220AreNeverBelieved() throws {
        var session = try session()
        _ = session.received(Array("220 hello\r\n".utf8), at: 1)
        _ = session.received(Array("250-mx\r\n250 STARTTLS\r\n".utf8), at: 2)
        #expect(session.received(Array("220 go\r\n250 injected\r\n".utf8), at: 3) == [.finish])
        #expect(session.ending == .plaintextAfterStartTLS)
        let conversation = session.conversation(connect: .connected, startedAt: Timestamp(secondsSince1970: 0))
        #expect(conversation.plaintextAfterStartTLS == Array("250 injected\r\n".utf8))
        #expect(conversation.ehloAfterTLS == nil && conversation.handshake == nil)
    }

    @Test func eachStageEndsWithANamedCause() throws {
        var silent = try session()
        #expect(silent.timedOut() == [.finish])
        #expect(silent.ending == .timedOut(.greeting, seconds: TransportLimits.greetingSeconds))
        var gone = try session()
        _ = gone.received(Array("220 hello\r\n".utf8), at: 1)
        _ = gone.closed(isReset: true)
        #expect(gone.ending == .reset(.ehlo))
        var late = try session()
        _ = late.reachedDeadline()
        #expect(late.ending == .deadline(.greeting))
        var refused = try session()
        #expect(refused.received(Array("554 no\r\n".utf8), at: 1) == [.send("QUIT")])
    }
}

@Suite struct AddressGuardTests {
    @Test(arguments: [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "2002:7f00:1::", "2002:a00:1::",
        "64:ff9b::a00:1",
        "2001:db8::1", "ff02::1", "2001:0:1:2::3",
    ])
    func specialAddressesAreRefused(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(throws: RefusedAddress.self) { try AddressGuard(allowsPrivate: false).vet(address).get() }
    }

    @Test func publicAddressesPassAndPrivateOnesIfAllowed() throws {
        for text in ["8.8.8.8", "2a0f:1ab::1", "2002:808:808::1"] {
            let address = try #require(IPAddress(text))
            #expect(throws: Never.self) { try AddressGuard(allowsPrivate: false).vet(address).get() }
        }
        let loopback = try #require(IPAddress("127.0.0.1"))
        let mapped = try #require(IPAddress("::ffff:127.0.0.1"))
        #expect(throws: Never.self) { try AddressGuard(allowsPrivate: true).vet(loopback).get() }
        #expect(throws: RefusedAddress.self) { try AddressGuard(allowsPrivate: true).vet(mapped).get() }
    }
}

@Suite struct LimiterTests {
    @Test func aPlaceTooManyWaitsForARelease() async throws {
        let limiter = Limiter()
        let address = try #require(IPAddress("193.0.0.1"))
        // Beyond what other tests can keep this one from running.
        let far = ContinuousClock.now + .seconds(3600)
        for _ in 0..<TransportLimits.perAddress { #expect(await limiter.acquire(address, pace: .zero, deadline: far)) }
        #expect(await !limiter.acquire(address, pace: .zero, deadline: .now + .milliseconds(20)))
        async let waiting = limiter.acquire(address, pace: .zero, deadline: far)
        limiter.release(address)
        #expect(await waiting)
    }
}
