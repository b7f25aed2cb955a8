package import AssayModel
import CPSL
import Glibc

/// The public suffix list (libpsl with Debian's data).
///
/// Unchecked: the C object is only read after `init`, which libpsl allows from any thread.
package final class PublicSuffixes: @unchecked Sendable {
    private let list: OpaquePointer?
    private let isOwned: Bool
    /// Which list this is.
    package let source: Source

    /// Receivers use lists of different ages, so whoever argues with one says which.
    package struct Source: Hashable, Codable, Sendable {
        package enum Kind: String, Codable, Sendable {
            /// `--psl`.
            case given
            /// The operating system's.
            case system
            /// Compiled into libpsl.
            case builtIn = "built_in"
        }

        package let kind: Kind
        /// The list's own word (`// VERSION:`), else when its file was last changed.
        package let date: Timestamp?
        /// Rules in it, where libpsl can tell.
        package let ruleCount: Int?

        package init(kind: Kind, date: Timestamp?, ruleCount: Int?) {
            self.kind = kind
            self.date = date
            self.ruleCount = ruleCount
        }
    }

    /// The file could not be read as a public suffix list.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// The list in a file; without one Debian's, else the one built into libpsl.
    package init(path: String? = nil) throws(Fault) {
        if let path {
            guard let loaded = psl_load_file(path), psl_suffix_count(loaded) > 0 else {
                throw Fault(description: "\(path): not a readable public suffix list")
            }
            list = loaded
            isOwned = true
            source = Source(kind: .given, date: Self.date(ofFile: path), ruleCount: Self.count(loaded))
            return
        }
        if let latest = psl_latest(nil) {
            list = latest
            isOwned = true
        } else {
            list = psl_builtin()
            isOwned = false
        }
        // libpsl takes the file only where it is newer than what was compiled in.
        let builtInDate = Timestamp(secondsSince1970: Int64(psl_builtin_file_time()))
        let file = psl_dist_filename().map { String(cString: $0) }.flatMap(Self.date(ofFile:))
        if isOwned, let file, file > builtInDate {
            source = Source(kind: .system, date: file, ruleCount: Self.count(list))
        } else {
            source = Source(kind: .builtIn, date: builtInDate, ruleCount: Self.count(list))
        }
    }

    /// -1 for a list in libpsl's own packed form.
    private static func count(_ list: OpaquePointer?) -> Int? {
        let count = Int(psl_suffix_count(list))
        return count > 0 ? count : nil
    }

    /// `// VERSION: 2025-06-24_13-26-00_UTC` near the start of the list, else when the file was last changed.
    private static func date(ofFile path: String) -> Timestamp? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: headOctets)
        let count = max(read(descriptor, &head, head.count), 0)
        for line in head[..<count].split(separator: UInt8(ascii: "\n")) where line.starts(with: "// VERSION: ".utf8) {
            let day = String(decoding: line.dropFirst(12).prefix(10), as: UTF8.self)
            if let date = Timestamp(parsing: "\(day)T00:00:00Z") { return date }
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return Timestamp(secondsSince1970: Int64(status.st_mtim.tv_sec))
    }

    private static let headOctets = 4096

    deinit {
        if isOwned, let list { psl_free(list) }
    }

    /// The name that a registrar would sell: one label more than the suffix. Nil for a suffix itself.
    package func registrableDomain(of name: DomainName) -> DomainName? {
        guard let list else { return nil }
        // What libpsl gives back points into the text it was given: copied while that lives.
        return name.description.withCString { text in
            psl_registrable_domain(list, text).flatMap { DomainName(String(cString: $0)) }
        }
    }

    /// Names of several owners lie below it. A name of one label that the list does not know counts too.
    package func isPublicSuffix(_ name: DomainName) -> Bool {
        guard let list else { return name.labelCount < 2 }
        return psl_is_public_suffix(list, name.description) == 1
    }
}
