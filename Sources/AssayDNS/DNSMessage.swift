package import AssayModel

/// A DNS message read from wire format (RFC 1035 section 4, RFC 6891). Total: broken messages give nil.
package struct DNSMessage: Sendable {
    package struct Record: Sendable {
        package let owner: DomainName
        package let type: UInt16
        package let ttl: Int
        package let content: RecordContent
        /// The raw RDATA.
        package let data: [UInt8]

        package init(owner: DomainName, type: UInt16, ttl: Int, content: RecordContent, data: [UInt8]) {
            self.owner = owner
            self.type = type
            self.ttl = ttl
            self.content = content
            self.data = data
        }
    }

    /// The whole message.
    package let octets: [UInt8]
    package let id: UInt16
    package let isResponse: Bool
    package let isAuthoritative: Bool
    package let isTruncated: Bool
    /// With the upper bits of an OPT record.
    package let rcode: Int
    package let question: (name: DomainName, type: UInt16)?
    package let answers: [Record]
    package let authority: [Record]
    package let additional: [Record]
    /// There is an OPT record (RFC 6891).
    package let hasOption: Bool
    /// RFC 8914.
    package let extendedErrors: [FailureExplanation.ExtendedError]

    package init?(parsing bytes: [UInt8]) {
        var reader = WireReader(bytes)
        guard let id = reader.uint16(), let flags = reader.uint16(), let questions = reader.uint16(),
            let answerCount = reader.uint16(), let authorityCount = reader.uint16(), let extraCount = reader.uint16()
        else { return nil }
        var question: (DomainName, UInt16)?
        for _ in 0..<questions {
            guard let name = reader.name(), let type = reader.uint16(), reader.uint16() != nil else { return nil }
            question = question ?? (name, type)
        }
        guard let answers = Self.records(answerCount, &reader), let authority = Self.records(authorityCount, &reader),
            let additional = Self.records(extraCount, &reader)
        else { return nil }
        let option = additional.first { $0.type == 41 }
        octets = bytes
        self.id = id
        isResponse = flags & 0x8000 != 0
        isAuthoritative = flags & 0x0400 != 0
        isTruncated = flags & 0x0200 != 0
        // RFC 6891 section 6.1.3: the upper eight bits of the code are the first octet of the OPT record's TTL.
        rcode = Int(flags & 15) | (option.map { ($0.ttl >> 24) & 0xFF } ?? 0) << 4
        self.question = question
        self.answers = answers
        self.authority = authority
        self.additional = additional.filter { $0.type != 41 }
        hasOption = option != nil
        extendedErrors = option.map { Self.extendedErrors(in: $0.data) } ?? []
    }

    private static func records(_ count: UInt16, _ reader: inout WireReader) -> [Record]? {
        var records: [Record] = []
        for _ in 0..<count {
            guard let owner = reader.name(), let type = reader.uint16(), reader.uint16() != nil,
                let ttl = reader.uint32(), let length = reader.uint16(), let data = reader.bytes(Int(length))
            else { return nil }
            let content = content(type, data, endingAt: reader.position, &reader)
            records.append(Record(owner: owner, type: type, ttl: Int(ttl), content: content, data: data))
        }
        return records
    }

    /// Typed RDATA; what does not parse stays opaque.
    private static func content(
        _ type: UInt16, _ data: [UInt8], endingAt end: Int, _ reader: inout WireReader
    ) -> RecordContent {
        // Names inside RDATA may point anywhere in the message, so they are read in place.
        func name(skipping offset: Int) -> DomainName? {
            var inner = reader
            inner.position = end - data.count + offset
            guard let name = inner.name(), inner.position <= end else { return nil }
            return name
        }
        switch RecordType(rawValue: type) {
        case .a where data.count == 4, .aaaa where data.count == 16:
            return IPAddress(octets: data).map(RecordContent.address) ?? .opaque(data)
        case .ns, .cname, .ptr, .dname:
            return name(skipping: 0).map(RecordContent.name) ?? .opaque(data)
        case .mx where data.count > 2:
            let preference = UInt16(data[0]) << 8 | UInt16(data[1])
            return name(skipping: 2).map { .mx(preference: preference, exchange: $0) } ?? .opaque(data)
        case .txt:
            return strings(data).map(RecordContent.txt) ?? .opaque(data)
        case .tlsa where data.count >= 3:
            return .tlsa(usage: data[0], selector: data[1], matching: data[2], data: Array(data[3...]))
        case .caa:
            return authorization(data) ?? .opaque(data)
        case .soa:
            return startOfAuthority(data, endingAt: end, reader).map(RecordContent.soa) ?? .opaque(data)
        default:
            return .opaque(data)
        }
    }

    private static func startOfAuthority(_ data: [UInt8], endingAt end: Int, _ reader: WireReader) -> StartOfAuthority?
    {
        var inner = reader
        inner.position = end - data.count
        guard let primary = inner.name(), let mailbox = inner.name(), let serial = inner.uint32(),
            let refresh = inner.uint32(), let retry = inner.uint32(), let expire = inner.uint32(),
            let minimum = inner.uint32(), inner.position == end
        else { return nil }
        return StartOfAuthority(
            primary: primary, mailbox: mailbox, serial: serial, refresh: refresh, retry: retry, expire: expire,
            minimum: minimum)
    }

    /// Flags, the tag with its length in front, and the rest as the value (RFC 8659 section 4.1); nil where the tag is empty or
    /// longer than the record.
    private static func authorization(_ data: [UInt8]) -> RecordContent? {
        guard data.count > 2, data[1] > 0, data.count >= 2 + Int(data[1]) else { return nil }
        let end = 2 + Int(data[1])
        return .caa(flags: data[0], tag: Array(data[2..<end]), value: Array(data[end...]))
    }

    private static func strings(_ data: [UInt8]) -> [[UInt8]]? {
        var strings: [[UInt8]] = []
        var rest = data[...]
        while let length = rest.popFirst() {
            guard rest.count >= Int(length) else { return nil }
            strings.append(Array(rest.prefix(Int(length))))
            rest = rest.dropFirst(Int(length))
        }
        return strings
    }

    private static func extendedErrors(in options: [UInt8]) -> [FailureExplanation.ExtendedError] {
        var reader = WireReader(options)
        var errors: [FailureExplanation.ExtendedError] = []
        while let code = reader.uint16(), let length = reader.uint16(), let data = reader.bytes(Int(length)) {
            guard code == 15, data.count >= 2 else { continue }
            let text = data.dropFirst(2).prefix(256).filter { $0 >= 0x20 && $0 < 0x7F }
            errors.append(
                .init(code: UInt16(data[0]) << 8 | UInt16(data[1]), text: String(decoding: text, as: UTF8.self)))
        }
        return errors
    }
}

/// A cursor over wire format; every read may fail, none traps.
struct WireReader {
    private let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, position + count <= bytes.count else { return nil }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func uint16() -> UInt16? {
        bytes(2).map { UInt16($0[0]) << 8 | UInt16($0[1]) }
    }

    mutating func uint32() -> UInt32? {
        bytes(4).map { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    /// A name with compression (RFC 1035 section 4.1.4); pointers must go backwards, so there is no loop.
    mutating func name() -> DomainName? {
        var labels: [[UInt8]] = []
        var cursor = position
        var lowest = position
        var hasJumped = false
        while cursor < bytes.count {
            let length = bytes[cursor]
            switch length {
            case 0:
                if !hasJumped { position = cursor + 1 }
                return try? DomainName(labels: labels)
            case 1...63:
                guard cursor + 1 + Int(length) <= bytes.count, labels.count < 128 else { return nil }
                labels.append(Array(bytes[cursor + 1..<cursor + 1 + Int(length)]))
                cursor += 1 + Int(length)
            case 0xC0...:
                guard cursor + 1 < bytes.count else { return nil }
                let target = Int(length & 0x3F) << 8 | Int(bytes[cursor + 1])
                guard target < lowest else { return nil }
                if !hasJumped { position = cursor + 2 }
                hasJumped = true
                lowest = target
                cursor = target
            default:
                return nil
            }
        }
        return nil
    }
}
