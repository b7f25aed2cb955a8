import Foundation
import LabKit

/// The command, started as a user would.
enum Program {
    static let path = (ProcessInfo.processInfo.arguments[0] as NSString).deletingLastPathComponent + "/mailassay"

    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs a shell script in `folder`; `$MAILASSAY` is the program.
    static func shell(_ script: String, in folder: String, namespace: Bool = false) throws -> Result {
        let text =
            "cd '\(folder)'\nMAILASSAY='\(path)'\nexec > '\(folder)/.out' 2> '\(folder)/.err' < /dev/null\n\(script)\n"
        try text.write(toFile: folder + "/.script", atomically: true, encoding: .utf8)
        let words = ["/bin/bash", folder + "/.script"]
        let process =
            namespace
            ? try LabProcess.start("unshare", Namespace.arguments + words, log: folder + "/.log")
            : try LabProcess.start(words[0], [words[1]], log: folder + "/.log")
        let status = process.wait()
        func read(_ name: String) -> String { (try? String(contentsOfFile: folder + name, encoding: .utf8)) ?? "" }
        return Result(status: status, output: read("/.out"), errors: read("/.err") + read("/.log"))
    }

    static var hasNamespaces: Bool { geteuid() == 0 || access("/proc/self/ns/user", R_OK) == 0 }
}
