package import AssayModel
import FoundationEssentials
import GRDB

/// The history of scans in one SQLite file.
///
/// A scan is stored in one transaction with one fsync: when `add` has returned, neither a kill nor a loss of power takes it
/// away, and before that nothing of it is there. Several programs may use the file at once; a writer waits for another.
package final class ScanStore: Sendable {
    package let path: String
    let queue: DatabaseQueue

    /// Opens or creates the file; its folder must be there.
    package init(_ path: String, busySeconds: Double = 5) throws(StoreError) {
        self.path = path
        queue = try StoreFile.open(path, busySeconds: busySeconds)
    }

    // MARK: Writing

    /// Keeps a scan; gives its id, and nil where the very same report is there already.
    @discardableResult
    package func add(_ scan: StoredScan, report: [UInt8], sightings: [Sighting]) throws(StoreError) -> Int64? {
        try write { database in
            let twin = try Int64.fetchOne(
                database,
                sql: """
                    SELECT scan.id FROM scan JOIN report ON report.scan = scan.id
                    WHERE domain = ? AND started_at = ? AND json = ?
                    """,
                arguments: [scan.domain.description, scan.startedAt.secondsSince1970, Data(report)])
            guard twin == nil else { return nil }
            try database.execute(
                sql: """
                    INSERT INTO scan
                        (domain, started_at, finished_at, tier, profiles, tool, ruleset, is_complete, undetermined, score)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    scan.domain.description, scan.startedAt.secondsSince1970, scan.finishedAt.secondsSince1970,
                    scan.tier, scan.profiles.joined(separator: "+"), scan.tool, scan.ruleset, scan.isComplete,
                    scan.undetermined, scan.score,
                ])
            let id = database.lastInsertedRowID
            try database.execute(
                sql: "INSERT INTO report (scan, json) VALUES (?, ?)", arguments: [id, Data(report)])
            for (position, entry) in scan.findings.enumerated() {
                try database.execute(
                    sql: "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        id, position, entry.key.id, entry.severity.rawValue, entry.title, entry.isAccepted,
                        entry.key.subject.kind.rawValue, entry.key.subject.name, entry.key.subject.address,
                        entry.key.subject.object,
                    ])
            }
            let domain = scan.domain.description
            for sighting in sightings { try SightingLog(domain: domain).note(sighting, in: database) }
            return id
        }
    }

    // MARK: Reading

    /// Scans of a domain, the newest first.
    package func scans(of domain: DomainName, limit: Int = .max) throws(StoreError) -> [StoredScan] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM scan WHERE domain = ? ORDER BY started_at DESC, id DESC LIMIT ?",
                arguments: [domain.description, limit]
            ).map { try Self.scan($0, in: database) }
        }
    }

    package func scan(id: Int64) throws(StoreError) -> StoredScan? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM scan WHERE id = ?", arguments: [id])
                .map { try Self.scan($0, in: database) }
        }
    }

    /// The report of a scan, as JSON on one line.
    package func report(id: Int64) throws(StoreError) -> [UInt8]? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT json FROM report WHERE scan = ?", arguments: [id])
                .map { try $0.readOctets("json") }
        }
    }

    /// Ids of scans in the order they were made; of all domains where none is named.
    package func ids(of domain: DomainName? = nil) throws(StoreError) -> [Int64] {
        try read { database in
            guard let domain else {
                return try Int64.fetchAll(database, sql: "SELECT id FROM scan ORDER BY started_at, id")
            }
            return try Int64.fetchAll(
                database, sql: "SELECT id FROM scan WHERE domain = ? ORDER BY started_at, id",
                arguments: [domain.description])
        }
    }

    /// Every domain with the number of its scans and the moment of the last.
    package func domains() throws(StoreError) -> [(domain: String, scans: Int, last: Timestamp)] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT domain, count(*) AS n, max(started_at) AS last FROM scan GROUP BY domain"
            ).map { (try $0.read("domain"), try $0.read("n"), try $0.readMoment("last")) }
        }
    }

    /// What is remembered of a domain, in order of time.
    package func sightings(of domain: DomainName) throws(StoreError) -> [Sighting] {
        try read { database in try SightingLog(domain: domain.description).all(in: database) }
    }

    // MARK: Rows

    private static func scan(_ row: Row, in database: Database) throws -> StoredScan {
        guard let domain = DomainName(try row.read("domain")) else { throw Row.damage("domain") }
        let id: Int64 = try row.read("id")
        let profiles: String = try row.read("profiles")
        let findings = try Row.fetchAll(
            database, sql: "SELECT * FROM finding WHERE scan = ? ORDER BY position", arguments: [id]
        ).map { row in
            guard let severity = Severity(rawValue: try row.read("severity")) else { throw Row.damage("severity") }
            return StoredScan.Entry(
                key: FindingKey(id: try row.read("rule"), subject: try row.readSubject()), severity: severity,
                title: try row.read("title"), isAccepted: try row.read("is_accepted"))
        }
        return StoredScan(
            id: id, domain: domain, startedAt: try row.readMoment("started_at"),
            finishedAt: try row.readMoment("finished_at"), tier: try row.read("tier"),
            profiles: profiles.utf8.split(separator: UInt8(ascii: "+")).map { String(decoding: $0, as: UTF8.self) },
            tool: try row.read("tool"), ruleset: try row.read("ruleset"), isComplete: try row.read("is_complete"),
            undetermined: try row.read("undetermined"), score: try row.readIfPresent("score"), findings: findings)
    }

    // MARK: Access

    func read<T>(_ work: (Database) throws -> T) throws(StoreError) -> T {
        do { return try queue.read(work) } catch { throw StoreError(error, path) }
    }

    func write<T>(_ work: (Database) throws -> T) throws(StoreError) -> T {
        do { return try queue.write(work) } catch { throw StoreError(error, path) }
    }
}
