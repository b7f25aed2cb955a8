import GRDB
import Glibc

/// Opening the file: what it must be before SQLite may touch it, and how SQLite is told to behave.
enum StoreFile {
    /// Opens or creates; brings the tables up to date.
    static func open(_ path: String, busySeconds: Double) throws(StoreError) -> DatabaseQueue {
        try checkFile(path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(busySeconds)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in try prepare(database, path) }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let migrator = StoreSchema.migrator
            if try queue.read(migrator.hasBeenSuperseded) { throw StoreError(.newer, path) }
            try migrator.migrate(queue)
            return queue
        } catch {
            throw StoreError(error, path)
        }
    }

    /// The system's own words for a file that cannot be opened; SQLite has one for all of them.
    private static func checkFile(_ path: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(
                errno == EROFS || errno == EACCES ? .readOnly : .unavailable, path,
                detail: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.unavailable, path, detail: "not a file")
        }
        if let kind = fileSystem(of: status.st_dev), networkFileSystems.contains(kind) {
            throw StoreError(.network, path, detail: kind)
        }
    }

    /// Runs first on every connection.
    private static func prepare(_ database: Database, _ path: String) throws {
        // What the file says is data, never code (https://sqlite.org/security.html).
        try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        if application == 0 {
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0 else {
                throw StoreError(.foreign, path)
            }
            // A pragma takes no bound value; this one is a constant of ours.
            try database.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)")
        } else if application != StoreSchema.applicationID {
            throw StoreError(.foreign, path)
        }
        let version = try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= StoreSchema.version else { throw StoreError(.newer, path) }
        // One fsync, of the log, at each commit: what was acknowledged survives a loss of power.
        guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
            throw StoreError(.unavailable, path, detail: "no write-ahead log here")
        }
        try database.execute(
            sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 1000;")
    }

    /// The file system's name by the device that a file lies on: proc(5), `/proc/self/mountinfo`,
    /// `36 35 0:42 / /mnt rw - nfs4 server:/export rw`.
    private static func fileSystem(of device: dev_t) -> String? {
        let wanted = "\((device >> 8) & 0xFFF):\((device & 0xFF) | ((device >> 12) & 0xFFF00))"
        guard let stream = fopen("/proc/self/mountinfo", "re") else { return nil }
        defer { fclose(stream) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, stream) > 0, let text = line {
            let fields = String(cString: text).utf8.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
            guard fields.count > 3, fields[2] == wanted, let dash = fields.firstIndex(of: "-") else { continue }
            return fields.dropFirst(dash + 1).first
        }
        return nil
    }

    private static let networkFileSystems: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "afs", "fuse.sshfs", "fuse.glusterfs",
    ]
}
