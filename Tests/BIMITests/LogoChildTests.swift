import AssayKit
import AssaySVG
import Foundation
import Testing

/// The process that judges logos: it answers, or is killed, and the reason says why.
@Suite(.serialized) struct LogoChildTests {
    private func answer(_ program: String, _ text: String = LogoChildTests.good) async -> LogoInspector.Answer {
        await LogoChild.inspector(program).inspect(Array(text.utf8))
    }

    private static let good = SVGSamples.document("<rect/><rect fill=\"#fff\"/>")

    /// A program of these lines of the shell.
    private func script(_ lines: String) throws -> String {
        let path = NSTemporaryDirectory() + "mailassay-child.\(UUID().uuidString)"
        try "#!/bin/sh\n\(lines)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    private var ownProgram: String {
        (ProcessInfo.processInfo.arguments[0] as NSString).deletingLastPathComponent + "/mailassay"
    }

    @Test func saysWhatTheSameCodeSaysHere() async throws {
        for text in [Self.good, SVGSamples.document("<script/>"), SVGSamples.document("<rect>"), "no logo", ""] {
            guard case .verdict(let verdict) = await answer(ownProgram, text) else {
                Issue.record("no verdict on \(text)")
                continue
            }
            #expect(verdict == SVGCheck.verdict(on: Array(text.utf8)))
        }
    }

    @Test(arguments: [
        ("exec sleep 60", "svg.time 5 s"), ("kill -SEGV $$", "svg.crash"), ("kill -XCPU $$", "svg.cpu 2 s"),
        ("exec yes", "svg.answer 1048576"), ("echo nonsense", "no_program"), ("exit 1", "no_program"),
        // A grandchild that keeps the pipe open holds nobody up.
        ("sleep 60 & echo x", "svg.crash"),
    ])
    func saysWhyThereIsNoVerdict(_ lines: String, _ reason: String) async throws {
        let path = try script(lines)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let start = ContinuousClock.now
        guard case .none(let found) = await answer(path) else {
            Issue.record("a verdict from \(lines)")
            return
        }
        #expect(found == reason)
        #expect(start.duration(to: .now) < .seconds(12))
    }

    @Test func aMissingProgramIsNoVerdict() async {
        guard case .none("no_program") = await answer("/nonexistent") else {
            Issue.record("a verdict from nowhere")
            return
        }
    }

    @Test func whatTheGateTellsNeedsNoProgram() async {
        guard case .verdict(let verdict) = await LogoInspector.missing.inspect(Array("<!DOCTYPE svg><svg/>".utf8))
        else {
            Issue.record("no verdict")
            return
        }
        #expect(verdict.faults.map(\.code) == [.doctype])
    }

    /// The worst that the gate lets through ends within the limits of the process.
    @Test(arguments: ["attributes", "text", "names", "references"])
    func theWorstThatPassesTheGateEnds(_ kind: String) async {
        let filling: String
        switch kind {
        case "attributes":
            let element = "<g " + (0..<250).map { "a\($0)=\"\" " }.joined() + "/>"
            filling = String(repeating: element, count: 110)
        case "text": filling = "<desc>" + String(repeating: "x", count: 250_000) + "</desc>"
        case "names": filling = (0..<15_000).map { "<a\($0)/>" }.joined()
        default: filling = "<desc>" + String(repeating: "&#120;", count: 40_000) + "</desc>"
        }
        let start = ContinuousClock.now
        let answer = await answer(ownProgram, SVGSamples.document(filling))
        if case .none(let reason) = answer { #expect(["svg.cpu 2 s", "svg.time 5 s"].contains(reason)) }
        #expect(start.duration(to: .now) < .seconds(12))
    }
}
