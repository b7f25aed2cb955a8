@testable import AssayTransport
import Testing

/// ClientHellos out, first flights in.
@Suite struct HelloTests {
    private static func read(_ octets: [UInt8], isSSL2: Bool = false, cut: Int = .max, end: HelloAnswer = .closed)
        -> HelloAnswer
    {
        var flight = ServerFlight(isSSL2: isSSL2)
        var rest = octets[...]
        while !rest.isEmpty {
            if let answer = flight.receive(rest.prefix(cut)) { return answer }
            rest = rest.dropFirst(cut)
        }
        return flight.end(end)
    }

    static func message(_ kind: UInt8, _ body: [UInt8]) -> [UInt8] {
        [kind, 0, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }
    static func record(_ content: [UInt8], kind: UInt8 = 22) -> [UInt8] {
        [kind, 3, 3, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    }

    /// RFC 8446 section 4.1.3: the random of a HelloRetryRequest.
    static let retryRandom: [UInt8] = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2,
        0x11,
        0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ]
    static let retry = record(
        message(2, [3, 3] + retryRandom + [0, 0x13, 0x02, 0, 0, 12, 0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0x11, 0xEC]))
    /// TLS 1.2 with ECDHE, P-256, rsa_pkcs1_sha1, a certificate of three octets and a wish for the client's.
    static let classic = record(
        message(
            2, [3, 3] + [UInt8](repeating: 1, count: 32) + [0, 0xC0, 0x2F, 0, 0, 9, 0xFF, 1, 0, 1, 0, 0, 23, 0, 0])
            + message(11, [0, 0, 6, 0, 0, 3, 1, 2, 3]) + message(12, [3, 0, 0x17, 1, 4, 2, 1, 0, 1, 9])
            + message(13, [1, 1, 0, 0, 0, 0]) + message(14, []))

    @Test(arguments: [1, 2, 7, 1000])
    func aRetryNamesTheGroup(_ cut: Int) throws {
        guard case .hello(let hello) = Self.read(Self.retry, cut: cut) else {
            Issue.record("no hello")
            return
        }
        #expect(hello.isRetry && hello.version == .tls13 && hello.group?.name == "X25519MLKEM768")
        #expect(hello.suite.name == "TLS_AES_256_GCM_SHA384")
    }

    @Test(arguments: [1, 3, 1000])
    func anOldFlightTellsCurveAndSignature(_ cut: Int) throws {
        guard case .hello(let hello) = Self.read(Self.classic, cut: cut) else {
            Issue.record("no hello")
            return
        }
        #expect(hello.version == .tls12 && hello.group?.name == "secp256r1" && hello.scheme?.name == "rsa_pkcs1_sha1")
        #expect(hello.answered(0xFF01) && hello.answered(23) && !hello.answered(22))
        #expect(hello.asksForCertificate && hello.isWhole && hello.leafSHA256?.count == 32)
    }

    @Test(arguments: [
        (Self.record([2, 40], kind: 21), HelloAnswer.alert(40)), ([21, 3, 1, 0, 2, 2, 70], .alert(70)),
        (Self.record([1, 112], kind: 21) + Self.record([2, 80], kind: 21), .alert(80)),
        (Self.record([1, 0], kind: 21), .closed), ([], .closed), ([22, 3, 3, 0], .broken("half a record")),
        (Array("HTTP/1.1 400".utf8), .notTLS("HTTP/1.1 400")), (Array("250 ok".utf8), .notTLS("250 ok")),
        ([22, 3, 3, 0xFF, 0xFF], .broken("limit record.octets")),
        (Self.record([2, 0xFF, 0xFF, 0xFF]), .broken("limit message.octets")),
        (Self.record(Self.message(14, [])), .broken("message 14 before a hello")),
        (Self.record([1, 90], kind: 21) + [UInt8](repeating: 0, count: 0), .closed),
        (Self.record([], kind: 23), .broken("application data before a hello")),
        (Self.record(Self.message(2, [3, 3, 1])), .broken("server hello")),
    ])
    func whatIsNoHelloHasAName(_ octets: [UInt8], _ answer: HelloAnswer) {
        #expect(Self.read(octets) == answer)
        // The first octet tells that something is no TLS; nobody waits for the rest.
        if case .notTLS = answer { return }
        #expect(Self.read(octets, cut: 1) == answer)
    }

    @Test func warningsAreCounted() {
        let warnings = (0..<100).flatMap { _ in Self.record([1, 112], kind: 21) }
        #expect(Self.read(warnings) == .broken("limit warning_alerts"))
    }

    @Test func ssl2IsUnderstood() {
        let body: [UInt8] = [4, 0, 1, 0, 2, 0, 2, 0, 3, 0, 4] + [7, 7] + [1, 0, 0x80] + [1, 2, 3, 4]
        guard case .hello(let hello) = Self.read([0x80, UInt8(body.count)] + body, isSSL2: true, cut: 1) else {
            Issue.record("no hello")
            return
        }
        #expect(hello.version == .ssl2 && hello.ssl2Kinds == 1)
        #expect(Self.read([0x80, 3, 0, 0, 1], isSSL2: true) == .alert(40))
        #expect(Self.read([21, 3, 1, 0, 2, 2, 70], isSSL2: true) == .alert(70))
        // Whatever length it claims, and wherever it ends.
        for length in 0...40 {
            for count in 2...body.count {
                let answer = Self.read([0x80, UInt8(length)] + body[..<count], isSSL2: true)
                if case .hello = answer { #expect(length >= 16 && count >= 16) }
            }
        }
    }

    /// Whatever comes ends in an answer.
    @Test func noMutationIsTooMuch() {
        var state: UInt64 = 7
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        for _ in 0..<20_000 {
            var octets = next() % 2 == 0 ? Self.classic : Self.retry
            for _ in 0..<(1 + next() % 4) {
                switch next() % 3 {
                case 0: octets[next() % octets.count] = UInt8(next() % 256)
                case 1: octets.removeLast(next() % octets.count)
                default: octets.insert(UInt8(next() % 256), at: next() % octets.count)
                }
                if octets.isEmpty { octets = [22] }
            }
            let whole = Self.read(octets, isSSL2: next() % 4 == 0)
            if case .hello(let hello) = whole { #expect(hello.extensions.count < 65) }
        }
    }

    @Test func groupsAreKnownByTheirPrimes() {
        let ones = [UInt8](repeating: 0xFF, count: 8)
        let ffdhe = ones + [0xAD, 0xF8, 0x54, 0x58, 0xA2, 0xBB, 0x4A, 0x9A] + [UInt8](repeating: 1, count: 360) + ones
        #expect(ServerHello.Prime(ffdhe).name == "ffdhe3072")
        #expect(ServerHello.Prime([0, 0] + ffdhe).bits == 3072)
        #expect(ServerHello.Prime([UInt8](repeating: 0x80, count: 128)).name == nil)
        #expect(ServerHello.Prime([]).bits == 0)
    }

    @Test func aHelloIsBuiltAsTheStandardSays() {
        var hello = ClientHello(
            versions: [.tls13, .tls12], suites: CipherSuite.tls13, groups: NamedGroup.common,
            serverName: "mx.example.com")
        hello.greases = true
        hello.paddedTo = 1700
        let octets = hello.octets(random: [UInt8](repeating: 9, count: 64))
        #expect(octets.count == 1700)
        #expect(octets.prefix(3) == [22, 3, 1] && octets[5] == 1 && octets[9] == 3 && octets[10] == 3)
        #expect(Int(octets[3]) << 8 | Int(octets[4]) == octets.count - 5)
        let old = ClientHello(versions: [.ssl3], suites: [CipherSuite(rawValue: 5)]).octets(
            random: [UInt8](repeating: 9, count: 64))
        // Without extensions: version, random, no session, two suites, no compression.
        #expect(old.count == 5 + 4 + 2 + 32 + 1 + 2 + 4 + 2)
        let ancient = ClientHello(versions: [.ssl2], suites: []).octets(random: [UInt8](repeating: 9, count: 64))
        #expect(ancient.prefix(5) == [0x80, 46, 1, 0, 2])
    }

    @Test(
        arguments: [
            (0x0003, [SuiteClass.export, .rc4, .lt112, .staticRSA]), (0x000A, [.block64, .cbc, .cbcSHA1, .staticRSA]),
            (0xC02F, []), (0x009E, [.dhe]), (0x0034, [.anonymous, .cbc, .cbcSHA1]), (0xC0AE, [.ccm8]),
            (0x1305, [.ccm8]),
            (0x1301, []),
            (0xC001, [.null, .staticDH]), (0x0007, [.block64, .cbc, .cbcSHA1, .staticRSA]),
            (0x003C, [.cbc, .staticRSA]),
            (0x0019, [.export, .lt112, .block64, .cbc, .cbcSHA1, .anonymous]),
        ] as [(UInt16, [SuiteClass])])
    func aSuiteBelongsToItsClasses(_ number: UInt16, _ classes: [SuiteClass]) {
        #expect(CipherSuite(rawValue: number).classes == Set(classes))
    }
}
