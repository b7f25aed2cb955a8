import AssayModel
import AssayReports
import Foundation
import Testing

/// `scan --store`, `history`, `diff` and `store` as a user types them.
@Suite struct StoreCommandTests {
    /// Three scans as files, the oldest first.
    private func write(_ folder: String) throws {
        let txt = Subject(kind: .record, name: "_mta-sts.example.com", object: "TXT")
        func record(_ id: String) -> Observation {
            Sample.observation(
                "mta_sts.txt", txt,
                .object([
                    "text": .string("v=STSv1; id=\(id);"), "policy_id": .string(id), "is_valid": .bool(true),
                ]), checker: "MTASTS")
        }
        let rows: [(String, [Finding], String)] = [
            ("2026-11-01", [Sample.finding("email.a"), Sample.finding("email.b", .low)], "1"),
            ("2026-11-02", [Sample.finding("email.a")], "1"),
            ("2026-11-03", [Sample.finding("email.a", .critical), Sample.finding("email.c", .medium)], "2"),
        ]
        for (day, findings, id) in rows {
            let checks = ["email.a", "email.b", "email.c"].map { name in
                Check(
                    id: name, subject: .domain(Sample.domain()),
                    result: findings.contains { $0.id == name } ? .finding : .pass)
            }
            let report = Sample.report(day, findings: findings, checks: checks, observations: [record(id)])
            try Data(JSONReport.write([report])).write(to: URL(fileURLWithPath: "\(folder)/\(day).json"))
        }
    }

    @Test func aStoreFromImportToExport() throws {
        try Sample.inFolder { folder in
            try write(folder)
            let run = try Program.shell(
                """
                export XDG_DATA_HOME='\(folder)/data'
                set -e
                for day in 2026-11-02 2026-11-01 2026-11-03; do $MAILASSAY store import $day.json --store; done
                $MAILASSAY store import 2026-11-01.json --store=default
                $MAILASSAY history example.com --format json > history.json
                $MAILASSAY history example.com
                $MAILASSAY diff example.com@2026-11-01 example.com@last --format json > diff.json
                $MAILASSAY diff example.com
                $MAILASSAY store export -o all.ndjson
                $MAILASSAY store import all.ndjson --store other.db > /dev/null
                $MAILASSAY store export --store other.db > again.ndjson
                cmp all.ndjson again.ndjson
                $MAILASSAY store backup copy.db
                $MAILASSAY store check --store copy.db
                $MAILASSAY store prune --keep 1
                """, in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errors.contains("1 scans were there already") && run.errors.contains("2 scans removed"))
            #expect(run.output.contains("3 scans of 1 domains") && run.output.contains("OPEN"))
            #expect(run.output.contains("[-id=1;-] {+id=2;+}"))
            #expect(FileManager.default.fileExists(atPath: folder + "/data/mailassay/scans.db"))
            let history = try #require(try object(folder + "/history.json"))
            #expect((history["scans"] as? [Any])?.count == 3)
            let findings = try #require(history["findings"] as? [[String: Any]])
            #expect(findings.map { $0["id"] as? String } == ["email.a", "email.c", "email.b"])
            #expect(
                findings[0]["first_seen"] as? String == "2026-11-01T12:00:00Z"
                    && findings[2]["state"] as? String == "gone")
            let diff = try #require(try object(folder + "/diff.json"))
            for (part, ids) in [("new", ["email.c"]), ("fixed", ["email.b"])] {
                #expect((diff[part] as? [[String: Any]])?.map { $0["id"] as? String } == ids, "\(part)")
            }
            #expect((diff["changed"] as? [Any])?.count == 1 && (diff["records"] as? [Any])?.count == 1)
        }
    }

    @Test func diffTellsByItsStatusWhetherSomethingChanged() throws {
        try Sample.inFolder { folder in
            try write(folder)
            let run = try Program.shell(
                """
                $MAILASSAY diff 2026-11-01.json 2026-11-01.json --exit-code; echo "same $?"
                $MAILASSAY diff 2026-11-01.json 2026-11-02.json --exit-code --format md; echo "fixed $?"
                $MAILASSAY diff 2026-11-01.json 2026-11-02.json > /dev/null; echo "plain $?"
                $MAILASSAY diff 2026-11-01.json nope; echo "nope $?"
                $MAILASSAY diff nobody.example --store none.db; echo "nobody $?"
                $MAILASSAY history nobody.example --store none.db; echo "history $?"
                """, in: folder)
            for words in ["same 0", "fixed 1", "plain 0", "nope 3", "nobody 2", "history 2"] {
                #expect(run.output.contains(words + "\n"), "\(words): \(run.output) \(run.errors)")
            }
        }
    }

    /// The scan's result is delivered whatever happens to the store, and status 2 says that it was not stored. Without a
    /// network the scan itself is incomplete; that is 2 as well, and the report is whole JSON.
    @Test func aBrokenStoreNeverHidesTheResult() throws {
        guard Program.hasNamespaces else { return print("skipped: no user namespaces") }
        try Sample.inFolder { folder in
            let many = (0..<400).flatMap { number -> [UInt8] in
                let long = Sample.finding("email.a", title: String(repeating: "word ", count: 200))
                return JSONReport.line(Sample.report("2026-11-01", findings: [long], domain: "d\(number).example"))
            }
            try Data(many).write(to: URL(fileURLWithPath: folder + "/many.ndjson"))
            let run = try Program.shell(
                """
                scan() { $MAILASSAY scan example.com --timeout 3 --format json --store "$1" > "$2.json" 2> "$2.err"; echo "$2 $?"; }
                printf 'no database at all, but long enough to look like one' > text.db
                scan ./text.db text
                scan ./none/history.db missing
                mkdir small ro
                mount -t tmpfs -o size=28k none small && scan small/history.db full
                mkdir filling; mount -t tmpfs -o size=300k none filling
                $MAILASSAY store import many.ndjson --store filling/history.db > acknowledged; echo "filling $?"
                rm -f filling/*-shm; $MAILASSAY store check --store filling/history.db; echo "check $?"
                mount -t tmpfs none ro && $MAILASSAY store check --store ro/history.db > /dev/null && mount -o remount,ro ro
                scan ro/history.db readonly
                $MAILASSAY store check --store newer.db > /dev/null
                python3 -c "import sqlite3; sqlite3.connect('newer.db').execute('PRAGMA user_version = 9')"
                scan ./newer.db newer
                $MAILASSAY store check --store locked.db > /dev/null
                python3 - <<'PY' &
                import sqlite3, time
                d = sqlite3.connect('locked.db', isolation_level=None)
                d.execute('BEGIN IMMEDIATE'); open('held', 'w'); time.sleep(30)
                PY
                until [ -e held ]; do sleep 0.05; done
                scan ./locked.db locked
                kill %1
                scan ./good.db good
                """, in: folder, namespace: true)
            let words = [
                "text": "damaged, or no SQLite file", "missing": "No such file or directory",
                "full": "the disk is full",
                "readonly": "read-only", "newer": "made by a newer version", "locked": "locked by another program",
            ]
            for (name, reason) in words {
                #expect(run.output.contains("\(name) 2\n"), "\(run.output) \(run.errors)")
                let errors = (try? String(contentsOfFile: "\(folder)/\(name).err", encoding: .utf8)) ?? ""
                #expect(errors.contains("not stored: ") && errors.contains(reason), "\(name): \(errors)")
                let report = try JSONReport.read(
                    Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).json"))))
                #expect(report.first?.domain == Sample.domain(), "\(name)")
            }
            // A disk that fills on the way: what was acknowledged is there, the rest is not, and the file is whole.
            #expect(run.output.contains("filling 3\n") && run.errors.contains("filling/history.db: the disk is full"))
            let count = try String(contentsOfFile: "\(folder)/acknowledged", encoding: .utf8).split(separator: "\n")
                .count
            #expect(count > 5 && run.output.contains("\(count) scans of \(count) domains"), "\(count) \(run.output)")
            #expect(run.output.contains("check 0\n"))
            let errors = try String(contentsOfFile: "\(folder)/good.err", encoding: .utf8)
            #expect(!errors.contains("not stored"))
        }
    }

    private func object(_ path: String) throws -> [String: Any]? {
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any]
    }
}
