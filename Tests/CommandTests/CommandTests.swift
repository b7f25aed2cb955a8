import Foundation
@testable import LabKit
import Testing

/// The command as a user types it: arguments in, exit status and one line out.
@Suite struct CommandTests {
    private func run(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
        let own = ProcessInfo.processInfo.arguments[0]
        let program = (own as NSString).deletingLastPathComponent + "/mailassay"
        let folder = NSTemporaryDirectory() + "mailassay-command.\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let quoted = arguments.map { "'" + $0.replacingOccurrences(of: "'", with: "'\\''") + "'" }.joined(
            separator: " ")
        let process = try LabProcess.start(
            "/bin/sh", ["-c", "\(program) \(quoted) > \(folder)/out 2> \(folder)/err < /dev/null"], log: "/dev/null")
        let status = process.wait()
        return (
            status, (try? String(contentsOfFile: folder + "/out", encoding: .utf8)) ?? "",
            (try? String(contentsOfFile: folder + "/err", encoding: .utf8)) ?? ""
        )
    }

    @Test(
        arguments: [
            ([], ""),
            (["scan"], "mailassay: Missing expected argument"),
            (["scan", ""], "mailassay: \"\": the name is empty"),
            (["scan", "dotless"], "mailassay: \"dotless\": the name has no dot"),
            (["scan", "192.0.2.1"], "mailassay: \"192.0.2.1\": this is an IP address"),
            (["scan", "[2001:db8::1]"], "mailassay: \"[2001:db8::1]\": this is an IP address"),
            (["scan", "a..example"], "mailassay: \"a..example\": a label is empty"),
            (["scan", String(repeating: "a", count: 64) + ".example"], "mailassay: \"aaaa"),
            (["scan", "xn--a-.example\u{1B}[31m"], "mailassay: \"xn--a-.example?[31m\""),
            (["scan", "example.com", "--checker", "nope"], "mailassay: --checker nope: there is no such checker"),
            (["scan", "example.com", "--format", "pdf"], "mailassay: --format \"pdf\": use text, json, ndjson"),
            (
                ["scan", "example.com", "--at", "2027-01-01T00:00:00Z"],
                "mailassay: --at \"2027-01-01T00:00:00Z\": only with"
            ),
            (["scan", "--replay", "/nonexistent"], "mailassay: /nonexistent: No such file"),
            (["scan", "--replay", "/etc/hostname"], "mailassay: /etc/hostname:1: no evidence file"),
            (["scan", "--replay", "/dev/null"], "mailassay: /dev/null:1: no evidence file"),
            (["scan", "a.example", "--replay", "/etc/hostname"], "mailassay: --replay takes no domain"),
            (
                ["scan", "a.example", "b.example", "--save-evidence", "x"],
                "mailassay: --save-evidence takes one domain"
            ),
            (["scan", "example.com", "--tier", "deep"], "mailassay: --tier \"deep\": use basic or extended"),
            (["scan", "example.com", "--profile", "nope"], "mailassay: --profile nope: there is no such profile"),
            (["scan", "example.com", "--rules", "/nonexistent"], "mailassay: /nonexistent: No such file"),
            (["scan", "example.com", "-o", "/nonexistent/x.html"], "mailassay: -o /nonexistent/x.html: No such file"),
            (["scan", "example.com", "-o", "/tmp/x.pdf"], "mailassay: -o /tmp/x.pdf: no format has the extension"),
            (
                ["scan", "example.com", "--trust-anchor", "/etc/hostname"],
                "mailassay: /etc/hostname:1: neither a DS nor a DNSKEY"
            ),
            (
                ["scan", "example.com", "--root-hints", "/etc/hostname"],
                "mailassay: /etc/hostname:1: neither an NS nor an address"
            ),
            (
                ["scan", "example.com", "--ca-file", "/etc/hostname"],
                "mailassay: /etc/hostname: holds no PEM certificate"
            ),
            (["scan", "example.com", "--timeout", "0"], "mailassay: --timeout 0: use 2 to 3600"),
            (["scan", "example.com", "--fail-on", "bad"], "mailassay: --fail-on \"bad\": use critical"),
            (["scan", "example.com", "--resolver", "x"], "mailassay: --resolver \"x\": use ADDR or ADDR@PORT"),
            (["report", "/nonexistent"], "mailassay: /nonexistent: No such file"),
            (["explain", "no_such_rule"], "mailassay: \"no_such_rule\": no rule has this in its id"),
        ] as [([String], String)])
    func badInputEndsWith3AndOneLine(_ arguments: [String], _ beginning: String) throws {
        let (status, output, errors) = try run(arguments)
        if arguments.isEmpty {
            #expect(status == 0 && output.contains("SUBCOMMANDS"))
            return
        }
        #expect(status == 3)
        #expect(output == "")
        #expect(errors.hasPrefix(beginning), "\(errors)")
        #expect(!errors.dropLast().contains("\u{1B}"))
    }

    @Test func aRuleFileWithAFaultIsNamedWithItsPlace() throws {
        let file = NSTemporaryDirectory() + "bad-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try "- id: x\n  when: { fact: nope }\n".write(toFile: file, atomically: true, encoding: .utf8)
        let (status, _, errors) = try run(["rules", "validate", file])
        #expect(status == 3)
        #expect(errors == "mailassay: \(file):2:17: there is no fact \"nope\"\n")
    }

    @Test func withoutANetworkTheScanIsIncompleteAndSaysSo() throws {
        guard geteuid() == 0 || access("/proc/self/ns/user", R_OK) == 0 else {
            return print("skipped: no user namespaces")
        }
        let own = ProcessInfo.processInfo.arguments[0]
        let program = (own as NSString).deletingLastPathComponent + "/mailassay"
        let log = NSTemporaryDirectory() + "no-network.\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: log) }
        let process = try LabProcess.start(
            "unshare", Namespace.arguments + [program, "scan", "example.com", "--timeout", "20"], log: log)
        #expect(process.wait() == 2)
        let words = try String(contentsOfFile: log, encoding: .utf8)
        #expect(words.contains("incomplete: no name server answered, is there a network?"))
    }

    @Test func helpVersionRulesAndCheckers() throws {
        #expect(try run(["--version"]).output == "mailassay 0.1.0\n")
        #expect(try run(["rules", "test"]).output.hasSuffix("0 failures\n"))
        #expect(try run(["rules", "list"]).output.contains("email.mta_sts_absent"))
        #expect(try run(["explain", "mta_sts_absent"]).output.contains("What to do"))
        #expect(try run(["checkers"]).output.contains("starttls.handshake"))
    }

    /// What a hostile or damaged recording says, and what must be said of it. Nothing may be written.
    @Test(
        arguments: [
            ("{\"schema\":\"mailassay.evidence/2\"}\n", ":1: schema \"mailassay.evidence/2\", this program reads"),
            ("{\"schema\":\"mailassay.evidence/1\"}\n", ":1: the header is damaged"),
            (String(repeating: "[", count: 100_000), ":1: no evidence file"),
            ("{\"schema\":" + String(repeating: "{\"a\":", count: 50_000), ":1: no evidence file"),
            ("\u{1F}\u{8B}", ": the gzip file ends too early"),
            ("", ":1: no evidence file"),
        ])
    func aDamagedRecordingIsRefused(text: String, words: String) throws {
        let folder = NSTemporaryDirectory() + "mailassay-recording.\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let bytes = text == "\u{1F}\u{8B}" ? Data([0x1F, 0x8B]) : Data(text.utf8)
        try bytes.write(to: URL(fileURLWithPath: folder + "/file"))
        let result = try run(["scan", "--replay", "\(folder)/file", "-o", "\(folder)/report.json"])
        #expect(result.status == 3)
        #expect(result.errors.contains("\(folder)/file\(words)"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder + "/report.json"))
    }
}
