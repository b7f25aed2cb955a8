import AssayModel
import AssayReports
import Foundation
import LabKit

/// One run of the whole lab, shared by all tests of it.
enum LabRun {
    /// Finished reports, by domain.
    struct Result: Sendable {
        let reports: [String: Data]
        let log: String
        /// Why the lab could not run here; nil where it did.
        let obstacle: String?

        /// Domains that the lab could not play here.
        var leftOut: [String] {
            guard let line = log.split(separator: "\n").first(where: { $0.contains("left out ") }),
                let names = line.split(separator: ":").dropFirst().first
            else { return [] }
            return names.replacingOccurrences(of: " left out ", with: "").split(separator: ",").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
    }

    static let result = Task.detached { await offPool { run(domains: World.domains.map(\.name)) } }
    /// The reports of that run, read once for all tests: half a thousand of them take a minute.
    static let reports = Task.detached {
        try await result.value.reports.compactMapValues { try JSONReport.read(Array($0)).first }
    }
    static let basicDomains = ["exemplary.lab", "rsa.lab", "danedual.lab", "danewrong.lab"]
    static let basic = Task.detached { await offPool { run(domains: basicDomains, tier: "basic") } }

    /// Waits in a thread of its own: two labs that are waited for would stop every other test on two cores.
    static func offPool<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }

    /// The folder with the programs that this test was built with.
    static var programs: String {
        let own = ProcessInfo.processInfo.arguments[0]
        return (own as NSString).deletingLastPathComponent
    }

    /// Scans these domains in a lab where the amendments were published.
    static func run(domains: [String], amendments: [Amendment] = [], tier: String = "extended", options: String = "")
        -> Result
    {
        let folder = NSTemporaryDirectory() + "mailassay-lab-tests.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let output = folder + "/out"
        try? FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        let log = folder + "/log"
        let names = domains.joined(separator: " ")
        let script = """
            exec \(programs)/mailassay scan \(names) $MAILASSAY_LAB_OPTIONS \
            --psl $MAILASSAY_LAB_SUFFIXES --tier \(tier) \(options) --fail-on none --format json -o \(output) \
            > \(folder)/all.json
            """
        do {
            try amendments.map { $0.line + "\n" }.joined().write(
                toFile: "\(folder)/amend", atomically: true, encoding: .utf8)
            let process = try LabProcess.start(
                "\(programs)/mailassay-lab",
                ["exec", "--dir", folder + "/world", "--amend", folder + "/amend", "--", "/bin/bash", "-c", script],
                log: log)
            let status = process.wait()
            let words = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            // 0: all complete; 2: a domain of the lab whose name servers are silent.
            guard status == 0 || status == 2, words.contains("domains up") else {
                return Result(reports: [:], log: words, obstacle: "exit status \(status): \(words.suffix(2000))")
            }
            var reports: [String: Data] = [:]
            for domain in domains {
                reports[domain] = try? Data(contentsOf: URL(fileURLWithPath: "\(output)/\(domain).json"))
            }
            return Result(reports: reports, log: words, obstacle: nil)
        } catch {
            return Result(reports: [:], log: "", obstacle: "\(error)")
        }
    }
}
