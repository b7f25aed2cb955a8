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

    /// What leaves for the name servers for selectors: every question at and below `_domainkey`, and the control beside it, from
    /// an empty cache and (`extended`) beside everything else that a scan asks.
    @Test func absentSelectorsCostFewQuestions() async throws {
        let absent = (1...30).map { "--selector absent\($0)" }.joined(separator: " ")
        let alone = "--checker DKIM"
        let cases: [(domain: String, options: String, most: Int)] = [
            ("dkimnone", alone, 1), ("dkimnone", "--tier extended", 1), ("dkimapart", alone, 2),
            ("dkimapart", "--tier extended", 2), ("dkimnxname", alone, 1), ("dkim1024", alone, 12),
            ("dkim1024", "--tier extended", 12), ("dkim512", "\(alone) \(absent)", 12), ("dkimnsec3", alone, 12),
            ("dkimnsec3", "\(alone) \(absent)", 12),
        ]
        try await Self.withFolder { folder in
            let questions = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("questions.py").path
            let scans = cases.enumerated().map { "scan \($0) \($1.domain) \($1.options)" }.joined(separator: "\n")
            let script = """
                scan() {
                  number=$1; name=$2; shift 2
                  /usr/bin/python3 \(questions) > $number.names & listener=$!
                  until grep -q ready $number.names; do sleep 0.1; done
                  $M scan $name.lab $O --fail-on none --format json "$@" > $number.json
                  sleep 0.3; kill -9 $listener
                }
                \(scans)
                true
                """
            guard try Self.lab(script, in: folder) != nil else { return }
            for (number, (domain, options, most)) in cases.enumerated() {
                let lines = try String(contentsOfFile: "\(folder)/\(number).names", encoding: .utf8).split(
                    separator: "\n")
                let asked = lines.filter {
                    $0.contains("_domainkey.\(domain).lab ")
                        || $0.hasPrefix("_mailassay-") && $0.contains(".\(domain).lab ")
                }
                print("\(domain) \(options.prefix(15)): \(asked.count) questions about selectors")
                #expect(asked.count <= most, "\(domain) \(options): \(asked.sorted())")
                // That the listener heard anything.
                #expect(lines.contains { $0.contains("\(domain).lab ") }, "\(domain) \(options)")
                let report = try Self.report("\(folder)/\(number).json")
                let missing = report.findings.filter { $0.id == "email.dkim_selector_missing" }
                #expect(missing.count == (options.contains("absent") ? 30 : 0), "\(domain) \(options)")
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
                gzip -k evidence; gzip -k report.xml
                /usr/bin/python3 -m zipfile -c report.zip report.xml
                $M scan --replay evidence.gz --fail-on none -o third.json
                for form in gz zip; do
                  report=report.xml.gz; [ $form = zip ] && report=report.zip
                  $M scan dkimhidden.lab $O --checker DKIM --fail-on none --dmarc-report $report -o reported-$form.json
                done
                """
            guard try Self.lab(script, in: folder) != nil else { return }
            let told = try Self.report("\(folder)/told.json")
            let missing = told.findings.filter { $0.id == "email.dkim_selector_missing" }
            #expect(missing.map(\.subject.name) == ["nowhere._domainkey.exemplary.lab"])
            for file in ["reported", "reported-gz", "reported-zip", "walked", "first", "second", "third"] {
                let report = try Self.report("\(folder)/\(file).json")
                let keys = report.observations.filter { $0.fact == "dkim.key" }
                #expect(keys.map(\.subject.name) == ["qx7-hidden._domainkey.dkimhidden.lab"], "\(file)")
                let by = keys.first?.outcome.value?[path: "found_by"]
                if file.hasPrefix("reported") { #expect(by == .list([.string("dmarc_report")])) }
            }
            let replayed = try Self.report("\(folder)/second.json").findings
            #expect(try Self.report("\(folder)/first.json").findings == replayed)
        }
    }
}
