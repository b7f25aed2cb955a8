import AssaySVG
import Foundation
import Testing

/// Our tables against the published schema, read by somebody else's validator (Debian's jing).
@Suite struct ProfileTests {
    /// Where we differ on purpose, and why. Anything else is a bug.
    static let differences: [(prefix: String, reason: String)] = [
        ("doctype", "a schema cannot see a document type; entities begin there, so the gate ends the reading"),
        ("encoding", "a schema sees characters, whatever octets they were; the profile asks for UTF-8"),
        ("limit", "a schema has no limits"),
    ]

    struct Sample: Sendable {
        let name: String
        let octets: [UInt8]
        init(_ name: String, _ text: String) { (self.name, octets) = (name, Array(text.utf8)) }
        init(_ name: String, octets: [UInt8]) { (self.name, self.octets) = (name, octets) }
    }

    @Test func agreesWithTheSchemaOnEveryFile() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let oracles =
            ProcessInfo.processInfo.environment["MAILASSAY_ORACLES"]
            ?? root.appendingPathComponent("../shared/oracles").standardizedFileURL.path
        let schema = "\(oracles)/bimi/SVG_PS-latest.rnc"
        guard FileManager.default.fileExists(atPath: schema) else { return print("skipped: the schema is not there") }
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/jing") else {
            #expect(ProcessInfo.processInfo.environment["MAILASSAY_CI"] != "1", "jing is not installed: make test")
            return print("skipped: jing is not installed")
        }
        let samples = SVGSamples.all
        #expect(samples.count >= 200)
        #expect(Set(samples.map(\.octets)).count == samples.count, "two samples are alike")
        let refused = try Self.refusedByJing(samples, schema: schema)
        var good = 0
        for sample in samples {
            let verdict = SVGCheck.verdict(on: sample.octets)
            let isGood = !refused.contains(sample.name)
            good += isGood ? 1 : 0
            guard !Self.differences.contains(where: { sample.name.hasPrefix($0.prefix) }) else {
                #expect(isGood && !verdict.conforms, "\(sample.name) is no difference any more")
                continue
            }
            #expect(
                verdict.conforms == isGood,
                "\(sample.name): \(verdict.faults.map { "\($0.code.rawValue) \($0.name ?? "")" })")
        }
        // Both kinds must be there in numbers, or the agreement means little.
        #expect(good >= 100 && samples.count - good >= 100)
        print("\(samples.count) logos, \(good) of them good: the schema's validator agrees")
    }

    /// The samples that jing finds fault with.
    private static func refusedByJing(_ samples: [Sample], schema: String) throws -> Set<String> {
        let folder = NSTemporaryDirectory() + "mailassay-svg.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let paths = samples.indices.map { "\(folder)/\($0).svg" }
        for (path, sample) in zip(paths, samples) { try Data(sample.octets).write(to: URL(fileURLWithPath: path)) }
        var refused: Set<String> = []
        var start = 0
        while start < paths.count {
            let batch = paths[start..<min(start + 1000, paths.count)]
            start = batch.endIndex
            for line in try run(schema, Array(batch), log: "\(folder)/log").split(separator: "\n") {
                // /tmp/.../17.svg:3:14: error: ...
                guard let end = line.range(of: ".svg:"), let slash = line[..<end.lowerBound].lastIndex(of: "/"),
                    let index = Int(line[line.index(after: slash)..<end.lowerBound])
                else {
                    Issue.record("jing said: \(line)")
                    continue
                }
                refused.insert(samples[index].name)
                // It stops at the first file that is not well-formed.
                if line[end.upperBound...].contains(" fatal: ") { start = index + 1 }
            }
        }
        return refused
    }

    private static func run(_ schema: String, _ paths: [String], log: String) throws -> String {
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/jing")
        process.arguments = ["-c", schema] + paths
        process.standardOutput = FileHandle(forWritingAtPath: log)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return try String(contentsOfFile: log, encoding: .utf8)
    }
}
