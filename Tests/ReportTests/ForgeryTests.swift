import AssayModel
@testable import AssayReports
import AssayRules
import Testing

/// Who can send as the domain: what the facts of DMARC, SPF and DKIM come to for each identity and receiver.
@Suite struct ForgeryTests {
    private static func entry(
        _ effective: String, requested: String? = nil, state: String = "applied", percentage: Int = 100
    ) -> FactValue {
        .object([
            "state": .string(state), "record_domain": .string("example.com"), "tag": .string("p"),
            "requested": .string(requested ?? effective), "effective": .string(effective),
            "percentage": .int(percentage),
        ])
    }

    private static func effective(
        _ domain: FactValue, existing: FactValue? = nil, unmade: FactValue? = nil, legacy: FactValue? = nil
    ) -> FactValue {
        let old = legacy ?? domain
        return .object([
            "domain": domain, "existing_subdomain": existing ?? domain, "nonexistent_subdomain": unmade ?? domain,
            "legacy": .object([
                "domain": old, "existing_subdomain": legacy ?? existing ?? domain,
                "nonexistent_subdomain": legacy ?? unmade ?? domain,
            ]),
        ])
    }

    private func outcomes(_ facts: [(String, Outcome<FactValue>)]) throws -> [[String]] {
        var report = try ReportTests.report()
        report.observations = facts.map { fact, outcome in
            Observation(fact: fact, checker: "DMARC", subject: .domain(report.domain), outcome: outcome)
        }
        return ForgeryTable(words: Wording(Languages.standard)).rows(report).map { $0.cells.map(\.outcome.rawValue) }
    }

    private static let rejects = effective(entry("reject"))
    private static let open: FactValue = .object(["passes_all": .bool(true)])
    private static let valid: FactValue = .object(["is_valid": .bool(true), "all": .string("pass")])
    private static let strict: FactValue = .object(["is_applied": .bool(true), "has_strict_spf": .bool(true)])

    private static func key(_ bits: Int, usable: Bool = true) -> FactValue {
        .object([
            "selector": .string("s1"), "kind": .string("rsa"), "bits": .int(bits), "is_usable": .bool(usable),
        ])
    }

    private static let all = ["delivered", "delivered", "delivered"]
    private static let stopped = ["delivered", "rejected", "rejected"]

    @Test(
        arguments: [
            // The envelope alone never tells who wrote From.
            ([("dmarc.effective", rejects)], [stopped, stopped, stopped]),
            ([("dmarc.effective", effective(entry("none")))], [all, all, all]),
            (
                [("dmarc.effective", effective(entry("quarantine"), unmade: entry("reject"), legacy: entry("none")))],
                [
                    ["delivered", "delivered", "junk"], ["delivered", "delivered", "junk"],
                    stopped.replacing(1, "delivered"),
                ]
            ),
            (
                [("dmarc.effective", effective(entry("reject"), legacy: entry("reject", percentage: 50)))],
                [[String]](repeating: ["delivered", "partly", "rejected"], count: 3)
            ),
            ([("dmarc.effective", effective(entry("none", state: "no_record")))], [all, all, all]),
            // SPF passes for everybody, and relaxed alignment takes that for subdomains too (RFC 9989 section 4.4.2).
            ([("dmarc.effective", rejects), ("spf.record", valid), ("spf.ranges", open)], [all, all, all]),
            (
                [("dmarc.effective", rejects), ("spf.record", valid), ("spf.ranges", open), ("dmarc.tags", strict)],
                [all, stopped, stopped]
            ),
            // An RSA key of 512 bits is computed in an afternoon.
            ([("dmarc.effective", rejects), ("dkim.key", key(512))], [all, all, all]),
            ([("dmarc.effective", rejects), ("dkim.key", key(1024))], [stopped, stopped, stopped]),
            ([("dmarc.effective", rejects), ("dkim.key", key(512, usable: false))], [stopped, stopped, stopped]),
            // A wildcard makes every name exist for receivers that look (RFC 9989 section 3.2.13).
            (
                [
                    ("dmarc.effective", effective(entry("reject"), existing: entry("none"), unmade: entry("reject"))),
                    ("dmarc.wildcard", .object(["unmade_name": .string("records")])),
                ],
                [stopped, all, ["delivered", "rejected", "delivered"]]
            ),
        ] as [([(String, FactValue)], [[String]])])
    func whoCanForge(_ facts: [(String, FactValue)], _ wanted: [[String]]) throws {
        #expect(try outcomes(facts.map { ($0.0, .observed($0.1)) }) == wanted)
    }

    @Test func whatWasNotToldIsNeverSafe() throws {
        let untold = try outcomes([("dmarc.effective", .undetermined(Cause(.deadline)))])
        #expect(untold == [[String]](repeating: ["delivered", "untold", "untold"], count: 3))
        #expect(try outcomes([]) == [])
    }
}

extension [String] {
    fileprivate func replacing(_ index: Int, _ text: String) -> [String] {
        var copy = self
        copy[index] = text
        return copy
    }
}
