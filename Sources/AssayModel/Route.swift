import Glibc

/// What ways out this machine has. Nothing is sent: connect(2) on a UDP socket only chooses a route.
package enum Route {
    /// A global IPv6 address can be reached, as far as this machine knows.
    package static var hasIPv6: Bool {
        // 2001:500:2::c, c.root-servers.net: any global address will do.
        source(towards: .v6(0x2001_0500_0002_0000_0000_0000_0000_000C)) != nil
    }

    /// The address this machine would send from to the IPv4 Internet.
    package static var ipv4Source: IPAddress? {
        // 198.41.0.4, a.root-servers.net.
        source(towards: .v4(0xC629_0004))
    }

    private static func source(towards target: IPAddress) -> IPAddress? {
        let isIPv4 = target.family == .ipv4
        let descriptor = socket(isIPv4 ? AF_INET : AF_INET6, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var storage = sockaddr_storage()
        let addressOffset = isIPv4 ? 4 : 8
        let size = socklen_t(isIPv4 ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
        storage.ss_family = sa_family_t(isIPv4 ? AF_INET : AF_INET6)
        withUnsafeMutableBytes(of: &storage) { bytes in
            // sockaddr_in and sockaddr_in6 both have the port at 2, in network order.
            bytes[3] = 53
            for (index, octet) in target.octets.enumerated() { bytes[addressOffset + index] = octet }
        }
        let isConnected = withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) == 0 }
        }
        guard isConnected else { return nil }
        var own = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isNamed = withUnsafeMutablePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) == 0 }
        }
        guard isNamed else { return nil }
        return withUnsafeBytes(of: &own) { bytes in
            IPAddress(octets: bytes[addressOffset..<addressOffset + (isIPv4 ? 4 : 16)])
        }
    }
}
