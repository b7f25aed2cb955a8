import AssayCrypto

/// Reads a server's first flight: records, messages, alerts. Total: whatever comes, an answer or a wish for more.
struct ServerFlight {
    private let isSSL2: Bool
    private var buffer: [UInt8] = []
    private var used = 0
    private var messages: [UInt8] = []
    private var total = 0
    private var warnings = 0
    private var hello: ServerHello?
    /// The first certificate as it came.
    private(set) var leaf: [UInt8] = []

    init(isSSL2: Bool) { self.isSSL2 = isSSL2 }

    mutating func receive(_ bytes: some Collection<UInt8>) -> HelloAnswer? {
        total += bytes.count
        buffer += bytes
        if isSSL2, let first = buffer.first, first & 0x80 != 0 {
            return ssl2Answer() ?? (total > TransportLimits.helloOctets ? .broken("limit hello.octets") : nil)
        }
        while let answer = nextRecord() {
            switch answer {
            case .more: continue
            case .done(let answer): return answer
            }
        }
        return total > TransportLimits.helloOctets ? end(.broken("limit hello.octets")) : nil
    }

    /// What was learnt before the connection ended so.
    func end(_ how: HelloAnswer) -> HelloAnswer {
        if var hello {
            // A server that chose and then could not go on has refused after all.
            if case .alert(let number) = how { hello.alertBehind = number }
            return .hello(hello)
        }
        if case .closed = how, used < buffer.count { return .broken("half a record") }
        return how
    }

    private enum Step {
        case more
        case done(HelloAnswer)
    }

    // MARK: Records

    /// nil waits for more octets.
    private mutating func nextRecord() -> Step? {
        guard buffer.count - used >= 5 else {
            // The first octet tells already.
            if used < buffer.count, !(20...23).contains(buffer[used]) { return notTLS() }
            return nil
        }
        let kind = buffer[used]
        guard (20...23).contains(kind), buffer[used + 1] == 3 else { return notTLS() }
        let length = Int(buffer[used + 3]) << 8 | Int(buffer[used + 4])
        // RFC 5246 section 6.2.3: 2^14 + 2048 at most.
        guard length <= TransportLimits.recordOctets else { return .done(end(.broken("limit record.octets"))) }
        guard buffer.count - used >= 5 + length else { return nil }
        let content = buffer[(used + 5)..<(used + 5 + length)]
        used += 5 + length
        defer {
            if used > 65_536 {
                buffer.removeFirst(used)
                used = 0
            }
        }
        switch kind {
        case 21: return alert(Array(content))
        case 22:
            messages += content
            return readMessages()
        case 20: return .more
        default: return .done(end(.broken("application data before a hello")))
        }
    }

    private func notTLS() -> Step {
        if hello != nil { return .done(end(.closed)) }
        return .done(.notTLS(SMTPReplyParser.shown(Array(buffer[used...].prefix(64)))))
    }

    private mutating func alert(_ content: [UInt8]) -> Step {
        guard content.count >= 2 else { return .done(end(.broken("short alert"))) }
        // RFC 8446 section 6.2: from TLS 1.3 on every alert but close_notify and user_canceled is fatal.
        if content[0] == 1, content[1] != 0 {
            warnings += 1
            return warnings > TransportLimits.warningAlerts ? .done(end(.broken("limit warning_alerts"))) : .more
        }
        return .done(end(content[1] == 0 ? .closed : .alert(Int(content[1]))))
    }

    // MARK: Messages

    private mutating func readMessages() -> Step {
        var position = 0
        defer { messages.removeFirst(min(position, messages.count)) }
        while messages.count - position >= 4 {
            let length =
                Int(messages[position + 1]) << 16 | Int(messages[position + 2]) << 8 | Int(messages[position + 3])
            guard length <= TransportLimits.helloOctets else { return .done(end(.broken("limit message.octets"))) }
            guard messages.count - position >= 4 + length else { return .more }
            let kind = messages[position]
            var reader = OctetReader(Array(messages[(position + 4)..<(position + 4 + length)]))
            position += 4 + length
            if let answer = take(kind, &reader) { return .done(answer) }
        }
        return .more
    }

    private mutating func take(_ kind: UInt8, _ reader: inout OctetReader) -> HelloAnswer? {
        guard kind == 2 || hello != nil else { return .broken("message \(kind) before a hello") }
        switch kind {
        case 2:
            guard hello == nil else { return .broken("two hellos") }
            guard let parsed = Self.serverHello(&reader) else { return .broken("server hello") }
            hello = parsed
            // Behind it all is encrypted (RFC 8446 section 4).
            return parsed.version == .tls13 ? .hello(parsed) : nil
        case 11:
            guard reader.number24() != nil, let leaf = reader.vector24() else { return end(.broken("certificate")) }
            hello?.leafSHA256 = Digest.sha256(leaf)
            self.leaf = leaf
        case 12: keyExchange(&reader)
        case 13: hello?.asksForCertificate = true
        case 14:
            hello?.isWhole = true
            return end(.closed)
        default: break
        }
        return nil
    }

    /// RFC 8446 section 4.1.3.
    private static func serverHello(_ reader: inout OctetReader) -> ServerHello? {
        guard let legacy = reader.number16(), let random = reader.take(32), reader.vector8() != nil,
            let suite = reader.number16(), let compression = reader.number8()
        else { return nil }
        var numbers: [UInt16] = []
        var version = legacy
        var group: NamedGroup?
        // A hello without extensions ends here (RFC 5246 section 7.4.1.3).
        if !reader.isAtEnd {
            guard let list = reader.vector16() else { return nil }
            var extensions = OctetReader(list)
            while !extensions.isAtEnd {
                guard let number = extensions.number16(), let content = extensions.vector16(),
                    numbers.count < TransportLimits.helloExtensions
                else { return nil }
                numbers.append(number)
                var body = OctetReader(content)
                if number == 43 { version = body.number16() ?? version }
                if number == 51 { group = body.number16().map(NamedGroup.init) }
            }
        }
        guard let known = TLSVersion(rawValue: version), known != .ssl2 else { return nil }
        return ServerHello(
            version: known, suite: CipherSuite(rawValue: suite), isRetry: random == retryRandom, group: group,
            compression: compression, extensions: numbers)
    }

    /// RFC 5246 section 7.4.3, RFC 8422 section 5.4.
    private mutating func keyExchange(_ reader: inout OctetReader) {
        guard let exchange = hello?.suite.keyExchange else { return }
        switch exchange {
        case .ecdhe, .anonymousECDH:
            // Curve type 3 is a named one.
            guard reader.number8() == 3, let group = reader.number16(), reader.vector8() != nil else { return }
            hello?.group = NamedGroup(rawValue: group)
        case .dhe, .anonymousDH:
            guard let prime = reader.vector16(), reader.vector16() != nil, reader.vector16() != nil else { return }
            hello?.prime = ServerHello.Prime(prime)
        default: return
        }
        guard hello?.version == .tls12, exchange == .ecdhe || exchange == .dhe else { return }
        hello?.scheme = reader.number16().map(SignatureScheme.init)
    }

    // MARK: SSL 2

    /// SERVER-HELLO of SSL 2; nil where what came is a record of SSL 3 or TLS, or not whole.
    private mutating func ssl2Answer() -> HelloAnswer? {
        guard buffer.count >= 3 else { return nil }
        let length = Int(buffer[0] & 0x7F) << 8 | Int(buffer[1])
        if buffer[2] == 0, length == 3 { return .alert(40) }
        guard buffer[2] == 4 else { return .notTLS(SMTPReplyParser.shown(Array(buffer.prefix(64)))) }
        // Its fixed part.
        guard length >= 11 else { return .broken("SSL 2 server hello") }
        guard buffer.count >= 2 + length else { return nil }
        var reader = OctetReader(Array(buffer[3..<(2 + length)]))
        guard reader.take(2) != nil, reader.number16() == TLSVersion.ssl2.rawValue,
            let certificate = reader.number16(), let kinds = reader.number16(), reader.number16() != nil,
            let leaf = reader.take(Int(certificate)), reader.take(Int(kinds)) != nil
        else { return .broken("SSL 2 server hello") }
        var hello = ServerHello(
            version: .ssl2, suite: CipherSuite(rawValue: 0), isRetry: false, compression: 0, extensions: [])
        hello.ssl2Kinds = Int(kinds) / 3
        if !leaf.isEmpty { hello.leafSHA256 = Digest.sha256(leaf) }
        return .hello(hello)
    }

    /// SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3).
    private static let retryRandom = Digest.sha256(Array("HelloRetryRequest".utf8))
}

extension ServerHello.Prime {
    /// Well-known groups by what their primes begin with: 64 ones, then e (RFC 7919) or pi (RFC 2409, RFC 3526).
    init(_ octets: [UInt8]) {
        let significant = octets.drop { $0 == 0 }
        bits = significant.first.map { significant.count * 8 - $0.leadingZeroBitCount } ?? 0
        let ones = [UInt8](repeating: 0xFF, count: 8)
        guard significant.count >= 96, significant.prefix(8) == ones[...], significant.suffix(8) == ones[...] else {
            name = nil
            return
        }
        switch significant.dropFirst(8).prefix(8) {
        case [0xAD, 0xF8, 0x54, 0x58, 0xA2, 0xBB, 0x4A, 0x9A]: name = "ffdhe\(bits)"
        case [0xC9, 0x0F, 0xDA, 0xA2, 0x21, 0x68, 0xC2, 0x34]: name = "modp\(bits)"
        default: name = nil
        }
    }
}

/// Reads numbers and vectors in network order; nil where octets are missing.
struct OctetReader {
    private let octets: [UInt8]
    private var position = 0

    init(_ octets: [UInt8]) { self.octets = octets }

    var isAtEnd: Bool { position == octets.count }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count <= octets.count - position else { return nil }
        defer { position += count }
        return Array(octets[position..<(position + count)])
    }

    mutating func number8() -> UInt8? { take(1)?[0] }
    mutating func number16() -> UInt16? { take(2).map { UInt16($0[0]) << 8 | UInt16($0[1]) } }
    mutating func number24() -> Int? { take(3).map { Int($0[0]) << 16 | Int($0[1]) << 8 | Int($0[2]) } }
    mutating func vector8() -> [UInt8]? { number8().flatMap { take(Int($0)) } }
    mutating func vector16() -> [UInt8]? { number16().flatMap { take(Int($0)) } }
    mutating func vector24() -> [UInt8]? { number24().flatMap { take($0) } }
}
