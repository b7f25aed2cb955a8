import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// `--tls full` against one connection for each suite, and our connections in the server's own log.
@Suite struct InventoryTests {
    private static let domains = [
        "tls10.lab", "tlsall.lab", "tlsccm8new.lab", "tlsstaticrsaorder.lab", "tlsgnutls.lab", "exim.lab",
    ]

    @Test func theListsAreThoseOfAProbeOfEverySuite() async throws {
        let registry = LabTests.root.appendingPathComponent("Sources/AssayTransport/Hello/CipherSuiteNames.swift").path
        let probe = LabTests.root.appendingPathComponent("Tests/LabTests/exhaustive.py").path
        let script = Self.domains.map { domain in
            """
            \(LabRun.programs)/mailassay scan \(domain) $MAILASSAY_LAB_OPTIONS --checker TLS --tls full --connections 200 \
            --fail-on none -o $OUT/\(domain).json
            set -- $(/usr/bin/python3 -c 'import json, sys
            for o in json.load(open(sys.argv[1]))["observations"]:
                if o["fact"] == "tls.inventory": print(o["subject"]["name"], o["subject"]["address"]); break' \
            $OUT/\(domain).json)
            /usr/bin/python3 \(probe) \(registry) $1 $2 > $OUT/\(domain).suites
            """
        }.joined(separator: "\n")
        guard let folder = try await run(script) else { return }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for domain in Self.domains {
            let value = try inventory(folder, domain)
            let ours = Set(value.suites)
            let theirs = try String(contentsOfFile: "\(folder)/\(domain).suites", encoding: .utf8)
                .split(separator: "\n").map(String.init)
            #expect(!theirs.isEmpty, "\(domain)")
            #expect(ours.subtracting(theirs).sorted() == [], "\(domain)")
            #expect(Set(theirs).subtracting(ours).sorted() == [], "\(domain)")
        }
    }

    /// Twelve connections in an extended scan, sixty for an inventory, and nothing left out of the former.
    @Test func postfixCountsNoMoreConnectionsThanAllowed() async throws {
        let script = """
            log=$(dirname $(echo $MAILASSAY_LAB_OPTIONS | cut -d' ' -f2))/real/postfix/mail.log
            number=0
            for tls in "" "--tls full"; do
              before=$(grep -c ': connect from' $log)
              \(LabRun.programs)/mailassay scan postfix.lab $MAILASSAY_LAB_OPTIONS --tier extended $tls --fail-on none \
              -o $OUT/$number.json
              number=1
              sleep 1
              echo $(($(grep -c ': connect from' $log) - $before)) >> $OUT/counts
            done
            """
        guard let folder = try await run(script) else { return }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let counts = try String(contentsOfFile: "\(folder)/counts", encoding: .utf8).split(separator: "\n").map {
            Int($0)
        }
        let made = try (0...1).map { index in
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(index).json"))
            let report = try #require(JSONReport.read(Array(data)).first)
            if index == 0 {
                let left = report.observations.filter { $0.fact.hasPrefix("tls.") && $0.outcome.cause?.code == .budget }
                #expect(left.map(\.fact) == [])
            }
            return report.connections.filter { $0.port == 25 }.reduce(0) { $0 + $1.made }
        }
        #expect(counts == made)
        #expect(made[0] <= 12 && made[1] <= 60 && made[0] < made[1])
    }

    private func inventory(_ folder: String, _ domain: String) throws -> (suites: [String], complete: [String]) {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(domain).json"))
        let report = try #require(JSONReport.read(Array(data)).first)
        let observation = try #require(report.observations.first { $0.fact == "tls.inventory" })
        func words(_ key: String) -> [String] {
            (observation.outcome.value?[path: key]?.listValue ?? []).compactMap(\.stringValue)
        }
        return (words("suites"), words("complete"))
    }

    /// Runs the script in a lab with a folder as `$OUT`; nil where no lab can run.
    private func run(_ script: String) async throws -> String? {
        let folder = NSTemporaryDirectory() + "mailassay-inventory.\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let lab = try LabProcess.start(
            "\(LabRun.programs)/mailassay-lab",
            ["exec", "--dir", folder + "/world", "--", "/bin/bash", "-c", "OUT=\(folder)\n" + script],
            log: folder + "/log")
        _ = await LabRun.offPool { lab.wait() }
        let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
        let isStrict = ProcessInfo.processInfo.environment["MAILASSAY_CI"] == "1"
        guard log.contains("domains up"), !log.contains("left out") else {
            if isStrict { Issue.record("\(log.suffix(500))") }
            print("skipped: the lab cannot run: \(log.suffix(200))")
            return nil
        }
        return folder
    }
}
