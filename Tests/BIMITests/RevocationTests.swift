import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// The authority's revocation list and the timestamps of logs, in the lab.
struct RevocationTests {
    private static let programs = (ProcessInfo.processInfo.arguments[0] as NSString).deletingLastPathComponent

    /// The list is asked for where the operator allows it, and by nobody else.
    @Test func listsAreAskedForOnRequestAlone() async throws {
        let folder = NSTemporaryDirectory() + "mailassay-crl.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let names = ["brand", "markrevoked", "markstray", "markotherlog"]
        let script = """
            cd \(folder)
            for name in \(names.joined(separator: " ")); do
              \(Self.programs)/mailassay scan $name.lab $MAILASSAY_LAB_OPTIONS --checker BIMI --fail-on none -o $name.quiet.json
              \(Self.programs)/mailassay scan $name.lab $MAILASSAY_LAB_OPTIONS --checker BIMI --fail-on none --fetch-crl \
            --save-evidence $name.ev -o $name.json
              \(Self.programs)/mailassay scan --replay $name.ev --fail-on none -o $name.replayed.json
            done
            true
            """
        try script.write(toFile: "\(folder)/script", atomically: true, encoding: .utf8)
        let process = try LabProcess.start(
            "\(Self.programs)/mailassay-lab",
            ["exec", "--dir", "\(folder)/world", "--", "/bin/bash", "\(folder)/script"], log: "\(folder)/log")
        let status = process.wait()
        let log = try String(contentsOfFile: "\(folder)/log", encoding: .utf8)
        guard log.contains("domains up") else {
            if ProcessInfo.processInfo.environment["MAILASSAY_CI"] == "1" { Issue.record("the lab cannot run: \(log)") }
            return print("skipped: the lab cannot run")
        }
        #expect(status == 0, "\(log.suffix(2000))")
        func report(_ name: String) throws -> Report {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).json"))
            return try #require(JSONReport.read(Array(data)).first)
        }
        func words(_ name: String) throws -> String {
            let found = try report(name).observations.first { $0.fact == "vmc.revocation" }
            let value = found?.outcome.value
            return [
                found?.outcome.cause?.code.rawValue, value?[path: "status"]?.stringValue,
                value?[path: "words"]?.stringValue,
            ]
            .compactMap(\.self).joined(separator: " ")
        }
        for name in names {
            #expect(try words("\(name).quiet") == "not_asked")
            #expect(try report("\(name).quiet").connections.allSatisfy { $0.port != 80 })
            #expect(try words(name) == words("\(name).replayed"))
        }
        #expect(try words("brand") == "good")
        #expect(try words("markrevoked") == "revoked")
        #expect(try words("markstray") == "unusable status 404")
        #expect(try report("markrevoked").findings.contains { $0.id == "email.vmc_crl" && $0.severity == .high })
        #expect(try !report("brand").findings.contains { $0.id == "email.vmc_crl" })
        // A log whose key was not given: neither pass nor finding.
        let rows = try report("markotherlog").checks.filter { $0.id == "email.vmc_sct" }
        #expect(rows.map(\.result) == [.undetermined])
    }
}
