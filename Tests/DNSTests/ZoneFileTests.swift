@testable import AssayDNS
import Foundation
import Testing

@Suite struct ZoneFileTests {
    private func withFile(_ octets: [UInt8], _ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "zone-\(UUID().uuidString)"
        try Data(octets).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func refusal(_ text: String, _ check: (String) throws -> Void) throws -> String? {
        var words: String?
        try withFile(Array(text.utf8)) { path in
            do { try check(path) } catch { words = "\(error)".replacingOccurrences(of: path, with: "FILE") }
        }
        return words
    }

    @Test func hintsNeedANameServerWithAnAddress() throws {
        let hints = "; root\n. 3600 NS a.example.\na.example. 3600 A 192.0.2.1\n"
        #expect(try refusal(hints, ZoneFileCheck.checkHints) == nil)
        #expect(
            try refusal(". 3600 NS a.example.\n", ZoneFileCheck.checkHints)
                == "FILE: holds no name server with an address")
        #expect(
            try refusal(hints + "a.example. TXT x\n", ZoneFileCheck.checkHints)
                == "FILE:4: neither an NS nor an address record")
    }

    @Test func theBuiltInAnchorsAreSound() throws {
        #expect(try refusal(ZoneFileCheck.rootAnchors.joined(separator: "\n"), ZoneFileCheck.checkAnchors) == nil)
        #expect(
            try refusal(". IN DS 20326 8 2 E06D44\n", ZoneFileCheck.checkAnchors)
                == "FILE:1: the digest is not hexadecimal")
    }

    @Test(arguments: [(0, true), (1, false)]) func aFileOfTheLargestSize(more: Int, isRead: Bool) throws {
        let anchor = ZoneFileCheck.rootAnchors[0] + "\n"
        let text = anchor + String(repeating: ";", count: DNSLimits.zoneFileOctets - anchor.utf8.count + more)
        let words = try refusal(text, ZoneFileCheck.checkAnchors)
        #expect(words == (isRead ? nil : "FILE: larger than \(DNSLimits.zoneFileOctets) octets"))
    }
}
