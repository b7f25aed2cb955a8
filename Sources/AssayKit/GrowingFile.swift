import Glibc

/// A file that grows while a scan of many domains goes on, and has its name only when it is whole.
package final class GrowingFile {
    private let path: String
    private let temporary: String
    private let descriptor: Int32

    /// Creates the file beside `path`; the error names the path and the system's reason.
    package init(_ path: String) throws(AuditError) {
        self.path = path
        temporary = "\(path).\(getpid()).part"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw AuditError("\(path): \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    package func append(_ bytes: [UInt8]) throws(AuditError) {
        guard WholeFile.write(bytes, to: descriptor) else {
            throw AuditError("\(path): \(String(cString: strerror(errno))); what was written is in \(temporary)")
        }
    }

    /// Gives the file its name.
    package func finish() throws(AuditError) {
        guard rename(temporary, path) == 0 else { throw AuditError("\(path): \(String(cString: strerror(errno)))") }
    }
}
