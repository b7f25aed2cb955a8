package import AssayRules
import Glibc

/// Finds and reads `mailassay.yaml`.
package enum PolicyOnDisk {
    package static let fileName = "mailassay.yaml"

    /// The policy at `path`, else the one in the working folder; nil where neither is.
    package static func read(_ path: String?) throws(AuditError) -> AuditPolicy? {
        if path == nil, access(fileName, F_OK) != 0 { return nil }
        let file = path ?? fileName
        let source = RuleSource(name: file, bytes: try WholeFile.read(file, limit: fileLimit))
        do {
            var policy = try AuditPolicy(source)
            policy.rulePaths = policy.rulePaths.map { beside(file, $0) }
            policy.baselinePath = policy.baselinePath.map { beside(file, $0) }
            return policy
        } catch {
            throw AuditError(error.description)
        }
    }

    /// A path as written in a file is meant from that file's folder.
    private static func beside(_ file: String, _ path: String) -> String {
        guard path.utf8.first != UInt8(ascii: "/"), let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            return path
        }
        return "\(file[...slash])\(path)"
    }

    private static let fileLimit = 262_145
}
