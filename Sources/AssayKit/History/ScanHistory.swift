package import AssayModel
import AssayReports
package import AssayStore
import Glibc

/// The store as commands use it: reports in, reports and what changed out. Errors are one line that names the file.
package final class ScanHistory: Sendable {
    private let store: ScanStore

    /// In place of a path: the user's own store.
    package static let standardName = "default"

    /// Opens or creates the store; `path` nil or `default` for the user's own.
    package init(_ path: String?) throws(AuditError) {
        let file: String
        if let path, path != Self.standardName { file = path } else { file = try Self.standardPath() }
        do { store = try ScanStore(file) } catch { throw AuditError(error.description) }
    }

    package var path: String { store.path }

    // MARK: Scans

    /// What was seen of a domain before.
    package func sightings(of domain: DomainName) throws(AuditError) -> [Sighting] {
        try ask { () throws(StoreError) in try store.sightings(of: domain) }
    }

    /// Other domains that had one of these DKIM keys when they were last scanned: fingerprint to domains.
    package func keyTwins(_ observations: [Observation], of domain: DomainName) throws(AuditError)
        -> [String: [DomainName]]
    {
        let prints = Set(
            observations.filter { $0.fact == "dkim.key" && $0.outcome.value?[path: "is_revoked"] != .bool(true) }
                .compactMap { $0.outcome.value?[path: "fingerprint"]?.stringValue }
        ).sorted().prefix(HistoryLimits.keys)
        let values = prints.map { FactValue.object(["fingerprint": .string($0)]) }
        let found = try ask { () throws(StoreError) in
            try store.domains(sharing: values, of: "dkim.key", beside: domain, limit: HistoryLimits.twins)
        }
        return Dictionary(uniqueKeysWithValues: zip(prints, values.map { found[$0] ?? [] }))
    }

    /// Keeps a report; when this returns it is safe. Nil where the very same is there already.
    @discardableResult
    package func keep(_ report: Report) throws(AuditError) -> Int64? {
        let scan = StoredScan(
            domain: report.domain, startedAt: report.startedAt, finishedAt: report.finishedAt, tier: report.tier,
            profiles: report.ruleset.profiles, tool: "\(report.tool.name) \(report.tool.version)",
            ruleset: report.ruleset.sha256, isComplete: report.complete, undetermined: report.summary.undetermined,
            score: report.score?.value,
            findings: report.findings.map {
                .init(key: $0.key, severity: $0.severity, title: $0.title, isAccepted: $0.accepted != nil)
            })
        let line = Array(JSONReport.line(report).dropLast())
        let sightings = Memory.sightings(report.observations, at: report.startedAt)
        return try ask { () throws(StoreError) in try store.add(scan, report: line, sightings: sightings) }
    }

    /// Scans of a domain, the newest first.
    package func scans(of domain: DomainName, limit: Int = .max) throws(AuditError) -> [StoredScan] {
        try ask { () throws(StoreError) in try store.scans(of: domain, limit: limit) }
    }

    package func domains() throws(AuditError) -> [(domain: String, scans: Int, last: Timestamp)] {
        try ask { () throws(StoreError) in try store.domains() }
    }

    package func report(_ id: Int64) throws(AuditError) -> Report {
        guard let bytes = try ask({ () throws(StoreError) in try store.report(id: id) }) else {
            throw AuditError("\(path): there is no scan \(id)")
        }
        do {
            guard let report = try JSONReport.read(bytes).first else {
                throw AuditError("\(path): scan \(id) is empty")
            }
            return report
        } catch {
            throw AuditError("\(path): scan \(id): \(error)")
        }
    }

    // MARK: Upkeep

    /// Reports as NDJSON, in the order of the scans, a line at a time.
    package func export(_ domain: DomainName?, _ write: ([UInt8]) throws(AuditError) -> Void) throws(AuditError) -> Int
    {
        let ids = try ask { () throws(StoreError) in try store.ids(of: domain) }
        for id in ids {
            guard let line = try ask({ () throws(StoreError) in try store.report(id: id) }) else { continue }
            try write(line + [0x0A])
        }
        return ids.count
    }

    package func prune(_ retention: ScanStore.Retention) throws(AuditError) -> Int {
        try ask { () throws(StoreError) in try store.prune(retention) }
    }

    package func backup(to file: String) throws(AuditError) {
        try ask { () throws(StoreError) in try store.backup(to: file) }
    }

    package func faults() throws(AuditError) -> [String] {
        try ask { () throws(StoreError) in try store.faults() }
    }

    private func ask<T>(_ work: () throws(StoreError) -> T) throws(AuditError) -> T {
        do { return try work() } catch { throw AuditError(error.description) }
    }

    // MARK: Place

    /// `$STATE_DIRECTORY` (systemd), else `$XDG_DATA_HOME/mailassay`, else `~/.local/share/mailassay`; the folder is made.
    private static func standardPath() throws(AuditError) -> String {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.utf8.first == UInt8(ascii: "/") ? $0 : nil }
        }
        // systemd separates several by colons; the first is ours.
        if let state = variable("STATE_DIRECTORY")?.utf8.split(separator: UInt8(ascii: ":")).first {
            return "\(String(decoding: state, as: UTF8.self))/\(fileName)"
        }
        guard let base = variable("XDG_DATA_HOME") ?? variable("HOME").map({ "\($0)/.local/share" }) else {
            throw AuditError("--store: neither XDG_DATA_HOME nor HOME is set; name a file")
        }
        let folder = "\(base)/\(BuiltIn.name)"
        try makeFolder(folder)
        return "\(folder)/\(fileName)"
    }

    private static func makeFolder(_ path: String) throws(AuditError) {
        var made = ""
        for step in path.utf8.split(separator: UInt8(ascii: "/")) {
            made += "/\(String(decoding: step, as: UTF8.self))"
            guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
            let reason = errno
            // A folder on the way that cannot be made may be there all the same.
            if access(made, F_OK) != 0 { throw AuditError("\(made): \(String(cString: strerror(reason)))") }
        }
    }

    private static let fileName = "scans.db"
}
