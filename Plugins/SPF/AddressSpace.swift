package import AssayModel

/// A set of addresses of one family as disjoint ranges in order.
package struct AddressSet: Equatable, Sendable {
    package struct Range: Hashable, Sendable {
        package let first: UInt128
        package let last: UInt128

        package init(first: UInt128, last: UInt128) {
            self.first = first
            self.last = last
        }
    }

    package private(set) var ranges: [Range] = []

    package init(_ ranges: [Range] = []) {
        self.ranges = Self.joined(ranges.sorted { $0.first < $1.first })
    }

    package var isEmpty: Bool { ranges.isEmpty }

    /// How many addresses, but for one: 2^128 does not fit.
    private var sizeLessOne: UInt128 { ranges.reduce(0) { $0 &+ ($1.last - $1.first) &+ 1 } &- 1 }

    /// Decimal digits.
    package var count: String {
        guard !isEmpty else { return "0" }
        return sizeLessOne == .max ? "340282366920938463463374607431768211456" : "\(sizeLessOne + 1)"
    }

    /// Where it fits; at most `Int.max`.
    package var clampedCount: Int {
        isEmpty ? 0 : sizeLessOne >= UInt128(Int.max) ? .max : Int(sizeLessOne) + 1
    }

    package func union(_ other: AddressSet) -> AddressSet {
        if other.ranges.count > 8 { return AddressSet(ranges + other.ranges) }
        var result = self
        for range in other.ranges { result.insert(range) }
        return result
    }

    package func contains(_ other: Range) -> Bool {
        let index = ranges.partitioningIndex { $0.last >= other.first }
        return index < ranges.count && ranges[index].first <= other.first && ranges[index].last >= other.last
    }

    /// Adds a range in place, joined with those that it touches.
    private mutating func insert(_ range: Range) {
        let start = ranges.partitioningIndex { $0.last == .max || $0.last + 1 >= range.first }
        let end = ranges.partitioningIndex { range.last != .max && $0.first > range.last + 1 }
        guard start < end else { return ranges.insert(range, at: start) }
        let joined = Range(
            first: min(range.first, ranges[start].first), last: max(range.last, ranges[end - 1].last))
        ranges.replaceSubrange(start..<end, with: [joined])
    }

    package func subtracting(_ other: AddressSet) -> AddressSet {
        var result: [Range] = []
        for range in ranges {
            var start = range.first
            var isUsedUp = false
            for cut in other.ranges where cut.last >= range.first && cut.first <= range.last {
                if cut.first > start { result.append(Range(first: start, last: cut.first - 1)) }
                guard cut.last < range.last else {
                    isUsedUp = true
                    break
                }
                start = max(start, cut.last + 1)
            }
            if !isUsedUp { result.append(Range(first: start, last: range.last)) }
        }
        return AddressSet(result)
    }

    /// Ranges in order of their start, those that touch as one.
    private static func joined(_ sorted: [Range]) -> [Range] {
        var result: [Range] = []
        for range in sorted {
            if let last = result.last, last.last == .max || range.first <= last.last + 1 {
                result[result.count - 1] = Range(first: last.first, last: max(last.last, range.last))
            } else {
                result.append(range)
            }
        }
        return result
    }
}

/// Addresses of both families.
package struct AddressSpace: Equatable, Sendable {
    package var ipv4 = AddressSet()
    package var ipv6 = AddressSet()

    package init() {}

    package init(_ network: IPNetwork) {
        if network.address.family == .ipv4 {
            ipv4 = AddressSet([network.range])
        } else {
            ipv6 = AddressSet([network.range])
        }
    }

    package static let everything: AddressSpace = {
        var space = AddressSpace(IPNetwork(.v4(0), prefix: 0))
        space.ipv6 = AddressSpace(IPNetwork(.v6(0), prefix: 0)).ipv6
        return space
    }()

    package func union(_ other: AddressSpace) -> AddressSpace {
        var result = self
        result.ipv4 = ipv4.union(other.ipv4)
        result.ipv6 = ipv6.union(other.ipv6)
        return result
    }

    package func subtracting(_ other: AddressSpace) -> AddressSpace {
        var result = self
        result.ipv4 = ipv4.subtracting(other.ipv4)
        result.ipv6 = ipv6.subtracting(other.ipv6)
        return result
    }

    package func contains(_ network: IPNetwork) -> Bool {
        (network.address.family == .ipv4 ? ipv4 : ipv6).contains(network.range)
    }

    package var isEmpty: Bool { ipv4.isEmpty && ipv6.isEmpty }
}

/// An address with a prefix length.
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    /// As written, host bits and all.
    package let address: IPAddress
    package let prefix: Int

    package init(_ address: IPAddress, prefix: Int? = nil) {
        self.address = address
        self.prefix = prefix ?? (address.family == .ipv4 ? 32 : 128)
    }

    private var hostBits: UInt128 {
        let bits = (address.family == .ipv4 ? 32 : 128) - prefix
        return bits >= 128 ? .max : (UInt128(1) << UInt128(bits)) - 1
    }

    private var value: UInt128 {
        switch address {
        case .v4(let value): UInt128(value)
        case .v6(let value): value
        }
    }

    package var range: AddressSet.Range {
        AddressSet.Range(first: value & ~hostBits, last: value | hostBits)
    }

    /// Of every address in it; nil where one is of public use, or they differ.
    package var specialPurpose: IPAddress.SpecialPurpose? {
        let last = range.last
        let end = address.family == .ipv4 ? IPAddress.v4(UInt32(truncatingIfNeeded: last)) : .v6(last)
        guard let purpose = masked.address.specialPurpose, end.specialPurpose == purpose else { return nil }
        return purpose
    }

    package var hasHostBits: Bool { value & hostBits != 0 }

    /// Without host bits.
    package var masked: IPNetwork {
        let first = value & ~hostBits
        return IPNetwork(address.family == .ipv4 ? .v4(UInt32(truncatingIfNeeded: first)) : .v6(first), prefix: prefix)
    }

    package func contains(_ other: IPAddress) -> Bool {
        guard other.family == address.family else { return false }
        let range = IPNetwork(other).range
        return range.first & ~hostBits == value & ~hostBits
    }

    package var description: String {
        prefix == (address.family == .ipv4 ? 32 : 128) ? "\(address)" : "\(address)/\(prefix)"
    }

    /// `192.0.2.0/24`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)), parts.count <= 2 else { return nil }
        let longest = address.family == .ipv4 ? 32 : 128
        guard let prefix = parts.count == 2 ? Int(parts[1]) : longest, (0...longest).contains(prefix) else {
            return nil
        }
        self.init(address, prefix: prefix)
    }
}

extension Array {
    /// The first index whose element fulfils `belongs`, in an array where all that do stand behind all that do not.
    fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
