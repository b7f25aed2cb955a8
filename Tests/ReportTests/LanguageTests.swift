import AssayKit
import AssayModel
import AssayReports
@testable import AssayRules
import Foundation
import Testing

/// The words of reports: every key that the code asks for is there, and no other; translations fit.
@Suite struct LanguageTests {
    private func keysInCode() throws -> Set<String> {
        let folder = ReportTests.root.appendingPathComponent("Sources")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        var keys: Set<String> = []
        for file in files {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            for match in text.matches(of: /"([a-z]+(?:\.[a-z_]+)+)"/) { keys.insert(String(match.output.1)) }
        }
        return keys
    }

    @Test func everyWordThatIsAskedForIsThere() throws {
        let english = try Languages.read(try #require(RuleSource.languages.first { $0.name.hasSuffix("/en.yaml") }))
        let families = Set(english.keys.map { String($0.prefix { $0 != "." }) })
        let asked = try keysInCode().filter { key in families.contains(String(key.prefix { $0 != "." })) }
        let nouns = asked.filter { english[$0] == nil }
        // Ids of facts look the same.
        let facts: Set<String> = ["cert.leaf", "cert.chain", "host.example"]
        #expect(nouns.filter { !facts.contains($0) }.sorted() == [])
    }

    @Test func translationsHaveTheSameKeysAndPlaceholders() throws {
        let english = try Languages.read(try #require(RuleSource.languages.first { $0.name.hasSuffix("/en.yaml") }))
        for source in RuleSource.languages {
            let texts = try Languages.read(source).filter { !$0.key.hasPrefix("findings.") }
            #expect(Set(texts.keys).subtracting(english.keys).sorted() == [], "\(source.name)")
            for (key, text) in texts {
                #expect(
                    Catalogue.placeholders(text).sorted() == Catalogue.placeholders(english[key] ?? "").sorted(),
                    "\(source.name): \(key)")
            }
        }
    }

    /// Dutch has the title and the remedy of every rule, with its placeholders and the same code to paste.
    @Test func dutchSaysWhatEveryRuleSays() throws {
        let dutch = try Languages.read(try #require(RuleSource.languages.first { $0.name.hasSuffix("/nl.yaml") }))
        let rules = try RuleBook().ruleSet.rules
        for rule in rules {
            for (part, english) in [("title", rule.title.source), ("remedy", rule.remedy.source)] {
                let text = try #require(dutch["findings.\(rule.id).\(part)"], "\(rule.id): no \(part)")
                #expect(
                    Catalogue.placeholders(text).map(Self.name).sorted()
                        == Catalogue.placeholders(english).map(Self.name).sorted(), "\(rule.id) \(part)")
                #expect(Self.code(text).sorted() == Self.code(english).sorted(), "\(rule.id) \(part)")
            }
        }
        let ids = Set(dutch.keys.filter { $0.hasPrefix("findings.email.") }.map { $0.split(separator: ".")[2] })
        #expect(ids.subtracting(rules.map { $0.id.split(separator: ".")[1] }).sorted() == [])
    }

    /// Without filters, whose text is for people.
    private static func name(_ placeholder: String) -> String { String(placeholder.prefix { $0 != "|" }) }

    private static func code(_ text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
            String($0.element)
        }
    }

    @Test func aValueIsNeverReadAsAPlaceholder() {
        let catalogue = Catalogue(
            language: "en", texts: ["a": "{x} and {y}", "count.b.one": "one", "count.b.other": "{n}"])
        #expect(catalogue("a", ["x": "{y}", "y": "{x}"]) == "{y} and {x}")
        #expect(catalogue("a", ["x": "1"]) == "1 and {y}")
        #expect(catalogue("missing") == "missing")
        #expect([catalogue.count(1, "b"), catalogue.count(2, "b")] == ["one", "2"])
    }
}
