package import AssayModel

/// DNSKEY (RFC 4034 section 2).
package struct KeyRecord: Hashable, Codable, Sendable {
    package let flags: UInt16
    package let `protocol`: UInt8
    package let algorithm: UInt8
    package let publicKey: [UInt8]

    package init?(_ data: [UInt8]) {
        guard data.count > 4 else { return nil }
        flags = UInt16(data[0]) << 8 | UInt16(data[1])
        `protocol` = data[2]
        algorithm = data[3]
        publicKey = Array(data[4...])
    }

    package var data: [UInt8] {
        [UInt8(flags >> 8), UInt8(truncatingIfNeeded: flags), `protocol`, algorithm] + publicKey
    }

    package var isZoneKey: Bool { flags & 0x0100 != 0 && `protocol` == 3 }
    /// Secure entry point (RFC 4034 section 2.1.1).
    package var isSEP: Bool { flags & 1 != 0 }
    /// RFC 5011 section 2.1.
    package var isRevoked: Bool { flags & 0x0080 != 0 }

    /// RFC 4034 appendix B.
    package var tag: UInt16 {
        let data = data
        if algorithm == 1 {
            guard data.count >= 3 else { return 0 }
            return UInt16(data[data.count - 3]) << 8 | UInt16(data[data.count - 2])
        }
        var sum: UInt32 = 0
        for (index, byte) in data.enumerated() { sum &+= index & 1 == 0 ? UInt32(byte) << 8 : UInt32(byte) }
        sum &+= sum >> 16 & 0xFFFF
        return UInt16(truncatingIfNeeded: sum)
    }

    /// Modulus bits and exponent of an RSA key (RFC 3110 section 2).
    package var rsa: (bits: Int, exponent: [UInt8])? {
        guard [1, 5, 7, 8, 10].contains(algorithm), let first = publicKey.first else { return nil }
        let (length, start) =
            first != 0 || publicKey.count < 3
            ? (Int(first), 1) : (Int(publicKey[1]) << 8 | Int(publicKey[2]), 3)
        guard publicKey.count > start + length else { return nil }
        let exponent = Array(publicKey[start..<start + length].drop { $0 == 0 })
        let modulus = publicKey[(start + length)...].drop { $0 == 0 }
        guard let top = modulus.first else { return nil }
        return (modulus.count * 8 - top.leadingZeroBitCount, exponent)
    }
}

/// DS, and CDS, which looks the same (RFC 4034 section 5, RFC 7344).
package struct DelegationSigner: Hashable, Codable, Sendable {
    package let keyTag: UInt16
    package let algorithm: UInt8
    package let digestType: UInt8
    package let digest: [UInt8]

    package init?(_ data: [UInt8]) {
        guard data.count > 4 else { return nil }
        keyTag = UInt16(data[0]) << 8 | UInt16(data[1])
        algorithm = data[2]
        digestType = data[3]
        digest = Array(data[4...])
    }
}

/// RRSIG (RFC 4034 section 3).
package struct SignatureRecord: Hashable, Codable, Sendable {
    package let covered: UInt16
    package let algorithm: UInt8
    package let labels: UInt8
    package let originalTTL: UInt32
    package let expiration: Timestamp
    package let inception: Timestamp
    package let keyTag: UInt16
    package let signer: DomainName
    package let signature: [UInt8]
    /// RDATA without the signature, the signer's name in lower case: what is signed first.
    package let signedPart: [UInt8]

    /// `moment`: the times are 32-bit serial numbers (RFC 4034 section 3.1.5), near this.
    package init?(_ data: [UInt8], near moment: Timestamp) {
        var reader = WireReader(data)
        guard let covered = reader.uint16(), let two = reader.bytes(2), let ttl = reader.uint32(),
            let expiration = reader.uint32(), let inception = reader.uint32(), let tag = reader.uint16(),
            let signer = reader.name(), reader.position < data.count
        else { return nil }
        self.covered = covered
        algorithm = two[0]
        labels = two[1]
        originalTTL = ttl
        self.expiration = Self.time(expiration, near: moment)
        self.inception = Self.time(inception, near: moment)
        keyTag = tag
        self.signer = signer
        signature = Array(data[reader.position...])
        signedPart = Array(data[..<18]) + signer.wireFormat
    }

    private static func time(_ value: UInt32, near moment: Timestamp) -> Timestamp {
        let difference = Int32(bitPattern: value &- UInt32(truncatingIfNeeded: moment.secondsSince1970))
        return Timestamp(secondsSince1970: moment.secondsSince1970 + Int64(difference))
    }
}

/// NSEC or NSEC3 (RFC 4034 section 4, RFC 5155 section 3).
package struct DenialRecord: Hashable, Codable, Sendable {
    package enum Kind: Hashable, Codable, Sendable {
        case nsec(next: DomainName)
        case nsec3(hash: UInt8, isOptOut: Bool, iterations: Int, salt: [UInt8], next: [UInt8])
    }

    package let owner: DomainName
    package let kind: Kind
    package let types: Set<UInt16>

    init?(_ record: DNSMessage.Record) {
        owner = record.owner
        var reader = WireReader(record.data)
        switch RecordType(rawValue: record.type) {
        case .nsec:
            guard let next = reader.name() else { return nil }
            kind = .nsec(next: next)
        case .nsec3:
            guard let head = reader.bytes(2), let iterations = reader.uint16(), let length = reader.bytes(1),
                let salt = reader.bytes(Int(length[0])), let hashLength = reader.bytes(1),
                let next = reader.bytes(Int(hashLength[0]))
            else { return nil }
            kind = .nsec3(
                hash: head[0], isOptOut: head[1] & 1 != 0, iterations: Int(iterations), salt: salt, next: next)
        default: return nil
        }
        var types: Set<UInt16> = []
        while let window = reader.bytes(1), let length = reader.bytes(1), let map = reader.bytes(Int(length[0])) {
            for (index, byte) in map.enumerated() {
                for bit in 0..<8 where byte & (0x80 >> UInt8(bit)) != 0 {
                    types.insert(UInt16(window[0]) << 8 | UInt16(index * 8 + bit))
                }
            }
        }
        self.types = types
    }
}

/// A set of records of one owner and type with the signatures over it.
package struct SignedSet: Sendable {
    package let owner: DomainName
    package let type: UInt16
    package let ttl: Int
    /// Canonical RDATA (RFC 4034 section 6.2), each once, in canonical order.
    package let data: [[UInt8]]
    package let signatures: [SignatureRecord]

    /// What was signed (RFC 4034 section 3.1.8.1); nil where the label count is impossible.
    package func signedOctets(by signature: SignatureRecord) -> [UInt8]? {
        let labels = owner.labels
        let own = labels.count - (labels.first == [UInt8(ascii: "*")] ? 1 : 0)
        guard Int(signature.labels) <= own else { return nil }
        // Fewer labels than the owner has: the set was made from a wildcard (RFC 4035 section 5.3.2).
        var head = owner.wireFormat
        if Int(signature.labels) < own {
            head = [1, UInt8(ascii: "*")]
            for label in labels.suffix(Int(signature.labels)) { head += [UInt8(label.count)] + label }
            head.append(0)
        }
        head += [UInt8(type >> 8), UInt8(truncatingIfNeeded: type), 0, 1]
        head += octets(of: signature.originalTTL)
        var result = signature.signedPart
        for item in data {
            result += head
            result += [UInt8(item.count >> 8), UInt8(truncatingIfNeeded: item.count)]
            result += item
        }
        return result
    }
}

/// Network byte order.
private func octets(of value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
}

extension DNSMessage {
    /// The records of a section as sets, each with its signatures.
    package func signedSets(_ section: [Record], near moment: Timestamp) -> [SignedSet] {
        var order: [SetKey] = []
        var data: [SetKey: [[UInt8]]] = [:]
        var ttls: [SetKey: Int] = [:]
        var signatures: [SetKey: [SignatureRecord]] = [:]
        for record in section {
            if record.type == RecordType.rrsig.rawValue {
                guard let signature = SignatureRecord(record.data, near: moment) else { continue }
                signatures[SetKey(owner: record.owner, type: signature.covered), default: []].append(signature)
                continue
            }
            let key = SetKey(owner: record.owner, type: record.type)
            if data[key] == nil { order.append(key) }
            data[key, default: []].append(record.canonicalData)
            ttls[key] = min(ttls[key] ?? .max, record.ttl)
        }
        return order.map { key in
            let unique = Set(data[key] ?? []).sorted { $0.lexicographicallyPrecedes($1) }
            return SignedSet(
                owner: key.owner, type: key.type, ttl: ttls[key] ?? 0, data: unique, signatures: signatures[key] ?? [])
        }
    }

    /// NSEC and NSEC3 records of the authority section.
    package var denials: [DenialRecord] { authority.compactMap { DenialRecord($0) } }

    /// Those of the answer section too, where NSEC was asked for.
    package var denialsAnywhere: [DenialRecord] { (answers + authority).compactMap { DenialRecord($0) } }

    private struct SetKey: Hashable {
        let owner: DomainName
        let type: UInt16
    }
}

extension DNSMessage.Record {
    /// RDATA with names spelled out and in lower case, for the types whose names compress (RFC 4034 section 6.2).
    package var canonicalData: [UInt8] {
        switch content {
        case .name(let name): name.wireFormat
        case .mx(let preference, let exchange):
            [UInt8(preference >> 8), UInt8(truncatingIfNeeded: preference)] + exchange.wireFormat
        case .soa(let soa):
            soa.primary.wireFormat + soa.mailbox.wireFormat
                + [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum].flatMap { octets(of: $0) }
        default: data
        }
    }
}
