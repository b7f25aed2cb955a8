package import AssayModel
import AssayReports
import Glibc

/// Reports out of a file, one after the other.
///
/// A file of ordinary size is read and checked whole before the first report is handed out. NDJSON beyond that comes a line at a
/// time, so that a survey of thousands of domains needs no more memory than one of them.
package struct ReportReader {
    private let path: String
    private let descriptor: Int32
    /// Read and not yet used, from `start` on.
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private var line = 0
    private var whole: [Report]?

    /// Octets that are read whole; also what a line may have.
    package static let wholeOctets = 64 << 20

    package init(path: String, wholeOctets: Int = ReportReader.wholeOctets) throws(AuditError) {
        self.path = path
        limit = wholeOctets
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AuditError("\(path): \(String(cString: strerror(errno)))") }
        while !isAtEnd, buffer.count <= limit { try fill() }
        if isAtEnd {
            close(descriptor)
            do { whole = try JSONReport.read(buffer).reversed() } catch { throw AuditError("\(path): \(error)") }
            buffer = []
        } else if buffer.first != UInt8(ascii: "{") || buffer.prefix(2).last == 0x0A || !buffer.contains(0x0A) {
            close(descriptor)
            throw AuditError("\(path): larger than \(limit) octets, and no report a line (NDJSON)")
        }
    }

    private let limit: Int

    package var holdsSeveral: Bool { whole.map { $0.count > 1 } ?? true }

    /// nil at the end.
    package mutating func next() throws(AuditError) -> Report? {
        if whole != nil { return whole?.popLast() }
        while let octets = try nextLine() {
            if octets.allSatisfy({ $0 <= 0x20 }) { continue }
            do {
                return try JSONReport.read(Array(octets)).first
            } catch {
                close(descriptor)
                throw AuditError("\(path): line \(line): \(error)")
            }
        }
        close(descriptor)
        whole = []
        return nil
    }

    private mutating func nextLine() throws(AuditError) -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                line += 1
                return buffer[start..<end]
            }
            if isAtEnd {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                line += 1
                return buffer[start...]
            }
            buffer.removeFirst(start)
            start = 0
            searched = buffer.count
            guard buffer.count <= limit else {
                throw AuditError("\(path): line \(line + 1): larger than \(limit) octets")
            }
            try fill()
        }
    }

    private mutating func fill() throws(AuditError) {
        let before = buffer.count
        let descriptor = descriptor
        var count = 0
        buffer.append(
            contentsOf: [UInt8](unsafeUninitializedCapacity: Self.chunkOctets) { chunk, used in
                repeat {
                    count = Glibc.read(descriptor, chunk.baseAddress, Self.chunkOctets)
                } while count < 0 && errno == EINTR
                used = max(0, count)
            })
        guard count >= 0 else { throw AuditError("\(path): \(String(cString: strerror(errno)))") }
        isAtEnd = buffer.count == before
    }

    private static let chunkOctets = 1 << 20
}
