import AssayModel
import FoundationEssentials
import GRDB

/// What was seen of one domain from when to when: a row per unbroken run of one value.
struct SightingLog {
    let domain: String

    func all(in database: Database) throws -> [Sighting] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM sighting WHERE domain = ? ORDER BY first_seen, id", arguments: [domain]
        ).map(Self.sighting)
    }

    /// Lengthens the run that the sighting continues, else begins one. A sighting from the past (an import) that
    /// contradicts a run cuts it in two, at the scans that are known.
    func note(_ new: Sighting, in database: Database) throws {
        let at = new.firstSeen.secondsSince1970
        let text = try Self.text(new.value)
        let runs = try Row.fetchAll(
            database,
            sql: """
                SELECT id, value, first_seen, last_seen FROM sighting
                WHERE domain = ? AND fact = ? AND kind = ? AND name = ? AND address IS ? AND object IS ?
                ORDER BY first_seen, id
                """,
            arguments: [
                domain, new.fact, new.subject.kind.rawValue, new.subject.name, new.subject.address, new.subject.object,
            ]
        ).map {
            Run(
                id: try $0.read("id"), value: try $0.readIfPresent("value"),
                first: try $0.readMoment("first_seen").secondsSince1970,
                last: try $0.readMoment("last_seen").secondsSince1970)
        }
        if let around = runs.first(where: { $0.first <= at && at <= $0.last }) {
            if around.value == text { return }
            try split(around, at: at, in: database)
            return try insert(new, text, from: at, to: at, in: database)
        }
        let before = runs.last { $0.last < at }
        let after = runs.first { $0.first > at }
        // A scan between that did not see the subject at all ends no run; another value does.
        if let before, before.value == text {
            try database.execute(sql: "UPDATE sighting SET last_seen = ? WHERE id = ?", arguments: [at, before.id])
        } else if let after, after.value == text {
            try database.execute(sql: "UPDATE sighting SET first_seen = ? WHERE id = ?", arguments: [at, after.id])
        } else {
            try insert(new, text, from: at, to: at, in: database)
        }
    }

    private struct Run {
        let id: Int64
        let value: String?
        let first: Int64
        let last: Int64
    }

    private func split(_ run: Run, at moment: Int64, in database: Database) throws {
        let before =
            try Int64.fetchOne(
                database,
                sql: "SELECT max(started_at) FROM scan WHERE domain = ? AND started_at < ? AND started_at >= ?",
                arguments: [domain, moment, run.first]) ?? run.first
        let after =
            try Int64.fetchOne(
                database,
                sql: "SELECT min(started_at) FROM scan WHERE domain = ? AND started_at > ? AND started_at <= ?",
                arguments: [domain, moment, run.last]) ?? run.last
        try database.execute(sql: "UPDATE sighting SET last_seen = ? WHERE id = ?", arguments: [before, run.id])
        try database.execute(
            sql: """
                INSERT INTO sighting (domain, fact, kind, name, address, object, value, first_seen, last_seen)
                SELECT domain, fact, kind, name, address, object, value, ?, ? FROM sighting WHERE id = ?
                """,
            arguments: [after, run.last, run.id])
    }

    private func insert(
        _ new: Sighting, _ text: String?, from first: Int64, to last: Int64, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO sighting (domain, fact, kind, name, address, object, value, first_seen, last_seen)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                domain, new.fact, new.subject.kind.rawValue, new.subject.name, new.subject.address, new.subject.object,
                text, first, last,
            ])
    }

    private static func sighting(_ row: Row) throws -> Sighting {
        let text: String? = try row.readIfPresent("value")
        let value = try text.map { text in
            guard let value = try? JSONDecoder().decode(FactValue.self, from: Data(text.utf8)) else {
                throw Row.damage("value")
            }
            return value
        }
        return Sighting(
            fact: try row.read("fact"), subject: try row.readSubject(), value: value,
            firstSeen: try row.readMoment("first_seen"), lastSeen: try row.readMoment("last_seen"))
    }

    static func text(_ value: FactValue?) throws -> String? {
        guard let value else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
