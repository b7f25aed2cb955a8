import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// Scans of one domain on two days, between which its owner changed something; and the same domain against policy files.
@Suite struct HistoryTests {
    /// Runs a script in a lab of its own; false where no lab can run.
    private func run(_ script: String, in folder: String, amending lines: String = "") async throws -> Bool {
        try lines.write(toFile: folder + "/amend", atomically: true, encoding: .utf8)
        try """
        cd '\(folder)'
        scan() { "\(LabRun.programs)/mailassay" scan exemplary.lab $MAILASSAY_LAB_OPTIONS --format json "${@:2}" \\
            > "$1.json" 2> "$1.err"; echo "$1 $?" >> statuses; }
        \(script)
        """.write(toFile: folder + "/script", atomically: true, encoding: .utf8)
        let process = try LabProcess.start(
            "\(LabRun.programs)/mailassay-lab",
            [
                "exec", "--dir", folder + "/world", "--amend", folder + "/amend", "--", "/bin/bash",
                folder + "/script",
            ], log: folder + "/log")
        _ = await LabRun.offPool { process.wait() }
        let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
        if log.contains("domains up") { return true }
        if ProcessInfo.processInfo.environment["MAILASSAY_CI"] == "1" { Issue.record("\(log.suffix(1000))") }
        print("skipped: the lab cannot run: \(log.suffix(200))")
        return false
    }

    private static let policies = """
        cat > one.yaml <<'Y'
        expect: { mx: [mx1.exemplary.lab], ca: mailassay, tls_reports: other@exemplary.lab }
        Y
        accept() { cat one.yaml; echo "accept:"; for rule in mx_unexpected cert_ca_unexpected tlsrpt_reports_unexpected; do
            echo "  - { rule: email.$rule, reason: Known., owner: ops, until: $1 }"; done; }
        accept 2099-12-31 > accepted.yaml
        accept 2020-01-01 > expired.yaml
        """

    @Test func twoDaysAndAPolicy() async throws {
        let folder = NSTemporaryDirectory() + "mailassay-history.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard try await run("scan first --store ./history.db", in: folder) else { return }
        _ = try await run(
            """
            scan second --store ./history.db -o second.html
            "\(LabRun.programs)/mailassay" diff exemplary.lab --store ./history.db --exit-code > diff.txt; echo "diff $?" >> statuses
            \(Self.policies)
            scan expected --config one.yaml
            scan accepted --config accepted.yaml
            scan expired --config expired.yaml
            scan baseline --config one.yaml --baseline expected.json
            scan stale --config one.yaml --baseline first.json
            scan unstored --store ./none/history.db
            cp one.yaml mailassay.yaml
            scan found
            """, in: folder, amending: "exemplary.lab\t_mta-sts\tTXT \"v=STSv1; id=20991231\"\n")
        let statuses = try String(contentsOfFile: folder + "/statuses", encoding: .utf8)
        for line in [
            "first 0", "second 0", "diff 1", "expected 1", "accepted 0", "expired 1", "baseline 0", "stale 1",
            "unstored 2",
            "found 1",
        ] {
            #expect(statuses.contains("\(line)\n"), "\(line): \(statuses)")
        }
        func words(_ name: String) -> String {
            (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? ""
        }
        func report(_ name: String) throws -> Report {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).json"))
            return try #require(JSONReport.read(Array(data)).first)
        }
        func ids(_ name: String) throws -> Set<String> { Set(try report(name).findings.map(\.id)) }
        // History.
        #expect(try !ids("first").contains("email.mta_sts_id_changed_policy_same"))
        #expect(try ids("second").contains("email.mta_sts_id_changed_policy_same"))
        #expect(words("diff.txt").contains("{+id=20991231") && words("diff.txt").contains("_mta-sts.exemplary.lab"))
        #expect(words("second.html").contains("What changed"))
        #expect(words("second.html").contains("<ins>id=20991231</ins>"))
        // Policy.
        let expected: Set = ["email.mx_unexpected", "email.cert_ca_unexpected", "email.tlsrpt_reports_unexpected"]
        #expect(try ids("expected").intersection(expected).contains("email.mx_unexpected"))
        #expect(try ids("found") == ids("expected"))
        #expect(
            try report("accepted").findings.filter { $0.id == "email.mx_unexpected" }.allSatisfy { $0.accepted != nil })
        #expect(try report("expired").findings.allSatisfy { $0.accepted == nil })
        #expect(
            words("expired.err").contains(
                "expired.yaml:3:13: the acceptance of email.mx_unexpected by ops ended on 2020-01-01"))
        // A store that cannot be used, and the result all the same.
        #expect(words("unstored.err").contains("not stored: ./none/history.db"))
        #expect(try report("unstored").complete)
    }
}
