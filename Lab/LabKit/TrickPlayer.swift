import COpenSSL

/// Answers a ClientHello by the tricks of a host; what no trick is for goes to OpenSSL.
struct TrickPlayer {
    let tricks: [Trick]
    let leaf: [UInt8]

    enum Reply {
        case octets([UInt8])
        case dripped([UInt8])
        case close
    }

    /// The first flight of a server with the bugs of 2014, to hellos that ask for heartbeats.
    func bleedingFlight(to record: [UInt8]) -> [UInt8]? {
        guard tricks.contains(.bleeds), let hello = OfferedHello(record), hello.isBelowTLS13, hello.asksForHeartbeat,
            let suite = hello.suites.first(where: { $0 == 0xC02B || $0 == 0xC02F })
        else { return nil }
        return flight(hello, suite, 0x0303, exchange: Self.curve(0x17), beats: true)
    }

    /// The first flight of a server that is an oracle for RSA, to hellos with that key exchange and nothing recommended.
    func carelessFlight(to record: [UInt8]) -> [UInt8]? {
        guard tricks.contains(.decryptsCarelessly), let hello = OfferedHello(record), hello.isBelowTLS13,
            hello.legacy == 0x0303, hello.suites.contains(0x009C),
            hello.suites.allSatisfy({ !Self.recommended.contains($0) })
        else { return nil }
        return flight(hello, 0x009C, 0x0303, exchange: nil)
    }

    private static let recommended: Set<UInt16> = [0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9]

    /// nil leaves the hello to OpenSSL. `record` is the first record as it came.
    func reply(to record: [UInt8]) -> Reply? {
        if record.count > 5, record[0] & 0x80 != 0, record[2] == 1, record[3] == 0, record[4] == 2 {
            return tricks.contains(.ssl2) ? .octets(ssl2Hello) : .close
        }
        guard let hello = OfferedHello(record) else { return nil }
        for trick in tricks {
            if let reply = play(trick, hello, size: record.count) { return reply }
        }
        return nil
    }

    private func play(_ trick: Trick, _ hello: OfferedHello, size: Int) -> Reply? {
        switch trick {
        case .ssl2, .tires, .remembersClear, .bleeds, .decryptsCarelessly: return nil
        case .takes(let suite, let version, let bits):
            guard hello.suites.contains(suite), hello.isBelowTLS13, hello.legacy >= version,
                hello.suites.allSatisfy({ !Self.recommended.contains($0) })
            else { return nil }
            return .octets(flight(hello, suite, version, exchange: Self.exchange(suite, bits)))
        case .plain(let compresses):
            guard hello.isBelowTLS13, hello.legacy == 0x0303,
                hello.suites.contains(0xC02B) || hello.suites.contains(0xC02F)
            else { return nil }
            let suite: UInt16 = hello.suites.contains(0xC02B) ? 0xC02B : 0xC02F
            return .octets(
                flight(hello, suite, 0x0303, compression: compresses ? 1 : 0, exchange: Self.curve(0x17), plainly: true)
            )
        case .retries(let group):
            guard !hello.isBelowTLS13, hello.groups.contains(group),
                let suite = hello.suites.first(where: { $0 >> 8 == 0x13 })
            else { return nil }
            let extensions: [UInt8] = [0, 43, 0, 2, 3, 4, 0, 51, 0, 2, UInt8(group >> 8), UInt8(group & 0xFF)]
            return .octets(
                record(
                    message(2, hello.serverHello(0x0303, suite, 0, random: Self.retryRandom, extensions: extensions))))
        case .closesAbove(let limit): return size > limit ? .close : nil
        case .wantsName: return hello.hasName ? nil : .octets([21, 3, 3, 0, 2, 2, 112])
        case .takesCurve(let group):
            guard hello.isBelowTLS13, hello.groups.first == group || hello.groups.first == 1,
                hello.groups.contains(group),
                let suite = hello.suites.first(where: { $0 == 0xC02B || $0 == 0xC02F })
            else { return nil }
            return .octets(flight(hello, suite, 0x0303, exchange: Self.curve(group)))
        case .says(let octets): return hello.isBelowTLS13 ? .octets(octets) : nil
        case .drips(let suite):
            guard hello.isBelowTLS13, hello.suites.contains(suite), hello.legacy == 0x0303 else { return nil }
            return .dripped(flight(hello, suite, 0x0303, exchange: Self.curve(0x17)))
        }
    }

    // MARK: Octets

    private func flight(
        _ hello: OfferedHello, _ suite: UInt16, _ version: UInt16, compression: UInt8 = 0, exchange: [UInt8]?,
        plainly: Bool = false, beats: Bool = false
    ) -> [UInt8] {
        // renegotiation_info and extended_master_secret, as everybody has them.
        var extensions: [UInt8] = plainly || version == 0x0300 ? [] : [0xFF, 1, 0, 1, 0, 0, 23, 0, 0]
        if beats { extensions += [0, 15, 0, 1, 1] }
        let random = [UInt8](repeating: 7, count: 32)
        var messages = message(
            2, hello.serverHello(version, suite, compression, random: random, extensions: extensions))
        let entry = Self.number24(leaf.count) + leaf
        messages += message(11, Self.number24(entry.count) + entry)
        if let exchange { messages += message(12, exchange) }
        messages += message(14, [])
        return record(messages, version)
    }

    private func message(_ kind: UInt8, _ body: [UInt8]) -> [UInt8] { [kind] + Self.number24(body.count) + body }

    private func record(_ messages: [UInt8], _ version: UInt16 = 0x0303) -> [UInt8] {
        [22, UInt8(version >> 8), UInt8(version & 0xFF), UInt8(messages.count >> 8), UInt8(messages.count & 0xFF)]
            + messages
    }

    private var ssl2Hello: [UInt8] {
        // No session, an X.509 certificate, SSL 2, one kind of cipher, a connection's name of 16 octets.
        let body: [UInt8] =
            [4, 0, 1, 0, 2, UInt8(leaf.count >> 8), UInt8(leaf.count & 0xFF), 0, 3, 0, 16] + leaf + [1, 0, 0x80]
            + [UInt8](repeating: 9, count: 16)
        return [0x80 | UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    private static func number24(_ number: Int) -> [UInt8] {
        [UInt8(number >> 16), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
    }

    /// ServerKeyExchange with a curve by name, a point and a signature, neither of which means anything.
    private static func curve(_ group: UInt16) -> [UInt8] {
        [3, UInt8(group >> 8), UInt8(group & 0xFF), 65, 4] + [UInt8](repeating: 5, count: 64) + [4, 3, 0, 8]
            + [UInt8](repeating: 6, count: 8)
    }

    /// Of a suite with DHE; nil for one without key exchange.
    private static func exchange(_ suite: UInt16, _ bits: Int) -> [UInt8]? {
        let dhe: Set<UInt16> = [0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x33, 0x39, 0x9E, 0x9F]
        let length = bits / 8
        guard dhe.contains(suite) else { return nil }
        let prime = [UInt8(0xC5)] + [UInt8](repeating: 0x3B, count: length - 1)
        let share = [UInt8(0x45)] + [UInt8](repeating: 0x3A, count: length - 1)
        func vector(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes }
        return vector(prime) + vector([2]) + vector(share) + [4, 1] + vector([UInt8](repeating: 6, count: 64))
    }

    /// SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3).
    private static let retryRandom: [UInt8] = {
        let words = Array("HelloRetryRequest".utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(words, words.count, &digest, nil, EVP_sha256(), nil)
        return digest
    }()
}

/// A ClientHello as far as the tricks look at it.
struct OfferedHello {
    private(set) var legacy: UInt16 = 0
    private(set) var suites: [UInt16] = []
    private(set) var groups: [UInt16] = []
    private(set) var isBelowTLS13 = true
    private(set) var hasName = false
    private(set) var asksForHeartbeat = false
    private var session: [UInt8] = []

    init?(_ record: [UInt8]) {
        var at = 9
        func octet() -> Int? {
            defer { at += 1 }
            return record.indices.contains(at) ? Int(record[at]) : nil
        }
        func number() -> Int? {
            guard let high = octet(), let low = octet() else { return nil }
            return high << 8 | low
        }
        guard record.count > 44, record[0] == 22, record[5] == 1, let version = number() else { return nil }
        legacy = UInt16(version)
        at += 32
        guard let length = octet(), at + length <= record.count else { return nil }
        session = Array(record[at..<(at + length)])
        at += length
        guard let list = number(), at + list <= record.count else { return nil }
        for _ in 0..<(list / 2) { suites.append(UInt16(number() ?? 0)) }
        guard let compressions = octet() else { return nil }
        at += compressions
        guard let end = number().map({ min($0 + at, record.count) }) else { return }
        while at + 4 <= end, let kind = number(), let size = number(), at + size <= end {
            let body = Array(record[at..<(at + size)])
            at += size
            switch kind {
            case 0: hasName = true
            case 15: asksForHeartbeat = true
            case 10:
                for index in stride(from: 2, to: body.count - 1, by: 2) {
                    let group = UInt16(body[index]) << 8 | UInt16(body[index + 1])
                    if group & 0x0F0F != 0x0A0A { groups.append(group) }
                }
            case 43:
                for index in stride(from: 1, to: body.count - 1, by: 2) where body[index] == 3 && body[index + 1] == 4 {
                    isBelowTLS13 = false
                }
            default: break
            }
        }
    }

    func serverHello(
        _ version: UInt16, _ suite: UInt16, _ compression: UInt8, random: [UInt8], extensions: [UInt8]
    ) -> [UInt8] {
        let head: [UInt8] = [UInt8(version >> 8), UInt8(version & 0xFF)] + random + [UInt8(session.count)] + session
        let choice: [UInt8] = [UInt8(suite >> 8), UInt8(suite & 0xFF), compression]
        let list =
            extensions.isEmpty ? [] : [UInt8(extensions.count >> 8), UInt8(extensions.count & 0xFF)] + extensions
        return head + choice + list
    }
}
