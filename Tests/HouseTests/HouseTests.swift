import AssayEngine
import AssayKit
import AssayModel
@testable import AssayRules
import Foundation
import Testing

/// What keeps the house in order: arrows, names, and lists that must agree.
@Suite struct HouseTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func files(_ folder: String, _ suffix: String) throws -> [(path: String, text: String)] {
        let base = Self.root.appendingPathComponent(folder)
        let names = try FileManager.default.subpathsOfDirectory(atPath: base.path).filter { $0.hasSuffix(suffix) }
            .sorted()
        return try names.map {
            ("\(folder)/\($0)", try String(contentsOf: base.appendingPathComponent($0), encoding: .utf8))
        }
    }

    private func imports(_ text: String) -> Set<String> {
        let lines = text.split(separator: "\n").filter {
            $0.contains("import ") && !$0.hasPrefix("//") && !$0.hasPrefix(" ")
        }
        return Set(lines.compactMap { $0.split(separator: " ").last.map(String.init) })
    }

    private func lines(_ path: String) throws -> [Substring] {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8).split(separator: "\n")
    }

    @Test(arguments: [
        ("COpenSSL", "Sources/AssayCrypto"), ("CUnbound", "Sources/AssayDNS"), ("CPSL", "Sources/AssayDNS"),
        ("CIDN2", "Sources/AssayModel"), ("Yams", "Sources/AssayRules"), ("RuleFiles", "Sources/AssayRules"),
        ("ReportFiles", "Sources/AssayReports"), ("CLibXML2", "Sources/AssaySVG"), ("CZlib", "Sources/AssayGzip"),
        ("ArgumentParser", "Sources/mailassay"), ("GRDB", "Sources/AssayStore"),
    ])
    func eachLibraryHasOneImporter(_ library: String, _ importer: String) throws {
        let all = try files("Sources", ".swift") + files("Plugins", ".swift")
        let users = all.filter { imports($0.text).contains(library) }.map(\.path)
        #expect(!users.isEmpty)
        #expect(users.filter { !$0.hasPrefix(importer + "/") } == [])
    }

    @Test func checkersDoNotKnowEachOther() throws {
        let names = BuiltIn.registry.checkers.map { $0.manifest.name }
        for file in try files("Plugins", ".swift") {
            let others = imports(file.text).intersection(names)
            #expect(others == [], "\(file.path)")
        }
    }

    @Test func aCheckerIsCalledLikeItsFolder() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("Plugins").path
        )
        .filter { !$0.hasSuffix(".md") }
        #expect(Set(folders) == Set(BuiltIn.registry.checkers.map { $0.manifest.name }))
    }

    @Test func valuesNeedNoFoundation() throws {
        for file in try files("Sources", ".swift") {
            #expect(!imports(file.text).contains("Foundation"), "\(file.path)")
        }
    }

    @Test func everyRuleFileIsInTheProgram() throws {
        let onDisk = Set(try files("rules", ".yaml").map(\.path))
        let inside = RuleSet.builtInSources + RuleSource.tables + RuleSource.languages
        #expect(Set(inside.map(\.name)) == onDisk)
        for (path, text) in try files("rules", ".yaml") {
            let source = try #require(inside.first { $0.name == path })
            #expect(source.bytes == Array(text.utf8), "\(path) was changed without a new build")
        }
    }

    @Test func whatAScanReadsIsWhatTheFilesSayWithoutTheirCases() throws {
        let catalogue = FactCatalogue(facts: BuiltIn.facts)
        let whole = try RuleSet.load(RuleSet.builtInSources, catalogue: catalogue).rules
        let bare = try RuleSet.load(RuleSet.builtInSources, catalogue: catalogue, withCases: false).rules
        #expect(whole.map { "\($0.withoutCases)" } == bare.map { "\($0)" })
        #expect(whole.allSatisfy { !$0.cases.isEmpty } && bare.allSatisfy { $0.cases.isEmpty })
    }

    @Test(arguments: [Tier.basic, .extended]) func aScanReadsTheRulesThatItsCheckersAreJudgedBy(_ tier: Tier) throws {
        let facts = Set(
            BuiltIn.registry.checkers.filter { $0.manifest.tier <= tier }.flatMap { $0.manifest.facts.map { $0.id } })
        let catalogue = FactCatalogue(facts: BuiltIn.facts)
        let whole = try RuleSet.load(RuleSet.builtInSources, catalogue: catalogue, withCases: false).rules
        let read = try RuleSet.load(
            RuleSet.builtInSources, catalogue: catalogue, withCases: false, judgedOn: facts
        ).rules
        // Conditions are numbered as they are read.
        func text(_ rule: Rule) -> String { "\(rule)".replacing(/id: [0-9]+/, with: "") }
        #expect(read.map(text) == whole.filter { facts.contains($0.anchor) }.map(text))
    }

    @Test func anIDThatIsNotReadIsKnownAllTheSame() throws {
        let catalogue = FactCatalogue(facts: BuiltIn.facts)
        func load(_ text: String) throws {
            let own = RuleSource(name: "x.yaml", bytes: Array(text.utf8))
            _ = try RuleSet.load(
                RuleSet.builtInSources + [own], catalogue: catalogue, withCases: false, judgedOn: ["mx.hosts"])
        }
        try load("profile: x\ntitle: X\nseverity: { email.caa_absent: high }\n")
        #expect(throws: RuleError.self) {
            try load(
                "- { id: email.caa_absent, when: { fact: mx.hosts }, severity: low, title: a, text: a, remedy: a, references: [a] }"
            )
        }
    }

    /// Read by people and by reports, not by rules.
    static let factsWithoutRule: Set<String> = ["bimi.picture", "caa.name"]

    @Test func everyFactIsUsedByARule() throws {
        let used = Set(try RuleBook().ruleSet.rules.flatMap(\.facts))
        let stated = Set(BuiltIn.facts.map { $0.id })
        #expect(stated.subtracting(used).subtracting(Self.factsWithoutRule).sorted() == [])
    }

    /// No signer of Debian's makes these, and nobody shall wait 20 seconds for a name server; their cases alone prove them.
    static let rulesWithoutDomain: Set<String> = [
        "email.dnssec_nsec3_hash", "email.dnssec_parent_chain", "email.dnssec_rsa_exponent",
        "email.dnssec_sig_inception_future", "email.dnssec_ttl_vs_sig", "email.spf_time",
        // They need a selector that is told, or a message: DKIMLabTests, DKIMMessageTests.
        "email.dkim_selector_missing", "email.dkim_signature_body", "email.dkim_signature_header",
        "email.dkim_signature_key", "email.dkim_signature_expired", "email.dkim_signature_syntax",
        "email.dkim_signature_sha1", "email.dkim_signature_l", "email.dkim_signature_header_open",
        "email.dkim_message_unsigned", "email.dkim_message_unaligned", "email.dkim_message_author",
        "email.dkim_message_spf_decides", "email.dkim_message_pass", "email.dkim_message_limit",
        // They need `--active` or `--tls full`: ActiveTests.
        "email.tls_inventory", "email.starttls_injection", "email.tls_ccs_injection", "email.tls_heartbleed",
        "email.tls_robot",
    ]

    /// What they speak of takes several scans, or a policy file: HistoryTests plays it in the lab, StoreTests in tables.
    private func isAboutMoreThanOneScan(_ rule: Rule) -> Bool {
        rule.anchor.hasSuffix(".history") || rule.anchor.hasSuffix(".expectation")
    }

    @Test func everyRuleIsExpectedByADomainOfTheLab() throws {
        let expected = Set(
            try files("Lab/expected", ".txt").flatMap { $0.text.split(separator: "\n") }.filter { $0.hasPrefix("  ") }
                .compactMap { line -> String? in
                    let words = line.split(separator: " ")
                    return words.count > 1 ? "email." + words[1].filter { $0 != ":" } : nil
                })
        let book = try RuleBook()
        let rules = Set(book.ruleSet.rules.map(\.id))
        let single = Set(book.ruleSet.rules.filter { !isAboutMoreThanOneScan($0) }.map(\.id))
        #expect(single.subtracting(expected).sorted() == Self.rulesWithoutDomain.sorted())
        #expect(expected.subtracting(rules).sorted() == [])
    }

    @Test func coverageNamesEveryRuleAndFact() throws {
        let rows = try lines("docs/coverage.md").filter { $0.hasPrefix("| `") || $0.hasPrefix("| (ours)") }
        let book = try RuleBook()
        var seen: Set<String> = []
        for row in rows {
            let cells = row.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            let (fact, rule, why) = (cells[2].filter { $0 != "`" }, cells[3].filter { $0 != "`" }, cells[4])
            if rule.isEmpty {
                #expect(!why.isEmpty, "\(cells[1]) has neither rule nor reason")
            } else {
                let found = try #require(book.ruleSet.rule(rule), "\(rule) is in docs/coverage.md only")
                #expect(found.facts.contains(fact), "\(rule) does not ask about \(fact)")
                seen.insert(rule)
            }
        }
        #expect(Set(book.ruleSet.rules.map(\.id)).subtracting(seen).sorted() == [])
    }

    @Test func coverageNamesEveryIDOfTheChecklist() throws {
        let paper = Self.root.appendingPathComponent("../shared/standards.md")
        guard let text = try? String(contentsOf: paper, encoding: .utf8) else {
            return print("skipped: the checklist is not there")
        }
        let coverage = try String(contentsOf: Self.root.appendingPathComponent("docs/coverage.md"), encoding: .utf8)
        let families = [
            "mx", "smtp", "starttls", "tls", "cert", "dane", "dnssec", "mta_sts", "tlsrpt", "spf", "dkim", "dkimdisc",
            "dmarc",
            "bimi", "svg", "vmc", "caa", "idn", "eai", "dns", "probe",
        ]
        let ids = text.matches(of: /`([a-z][a-z0-9_]*)\.[a-z0-9_]+`/).filter { families.contains(String($0.output.1)) }
        #expect(ids.count > 500)
        for id in Set(ids.map { String($0.output.0) }) { #expect(coverage.contains("| \(id) |"), "\(id)") }
    }
}

extension Rule {
    fileprivate var withoutCases: Rule {
        Rule(
            id: id, title: title, text: text, remedy: remedy, references: references, file: file, line: line,
            anchor: anchor, explains: explains, when: when, severity: severity, forEach: forEach, cases: [])
    }
}
