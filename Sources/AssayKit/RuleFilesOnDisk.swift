package import AssayRules
import Glibc

/// Rule files that a user adds with `--rules`: a file, or a folder whose `.yaml` files are read in order of their names.
package enum RuleFilesOnDisk {
    package static func sources(_ paths: [String]) throws(AuditError) -> [RuleSource] {
        var sources: [RuleSource] = []
        for path in paths {
            for file in try files(at: path) {
                sources.append(RuleSource(name: file, bytes: try WholeFile.read(file, limit: fileLimit)))
            }
        }
        return sources
    }

    private static func files(at path: String) throws(AuditError) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOTDIR { return [path] }
            throw AuditError("\(path): \(String(cString: strerror(errno)))")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.utf8.suffix(5).elementsEqual(".yaml".utf8) { names.append("\(path)/\(name)") }
        }
        guard !names.isEmpty else { throw AuditError("\(path): no .yaml file in this folder") }
        return names.sorted()
    }

    /// reliability.md YML-01: 256 KiB, and one octet more to see that it is too much.
    private static let fileLimit = 262_145
}
