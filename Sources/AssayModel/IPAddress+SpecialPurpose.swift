extension IPAddress {
    /// Why an address is not one to send mail to or connect to.
    package enum SpecialPurpose: String, Codable, Sendable, CaseIterable {
        case unspecified, loopback
        case privateUse = "private_use"
        case sharedAddressSpace = "shared_address_space"
        case linkLocal = "link_local"
        case uniqueLocal = "unique_local"
        case documentation, benchmarking, multicast, broadcast, reserved, discard
        case protocolAssignment = "protocol_assignment"
        /// IPv4 in IPv6 whose IPv4 part is special, or a tunnel that can carry such a part.
        case embedded
    }

    /// The special purpose by the IANA IPv4 and IPv6 registries (RFC 6890 and successors), or nil for global unicast.
    ///
    /// Images of IPv4 inside IPv6 (mapped, compatible, 6to4, NAT64) are judged by what they carry.
    package var specialPurpose: SpecialPurpose? {
        switch self {
        case .v4(let value): Self.specialV4(value)
        case .v6(let value): Self.specialV6(value)
        }
    }

    private static func specialV4(_ value: UInt32) -> SpecialPurpose? {
        v4Blocks.first { value >> (32 - $0.length) == $0.prefix >> (32 - $0.length) }?.purpose
    }

    private static func specialV6(_ value: UInt128) -> SpecialPurpose? {
        if value == 0 { return .unspecified }
        if value == 1 { return .loopback }
        let low32 = UInt32(truncatingIfNeeded: value)
        // ::ffff:0:0/96 (RFC 4291 section 2.5.5.2) and ::/96: never on the wire, so refused whatever they carry.
        if value >> 32 == 0xFFFF || value >> 32 == 0 { return .embedded }
        // 64:ff9b::/96 (RFC 6052): what it translates to decides; 64:ff9b:1::/48 (RFC 8215) is local use.
        if value >> 32 == 0x0064_FF9B_0000_0000_0000_0000 { return specialV4(low32) == nil ? nil : .embedded }
        if value >> 80 == 0x0064_FF9B_0001 { return .embedded }
        // 2002::/16 (RFC 3056): the IPv4 address follows the prefix.
        if value >> 112 == 0x2002 {
            return specialV4(UInt32(truncatingIfNeeded: value >> 80)) == nil ? nil : .embedded
        }
        // 2001::/32, Teredo (RFC 4380): the peer is an IPv4 host behind a NAT.
        if value >> 96 == 0x2001_0000 { return .embedded }
        if let block = v6Blocks.first(where: { value >> (128 - $0.length) == $0.prefix >> (128 - $0.length) }) {
            return block.purpose
        }
        // RFC 4291 section 2.4: only 2000::/3 is assigned for global unicast.
        return value >> 125 == 0b001 ? nil : .reserved
    }

    // IANA IPv4 Special-Purpose Address Registry, and multicast (RFC 5771).
    private static let v4Blocks: [(prefix: UInt32, length: UInt32, purpose: SpecialPurpose)] = [
        (0x0000_0000, 8, .unspecified),  // 0.0.0.0/8, RFC 791
        (0x0A00_0000, 8, .privateUse),  // 10.0.0.0/8, RFC 1918
        (0x6440_0000, 10, .sharedAddressSpace),  // 100.64.0.0/10, RFC 6598
        (0x7F00_0000, 8, .loopback),  // 127.0.0.0/8, RFC 1122
        (0xA9FE_0000, 16, .linkLocal),  // 169.254.0.0/16, RFC 3927
        (0xAC10_0000, 12, .privateUse),  // 172.16.0.0/12, RFC 1918
        (0xC000_0000, 24, .protocolAssignment),  // 192.0.0.0/24, RFC 6890
        (0xC000_0200, 24, .documentation),  // 192.0.2.0/24, RFC 5737
        (0xC058_6300, 24, .reserved),  // 192.88.99.0/24, RFC 7526
        (0xC0A8_0000, 16, .privateUse),  // 192.168.0.0/16, RFC 1918
        (0xC612_0000, 15, .benchmarking),  // 198.18.0.0/15, RFC 2544
        (0xC633_6400, 24, .documentation),  // 198.51.100.0/24, RFC 5737
        (0xCB00_7100, 24, .documentation),  // 203.0.113.0/24, RFC 5737
        (0xE000_0000, 4, .multicast),  // 224.0.0.0/4, RFC 5771
        (0xFFFF_FFFF, 32, .broadcast),  // 255.255.255.255/32, RFC 8190
        (0xF000_0000, 4, .reserved),  // 240.0.0.0/4, RFC 1112
    ]

    // IANA IPv6 Special-Purpose Address Registry, within and beyond 2000::/3.
    private static let v6Blocks: [(prefix: UInt128, length: UInt128, purpose: SpecialPurpose)] = [
        (0x0100 << 112, 64, .discard),  // 100::/64, RFC 6666
        (0x2001_0002 << 96, 48, .benchmarking),  // 2001:2::/48, RFC 5180
        (0x2001_0DB8 << 96, 32, .documentation),  // 2001:db8::/32, RFC 3849
        (0x2001_0010 << 96, 28, .protocolAssignment),  // 2001:10::/28, ORCHID, RFC 4843
        (0x2001_0020 << 96, 28, .protocolAssignment),  // 2001:20::/28, ORCHIDv2, RFC 7343
        (0x2001_0000 << 96, 23, .protocolAssignment),  // 2001::/23, RFC 2928
        (0x3FFF << 112, 20, .documentation),  // 3fff::/20, RFC 9637
        (0x5F00 << 112, 16, .reserved),  // 5f00::/16, segment routing, RFC 9602
        (0xFC00 << 112, 7, .uniqueLocal),  // fc00::/7, RFC 4193
        (0xFE80 << 112, 10, .linkLocal),  // fe80::/10, RFC 4291
        (0xFEC0 << 112, 10, .reserved),  // fec0::/10, RFC 3879
        (0xFF00 << 112, 8, .multicast),  // ff00::/8, RFC 4291
    ]
}

extension IPAddress.SpecialPurpose {
    /// Networks of one's own, which a user may allow with `--allow-private`.
    package var isPrivate: Bool {
        [.loopback, .privateUse, .uniqueLocal, .sharedAddressSpace, .linkLocal].contains(self)
    }
}
