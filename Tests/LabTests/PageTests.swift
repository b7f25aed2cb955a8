import AssayModel
import AssayReports
import AssayRules
import Foundation
import LabKit
import Testing

/// HTML reports of real scans, opened in a real browser (check-pages.py).
@Suite struct PageTests {
    private struct Page: Decodable {
        let violations: [String]
        let incomplete: [String]
        let requests: [String]
        let errors: [String]
        let sideways: [String]
        let printed: Int
        let headings: Int
    }

    /// What axe-core cannot decide by itself, and why that is well.
    private static let undecided = [
        // Text within SVG, whose ground axe does not see: the palette was chosen by its contrast (reports/README.md).
        "color-contrast"
    ]

    @Test func readersFindNothingWrong() async throws {
        let result = await LabRun.result.value
        if let obstacle = result.obstacle { return print("skipped: the lab cannot run: \(obstacle)") }
        let folder = NSTemporaryDirectory() + "mailassay-pages.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let names = ["exemplary.lab", "faulty.lab"]
        let all = try await LabRun.reports.value.sorted { $0.key < $1.key }.map(\.value)
        let options = RenderOptions(catalogue: Languages.standard)
        var pages: [String] = []
        for name in names {
            let report = try #require(all.first { $0.domain.description == name })
            let bytes = ReportWriter.render([report], as: .html, options: options)
            // With all checkers the report inside is two thirds of it; the goal is 150,000.
            #expect(bytes.count <= 350_000, "\(name): \(bytes.count) octets")
            pages.append("\(folder)/\(name).html")
            try Data(bytes).write(to: URL(fileURLWithPath: pages[pages.count - 1]))
        }
        // Many domains: a league table without the reports themselves.
        pages.append("\(folder)/all.html")
        let many = ReportWriter.render(Array(all.prefix(40)), as: .html, options: options)
        try Data(many).write(to: URL(fileURLWithPath: pages[2]))
        let root = LabTests.root.path
        let process = try LabProcess.start(
            "\(root)/.build/python/bin/python", ["\(root)/Tests/LabTests/check-pages.py"] + pages, log: "\(folder)/log")
        let status = process.wait()
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/log"))
        try #require(status == 0, "\(String(decoding: data.suffix(2000), as: UTF8.self))")
        let found = try JSONDecoder().decode([String: Page].self, from: data)
        #expect(Set(found.keys) == Set(pages))
        for (path, page) in found {
            #expect(page.violations == [], "\(path)")
            #expect(page.incomplete.filter { item in !Self.undecided.contains { item.hasPrefix($0) } } == [], "\(path)")
            #expect(page.requests == [] && page.errors == [] && page.sideways == [], "\(path)")
            #expect(page.printed > 20 && page.headings > 0, "\(path)")
        }
    }
}
