import AssayModel

/// `mx.hosts`, about the domain: where mail for it goes, best preference first.
package struct MXHosts: Fact {
    package static let id = "mx.hosts"

    package struct Host: Codable, Sendable, Equatable {
        package let name: String
        /// 0 to 65535, lower is better.
        package let preference: Int
        package let addresses: [String]

        package init(name: String, preference: Int, addresses: [String]) {
            self.name = name
            self.preference = preference
            self.addresses = addresses
        }
    }

    package let hosts: [Host]
    /// MX records published, before the limit.
    package let published: Int
    /// Hosts beyond the limit, not looked at.
    package let leftOut: [String]
    /// Hosts with at least one public address.
    package let usable: Int
    /// Hosts whose addresses could not be told.
    package let unresolved: Int
    package let addressCount: Int
    package let ipv4Count: Int
    package let ipv6Count: Int
    /// Distinct /24 and /48 networks.
    package let networkCount: Int
    /// Exchanges listed more than once.
    package let duplicateNames: [String]
    /// Addresses that stand behind two different exchanges.
    package let sharedAddresses: [String]

    package init(
        hosts: [Host], published: Int, leftOut: [String], usable: Int, unresolved: Int, addressCount: Int,
        ipv4Count: Int, ipv6Count: Int, networkCount: Int, duplicateNames: [String], sharedAddresses: [String]
    ) {
        self.hosts = hosts
        self.published = published
        self.leftOut = leftOut
        self.usable = usable
        self.unresolved = unresolved
        self.addressCount = addressCount
        self.ipv4Count = ipv4Count
        self.ipv6Count = ipv6Count
        self.networkCount = networkCount
        self.duplicateNames = duplicateNames
        self.sharedAddresses = sharedAddresses
    }

    package static let examples = [
        MXHosts(
            hosts: [Host(name: "mx1.example.com", preference: 10, addresses: ["198.51.100.1", "2001:db8::1"])],
            published: 21, leftOut: ["mx21.example.com"], usable: 1, unresolved: 0, addressCount: 2, ipv4Count: 1,
            ipv6Count: 1, networkCount: 2, duplicateNames: ["mx1.example.com"], sharedAddresses: ["198.51.100.1"])
    ]
}
