import AssayModel
import Testing

struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("::", "::"),
        ("::1", "::1"),
        ("1::", "1::"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
    ])
    func `prints as RFC 5952 says`(text: String, printed: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == printed)
        #expect(IPAddress(printed) == address)
        #expect(IPAddress(octets: address.octets) == address)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.+4", "0x7f.1.1.1", "1..2.3", ":", ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g", "::1%eth0", "1:2:3:4:5:6:7:", "::ffff:1.2.3", "[::1]",
    ])
    func `refuses what is no address`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("0.0.0.0", IPAddress.SpecialPurpose.unspecified), ("127.0.0.1", .loopback), ("10.1.2.3", .privateUse),
        ("172.31.255.255", .privateUse), ("192.168.0.1", .privateUse), ("100.64.0.1", .sharedAddressSpace),
        ("169.254.169.254", .linkLocal), ("192.0.0.8", .protocolAssignment), ("198.18.0.1", .benchmarking),
        ("203.0.113.9", .documentation), ("224.0.0.1", .multicast), ("255.255.255.255", .broadcast),
        ("240.0.0.1", .reserved), ("::", .unspecified), ("::1", .loopback), ("::ffff:127.0.0.1", .embedded),
        ("::ffff:8.8.8.8", .embedded), ("::127.0.0.1", .embedded), ("64:ff9b::7f00:1", .embedded),
        ("64:ff9b:1::1", .embedded), ("2002:7f00:1::", .embedded), ("2001::1", .embedded), ("fe80::1", .linkLocal),
        ("fc00::1", .uniqueLocal), ("fd00::1", .uniqueLocal), ("ff02::1", .multicast), ("2001:db8::1", .documentation),
        ("3fff::1", .documentation), ("100::1", .discard), ("4000::1", .reserved), ("fec0::1", .reserved),
    ])
    func `knows special purposes`(text: String, purpose: IPAddress.SpecialPurpose) throws {
        #expect(try #require(IPAddress(text)).specialPurpose == purpose)
    }

    @Test(arguments: [
        "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2a00:1450::1", "64:ff9b::808:808", "2002:808:808::1",
    ])
    func `leaves global unicast alone`(text: String) throws {
        #expect(try #require(IPAddress(text)).specialPurpose == nil)
    }

    @Test func `makes reverse names`() throws {
        #expect(try #require(IPAddress("192.0.2.1")).reverseName == DomainName("1.2.0.192.in-addr.arpa"))
        let v6 = try #require(IPAddress("2001:db8::1")).reverseName
        #expect(v6.labelCount == 34)
        #expect(v6.description.hasPrefix("1.0.0.0."))
    }
}
