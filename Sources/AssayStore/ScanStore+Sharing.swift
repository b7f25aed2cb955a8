package import AssayModel
import GRDB

extension ScanStore {
    /// Who else has one of these values of a fact, as far as the last sight of each subject goes: value to domains, in order.
    package func domains(
        sharing values: [FactValue], of fact: String, beside domain: DomainName, limit: Int
    ) throws(StoreError) -> [FactValue: [DomainName]] {
        try read { database in
            var found: [FactValue: [DomainName]] = [:]
            for value in values {
                let names = try String.fetchAll(
                    database,
                    sql: """
                        SELECT DISTINCT domain FROM sighting AS run
                        WHERE fact = ? AND value = ? AND domain <> ? AND NOT EXISTS (
                            SELECT 1 FROM sighting AS later
                            WHERE later.domain = run.domain AND later.fact = run.fact AND later.name = run.name
                                AND later.kind = run.kind AND later.first_seen > run.last_seen
                        ) ORDER BY domain LIMIT ?
                        """,
                    arguments: [fact, try SightingLog.text(value), domain.description, limit])
                found[value] = names.compactMap { DomainName($0) }
            }
            return found
        }
    }
}
