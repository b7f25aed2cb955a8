import AssayCrypto
import AssayDNS
import AssayModel

/// What validated NSEC and NSEC3 records say of a subtree, kept so that what they deny need not be asked (RFC 8198).
///
/// It holds for names below `base` once a wildcard there was denied too.
struct DenialMap {
    let base: DomainName
    private(set) var isNSEC = false
    private(set) var isNSEC3 = false
    /// Owner, in the order of names, to the end of what it denies.
    private var ranges: [DomainName: Range] = [:]
    private var hashed: [[UInt8]: Hashed] = [:]

    init(base: DomainName) { self.base = base }

    struct Range {
        let owner: DomainName
        let next: DomainName
        let types: Set<UInt16>
    }

    struct Hashed: Hashable {
        let owner: [UInt8]
        let next: [UInt8]
        let salt: [UInt8]
        let iterations: Int
        let isOptOut: Bool
    }

    var recordCount: Int { ranges.count + hashed.count }
    var rangeList: [Range] { Array(ranges.values) }
    var hashedList: [Hashed] { Array(hashed.values) }

    /// Takes the records of a secure answer; gives those that are new.
    mutating func learn(_ answer: DNSAnswer) -> (ranges: [Range], hashed: [Hashed]) {
        guard answer.security == .secure, let message = DNSMessage(parsing: answer.packet) else { return ([], []) }
        var fresh: ([Range], [Hashed]) = ([], [])
        for record in message.denialsAnywhere where recordCount < DKIMLimits.denials {
            switch record.kind {
            case .nsec(let next):
                isNSEC = true
                guard ranges[record.owner] == nil else { continue }
                let range = Range(owner: record.owner, next: next, types: record.types)
                ranges[record.owner] = range
                fresh.0.append(range)
            case .nsec3(1, let isOptOut, let iterations, let salt, let next):
                isNSEC3 = true
                guard iterations <= DKIMLimits.hashIterations, let label = record.owner.labels.first,
                    let owner = Self.base32Hex(label), hashed[owner] == nil
                else { continue }
                let entry = Hashed(
                    owner: owner, next: next, salt: salt, iterations: iterations, isOptOut: isOptOut)
                hashed[owner] = entry
                fresh.1.append(entry)
            case .nsec3: continue
            }
        }
        return fresh
    }

    /// No record of any type exists at the name, by one of these records.
    static func denies(_ name: DomainName, _ records: (ranges: [Range], hashed: [Hashed]), below base: DomainName)
        -> Bool
    {
        if records.ranges.contains(where: { $0.denies(name) }) { return true }
        guard !records.hashed.isEmpty else { return false }
        // RFC 5155 section 7.2.1: the name one label longer than the closest encloser, which is at or below the base.
        var next: DomainName? = name
        while let candidate = next, candidate != base, candidate.isEqualOrBelow(base) {
            var hash: (of: Hashed, octets: [UInt8])?
            for record in records.hashed where !record.isOptOut {
                // RFC 5155 section 6: behind an opt-out there may be a delegation without a record of its own.
                if hash.map({ $0.of.salt != record.salt || $0.of.iterations != record.iterations }) ?? true {
                    let octets = DNSSECVerifier.nsec3Hash(
                        candidate.wireFormat, salt: record.salt, iterations: record.iterations)
                    hash = (record, octets)
                }
                if let hash, record.denies(hash.octets) { return true }
            }
            next = candidate.parent
        }
        return false
    }

    /// Names below the base that NSEC records name.
    var disclosed: [DomainName] {
        let names = ranges.values.flatMap { [$0.owner, $0.next] }
        return Set(names).filter { $0 != base && $0.isEqualOrBelow(base) && $0.labels.first != [0] }.sorted()
    }

    /// The next name of the subtree whose NSEC record is not known; nil where all are.
    var gap: DomainName? {
        guard var cursor = entry else { return base }
        for _ in 0..<DKIMLimits.denials {
            guard cursor.next.isEqualOrBelow(base), cursor.next != base else { return nil }
            guard let following = ranges[cursor.next] else { return cursor.next }
            cursor = following
        }
        return base
    }

    /// Every name below the base is known.
    var isComplete: Bool { isNSEC && gap == nil && !isMinimal }

    /// Records made for the question, whose ends are no names of the zone (RFC 4470, RFC 9824).
    var isMinimal: Bool {
        ranges.values.contains { $0.next.labels.first == [0] || $0.owner.labels.first?.last == UInt8(ascii: "~") }
    }

    /// The record at or before the base.
    private var entry: Range? {
        ranges[base]
            ?? ranges.values.first { $0.denies(base) || $0.next.isEqualOrBelow(base) && !$0.owner.isEqualOrBelow(base) }
    }

    private static func base32Hex(_ label: [UInt8]) -> [UInt8]? {
        var bits = 0
        var value: UInt32 = 0
        var octets: [UInt8] = []
        for letter in label {
            let digit: UInt32
            switch letter {
            case 0x30...0x39: digit = UInt32(letter) - 0x30
            case 0x61...0x76: digit = UInt32(letter) - 0x61 + 10
            default: return nil
            }
            value = (value << 5 | digit) & 0xFFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                octets.append(UInt8(truncatingIfNeeded: value >> UInt32(bits)))
            }
        }
        return octets
    }
}

extension DenialMap.Range {
    /// RFC 4034 section 6.1: between owner and next in canonical order, and not behind a delegation or a DNAME.
    func denies(_ name: DomainName) -> Bool {
        guard owner.isCanonicallyBefore(name) else { return false }
        // The last record of a zone points back to its apex.
        guard name.isCanonicallyBefore(next) || !owner.isCanonicallyBefore(next) else { return false }
        guard name.isEqualOrBelow(owner) else { return true }
        let isCut = types.contains(RecordType.ns.rawValue) && !types.contains(RecordType.soa.rawValue)
        return !isCut && !types.contains(RecordType.dname.rawValue)
    }
}

extension DenialMap.Hashed {
    /// The hash lies between this one and the next; the last record points back to the first.
    func denies(_ hash: [UInt8]) -> Bool {
        let (isAfter, isBefore) = (owner.lexicographicallyPrecedes(hash), hash.lexicographicallyPrecedes(next))
        return owner.lexicographicallyPrecedes(next) ? isAfter && isBefore : isAfter || isBefore
    }
}

extension DomainName {
    /// RFC 4034 section 6.1: by labels from the right.
    func isCanonicallyBefore(_ other: DomainName) -> Bool {
        let (mine, theirs) = (labels, other.labels)
        for (left, right) in zip(mine.reversed(), theirs.reversed()) where left != right {
            return left.lexicographicallyPrecedes(right)
        }
        return mine.count < theirs.count
    }
}
