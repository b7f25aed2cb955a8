import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// Every domain of the lab, scanned by the real command against real servers, gives exactly the findings it must.
@Suite struct LabTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let folder = root.appendingPathComponent("Lab/expected")

    /// The reports, or nil where no lab can run; that is a failure in continuous integration and a note elsewhere.
    private func reports() async throws -> [String: Report]? {
        let result = await LabRun.result.value
        if let obstacle = result.obstacle {
            let isStrict = ProcessInfo.processInfo.environment["MAILASSAY_CI"] == "1"
            if isStrict {
                Issue.record("the lab cannot run: \(obstacle)")
            } else {
                print("skipped: the lab cannot run: \(obstacle)")
            }
            return nil
        }
        return try await LabRun.reports.value
    }

    @Test func everyDomainGivesExactlyItsFindings() async throws {
        guard let reports = try await reports() else { return }
        // `MAILASSAY_LAB_RECORD=SPF,DKIM` writes the files of these checkers anew, to be read before they are committed.
        if let checkers = ProcessInfo.processInfo.environment["MAILASSAY_LAB_RECORD"] {
            try ExpectedFindings.record(
                World.domains.compactMap { domain in reports[domain.name].map { (domain.name, $0) } },
                checkers: checkers.split(separator: ",").map(String.init), in: Self.folder)
        }
        let expected = try ExpectedFindings.read(Self.folder)
        // Real servers need root; elsewhere the lab leaves those domains out and says so.
        let isStrict = ProcessInfo.processInfo.environment["MAILASSAY_CI"] == "1"
        let left = await LabRun.result.value.leftOut
        if isStrict { #expect(left == []) } else if !left.isEmpty { print("skipped: \(left.joined(separator: ", "))") }
        for domain in World.domains where !left.contains(domain.name) {
            let report = try #require(reports[domain.name], "no report for \(domain.name)")
            let found = Set(ExpectedFindings.lines(report))
            let wanted = Set(expected[domain.name] ?? [])
            #expect(found.subtracting(wanted).sorted() == [], "\(domain.name) gives more than it must")
            #expect(wanted.subtracting(found).sorted() == [], "\(domain.name) gives less than it must")
        }
        #expect(Set(expected.keys).subtracting(World.domains.map(\.name)) == [])
        // To have no mail host is an answer.
        #expect(reports["nullmx.lab"]?.complete == true)
    }

    /// The basic tier makes one connection for each server, the extended tier at most a dozen to an address: those by key type,
    /// one without SNI where no TLSA record matches, and one for each ClientHello of the TLS checker.
    @Test func noMoreConnectionsAreMadeThanNeeded() async throws {
        guard let reports = try await reports() else { return }
        let basic = await LabRun.basic.value.reports
        #expect(basic.count == LabRun.basicDomains.count)
        for (domain, data) in basic {
            let report = try #require(JSONReport.read(Array(data)).first)
            let smtp = report.connections.filter { $0.port == 25 }
            #expect(!smtp.isEmpty)
            for connection in smtp { #expect(connection.made == 1, "\(domain) \(connection.address)") }
        }
        for (domain, report) in reports {
            for connection in report.connections where connection.port == 25 {
                #expect(connection.made <= 12, "\(domain) \(connection.address)")
            }
            let requests = report.connections.filter { $0.port == 443 }.reduce(0) { $0 + $1.made }
            // The policy; logo and mark certificate with their redirects.
            let files = report.observations.filter { $0.fact == "bimi.fetch" }.reduce(0) { sum, observation in
                sum + 1 + (observation.outcome.value?[path: "redirect_count"]?.intValue ?? 0)
            }
            #expect(requests <= 1 + files, "\(domain) made \(requests) HTTPS connections")
        }
    }

    /// By a validator that knows nothing of this program (Debian's python3-jsonschema).
    @Test func everyReportKeepsToTheSchema() async throws {
        guard try await reports() != nil else { return }
        let folder = NSTemporaryDirectory() + "mailassay-schema.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let reports = await LabRun.result.value.reports
        for (domain, data) in reports { try data.write(to: URL(fileURLWithPath: "\(folder)/\(domain).json")) }
        // What the schema must refuse, so that a validator which accepts everything is noticed.
        let sound = try #require(reports["exemplary.lab"])
        var broken = try #require(try JSONSerialization.jsonObject(with: sound) as? [String: Any])
        broken["findings"] = "none"
        try JSONSerialization.data(withJSONObject: broken).write(to: URL(fileURLWithPath: "\(folder)/broken.json"))
        let script = """
            import json, pathlib, sys, jsonschema
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            for path in sorted(pathlib.Path(sys.argv[2]).glob("*.json")):
                for error in list(validator.iter_errors(json.load(open(path))))[:1]:
                    print(path.stem, jsonschema.exceptions.best_match([error]).json_path)
            """
        let schema = Self.root.appendingPathComponent("reports/schema/report-1.json").path
        let process = try LabProcess.start(
            "/usr/bin/python3", ["-c", script, schema, folder], log: "\(folder)/log")
        let status = process.wait()
        let words = try String(contentsOfFile: "\(folder)/log", encoding: .utf8)
        #expect(status == 0, "\(words)")
        #expect(words.split(separator: "\n").map { String($0.prefix { $0 != " " }) } == ["broken"], "\(words)")
    }

    @Test func nobodySentMail() async throws {
        guard try await reports() != nil else { return }
        let log = await LabRun.result.value.log
        #expect(!log.contains("somebody sent mail"))
    }

    @Test func whatCouldNotBeToldIsNeverAFindingOrAPass() async throws {
        guard let reports = try await reports() else { return }
        let blocked = try #require(reports["banner554.lab"])
        let told = blocked.checks.filter {
            $0.id.hasPrefix("email.starttls_") && ($0.result == .pass || $0.result == .finding)
        }
        #expect(told.map(\.id) == [])
        let silent = try #require(reports["silentns.lab"])
        #expect(!silent.complete)
        #expect(silent.findings == [])
    }
}
