import AssayModel
import Testing

struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00Z"), (1_773_532_800, "2026-03-15T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
    ])
    func `prints and parses RFC 3339`(seconds: Int64, text: String) {
        #expect(Timestamp(secondsSince1970: seconds).description == text)
        #expect(Timestamp(parsing: text)?.secondsSince1970 == seconds)
    }

    @Test(arguments: [
        "", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00",
        "2026-01-01T00:00:00Zx",
    ])
    func `refuses what is no time`(text: String) {
        #expect(Timestamp(parsing: text) == nil)
    }

    @Test func `reads offsets and fractions`() {
        #expect(Timestamp(parsing: "1970-01-01T02:00:00.999+02:00")?.secondsSince1970 == 0)
    }
}

struct FactValueTests {
    private struct Sample: Codable {
        enum Kind: String, Codable { case big = "very_big" }
        let maxAge: Int
        let policyID: String?
        let spkiSHA256: String
        let kinds: [Kind]
        let nested: [String: Bool]
    }

    @Test func `encodes with snake case keys and leaves out what is nil`() {
        let value = FactValueEncoder.encode(
            Sample(maxAge: 5, policyID: nil, spkiSHA256: "00", kinds: [.big], nested: ["a": true]))
        #expect(
            value
                == .object([
                    "max_age": .int(5), "spki_sha256": .string("00"), "kinds": .list([.string("very_big")]),
                    "nested": .object(["a": .bool(true)]),
                ]))
        #expect(value[path: "nested.a"] == .bool(true))
        #expect(value[path: "nested.b"] == nil)
        #expect(value[path: "max_age.x"] == nil)
    }

    @Test(arguments: [
        ("maxAge", "max_age"), ("policyID", "policy_id"), ("spkiSHA256", "spki_sha256"),
        ("has8BITMIME", "has8_bitmime"),
        ("ipv6Failed", "ipv6_failed"), ("hasTLSAHere", "has_tlsa_here"), ("a", "a"),
    ])
    func `makes snake case`(camel: String, snake: String) {
        #expect(FactValueEncoder.snakeCase(camel) == snake)
    }

    @Test func `severities step down to info`() {
        #expect(Severity.critical > .high)
        #expect(Severity.critical.stepDown == .high)
        #expect(Severity.info.stepDown == .info)
    }
}
