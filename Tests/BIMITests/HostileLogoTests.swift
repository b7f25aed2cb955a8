import AssaySVG
import Testing

/// Files that were made to hurt: each ends soon, with the name of what ended it.
@Suite struct HostileLogoTests {
    private func verdict(_ text: String) -> SVGVerdict { SVGCheck.verdict(on: Array(text.utf8)) }

    static let bomb =
        "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">"
        + (1...9).map { "<!ENTITY lol\($0) \"\(String(repeating: "&lol\($0 - 1);", count: 10))\">" }.joined()
        + "]><svg>&lol9;</svg>"

    private static func octets(_ text: String, _ more: [UInt8] = []) -> [UInt8] { Array(text.utf8) + more }

    static let refused: [(String, [UInt8], SVGFault.Code)] = [
        ("billion laughs", octets(bomb), SVGFault.Code.doctype),
        ("external entity", octets("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><svg/>"), .doctype),
        ("lower case", octets("<!doctype html><html/>"), .doctype),
        ("entity alone", octets("<svg><!ENTITY a \"b\"></svg>"), .doctype),
        ("UTF-16", [0xFF, 0xFE, 0x3C, 0, 0x73, 0], .encoding), ("UTF-16 without mark", [0, 0x3C, 0, 0x73], .encoding),
        ("UTF-32", [0, 0, 0, 0x3C], .encoding), ("EBCDIC", [0x4C, 0x6F, 0xA7, 0x94, 0x93], .encoding),
        ("gzip", [0x1F, 0x8B, 8, 0], .encoding), ("invalid UTF-8", octets("<svg>", [0xFF]), .encoding),
        ("overlong", octets("<svg>", [0xC0, 0x80]), .encoding),
        ("surrogate", octets("<svg>", [0xED, 0xA0, 0x80]), .encoding),
        ("noncharacter", octets("<svg>", [0xEF, 0xBF, 0xBF]), .encoding),
        ("UTF-7", octets("<?xml version='1.0' encoding='UTF-7'?><svg/>"), .encoding),
        ("NUL", octets("<svg>", [0]), .wellformed), ("empty", [], .wellformed),
        ("words", octets("no logo"), .wellformed), ("CDATA at the root", octets("<![CDATA[x]]>"), .wellformed),
    ]

    @Test(arguments: refused)
    func `is refused`(name: String, octets: [UInt8], code: SVGFault.Code) {
        let verdict = SVGCheck.verdict(on: octets)
        #expect(verdict.faults.contains { $0.code == code }, "\(name): \(verdict.faults)")
        #expect(!verdict.conforms && !verdict.isSafe && verdict.picture == nil)
    }

    @Test(arguments: [
        ("2 MB", String(repeating: "<g/>", count: 500_000), "svg.octets 262144"),
        ("elements", "<svg>" + String(repeating: "<g/>", count: 20_100), "svg.nodes 20000"),
        ("comments", "<svg>" + String(repeating: "<!---->", count: 20_100), "svg.nodes 20000"),
        ("depth", String(repeating: "<g>", count: 10_000), "svg.depth 64"),
        ("attributes", "<svg " + (0..<10_000).map { "a\($0)=\"\" " }.joined() + "/>", "svg.attributes 256"),
    ])
    func `ends at the limit`(name: String, text: String, limit: String) {
        let start = ContinuousClock.now
        let verdict = verdict(text)
        #expect(verdict.limit == limit, "\(name)")
        #expect(verdict.picture == nil)
        #expect(start.duration(to: .now) < .seconds(2), "\(name)")
    }

    @Test(arguments: [(64, true), (65, false)])
    func `takes the depth it says`(depth: Int, isRead: Bool) {
        let text = String(repeating: "<g>", count: depth) + String(repeating: "</g>", count: depth)
        #expect((verdict(text).limit == nil) == isRead)
    }

    @Test(arguments: [(256, true), (257, false)])
    func `takes the attributes it says`(count: Int, isRead: Bool) {
        #expect((verdict("<svg " + (0..<count).map { "a\($0)=\"\" " }.joined() + "/>").limit == nil) == isRead)
    }

    @Test(arguments: [(262_144, true), (262_145, false)])
    func `takes the octets it says`(count: Int, isRead: Bool) {
        let text = "<svg>" + String(repeating: " ", count: count - 11) + "</svg>"
        #expect(text.utf8.count == count)
        #expect((verdict(text).limit == nil) == isRead)
    }

    /// What leads outside is found in whichever attribute it stands, and never taken over.
    @Test(arguments: SVGSamples.attributeValues.map(\.name))
    func `nothing leads outside`(attribute: String) {
        let targets = [
            "http://example.com/", "//example.com/", "url(http://example.com/)", "url( 'https://x')", "URL(x.svg#a)",
            "JavaScript:alert(1)", "java\tscript:x", "data:image/png;base64,AA", "url(data:image/jpeg;base64,AA)",
            "@import x",
        ]
        for target in targets {
            let document = SVGSamples.document(
                "<g xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:other=\"urn:x\"><use \(attribute)=\"\(target)\"/></g>"
            )
            let verdict = verdict(document)
            let isPlain =
                !target.contains("(") && !target.contains(":") || target.hasPrefix("http") || target.hasPrefix("//")
            let dangers: [SVGFault.Code] = [.externalReference, .script, .raster]
            let isFound = verdict.faults.contains { dangers.contains($0.code) } || !verdict.conforms
            // A bare address is inert in attributes that are no links.
            #expect(isFound || isPlain, "\(attribute)=\(target)")
            if isFound { #expect(verdict.picture == nil) }
            #expect(!(verdict.picture ?? "").contains("example.com") || isPlain && !attribute.contains("href"))
        }
    }

    @Test func `uses that multiply are stopped`() {
        var body = "<g id=\"a0\"><rect/></g>"
        for step in 1...7 {
            body += "<g id=\"a\(step)\">" + String(repeating: "<use href=\"#a\(step - 1)\"/>", count: 10) + "</g>"
        }
        let start = ContinuousClock.now
        let verdict = verdict(SVGSamples.document(body))
        #expect(verdict.faults.contains { $0.code == .useDepth })
        #expect(verdict.picture == nil)
        #expect(start.duration(to: .now) < .seconds(1))
    }

    @Test func `uses in a circle are found`() {
        let body = "<g id=\"a\"><use href=\"#b\"/></g><g id=\"b\"><use href=\"#a\"/></g>"
        #expect(verdict(SVGSamples.document(body)).faults.contains { $0.code == .useCycle })
    }

    @Test func `a chain of uses ends`() {
        let body = (0..<5000).map { "<g id=\"a\($0)\"><use href=\"#a\($0 + 1)\"/></g>" }.joined()
        #expect(verdict(SVGSamples.document(body)).faults.contains { $0.code == .useDepth })
    }

    @Test func `the picture is ours`() throws {
        let text = SVGSamples.document(
            "<!-- x --><g id=\"a\" class=\"b\" about=\"http://x\"><rect fill=\"&quot;&lt;\u{301}\" width=\"1\"/></g>"
                + "<text>&lt;script&gt;\u{301}</text><desc>d</desc><metadata>m</metadata>")
        let picture = try #require(verdict(text).picture)
        #expect(!picture.contains("<!--") && !picture.contains("about") && !picture.contains("<desc"))
        #expect(picture.contains("&quot;&lt;\u{301}"))
        #expect(
            picture.utf8.split(separator: UInt8(ascii: "<")).contains { $0.starts(with: "text>&lt;script&gt;".utf8) })
        // What we write passes, and is written the same again.
        let again = verdict(picture)
        #expect(again.conforms && again.picture == picture)
    }

    @Test func `places are lines and columns of characters`() throws {
        let text =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny-ps\">\r\n"
            + "<title>x</title>\r<!-- \u{E4}\u{1F600} --><rect\n  style=\"\"/></svg>"
        let fault = try #require(verdict(text).faults.first { $0.code == .attributeForbidden })
        #expect((fault.line, fault.column) == (4, 3))
        let misplaced = try #require(
            verdict(text.replacing("<rect", with: "<stop")).faults.first { $0.code == .elementMisplaced })
        #expect((misplaced.line, misplaced.column) == (3, 12))
    }

    @Test func `gzip is bounded`() throws {
        // 100,000 zeros in 133 octets.
        #expect(throws: Gunzip.Fault.corrupt) { try Gunzip.inflated([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF]) }
        #expect(throws: Gunzip.Fault.truncated) { try Gunzip.inflated([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]) }
        #expect(throws: Gunzip.Fault.corrupt) { try Gunzip.inflated([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) }
        // "x", by gzip -n.
        let whole: [UInt8] = [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xAB, 0, 0, 0x83, 0x16, 0xDC, 0x8C, 1, 0, 0, 0,
        ]
        #expect(try Gunzip.inflated(whole) == [0x78])
        #expect(throws: Gunzip.Fault.trailing) { try Gunzip.inflated(whole + [0]) }
    }
}
