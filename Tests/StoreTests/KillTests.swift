import AssayKit
import AssayModel
import AssayReports
import AssayStore
import Foundation
import Testing

/// Killed at any moment, the store loses nothing that it had acknowledged, and holds nothing by half.
@Suite(.serialized) struct KillTests {
    @Test func nothingAcknowledgedIsLostIn200Kills() throws {
        try Sample.inFolder { folder in
            let store = folder + "/history.db"
            var acknowledged: Set<String> = []
            var random = SystemRandomNumberGenerator()
            // Two writers at once, each killed at a moment of its own.
            for round in 0..<100 {
                let children = try (0..<2).map { part in
                    try start(store, scans(round, part, in: folder))
                }
                // One in five at any moment from its start, the others while it writes.
                var said = Data()
                if round % 5 == 0 {
                    usleep(UInt32.random(in: 0...60_000, using: &random))
                } else {
                    let lines = Int.random(in: 1...4, using: &random)
                    while said.count(where: { $0 == 0x0A }) < lines {
                        let more = children[0].pipe.fileHandleForReading.availableData
                        if more.isEmpty { break }
                        said += more
                    }
                    usleep(UInt32.random(in: 0...3_000, using: &random))
                }
                for child in children {
                    kill(child.process.processIdentifier, SIGKILL)
                    usleep(UInt32.random(in: 0...3_000, using: &random))
                }
                for (index, child) in children.enumerated() {
                    let rest = child.pipe.fileHandleForReading.readDataToEndOfFile()
                    let output = String(decoding: (index == 0 ? said : Data()) + rest, as: UTF8.self)
                    child.process.waitUntilExit()
                    // A line that is not whole was not said.
                    let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                    for line in lines { acknowledged.insert(String(line.split(separator: " ")[1])) }
                }
                if round % 25 == 24 { try check(store, acknowledged) }
            }
            try check(store, acknowledged)
            print("200 kills, \(acknowledged.count) scans acknowledged, none lost")
            #expect(acknowledged.count > 100)
        }
    }

    /// A file of its own for each child: every line a scan of another domain, more than it can write before it is killed.
    private func scans(_ round: Int, _ part: Int, in folder: String) throws -> String {
        let lines = (0..<30).flatMap { number -> [UInt8] in
            let finding = Sample.finding("email.x\(number)", title: String(repeating: "word ", count: 40))
            let domain = "d\(number).part\(part).round\(round).example"
            return JSONReport.line(Sample.report("2026-11-01", findings: [finding], domain: domain))
        }
        let path = "\(folder)/scans\(part).ndjson"
        try Data(lines).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func check(_ store: String, _ acknowledged: Set<String>) throws {
        let history = try ScanHistory(store)
        #expect(try history.faults() == [])
        let domains = try history.domains()
        #expect(acknowledged.subtracting(domains.map(\.domain)) == [])
        // Once each, and whole.
        #expect(domains.allSatisfy { $0.scans == 1 })
        for row in domains.prefix(20) {
            let domain = Sample.domain(row.domain)
            let scan = try #require(try history.scans(of: domain).first)
            let report = try history.report(try #require(scan.id))
            #expect(report.domain == domain && scan.findings.count == report.findings.count)
        }
    }

    private func start(_ store: String, _ file: String) throws -> (process: Process, pipe: Pipe) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = ["store", "import", file, "--store", store]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, pipe)
    }
}
