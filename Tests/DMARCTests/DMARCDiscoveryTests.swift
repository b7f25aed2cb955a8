import AssayDNS
import AssayModel
import AssayProbes
import Testing

struct DMARCDiscoveryTests {
    private func name(_ text: String) throws -> DomainName { try DomainName(presentation: text) }

    /// The evidence of a little world: what stands at `_dmarc.<name>`, and the registered domain by the list.
    private func evidence(
        _ author: String, _ records: [String: [String]], list: String, failing: Set<String> = [],
        isMissing: Bool = false
    ) throws -> DMARCDiscovery.Evidence {
        func visit(_ domain: DomainName) -> DMARCVisit {
            if failing.contains("\(domain)") { return DMARCVisit(domain: domain, records: [], outcome: .lookupError) }
            return DMARCVisit(domain: domain, records: (records["\(domain)"] ?? []).map { Array($0.utf8) })
        }
        let author = try name(author)
        let byList = try name(list)
        return DMARCDiscovery.Evidence(
            author: author, visits: DMARCWalk.names(from: author).map(visit), byList: byList, listVisit: visit(byList),
            list: PublicSuffixes.Source(kind: .system, date: nil, ruleCount: nil), isAuthorMissing: isMissing)
    }

    /// RFC 9989 section 4.10, its own example.
    @Test func `walks at most eight names`() throws {
        #expect(
            DMARCWalk.names(from: try name("a.b.c.d.e.f.g.h.i.j.mail.example.com")).map(\.description) == [
                "a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com", "h.i.j.mail.example.com",
                "i.j.mail.example.com", "j.mail.example.com", "mail.example.com", "example.com", "com",
            ])
        #expect(
            DMARCWalk.names(from: try name("a.mail.example.com")).map(\.description) == [
                "a.mail.example.com", "mail.example.com", "example.com", "com",
            ])
        #expect(DMARCWalk.names(from: try name("1.2.3.4.5.6.7.8")).count == 8)
    }

    @Test(
        arguments: [
            (
                ["mail.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=none"], "example.com",
                "fewest_labels"
            ),
            (
                ["mail.example.com": "v=DMARC1; p=none; psd=n", "example.com": "v=DMARC1; p=none"], "mail.example.com",
                "psd_n"
            ),
            (["com": "v=DMARC1; p=none; psd=y"], "example.com", "below_psd_y"),
            (["example.com": "v=DMARC1; p=none; psd=y"], "mail.example.com", "below_psd_y"),
            (
                ["a.mail.example.com": "v=DMARC1; p=none; psd=y", "com": "v=DMARC1; p=none"], "a.mail.example.com",
                "fewest_labels"
            ),
            ([:], "a.mail.example.com", "start"),
            (["example.com": "v=dmarc1; p=none"], "a.mail.example.com", "start"),
        ] as [([String: String], String, String)])
    func `finds the organizational domain`(records: [String: String], domain: String, reason: String) throws {
        let evidence = try evidence("a.mail.example.com", records.mapValues { [$0] }, list: "example.com")
        #expect(evidence.byWalk.domain.description == domain)
        #expect(evidence.byWalk.reason.rawValue == reason)
    }

    struct Row: Sendable {
        let author: String
        var records: [String: [String]]
        var target = DMARCTarget.domain
        var isMissing = false
        var failing: Set<String> = []
        let new: String
        let old: String
    }

    @Test(arguments: [
        Row(
            author: "example.com", records: ["example.com": ["v=DMARC1; p=reject"]], new: "applied p reject",
            old: "applied p reject"),
        Row(
            author: "example.com", records: ["example.com": ["v=DMARC1; p=reject; t=y"]], new: "applied p quarantine",
            old: "applied p reject"),
        Row(
            author: "example.com", records: ["example.com": ["v=DMARC1; p=reject; pct=0"]], new: "applied p reject",
            old: "applied p quarantine"),
        Row(
            author: "example.com", records: ["example.com": ["v=DMARC1; p=reject; sp=none; np=quarantine"]],
            target: .nonexistentSubdomain, new: "applied np quarantine", old: "applied sp none"),
        Row(
            author: "a.example.com", records: ["example.com": ["v=DMARC1; p=reject; np=none"]], isMissing: true,
            new: "applied np none", old: "applied p reject"),
        // Several records are discarded; the new walk goes on, the old search ends.
        Row(
            author: "a.example.com",
            records: [
                "a.example.com": ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "example.com": ["v=DMARC1; p=reject"],
            ],
            new: "applied p reject", old: "void - none"),
        // The record in the middle is nobody's: neither the author's nor the organization's.
        Row(
            author: "a.mail.example.com",
            records: ["mail.example.com": ["v=DMARC1; p=reject"], "example.com": ["v=DMARC1; p=none"]],
            new: "applied p none", old: "applied p none"),
        Row(
            author: "a.mail.example.com",
            records: ["mail.example.com": ["v=DMARC1; p=reject; psd=n"], "example.com": ["v=DMARC1; p=none"]],
            new: "applied p reject", old: "applied p none"),
        Row(
            author: "a.example.com", records: ["com": ["v=DMARC1; p=none; sp=reject; psd=y"]], new: "applied sp reject",
            old: "no_record - none"),
        Row(
            author: "example.com", records: ["example.com": ["v=DMARC1; p=reject"]], failing: ["com"],
            new: "applied p reject", old: "applied p reject"),
        Row(
            author: "example.com", records: [:], failing: ["example.com"], new: "lookup_error - none",
            old: "lookup_error - none"),
        Row(author: "example.com", records: ["example.com": ["v=DMARC1; p=x"]], new: "void - none", old: "void - none"),
        // `psd=y` makes each name below an organization of its own, with the suffix's record.
        Row(
            author: "example.com", records: ["example.com": ["v=DMARC1; p=reject; sp=none; psd=y"]],
            target: .existingSubdomain, new: "applied sp none", old: "applied sp none"),
    ])
    func `finds the policy`(row: Row) throws {
        let evidence = try evidence(
            row.author, row.records, list: "example.com", failing: row.failing, isMissing: row.isMissing)
        func words(_ generation: DMARCGeneration) -> String {
            let policy = evidence.effectivePolicy(for: row.target, by: generation)
            return "\(policy.state.rawValue) \(policy.tag ?? "-") \(policy.effective.rawValue)"
        }
        #expect(words(.rfc9989) == row.new)
        #expect(words(.rfc7489) == row.old)
    }
}
