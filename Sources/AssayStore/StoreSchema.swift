import GRDB

/// The tables, one migration a version. A migration never changes once it was released.
enum StoreSchema {
    /// `PRAGMA application_id`: "MAIL".
    static let applicationID: Int32 = 0x4D41_494C
    /// `PRAGMA user_version`, the number of the newest migration.
    static let version: Int32 = 2

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: first)
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: second)
        }
        return migrator
    }

    private static let first = """
        CREATE TABLE scan (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            domain TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            finished_at INTEGER NOT NULL,
            tier TEXT NOT NULL,
            profiles TEXT NOT NULL,
            tool TEXT NOT NULL,
            ruleset TEXT NOT NULL,
            is_complete INTEGER NOT NULL,
            undetermined INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX scan_domain ON scan (domain, started_at);
        -- Apart, so that lists do not walk over megabytes.
        CREATE TABLE report (
            scan INTEGER PRIMARY KEY REFERENCES scan ON DELETE CASCADE,
            json BLOB NOT NULL
        ) STRICT;
        CREATE TABLE finding (
            scan INTEGER NOT NULL REFERENCES scan ON DELETE CASCADE,
            position INTEGER NOT NULL,
            rule TEXT NOT NULL,
            severity TEXT NOT NULL,
            title TEXT NOT NULL,
            is_accepted INTEGER NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            address TEXT,
            object TEXT,
            PRIMARY KEY (scan, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE sighting (
            id INTEGER PRIMARY KEY,
            domain TEXT NOT NULL,
            fact TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            address TEXT,
            object TEXT,
            value TEXT,
            first_seen INTEGER NOT NULL,
            last_seen INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX sighting_domain ON sighting (domain, fact, name);
        PRAGMA user_version = 1;
        """

    /// The score, so that its history need not read whole reports; older scans have it in theirs.
    private static let second = """
        ALTER TABLE scan ADD COLUMN score INTEGER;
        UPDATE scan SET score = (
            SELECT json_extract(text, '$.summary.score') FROM (
                SELECT CAST(json AS TEXT) AS text FROM report WHERE report.scan = scan.id
            ) WHERE json_valid(text)
        );
        PRAGMA user_version = 2;
        """
}
