import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// Discovery and messages, in the lab: what the command says, and what the name servers were asked.
@Suite(.serialized) struct DKIMLabTests {
    static let programs = (ProcessInfo.processInfo.arguments[0] as NSString).deletingLastPathComponent

    /// Runs a script in a lab with these records published; nil where no lab can run.
    static func lab(_ script: String, records: [Amendment] = [], in folder: String) throws -> String? {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try records.map { $0.line + "\n" }.joined().write(
            toFile: "\(folder)/amend", atomically: true, encoding: .utf8)
        let head = "mkdir -p \(folder)/out; M=\(programs)/mailassay; O=\"$MAILASSAY_LAB_OPTIONS\"; cd \(folder)\n"
        let text = head + script
        try text.write(toFile: "\(folder)/script", atomically: true, encoding: .utf8)
        let process = try LabProcess.start(
            "\(programs)/mailassay-lab",
            [
                "exec", "--dir", "\(folder)/world", "--amend", "\(folder)/amend", "--", "/bin/bash", "\(folder)/script",
            ], log: "\(folder)/log")
        let status = process.wait()
        let log = try String(contentsOfFile: "\(folder)/log", encoding: .utf8)
        guard log.contains("domains up") else {
            if ProcessInfo.processInfo.environment["MAILASSAY_CI"] == "1" { Issue.record("the lab cannot run: \(log)") }
            print("skipped: the lab cannot run")
            return nil
        }
        #expect(status == 0, "\(log.suffix(2000))")
        return log
    }

    static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "mailassay-dkim.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    static func report(_ path: String) throws -> Report {
        try #require(JSONReport.read(Array(try Data(contentsOf: URL(fileURLWithPath: path)))).first)
    }

    /// What leaves for the name servers for selectors: names at and below `_domainkey`, and the control beside it. Distinct ones,
    /// since the lab serves parent and child at one address and has the child asked twice.
    @Test func absentSelectorsCostFewQuestions() async throws {
        let cases: [(domain: String, options: String, most: Int)] = [
            ("dkimnone", "", 2), ("dkimnoneunsigned", "", 2), ("dkim1024", "", 12),
            ("dkim512", (1...30).map { "--selector absent\($0)" }.joined(separator: " "), 12), ("dkimnsec3", "", 12),
        ]
        try await Self.withFolder { folder in
            let questions = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("questions.py").path
            let scans = cases.map { "scan \($0.domain) \($0.options)" }.joined(separator: "\n")
            let script = """
                scan() {
                  name=$1; shift
                  /usr/bin/python3 \(questions) > $name.names & listener=$!
                  until grep -q ready $name.names; do sleep 0.1; done
                  $M scan $name.lab $O --checker DKIM --fail-on none --format json "$@" > $name.json
                  sleep 0.3; kill -9 $listener
                }
                \(scans)
                true
                """
            guard try Self.lab(script, in: folder) != nil else { return }
            for (domain, _, most) in cases {
                let names = try String(contentsOfFile: "\(folder)/\(domain).names", encoding: .utf8)
                let asked = Set(
                    names.split(separator: "\n").filter {
                        $0.hasSuffix("_domainkey.\(domain).lab")
                            || $0.hasPrefix("_mailassay-") && $0.hasSuffix(".\(domain).lab")
                    })
                print("\(domain): \(asked.count) questions about selectors")
                #expect(asked.count <= most, "\(domain): \(asked.sorted())")
                #expect(!asked.isEmpty)
            }
        }
    }

    /// Told selectors, by hand and by reports, and the walk.
    @Test func toldSelectorsAndTheWalk() async throws {
        try await Self.withFolder { folder in
            let feedback = """
                <?xml version="1.0"?><feedback><record><row><policy_evaluated><dkim>pass</dkim></policy_evaluated></row>
                <auth_results><dkim><domain>dkimhidden.lab</domain><selector>qx7-hidden</selector></dkim>
                <dkim><domain>other.lab</domain><selector>s9</selector></dkim></auth_results></record></feedback>
                """
            let script = """
                cat > report.xml <<'X'
                \(feedback)
                X
                $M scan exemplary.lab $O --checker DKIM --fail-on none --selector nowhere --selector default -o told.json
                $M scan dkimhidden.lab $O --checker DKIM --fail-on none --dmarc-report report.xml -o reported.json
                $M scan dkimhidden.lab $O --checker DKIM --fail-on none --walk-nsec -o walked.json
                $M scan dkimhidden.lab $O --checker DKIM --fail-on none --walk-nsec --dmarc-report report.xml \
                --save-evidence evidence -o first.json
                $M scan --replay evidence --fail-on none -o second.json
                """
            guard try Self.lab(script, in: folder) != nil else { return }
            let told = try Self.report("\(folder)/told.json")
            let missing = told.findings.filter { $0.id == "email.dkim_selector_missing" }
            #expect(missing.map(\.subject.name) == ["nowhere._domainkey.exemplary.lab"])
            for file in ["reported", "walked", "first", "second"] {
                let report = try Self.report("\(folder)/\(file).json")
                let keys = report.observations.filter { $0.fact == "dkim.key" }
                #expect(keys.map(\.subject.name) == ["qx7-hidden._domainkey.dkimhidden.lab"], "\(file)")
                let by = keys.first?.outcome.value?[path: "found_by"]
                if file == "reported" { #expect(by == .list([.string("dmarc_report")])) }
            }
            let replayed = try Self.report("\(folder)/second.json").findings
            #expect(try Self.report("\(folder)/first.json").findings == replayed)
        }
    }
}
