import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// Postfix's own tool and this program come to the same verdict on every host.
@Suite struct PosttlsFingerTests {
    /// Hosts where the two must differ, and why.
    private static let exceptions: [String: String] = [
        "danenothing.lab": "Postfix 3.7 panics at a TLSA record without data (mymalloc: requested length 0)",
        "danebackend.lab": "two servers answer in turn, so each question meets another",
        "daneselective.lab": "the server treats first and later visitors differently",
        "danetanexthop.lab":
            "asked for [host], posttls-finger does not know the mail domain, whose name the certificate has",
    ]

    @Test func bothComeToTheSameVerdict() async throws {
        let folder = NSTemporaryDirectory() + "mailassay-finger.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/out", withIntermediateDirectories: true)
        let domains = World.domains.map(\.name).filter { name in
            ["dane", "dnssec", "dns", "in.dane", "exemplary", "nodane"].contains { name.hasPrefix($0) }
        }
        #expect(domains.count >= 60)
        let packages = LabTests.root.appendingPathComponent(".build/lab-packages").path
        let script = """
            cd \(folder)
            \(LabRun.programs)/mailassay scan \(domains.joined(separator: " ")) $MAILASSAY_LAB_OPTIONS --tier extended \
            --fail-on none --format json -o \(folder)/out > all.json
            python3 -c 'import json; print("\\n".join(sorted({h["name"] for r in json.load(open("all.json"))
              for o in r["observations"] if o["fact"] == "mx.hosts" and "value" in o for h in o["value"]["hosts"]})))' > hosts
            bash \(LabTests.root.path)/Tests/LabTests/posttls-finger.sh \(folder)/world \(packages) hosts > verdicts
            """
        let lab = try LabProcess.start(
            "\(LabRun.programs)/mailassay-lab",
            ["exec", "--dir", folder + "/world", "--packages", packages, "--", "/bin/bash", "-c", script],
            log: folder + "/log")
        _ = await LabRun.offPool { lab.wait() }
        let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
        guard log.contains("domains up"), !log.contains("left out") else {
            if ProcessInfo.processInfo.environment["MAILASSAY_CI"] == "1" { Issue.record("\(log.suffix(500))") }
            return print("skipped: the lab cannot run: \(log.suffix(200))")
        }
        let lines = try String(contentsOfFile: folder + "/verdicts", encoding: .utf8).split(separator: "\n")
        let theirs = Dictionary(
            lines.map { $0.split(separator: " ").map(String.init) }.map {
                ($0[0], ($0[1], $0.count > 2 ? $0[2] : nil))
            },
            uniquingKeysWith: { first, _ in first })
        var agreed: [String: Int] = [:]
        for domain in domains where Self.exceptions[domain] == nil {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/out/\(domain).json"))
            let report = try #require(JSONReport.read(Array(data)).first)
            for host in hosts(report) {
                let (verdict, address) = try #require(theirs[host], "\(domain) \(host): posttls-finger said nothing")
                // It stops at the first address that works, so the verdict is that address's.
                let ours = ours(report, host, address)
                #expect(
                    ours.contains(verdict), "\(domain) \(host) [\(address ?? "")]: we say \(ours), Postfix \(verdict)")
                agreed[verdict, default: 0] += 1
            }
        }
        for verdict in ["verified", "failed", "unauthenticated", "unreachable"] {
            #expect(agreed[verdict, default: 0] >= 2, "\(verdict) \(agreed)")
        }
    }

    private func hosts(_ report: Report) -> [String] {
        report.observations.filter { $0.fact == "dane.host" && $0.outcome.value != nil }.map(\.subject.name)
    }

    /// Our verdict in its words; several where it names no address.
    private func ours(_ report: Report, _ host: String, _ address: String?) -> Set<String> {
        func facts(_ id: String) -> [Observation] {
            report.observations.filter { $0.fact == id && $0.subject.name == host && $0.subject.object == nil }
        }
        switch facts("dane.host").first?.outcome.value?[path: "level"]?.stringValue {
        case "unreachable": return ["unreachable"]
        case "opportunistic": return ["unauthenticated", "none"]
        default: break
        }
        let verdicts = facts("dane.verdict").filter { address == nil || $0.subject.address == address }
        return Set(
            verdicts.map { fact in
                switch fact.outcome.value?[path: "kind"]?.stringValue {
                case "verified": "verified"
                case "unusable": "unauthenticated"
                case "no_starttls", "no_tls", nil: "none"
                default: "failed"
                }
            })
    }
}
