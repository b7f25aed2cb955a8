import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// A scan that was recorded says the same without the network.
@Suite struct EvidenceTests {
    private static let domains = [
        "exemplary", "danebackend", "danebogus", "dnslame", "rsa", "tlsgarbage", "dnssecnsec3old",
    ]

    @Test func aReplayGivesTheSameReport() async throws {
        let folder = NSTemporaryDirectory() + "mailassay-evidence.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let program = "\(LabRun.programs)/mailassay"
        let record = Self.domains.map {
            "\(program) scan \($0).lab $MAILASSAY_LAB_OPTIONS --tier extended --fail-on none "
                + "--save-evidence \(folder)/\($0).ev -o \(folder)/\($0).json"
        }.joined(separator: "\n")
        let lab = try LabProcess.start(
            "\(LabRun.programs)/mailassay-lab", ["exec", "--dir", folder + "/world", "--", "/bin/bash", "-c", record],
            log: folder + "/log")
        _ = await LabRun.offPool { lab.wait() }
        let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
        guard log.contains("domains up") else {
            if ProcessInfo.processInfo.environment["MAILASSAY_CI"] == "1" { Issue.record("\(log.suffix(500))") }
            return print("skipped: the lab cannot run: \(log.suffix(200))")
        }
        // The lab is down, so whatever is asked goes nowhere.
        for domain in Self.domains {
            let replay = try LabProcess.start(
                program,
                ["scan", "--replay", "\(folder)/\(domain).ev", "--fail-on", "none", "-o", "\(folder)/again.json"],
                log: folder + "/log2")
            let status = await LabRun.offPool { replay.wait() }
            #expect(status == 0, "\(domain)")
            let first = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(domain).json"))
            let second = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/again.json"))
            #expect(first == second, "\(domain)")
            #expect(first.count > 10_000)
        }
        // In a year every certificate of the lab is over, and nothing else has changed.
        let later = try LabProcess.start(
            program,
            [
                "scan", "--replay", "\(folder)/rsa.ev", "--at", "2099-01-01T00:00:00Z", "--fail-on", "none", "-o",
                "\(folder)/later.json",
            ], log: folder + "/log3")
        _ = await LabRun.offPool { later.wait() }
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/later.json"))
        let report = try #require(JSONReport.read(Array(data)).first)
        let ids = Set(report.findings.map(\.id))
        #expect(ids.contains("email.cert_expired"))
        // Signatures renew themselves; that they are old then is nobody's fault.
        #expect(!ids.contains("email.dnssec_ns_divergence") && !ids.contains("email.dnssec_sig_expiring"))
        #expect(try String(contentsOfFile: folder + "/log3", encoding: .utf8).contains("carried over from"))
    }
}
