import AssayModel
import Testing

struct DomainNameTests {
    @Test(arguments: [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        (".", "."),
        ("_25._tcp.mx.example.com", "_25._tcp.mx.example.com"),
        (#"a\.b.example"#, #"a\046b.example"#),
        (#"a\032b.example"#, #"a\032b.example"#),
        ("b\u{fc}cher.example", #"b\195\188cher.example"#),
    ])
    func `prints what it parsed`(text: String, printed: String) throws {
        let name = try DomainName(presentation: text)
        #expect(name.description == printed)
        #expect(DomainName(printed) == name)
        #expect(DomainName(wire: name.wireFormat) == name)
    }

    @Test(arguments: [
        ("", DomainNameError.empty),
        ("a..b", .emptyLabel),
        (".a", .emptyLabel),
        (#"a\25"#, .badEscape),
        (#"a\256"#, .badEscape),
        (#"a\"#, .badEscape),
    ])
    func `refuses what is no name`(text: String, fault: DomainNameError) {
        #expect(throws: fault) { try DomainName(presentation: text) }
    }

    @Test func `knows the limits of labels and names`() throws {
        let label = String(repeating: "a", count: 63)
        #expect(throws: Never.self) { try DomainName(presentation: label + ".b") }
        #expect(throws: DomainNameError.self) { try DomainName(presentation: label + "a.b") }
        // 3 x 64 + 62 + 1 = 255 octets on the wire.
        let longest = "\(label).\(label).\(label).\(String(repeating: "a", count: 61))"
        #expect(try DomainName(presentation: longest).wireFormat.count == 255)
        #expect(throws: DomainNameError.nameTooLong(octets: 256)) { try DomainName(presentation: longest + "a") }
        #expect(try DomainName(presentation: longest).prepending("x") == nil)
    }

    @Test func `walks up and down the tree`() throws {
        let name = try DomainName(presentation: "a.b.example")
        #expect(name.parent == DomainName("b.example"))
        #expect(name.prepending("_mta-sts") == DomainName("_mta-sts.a.b.example"))
        #expect(name.isEqualOrBelow(try DomainName(presentation: "example")))
        #expect(!name.isEqualOrBelow(try DomainName(presentation: "xample")))
        #expect(DomainName.root.parent == nil)
    }

    @Test(arguments: [
        ("mx_1.example.com", DomainName.HostNameFault.underscore),
        ("-a.example", .leadingHyphen),
        ("a-.example", .trailingHyphen),
        ("b\u{fc}.example", .nonASCII),
        ("a b.example", .character),
        (".", .root),
    ])
    func `names the fault of a host name`(text: String, fault: DomainName.HostNameFault) throws {
        #expect(try DomainName(presentation: text).hostNameFault == fault)
    }

    @Test func `finds none in a host name`() throws {
        #expect(try DomainName(presentation: "mx-1.3com.example").hostNameFault == nil)
    }

    @Test func `reads no name out of broken wire format`() {
        #expect(DomainName(wire: [3, 0x61, 0x62]) == nil)
        #expect(DomainName(wire: [64] + [UInt8](repeating: 0x61, count: 64) + [0]) == nil)
    }
}

struct DomainInputTests {
    @Test(arguments: [
        ("example.com", "example.com"),
        (" Example.COM. ", "example.com"),
        ("b\u{fc}cher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("stra\u{df}e.example", "xn--strae-oqa.example"),
        ("a\u{3002}example", "a.example"),
    ])
    func `takes U-labels and A-labels`(text: String, name: String) throws {
        #expect(try DomainInput(text).name.description == name)
    }

    @Test(arguments: [
        "", "   ", "localhost", "192.0.2.1", "[192.0.2.1]", "2001:db8::1", "a..example", "-a.example", "a_b.example",
        "exam ple.com", "a\u{0}.example", "http://example.com/", "user@example.com",
        String(repeating: "a", count: 64) + ".example", String(repeating: "a.", count: 200) + "example",
    ])
    func `refuses what cannot be a mail domain`(text: String) {
        #expect(throws: DomainNameError.self) { try DomainInput(text) }
    }

    @Test func `shows what a transitional implementation would ask for`() throws {
        let input = try DomainInput("stra\u{df}e.example")
        #expect(input.transitional == DomainName("strasse.example"))
        #expect(input.unicode == "stra\u{df}e.example")
        #expect(input.roundTrips)
        #expect(try DomainInput("example.com").transitional == nil)
    }
}
