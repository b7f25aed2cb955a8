import AssayKit
import AssayModel
@testable import AssayStore
import Testing

/// What several scans together tell: each row a story of a domain, scan by scan.
@Suite struct HistoryFactsTests {
    private let record = Subject(kind: .record, name: "_mta-sts.example.com", object: "TXT")
    private let host = Subject(kind: .policyHost, name: "mta-sts.example.com")

    /// One scan: its day, the id of the record, and the policy's mode with its first mail host.
    private struct Visit {
        let day: String
        let id: String?
        let policy: (mode: String, mx: String, maxAge: Int)?
    }

    private func observations(_ visit: Visit) -> [Observation] {
        [
            Sample.observation(
                "mta_sts.txt", record,
                visit.id.map {
                    .object(["policy_id": .string($0), "is_valid": .bool(true), "text": .string("v=STSv1;")])
                },
                checker: "MTASTS"),
            Sample.observation(
                "mta_sts.policy", host,
                visit.policy.map {
                    .object([
                        "is_valid": .bool(true), "mode": .string($0.mode), "max_age": .int($0.maxAge),
                        "patterns": .list([.string($0.mx)]),
                    ])
                }, checker: "MTASTS"),
        ]
    }

    /// Scans one after the other, kept in a store; the fact of the last one.
    private func tell(_ visits: [Visit]) throws -> FactValue? {
        try Sample.inFolder { folder in
            let history = try ScanHistory(folder + "/history.db")
            var last: [Observation] = []
            for visit in visits {
                let report = Sample.report(visit.day, observations: observations(visit))
                last = HistoryFacts.adding(
                    to: report.observations, from: try history.sightings(of: report.domain), domain: report.domain,
                    at: report.startedAt)
                try history.keep(report)
            }
            return last.first { $0.fact == "mta_sts.history" }?.outcome.value
        }
    }

    private static let week = 604_800

    @Test func aFirstScanTellsNothing() throws {
        #expect(try tell([Visit(day: "2026-11-01", id: "1", policy: ("enforce", "a", Self.week))]) == nil)
    }

    @Test func aPolicyThatChangesWithItsIDIsFine() throws {
        let fact = try #require(
            try tell([
                Visit(day: "2026-11-01", id: "1", policy: ("testing", "a", Self.week)),
                Visit(day: "2026-11-02", id: "2", policy: ("enforce", "a", Self.week)),
            ]))
        for flag in [
            "is_changed_under_same_id", "is_record_changed_first", "is_id_changed_alone", "is_removed_while_enforced",
        ] {
            #expect(fact[path: flag] == .bool(false), "\(flag)")
        }
    }

    @Test func aPolicyThatChangesUnderItsIDIsHeldForItsOldAge() throws {
        let story = [
            Visit(day: "2026-11-01", id: "1", policy: ("testing", "a", Self.week)),
            Visit(day: "2026-11-02", id: "1", policy: ("enforce", "b", Self.week)),
        ]
        let fact = try #require(try tell(story))
        #expect(fact[path: "is_changed_under_same_id"] == .bool(true))
        #expect(fact[path: "is_record_changed_first"] == .bool(false))
        #expect(fact[path: "before"] == .string("mode: testing, mx: a, max_age: 604800"))
        #expect(fact[path: "held_until"] == .string("2026-11-09T12:00:00Z"))
        // Still so while senders hold it, and over when they cannot any more.
        let later = try #require(
            try tell(story + [Visit(day: "2026-11-08", id: "1", policy: ("enforce", "b", Self.week))]))
        #expect(later[path: "is_changed_under_same_id"] == .bool(true))
        let over = try #require(
            try tell(story + [Visit(day: "2026-11-10", id: "1", policy: ("enforce", "b", Self.week))]))
        #expect(over[path: "is_changed_under_same_id"] == .bool(false))
    }

    @Test func anIDBeforeItsPolicyIsTheWrongOrder() throws {
        let story = [
            Visit(day: "2026-11-01", id: "1", policy: ("testing", "a", Self.week)),
            Visit(day: "2026-11-02", id: "2", policy: ("testing", "a", Self.week)),
        ]
        let half = try #require(try tell(story))
        #expect(half[path: "is_id_changed_alone"] == .bool(true))
        let fact = try #require(
            try tell(story + [Visit(day: "2026-11-03", id: "2", policy: ("enforce", "a", Self.week))]))
        #expect(fact[path: "is_record_changed_first"] == .bool(true))
        #expect(fact[path: "is_changed_under_same_id"] == .bool(true))
        // A third id mends it.
        let mended = try #require(
            try tell(
                story + [
                    Visit(day: "2026-11-03", id: "2", policy: ("enforce", "a", Self.week)),
                    Visit(day: "2026-11-04", id: "3", policy: ("enforce", "a", Self.week)),
                ]))
        #expect(mended[path: "is_record_changed_first"] == .bool(false))
        #expect(mended[path: "is_changed_under_same_id"] == .bool(false))
    }

    @Test func anEnforcedPolicyMayNotVanish() throws {
        let enforced = Visit(day: "2026-11-01", id: "1", policy: ("enforce", "a", Self.week))
        let gone = Visit(day: "2026-11-03", id: nil, policy: nil)
        let fact = try #require(try tell([enforced, gone]))
        #expect(fact[path: "is_removed_while_enforced"] == .bool(true))
        #expect(fact[path: "held_until"] == .string("2026-11-10T12:00:00Z"))
        #expect(fact[path: "suggestion"] == .string("v=STSv1; id=20261103120000"))
        // By way of mode none it may, and when all have forgotten it.
        let none = Visit(day: "2026-11-02", id: "2", policy: ("none", "a", Self.week))
        #expect(try tell([enforced, none, gone])?[path: "is_removed_while_enforced"] == .bool(false))
        let late = Visit(day: "2026-12-03", id: nil, policy: nil)
        #expect(try tell([enforced, gone, late])?[path: "is_removed_while_enforced"] == .bool(false))
        #expect(
            try tell([Visit(day: "2026-11-01", id: "1", policy: ("testing", "a", Self.week)), gone])?[
                path: "is_removed_while_enforced"] == .bool(false))
    }

    /// A look-up that failed is no removal, and leaves no mark for the scan after it.
    @Test func whatCouldNotBeToldIsNoChange() throws {
        try Sample.inFolder { folder in
            let history = try ScanHistory(folder + "/history.db")
            let first = Sample.report(
                "2026-11-01",
                observations: observations(Visit(day: "", id: "1", policy: ("enforce", "a", Self.week))))
            try history.keep(first)
            let failed = [
                Observation(
                    fact: "mta_sts.txt", checker: "MTASTS", subject: record, outcome: .undetermined(Cause(.deadline)))
            ]
            let told = HistoryFacts.adding(
                to: failed, from: try history.sightings(of: first.domain), domain: first.domain,
                at: Sample.moment("2026-11-02"))
            #expect(told.map(\.fact) == ["mta_sts.txt"])
            try history.keep(Sample.report("2026-11-02", observations: failed))
            let runs = try history.sightings(of: first.domain).filter { $0.fact == "mta_sts.txt" }
            #expect(runs.map(\.lastSeen) == [Sample.moment("2026-11-01")])
        }
    }

    // MARK: Keys

    private func tlsa(_ digest: String, matches: Bool) -> Observation {
        Sample.observation(
            "dane.record", Subject(kind: .record, name: "_25._tcp.mx.example.com", object: "3 1 1 \(digest)"),
            .object([
                "record": .string("3 1 1 \(digest)"), "selector": .int(1), "matching": .int(1),
                "is_match": .bool(matches),
            ]), checker: "DANE")
    }

    private func told(_ fact: String, now: [Observation], before: [(String, [Observation])], at day: String) throws
        -> [FactValue]
    {
        try Sample.inFolder { folder in
            let history = try ScanHistory(folder + "/history.db")
            for (day, observations) in before { try history.keep(Sample.report(day, observations: observations)) }
            return HistoryFacts.adding(
                to: now, from: try history.sightings(of: Sample.domain()), domain: Sample.domain(),
                at: Sample.moment(day)
            ).filter { $0.fact == fact }.compactMap(\.outcome.value)
        }
    }

    @Test func aRecordOfAPastKeyIsStaleAndOneOfTheNextIsNot() throws {
        let before = [("2026-10-01", [tlsa("aa", matches: true)])]
        let now = [tlsa("aa", matches: false), tlsa("bb", matches: true), tlsa("cc", matches: false)]
        let fact = try #require(try told("dane.history", now: now, before: before, at: "2026-11-01").first)
        #expect(fact[path: "stale_count"] == .int(1))
        #expect(
            fact[path: "stale"]
                == .list([.object(["record": .string("3 1 1 aa"), "last_used_on": .string("2026-10-01")])]))
        // Where nothing fits, the old record is not left over: the new one is missing.
        #expect(try told("dane.history", now: [tlsa("aa", matches: false)], before: before, at: "2026-11-01") == [])
    }

    @Test func aRecordOfAKeyThatAnEarlierScanSawIsStale() throws {
        let leaf = Sample.observation(
            "cert.leaf", Subject(kind: .certificate, name: "mx.example.com", address: "192.0.2.1", object: "rsa"),
            .object(["spki_sha256": .string("dd"), "fingerprint_sha256": .string("ee")]), checker: "STARTTLS")
        let now = [tlsa("dd", matches: false), tlsa("bb", matches: true)]
        let fact = try told("dane.history", now: now, before: [("2026-10-01", [leaf])], at: "2026-11-01").first
        #expect(fact?[path: "stale_count"] == .int(1))
    }

    @Test func aKeyIsAsOldAsItsFirstSight() throws {
        func key(_ print: String) -> Observation {
            Sample.observation(
                "dkim.key", Subject(kind: .selector, name: "s1._domainkey.example.com"),
                .object(["fingerprint": .string(print), "is_revoked": .bool(false)]), checker: "DKIM")
        }
        let before = [("2025-10-01", [key("aa")]), ("2026-10-01", [key("aa")])]
        let old = try #require(try told("dkim.history", now: [key("aa")], before: before, at: "2026-11-01").first)
        #expect(old[path: "age_days"] == .int(396) && old[path: "is_new"] == .bool(false))
        let new = try #require(try told("dkim.history", now: [key("bb")], before: before, at: "2026-11-01").first)
        #expect(new[path: "age_days"] == .int(0) && new[path: "is_new"] == .bool(true))
    }

    /// Among the domains of the store, as they were seen last.
    @Test func aKeyOfOtherDomainsIsShared() throws {
        func key(_ print: String, at domain: String, isRevoked: Bool = false) -> Observation {
            Sample.observation(
                "dkim.key", Subject(kind: .selector, name: "s1._domainkey.\(domain)"),
                .object(["fingerprint": .string(print), "is_revoked": .bool(isRevoked)]), checker: "DKIM")
        }
        try Sample.inFolder { folder in
            let history = try ScanHistory(folder + "/history.db")
            for (day, domain, print) in [
                ("2026-10-01", "a.example", "aa"), ("2026-10-02", "b.example", "aa"), ("2026-10-01", "c.example", "cc"),
                // Changed since.
                ("2026-10-01", "d.example", "aa"), ("2026-10-09", "d.example", "dd"),
                ("2026-10-01", "example.com", "aa"),
            ] {
                try history.keep(Sample.report(day, observations: [key(print, at: domain)], domain: domain))
            }
            func twins(_ observation: Observation) throws -> [String: [String]] {
                try history.keyTwins([observation], of: Sample.domain()).mapValues { $0.map(\.description) }
            }
            #expect(try twins(key("aa", at: "example.com")) == ["aa": ["a.example", "b.example"]])
            #expect(try twins(key("bb", at: "example.com")) == ["bb": []])
            #expect(try twins(key("aa", at: "example.com", isRevoked: true)) == [:])
            let now = [key("aa", at: "example.com")]
            let fact = HistoryFacts.adding(
                to: now, from: [], keyTwins: try history.keyTwins(now, of: Sample.domain()), domain: Sample.domain(),
                at: Sample.moment("2026-11-01")
            ).first { $0.fact == "dkim.history" }?.outcome.value
            #expect(fact?[path: "other_domains"] == .list([.string("a.example"), .string("b.example")]))
            #expect(fact?[path: "other_count"] == .int(2))
        }
    }

    @Test func keysOfAZoneComeAndGo() throws {
        func key(_ tag: Int, signing: Bool) -> Observation {
            Sample.observation(
                "dnssec.key", Subject(kind: .record, name: "example.com", object: "DNSKEY \(tag) 13"),
                .object(["is_sep": .bool(true), "is_signing": .bool(signing)]), checker: "DNSSEC")
        }
        let before = [("2026-10-01", [key(1, signing: true)])]
        let rows: [([Observation], String)] = [
            ([key(1, signing: true)], "none"), ([key(1, signing: true), key(2, signing: false)], "pre_published"),
            ([key(1, signing: true), key(2, signing: true)], "double_signature"),
        ]
        for (now, step) in rows {
            let fact = try told("dnssec.history", now: now, before: before, at: "2026-11-01").first
            #expect(fact?[path: "step"] == .string(step))
        }
    }
}
