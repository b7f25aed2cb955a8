package import AssayModel
import GRDB

extension ScanStore {
    /// Which scans stay. The newest of each domain always does, and so does what is remembered of all.
    package struct Retention: Sendable, Equatable {
        /// Scans that began earlier go.
        package var since: Timestamp?
        /// Of each domain at most this many stay.
        package var newest: Int?

        package init(since: Timestamp? = nil, newest: Int? = nil) {
            self.since = since
            self.newest = newest
        }
    }

    /// Removes scans; gives how many. The file shrinks where there is room to copy it.
    package func prune(_ retention: Retention) throws(StoreError) -> Int {
        let removed = try write { database in
            try database.execute(
                sql: """
                    DELETE FROM scan WHERE id IN (
                        SELECT id FROM (
                            SELECT id, started_at,
                                row_number() OVER (PARTITION BY domain ORDER BY started_at DESC, id DESC) AS age
                            FROM scan)
                        WHERE age > 1 AND (started_at < ? OR age > ?))
                    """,
                arguments: [retention.since?.secondsSince1970 ?? .min, retention.newest ?? .max])
            return database.changesCount
        }
        if removed > 0 { try? queue.vacuum() }
        return removed
    }

    /// A copy of the whole store as it is at this moment, complete even while others write. The file must not be there.
    package func backup(to path: String) throws(StoreError) {
        do {
            try queue.vacuum(into: path)
        } catch {
            throw StoreError(error, path)
        }
    }

    /// What SQLite finds wrong with the file; empty where nothing is.
    package func faults() throws(StoreError) -> [String] {
        try read { database in
            try String.fetchAll(database, sql: "PRAGMA quick_check").filter { $0 != "ok" }
        }
    }
}
