import AssayDNS
import AssayModel
import Testing

@testable import SPF

/// A name server that is a map.
struct MapLookup: SPFLookup {
    var texts: [String: [String]] = [:]
    var addresses: [String: [String]] = [:]
    var exchanges: [String: [String]] = [:]
    var names: [String: [String]] = [:]
    /// Names whose servers fail.
    var broken: Set<String> = []

    func ask(_ name: DomainName, _ type: RecordType) async -> SPFAnswer {
        let key = "\(name)"
        func parsed(_ text: String) -> DomainName { DomainName(text) ?? .root }
        let contents: [RecordContent] =
            switch type {
            case .txt: (texts[key] ?? []).map { .txt(Self.strings(Array($0.utf8))) }
            case .a:
                (addresses[key] ?? []).compactMap { IPAddress($0) }.filter { $0.family == .ipv4 }.map { .address($0) }
            case .aaaa:
                (addresses[key] ?? []).compactMap { IPAddress($0) }.filter { $0.family == .ipv6 }.map { .address($0) }
            case .mx: (exchanges[key] ?? []).map { .mx(preference: 10, exchange: parsed($0)) }
            case .ptr: (names[key] ?? []).map { .name(parsed($0)) }
            default: []
            }
        let exists = [texts[key], addresses[key], exchanges[key], names[key]].contains { $0 != nil }
        let status: DNSAnswer.Status =
            broken.contains(key)
            ? .undetermined(Cause("silent")) : contents.isEmpty ? exists ? .noData : .nxDomain : .records
        return SPFAnswer(
            DNSAnswer(
                name: name, type: type, status: status, rcode: 0, security: .insecure, canonicalName: name, aliases: [],
                records: contents.map { ResourceRecord(owner: name, ttl: 300, content: $0) }, ttl: 300,
                isWildcardExpansion: nil, explanation: nil, packet: [], at: Timestamp(secondsSince1970: 0)))
    }

    private static func strings(_ octets: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: max(1, octets.count), by: 255).map { Array(octets[$0..<min($0 + 255, octets.count)]) }
    }
}

/// The include tree and the address space, on maps.
@Suite struct SPFTreeTests {
    private let root = DomainName("example.com") ?? .root

    private func tree(_ lookup: MapLookup) async -> SPFTree { SPFTree(await SPFForest.load(root, lookup)) }
    private func reach(_ lookup: MapLookup) async -> SPFReach { SPFReach(await SPFForest.load(root, lookup)) }

    @Test func `counts as a receiver does, in order`() async {
        let tree = await tree(
            MapLookup(
                texts: [
                    "example.com": ["v=spf1 a include:a.example mx -all exists:%{i}.x.example"],
                    "a.example": ["v=spf1 ptr exists:%{i}.b.example include:b.example -all"],
                    "b.example": ["v=spf1 ip4:192.0.2.1"],
                ], addresses: ["example.com": ["192.0.2.1"], "mx.example.com": ["192.0.2.2"]],
                exchanges: ["example.com": ["mx.example.com"]]))
        #expect(
            tree.nodes.map(\.term) == [
                "a", "include:a.example", "ptr", "exists:%{i}.b.example", "include:b.example", "ip4:192.0.2.1", "-all",
                "mx", "-all",
            ])
        #expect(tree.nodes.map(\.lookups) == [1, 2, 3, 4, 5, 5, 5, 6, 6])
        #expect(tree.nodes.map(\.depth) == [0, 0, 1, 1, 1, 2, 1, 0, 0])
        #expect(tree.lookups == 6)
        #expect(tree.crossing == nil)
        #expect((tree.voidsIPv4, tree.voidsIPv6) == (0, 1))
    }

    @Test func `names the eleventh lookup and what stands behind it`() async {
        var lookup = MapLookup()
        lookup.texts["example.com"] = ["v=spf1 " + (1...12).map { "a:h\($0).example" }.joined(separator: " ") + " -all"]
        for number in 1...12 { lookup.addresses["h\(number).example"] = ["192.0.2.\(number)", "2001:db8::\(number)"] }
        let tree = await tree(lookup)
        #expect(tree.lookups == 12)
        #expect(tree.crossing.map { tree.nodes[$0].term } == "a:h11.example")
        #expect(tree.unreached.map(\.term) == ["a:h11.example", "a:h12.example", "-all"])
        let outcome = await SPFEvaluator.evaluate(check("192.0.2.12"), lookup)
        #expect(outcome.result == .permerror)
        #expect(outcome.steps.last?.reason == .tooManyLookups)
        #expect(await SPFEvaluator.evaluate(check("192.0.2.10"), lookup).result == .pass)
    }

    private func check(_ client: String) -> SPFCheck {
        SPFCheck(
            client: IPAddress(client) ?? .v4(0), mailFrom: Array("user@example.com".utf8),
            helo: Array("mx.example.com".utf8))
    }

    @Test(arguments: [
        ("v=spf1 include:example.com -all", "v=spf1 -all"),
        ("v=spf1 include:a.example -all", "v=spf1 include:example.com"),
        ("v=spf1 redirect=a.example", "v=spf1 redirect=example.com"),
        ("v=spf1 include:a.example", "v=spf1 redirect=a.example"),
    ])
    func `sees a circle, and receivers end in an error`(first: String, second: String) async {
        let lookup = MapLookup(texts: ["example.com": [first], "a.example": [second]])
        let tree = await tree(lookup)
        #expect(tree.hasLoop)
        #expect(await SPFEvaluator.evaluate(check("192.0.2.1"), lookup).result == .permerror)
    }

    /// Two includes of the next record in each: 2^30 ways.
    @Test func `a tree that doubles ends at its limit`() async {
        var lookup = MapLookup()
        for level in 0..<30 {
            lookup.texts[level == 0 ? "example.com" : "l\(level).example"] = [
                "v=spf1 include:l\(level + 1).example ?include:l\(level + 1).example -all"
            ]
        }
        let tree = await tree(lookup)
        #expect(tree.nodes.count <= SPFLimits.nodes + 2 * SPFLimits.depth)
        #expect(tree.limit != nil)
        #expect(await reach(lookup).passes.isEmpty)
        #expect(await SPFEvaluator.evaluate(check("192.0.2.1"), lookup).result == .permerror)
    }

    @Test func `a wide tree ends at its limit`() async {
        var lookup = MapLookup()
        lookup.texts["example.com"] = ["v=spf1 " + (0..<300).map { "include:w\($0).example" }.joined(separator: " ")]
        for number in 0..<300 { lookup.texts["w\(number).example"] = ["v=spf1 -all"] }
        let forest = await SPFForest.load(root, lookup)
        #expect(forest.sources.count == SPFLimits.records)
        #expect(SPFTree(forest).limit == "spf.records \(SPFLimits.records)")
    }

    @Test func `five thousand terms end at their limit`() async {
        let lookup = MapLookup(texts: ["example.com": ["v=spf1" + String(repeating: " ip4:192.0.2.1", count: 5_000)]])
        #expect(await tree(lookup).limit == "spf.terms \(SPFLimits.terms)")
        let outcome = await SPFEvaluator.evaluate(check("198.51.100.1"), lookup)
        #expect(outcome.result == .temperror)
        #expect(outcome.steps.last?.text == "spf.terms \(SPFLimits.terms)")
    }

    @Test func `a macro bomb ends at its limit`() async {
        let bomb = "exists:" + String(repeating: "%{s}", count: 400) + ".example"
        let lookup = MapLookup(texts: ["example.com": ["v=spf1 \(bomb) -all"]])
        let outcome = await SPFEvaluator.evaluate(check("192.0.2.1"), lookup)
        #expect(outcome.result == .permerror)
        #expect(outcome.steps.last?.reason == .expansion)
    }

    // MARK: Addresses

    @Test(arguments: [
        ("v=spf1 ip4:192.0.2.0/24 -all", 256), ("v=spf1 -ip4:192.0.2.7 ip4:192.0.2.0/24 -all", 255),
        ("v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.7 -all", 256),
        ("v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.64/25 ip4:192.0.2.9 -all", 128),
        ("v=spf1 include:a.example -all", 4), ("v=spf1 -include:a.example ip4:198.51.100.0/29 -all", 4),
        ("v=spf1 redirect=a.example", 4), ("v=spf1 ip4:192.0.2.1 redirect=a.example", 5),
        ("v=spf1 -all redirect=a.example", 0),
        ("v=spf1 ip4:192.0.2.0/24 moo -all", 0), ("v=spf1 a/30 mx -all", 5), ("v=spf1 -a +all", 4_294_967_295),
        ("v=spf1 ~ip4:192.0.2.0/24 ip4:192.0.2.0/23 -all", 256), ("v=spf1 -all ip4:192.0.2.1", 0),
    ])
    func `adds up who passes`(text: String, count: Int) async {
        let lookup = MapLookup(
            texts: ["example.com": [text], "a.example": ["v=spf1 ip4:198.51.100.0/30 -all"]],
            addresses: ["example.com": ["203.0.113.1"], "mx.example.com": ["203.0.113.9"]],
            exchanges: ["example.com": ["mx.example.com"]])
        let reach = await reach(lookup)
        #expect(reach.passes.ipv4.clampedCount == count)
        #expect(reach.passesAll == text.contains("+all"))
    }

    @Test func `counts all of IPv6`() async {
        let reach = await reach(MapLookup(texts: ["example.com": ["v=spf1 +all"]]))
        #expect(reach.passes.ipv6.count == "340282366920938463463374607431768211456")
    }

    @Test(arguments: [
        ("10.0.0.0/8", IPAddress.SpecialPurpose.privateUse), ("192.168.4.5", .privateUse), ("0.0.0.0/0", nil),
        ("0.0.0.0/1", nil), ("128.0.0.0/1", nil), ("192.0.0.0/8", nil), ("fc00::/7", .uniqueLocal), ("::/0", nil),
        ("193.0.0.0/16", nil), ("224.0.0.0/4", .multicast),
    ])
    func `a range is special where all of it is`(text: String, purpose: IPAddress.SpecialPurpose?) throws {
        #expect(try #require(IPNetwork(text)).specialPurpose == purpose)
    }

    @Test func `a failing server is no failure of the client`() async {
        var lookup = MapLookup(texts: ["example.com": ["v=spf1 a:broken.example -all"]])
        lookup.broken = ["broken.example"]
        let outcome = await SPFEvaluator.evaluate(check("192.0.2.1"), lookup)
        #expect(outcome.result == .temperror)
        #expect(outcome.steps.last?.text.hasPrefix("broken.example A: ") == true)
    }

    /// Sets of ranges agree with sets of numbers.
    @Test func `ranges are sets`() {
        var random = SPFRecordTests.SplitMix(state: 1)
        for _ in 0..<300 {
            var (left, right) = (AddressSet(), AddressSet())
            var (a, b) = (Set<Int>(), Set<Int>())
            for _ in 0..<(1 + random.next() % 12) {
                let first = Int(random.next() % 60)
                let last = first + Int(random.next() % 9)
                let range = AddressSet([AddressSet.Range(first: UInt128(first), last: UInt128(last))])
                if random.next() % 2 == 0 {
                    left = left.union(range)
                    a.formUnion(first...last)
                } else {
                    right = right.union(range)
                    b.formUnion(first...last)
                }
            }
            func numbers(_ set: AddressSet) -> Set<Int> { Set(set.ranges.flatMap { Int($0.first)...Int($0.last) }) }
            #expect(numbers(left.union(right)) == a.union(b))
            #expect(numbers(left.subtracting(right)) == a.subtracting(b))
            #expect(left.clampedCount == a.count)
            for number in 0..<70 {
                let one = AddressSet.Range(first: UInt128(number), last: UInt128(number))
                #expect(left.contains(one) == a.contains(number))
            }
        }
    }

    /// The examples of RFC 7208 section 7.4.
    @Test(arguments: [
        ("%{s}", "strong-bad@email.example.com"), ("%{o}", "email.example.com"), ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"), ("%{d3}", "email.example.com"), ("%{d2}", "example.com"), ("%{d1}", "com"),
        ("%{dr}", "com.example.email"), ("%{d2r}", "example.email"), ("%{l}", "strong-bad"), ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"), ("%{lr-}", "bad.strong"), ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
    ])
    func `expands as the standard shows`(text: String, wanted: String) throws {
        let values = SPFMacroValues(
            localPart: Array("strong-bad".utf8), senderDomain: Array("email.example.com".utf8),
            domain: Array("email.example.com".utf8), client: try #require(IPAddress("192.0.2.3")), helo: [])
        let macro = try SPFMacroString(parsing: Array(text.utf8)[...])
        #expect(macro.expanded(values).map { String(decoding: $0, as: UTF8.self) } == wanted)
    }
}
