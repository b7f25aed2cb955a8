import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// What is asked with `--active` alone, and the inventory of `--tls full`.
@Suite struct ActiveTests {
    @Test func whatOnlyABrokenServerDoesIsSeen() async throws {
        let domains = ["tlsremembers.lab", "tlsbleeds.lab", "tlsrobot.lab", "exemplary.lab", "tlsall.lab"]
        let run = await LabRun.offPool { LabRun.run(domains: domains, options: "--active --tls full") }
        if let obstacle = run.obstacle { return print("skipped: the lab cannot run: \(obstacle)") }
        func findings(_ domain: String) throws -> Set<String> {
            let data = try #require(run.reports[domain])
            let report = try #require(JSONReport.read(Array(data)).first)
            for connection in report.connections where connection.port == 25 {
                #expect(connection.made <= 73, "\(domain)")
            }
            return Set(report.findings.map(\.id))
        }
        func observations(_ domain: String) throws -> [Observation] {
            let data = try #require(run.reports[domain])
            return try #require(JSONReport.read(Array(data)).first).observations
        }
        #expect(try findings("tlsremembers.lab").contains("email.starttls_injection"))
        let bleeding = try findings("tlsbleeds.lab")
        #expect(bleeding.contains("email.tls_heartbleed") && bleeding.contains("email.tls_ccs_injection"))
        #expect(try findings("tlsrobot.lab").contains("email.tls_robot"))
        // OpenSSL, with key exchange by RSA, is asked and gives nothing away.
        let everything = try findings("tlsall.lab")
        #expect(everything.contains("email.tls_inventory") && everything.contains("email.tls_static_rsa_kx"))
        #expect(!everything.contains("email.tls_robot"))
        let robot = try observations("tlsall.lab").filter { $0.fact == "tls.robot" }
        #expect(robot.count == 1 && robot.allSatisfy { $0.outcome.value?[path: "is_oracle"] == .bool(false) })
        let sound = try findings("exemplary.lab")
        #expect(
            sound.isDisjoint(with: [
                "email.starttls_injection", "email.tls_heartbleed", "email.tls_ccs_injection", "email.tls_robot",
            ]))
    }
}
