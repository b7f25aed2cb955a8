import Glibc

/// Reads a small file whole, without Foundation.
package enum WholeFile {
    /// The octets, or an error that names the path and the system's reason.
    package static func read(_ path: String, limit: Int = 64 << 20) throws(AuditError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AuditError("\(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw AuditError("\(path): \(String(cString: strerror(errno)))") }
            if count == 0 { return result }
            result += chunk[..<count]
            guard result.count <= limit else { throw AuditError("\(path): larger than \(limit) octets") }
        }
    }

    /// Writes a file by way of a temporary one beside it, so that a reader never sees half of it.
    package static func write(_ bytes: [UInt8], to path: String) throws(AuditError) {
        let temporary = "\(path).\(getpid()).part"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw AuditError("\(path): \(String(cString: strerror(errno)))") }
        let isWritten = write(bytes, to: descriptor)
        let reason = errno
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            let words = String(cString: strerror(isWritten ? errno : reason))
            unlink(temporary)
            throw AuditError("\(path): \(words)")
        }
    }

    /// False where the other end is gone or the device is full; `errno` says which.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
