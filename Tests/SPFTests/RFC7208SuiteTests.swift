import AssayDNS
import AssayModel
import Foundation
import Testing

@testable import SPF

/// check_host() by other people's book: every case of the RFC 7208 test suite, through the real resolver and a real server.
@Suite struct RFC7208SuiteTests {
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("../shared/oracles/spf/rfc7208-tests.yml").path

    static var isStrict: Bool { ProcessInfo.processInfo.environment["MAILASSAY_CI"] == "1" }

    @Test func everyCaseOfTheSuite() async throws {
        guard FileManager.default.fileExists(atPath: Self.path) else {
            if Self.isStrict { Issue.record("the suite is not at \(Self.path)") }
            return print("skipped: the RFC 7208 test suite is not at \(Self.path)")
        }
        guard SuiteServer.isInstalled else {
            if Self.isStrict { Issue.record("knotd is not installed") }
            return print("skipped: knotd is not installed")
        }
        let suite = try RFC7208Suite(path: Self.path)
        #expect(suite.scenarios.count == 16)
        #expect(suite.scenarios.reduce(0) { $0 + $1.tests.count } > 190)
        for scenario in suite.scenarios {
            let server = try SuiteServer(scenario)
            try await withThrowingTaskGroup(of: Void.self) { group in
                // A resolver each: one that waits for a silent server would hold up the others.
                for test in scenario.tests { group.addTask { try await Self.run(test, of: scenario, at: server) } }
                try await group.waitForAll()
            }
            server.stop()
        }
    }

    private static func run(
        _ test: RFC7208Suite.Case, of scenario: RFC7208Suite.Scenario, at server: SuiteServer
    ) async throws {
        let resolver = try server.resolver()
        defer { resolver.shutdown() }
        let client = try #require(IPAddress(test.host), "\(test.host)")
        let outcome = await SPFEvaluator.evaluate(
            SPFCheck(client: client, mailFrom: test.mailFrom, helo: test.helo), ResolverLookup(resolver: resolver))
        let steps = outcome.steps.map { "\($0.domain) \($0.text) \($0.reason.rawValue)" }.joined(separator: "\n  ")
        #expect(
            test.results.contains(outcome.result.rawValue),
            "\(scenario.description): \(test.name): \(outcome.result.rawValue), not \(test.results)\n  \(steps)")
        if let explanation = test.explanation {
            #expect(
                outcome.explanation ?? "DEFAULT" == explanation,
                "\(scenario.description): \(test.name): the explanation\n  \(steps)")
        }
    }
}

/// The resolver alone, without a scan.
struct ResolverLookup: SPFLookup {
    let resolver: ValidatingResolver

    func ask(_ name: DomainName, _ type: RecordType) async -> SPFAnswer {
        SPFAnswer(await resolver.query(name, type))
    }
}
