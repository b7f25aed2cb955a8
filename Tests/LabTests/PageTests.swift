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

    /// A page with a past: what changed, and the score's history.
    private func changed(_ all: [Report]) throws -> [UInt8] {
        let report = try #require(all.first { $0.domain.description == "faulty.lab" })
        var previous = try #require(all.first { $0.domain.description == "exemplary.lab" })
        previous.domain = report.domain
        previous.startedAt = Timestamp(secondsSince1970: report.startedAt.secondsSince1970 - 864_000)
        var past = ReportPast()
        past.previous = previous
        past.scores = [.init(at: previous.startedAt, score: previous.score?.value ?? 0)]
        var options = RenderOptions(catalogue: Languages.standard)
        options.pasts = [report.domain: past]
        return ReportWriter.render([report], as: .html, options: options)
    }

    /// The middle one and the largest, for whoever reads the log.
    private func sizes(_ all: [Report], _ options: RenderOptions) -> String {
        // Rendering all of them takes a debug build a minute: every tenth.
        let some = all.enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        let pages = some.map { (ReportWriter.render([$0], as: .html, options: options).count, $0.domain.description) }
            .sorted { $0 < $1 }
        guard let last = pages.last else { return "" }
        return "pages: \(pages[pages.count / 2]) in the middle, \(last) the largest of \(pages.count)"
    }

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
            // The goal for a typical domain with all checkers.
            #expect(bytes.count <= 150_000, "\(name): \(bytes.count) octets")
            pages.append("\(folder)/\(name).html")
            try Data(bytes).write(to: URL(fileURLWithPath: pages[pages.count - 1]))
        }
        // Many domains: a league table without the reports themselves.
        pages.append("\(folder)/all.html")
        let many = ReportWriter.render(all, as: .html, options: options)
        #expect(many.count <= 20_000 + all.count * 500, "\(all.count) domains: \(many.count) octets")
        try Data(many).write(to: URL(fileURLWithPath: pages[pages.count - 1]))
        pages.append("\(folder)/changed.html")
        try Data(changed(all)).write(to: URL(fileURLWithPath: pages[pages.count - 1]))
        print(sizes(all, options))
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
