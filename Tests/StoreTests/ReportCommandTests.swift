import AssayKit
import AssayModel
import AssayReports
import Foundation
import Testing

/// `report` and `diff` as a user types them: pages, what changed, a baseline, many reports in one file.
@Suite struct ReportCommandTests {
    private func write(_ reports: [Report], to path: String) throws {
        try Data(reports.flatMap(JSONReport.line)).write(to: URL(fileURLWithPath: path))
    }

    private func days() -> (old: Report, new: Report) {
        func check(_ id: String, _ result: Check.Result) -> Check {
            Check(id: id, subject: .domain(Sample.domain()), result: result)
        }
        var old = Sample.report(
            "2026-11-01", findings: [Sample.finding("email.a", title: "Old fault")],
            checks: [check("email.a", .finding), check("email.b", .pass)])
        var new = Sample.report(
            "2026-11-09", findings: [Sample.finding("email.b", .medium, title: "New fault")],
            checks: [check("email.a", .pass), check("email.b", .finding)])
        old.score = Score(value: 61, grade: "C", start: 100, steps: [], ceiling: nil, fixes: [])
        new.score = Score(value: 83, grade: "B", start: 100, steps: [], ceiling: nil, fixes: [])
        return (old, new)
    }

    @Test func whatChangedShowsWhereverAnEarlierScanIsKnown() throws {
        try Sample.inFolder { folder in
            let (old, new) = days()
            try write([old], to: folder + "/old.json")
            try write([new], to: folder + "/new.json")
            let run = try Program.shell(
                """
                set -e
                $MAILASSAY store import old.json --store ./h.db > /dev/null
                $MAILASSAY report new.json --store ./h.db -o store.html
                $MAILASSAY report new.json --baseline old.json -o baseline.html
                $MAILASSAY diff old.json new.json --format html > diff.html
                $MAILASSAY report new.json -o alone.html
                $MAILASSAY report store.html --format json > back.json
                $MAILASSAY report new.json --baseline new.json --format nagios
                $MAILASSAY report new.json --brief --width 40
                """, in: folder)
            #expect(run.status == 0, "\(run.errors)")
            func page(_ name: String) -> String {
                (try? String(contentsOfFile: "\(folder)/\(name).html", encoding: .utf8)) ?? ""
            }
            for name in ["store", "baseline", "diff"] {
                #expect(page(name).contains("New fault") && page(name).contains("Old fault"), "\(name)")
                #expect(page(name).contains("1 new, 1 fixed"), "\(name)")
            }
            #expect(page("store").contains("2 scans since 2026-11-01: from 61 to 83"))
            #expect(page("diff").contains("Score 61 C, now 83 B"))
            #expect(!page("alone").contains("What changed"))
            let back = try Data(contentsOf: URL(fileURLWithPath: folder + "/back.json"))
            #expect(try JSONReport.read(Array(back)) == [new])
            #expect(run.output.hasPrefix("MAIL OK - example.com: no findings"), "\(run.output)")
            #expect(run.output.contains("! MX  New fault"))
        }
    }

    @Test func aNarrowScreenIsAsked() throws {
        try Sample.inFolder { folder in
            try write([days().new], to: folder + "/new.json")
            let run = try Program.shell("$MAILASSAY report new.json --width 20", in: folder)
            #expect(run.status == 3 && run.errors.contains("--width 20: use 40 to 400 columns"))
        }
    }

    /// Nothing in a report says when or where it was written, in which order a process hashes, or what the user's locale is.
    @Test func theSameInputGivesTheSameOctets() throws {
        try Sample.inFolder { folder in
            let (old, new) = days()
            try write([old], to: folder + "/old.json")
            try write([new, old], to: folder + "/all.ndjson")
            let formats = ReportFormat.allCases.map(\.rawValue).joined(separator: " ")
            let run = try Program.shell(
                """
                export SOURCE_DATE_EPOCH=1700000000
                make() {
                  mkdir $1
                  for format in \(formats); do
                    $MAILASSAY report all.ndjson --baseline old.json --format $format > $1/$format
                  done
                  for format in text json md html; do $MAILASSAY diff old.json all.json --format $format > $1/diff.$format; done
                }
                head -1 all.ndjson > all.json
                make first
                sleep 1.1
                export TZ=Pacific/Auckland LANG=tr_TR.UTF-8 HOSTNAME=other
                make second
                diff -r first second && ls first | wc -l
                """, in: folder)
            #expect(
                run.status == 0 && run.output.contains("\(ReportFormat.allCases.count + 4)"),
                "\(run.output)\(run.errors)")
        }
    }

    /// A file too large to be read whole comes a line at a time; its fault is named by its line.
    @Test func aLongFileIsReadLineByLine() throws {
        try Sample.inFolder { folder in
            let (old, new) = days()
            let path = folder + "/many.ndjson"
            try write((0..<60).map { $0 % 2 == 0 ? old : new }, to: path)
            var count = 0
            var reader = try ReportReader(path: path, wholeOctets: 20_000)
            #expect(reader.holdsSeveral)
            while let report = try reader.next() {
                #expect(report == (count % 2 == 0 ? old : new))
                count += 1
            }
            #expect(count == 60)
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.seekToEnd()
            try handle.write(
                contentsOf: Data(Array(repeating: 0x0A, count: 3_000_000) + Array("{\"schema\":1}\n".utf8)))
            reader = try ReportReader(path: path, wholeOctets: 20_000)
            var words = ""
            do { while try reader.next() != nil {} } catch { words = "\(error)" }
            #expect(words.hasPrefix("\(path): line 3000061: "), "\(words)")
        }
    }

    @Test func aLongFileThatIsNoNDJSONIsRefused() throws {
        try Sample.inFolder { folder in
            let path = folder + "/long.json"
            try Data(repeating: UInt8(ascii: "["), count: 3_000_000).write(to: URL(fileURLWithPath: path))
            #expect(throws: AuditError.self) { try ReportReader(path: path, wholeOctets: 20_000) }
        }
    }

    @Test func anOlderStoreLearnsItsScores() throws {
        try Sample.inFolder { folder in
            let (old, new) = days()
            let path = folder + "/h.db"
            try ScanHistory(path).keep(old)
            let run = try Program.shell(
                """
                python3 -c "import sqlite3; sqlite3.connect('h.db').executescript('''
                ALTER TABLE scan DROP COLUMN score; DELETE FROM grdb_migrations WHERE identifier = '2';
                PRAGMA user_version = 1;''')"
                """, in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let past = try ScanHistory(path).past(of: new)
            #expect(past.scores == [.init(at: old.startedAt, score: 61)] && past.previous == old)
        }
    }
}
