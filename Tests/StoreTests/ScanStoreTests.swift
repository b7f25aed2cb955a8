import AssayKit
import AssayModel
import AssayReports
@testable import AssayStore
import Foundation
import Testing

/// The file: what goes in comes out, and what is wrong with it is said.
@Suite struct ScanStoreTests {
    @Test func aReportComesOutAsItWentIn() throws {
        try Sample.inFolder { folder in
            let history = try ScanHistory(folder + "/history.db")
            let report = Sample.report("2026-11-01", findings: [Sample.finding("email.mx_null")])
            let id = try #require(try history.keep(report))
            #expect(try history.report(id) == report)
            // The very same once more is no second scan.
            #expect(try history.keep(report) == nil)
            #expect(try history.scans(of: report.domain).count == 1)
            let scan = try #require(try history.scans(of: report.domain).first)
            #expect(scan.findings.map(\.key) == report.findings.map(\.key))
            #expect(scan.startedAt == report.startedAt && scan.isComplete)
        }
    }

    /// Scans of the past fall into place, and cut a run that they contradict.
    @Test func sightingsKeepTheOrderOfTimeNotOfArrival() throws {
        func sighting(_ value: String, _ day: String) -> Sighting {
            Sighting(
                fact: "f.x", subject: .domain(Sample.domain()), value: .string(value), firstSeen: Sample.moment(day),
                lastSeen: Sample.moment(day))
        }
        func add(_ store: ScanStore, _ value: String, _ day: String) throws {
            let report = Sample.report(day)
            let scan = StoredScan(
                domain: report.domain, startedAt: report.startedAt, finishedAt: report.finishedAt, tier: "basic",
                profiles: ["default"], tool: "t", ruleset: "00", isComplete: true, undetermined: 0, findings: [])
            try store.add(scan, report: Array("\(day)\(value)".utf8), sightings: [sighting(value, day)])
        }
        try Sample.inFolder { folder in
            let store = try ScanStore(folder + "/history.db")
            for day in ["2026-11-01", "2026-11-05", "2026-11-09"] { try add(store, "a", day) }
            try add(store, "b", "2026-11-07")
            try add(store, "a", "2026-11-03")
            let runs = try store.sightings(of: Sample.domain()).map {
                "\($0.value?.stringValue ?? "") \($0.firstSeen.dayText) \($0.lastSeen.dayText)"
            }
            #expect(runs == ["a 2026-11-01 2026-11-05", "b 2026-11-07 2026-11-07", "a 2026-11-09 2026-11-09"])
        }
    }

    @Test func pruningKeepsTheNewestAndWhatIsRemembered() throws {
        try Sample.inFolder { folder in
            let history = try ScanHistory(folder + "/history.db")
            let policy = Sample.observation(
                "mta_sts.policy", .policyHost(Sample.domain("mta-sts.example.com")), .object(["mode": .string("none")]))
            for day in 1...9 { try history.keep(Sample.report("2026-11-0\(day)", observations: [policy])) }
            try history.keep(Sample.report("2026-01-01", domain: "old.example"))
            #expect(try history.prune(ScanStore.Retention(newest: 4)) == 5)
            #expect(try history.prune(ScanStore.Retention(since: Sample.moment("2026-11-08"))) == 2)
            #expect(try history.scans(of: Sample.domain()).map(\.startedAt.dayText) == ["2026-11-09", "2026-11-08"])
            #expect(try history.scans(of: Sample.domain("old.example")).count == 1)
            let run = try #require(try history.sightings(of: Sample.domain()).first)
            #expect(run.firstSeen == Sample.moment("2026-11-01"))
            #expect(try history.faults() == [])
        }
    }

    @Test func aBackupIsWhole() throws {
        try Sample.inFolder { folder in
            let history = try ScanHistory(folder + "/history.db")
            for day in 1...5 { try history.keep(Sample.report("2026-11-0\(day)")) }
            try history.backup(to: folder + "/copy.db")
            let copy = try ScanHistory(folder + "/copy.db")
            #expect(try copy.scans(of: Sample.domain()).count == 5)
        }
    }

    @Test func aDomainIsDataNotSQL() throws {
        try Sample.inFolder { folder in
            let history = try ScanHistory(folder + "/history.db")
            let hostile = "'); DROP TABLE scan; --"
            let subject = Subject(kind: .record, name: hostile, address: "\"", object: "\u{1}%_")
            let report = Sample.report("2026-11-01", findings: [Sample.finding("email.x", at: subject, title: hostile)])
            try history.keep(report)
            #expect(try history.scans(of: report.domain).first?.findings.first?.key.subject == subject)
            #expect(try history.faults() == [])
        }
    }

    // MARK: What is no store

    private func words(_ path: String) -> String {
        do {
            _ = try ScanStore(path, busySeconds: 0.1)
            return "opened"
        } catch {
            return "\(error)"
        }
    }

    @Test func whatIsNoStoreIsRefusedAndLeftAlone() throws {
        try Sample.inFolder { folder in
            let text = folder + "/text.db"
            try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: text))
            #expect(words(text) == "\(text): damaged, or no SQLite file")
            #expect(try Data(contentsOf: URL(fileURLWithPath: text)) == Data(repeating: 0x41, count: 8192))

            let foreign = folder + "/foreign.db"
            try sqlite(foreign, "CREATE TABLE t (x); INSERT INTO t VALUES (1);")
            let before = try Data(contentsOf: URL(fileURLWithPath: foreign))
            #expect(words(foreign) == "\(foreign): a database of another program")
            #expect(try Data(contentsOf: URL(fileURLWithPath: foreign)) == before)

            #expect(words(folder).hasPrefix("\(folder): "))
            #expect(
                words(folder + "/none/history.db")
                    == "\(folder)/none/history.db: cannot be used (No such file or directory)")
        }
    }

    @Test func aNewerStoreIsRefused() throws {
        try Sample.inFolder { folder in
            let path = folder + "/history.db"
            try ScanHistory(path).keep(Sample.report("2026-11-01"))
            try sqlite(path, "PRAGMA user_version = 3;")
            #expect(words(path) == "\(path): made by a newer version of this program; use that one")
            try sqlite(path, "PRAGMA user_version = 2; INSERT INTO grdb_migrations VALUES ('3');")
            #expect(words(path) == "\(path): made by a newer version of this program; use that one")
        }
    }

    @Test func aLockedStoreIsSaidToBeLocked() throws {
        try Sample.inFolder { folder in
            let path = folder + "/history.db"
            let store = try ScanStore(path, busySeconds: 0.1)
            let other = Process()
            other.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            other.arguments = [
                "-c",
                """
                import sqlite3, sys, time
                d = sqlite3.connect(sys.argv[1], isolation_level=None)
                d.execute('BEGIN IMMEDIATE')
                print('held', flush=True)
                time.sleep(30)
                """, path,
            ]
            let output = Pipe()
            other.standardOutput = output
            try other.run()
            defer {
                other.terminate()
                other.waitUntilExit()
            }
            var words = Data()
            while !words.contains(0x0A) { words += output.fileHandleForReading.availableData }
            var error = "pruned"
            do { _ = try store.prune(ScanStore.Retention(newest: 1)) } catch let fault { error = "\(fault)" }
            #expect(error == "\(path): locked by another program; nothing was changed")
        }
    }

    /// A bit that turned anywhere in the file: an error or a result, never a crash.
    @Test func aDamagedFileNeverCrashesAReader() throws {
        try Sample.inFolder { folder in
            let path = folder + "/history.db"
            let history = try ScanHistory(path)
            for day in 1...9 {
                try history.keep(Sample.report("2026-11-0\(day)", findings: [Sample.finding("email.x")]))
            }
            try history.backup(to: folder + "/clean.db")
            let clean = try Data(contentsOf: URL(fileURLWithPath: folder + "/clean.db"))
            var random = SystemRandomNumberGenerator()
            for _ in 0..<100 {
                var bytes = clean
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
                try bytes.write(to: URL(fileURLWithPath: folder + "/turned.db"))
                for tail in ["-wal", "-shm"] {
                    try? FileManager.default.removeItem(atPath: folder + "/turned.db" + tail)
                }
                guard let store = try? ScanStore(folder + "/turned.db", busySeconds: 0.1) else { continue }
                _ = try? store.scans(of: Sample.domain())
                _ = try? store.sightings(of: Sample.domain())
                for id in (try? store.ids()) ?? [] { _ = try? store.report(id: id) }
                _ = try? store.faults()
            }
        }
    }

    private func sqlite(_ path: String, _ statements: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c", "import sqlite3,sys; d=sqlite3.connect(sys.argv[1]); d.executescript(sys.argv[2]); d.close()", path,
            statements,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
