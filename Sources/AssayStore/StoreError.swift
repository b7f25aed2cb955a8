import GRDB
import Glibc

/// Why the store could not do what it was asked: one line that names the file.
package struct StoreError: Error, CustomStringConvertible {
    /// An open set.
    package struct Code: Hashable, Sendable {
        let words: String

        package static let locked = Code(words: "locked by another program; nothing was changed")
        package static let readOnly = Code(words: "read-only")
        package static let full = Code(words: "the disk is full; nothing was changed")
        package static let damaged = Code(words: "damaged, or no SQLite file")
        package static let foreign = Code(words: "a database of another program")
        package static let newer = Code(words: "made by a newer version of this program; use that one")
        package static let network = Code(words: "on a network file system, where SQLite cannot lock")
        package static let unavailable = Code(words: "cannot be used")
    }

    package let code: Code
    package let path: String
    /// The system's or SQLite's own words.
    package let detail: String?

    init(_ code: Code, _ path: String, detail: String? = nil) {
        self.code = code
        self.path = path
        self.detail = detail
    }

    /// What SQLite said.
    init(_ error: any Error, _ path: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.unavailable, path, detail: "\(error)")
            return
        }
        let code: Code =
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .readOnly
            case .SQLITE_FULL: .full
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged
            // The shared memory of the log does not fit: that is an I/O error to SQLite.
            case .SQLITE_IOERR where Self.isFull(path): .full
            default: .unavailable
            }
        self.init(code, path, detail: code == .unavailable ? error.message ?? "\(error.resultCode)" : nil)
    }

    private static func isFull(_ path: String) -> Bool {
        var status = statvfs()
        return statvfs(path, &status) == 0 && UInt64(status.f_bavail) * UInt64(status.f_frsize) < 65_536
    }

    package var description: String { "\(path): \(code.words)\(detail.map { " (\($0))" } ?? "")" }
}
