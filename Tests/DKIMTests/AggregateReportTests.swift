import AssayEngine
import AssayKit
import Foundation
import Testing

struct AggregateReportTests {
    @Test func `selectors of a report`() {
        let text = """
            <?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><feedback><record><row><policy_evaluated><dkim>pass</dkim>
            </policy_evaluated></row><auth_results><dkim><domain>Example.com</domain><selector> s1 </selector></dkim>
            <dkim><domain>example.com</domain><selector>s1</selector></dkim><dkim><domain>x</domain></dkim>
            <spf><domain>example.com</domain></spf></auth_results></record></feedback>
            """
        let found = AggregateReport.selectors(in: Array(text.utf8))
        #expect(found?.map { "\($0.selector) \($0.domain)" } == ["s1 example.com"])
        #expect(AggregateReport.selectors(in: Array("<html>".utf8)) == nil)
        let open = "<feedback>" + String(repeating: "<dkim><domain>", count: 50_000)
        #expect(AggregateReport.selectors(in: Array(open.utf8))?.isEmpty == true)
    }

    /// Files of other people's gzip and zip (Python's), good and hostile: their selectors, or a word of the refusal.
    @Test func `compressed reports`() throws {
        let folder = NSTemporaryDirectory() + "mailassay-reports.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("make-reports.py").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [script, folder]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let table = try String(contentsOfFile: "\(folder)/table", encoding: .utf8)
        let rows = table.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        #expect(rows.count >= 25)
        for row in rows {
            let (file, wanted) = (row[0], row[1])
            let clock = ContinuousClock()
            let start = clock.now
            do {
                let found = try AggregateReport.selectors(path: "\(folder)/\(file)")
                #expect(found.map(\.selector).joined(separator: " ") == wanted, "\(file)")
            } catch {
                #expect("\(error)".contains(wanted), "\(file): \(error)")
            }
            #expect(clock.now - start < .seconds(20), "\(file)")
        }
    }
}
