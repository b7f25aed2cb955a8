import AssayKit
import AssayModel
import AssayReports
import Glibc

/// Where reports go and in which form, settled before anything is asked.
struct OutputPlan {
    private enum Target {
        case standardOutput(ReportFormat)
        case file(String, ReportFormat)
        /// One file per domain.
        case folder(String)
    }

    private var targets: [Target] = []

    /// With `-o` nothing goes to standard output unless a format is given too; `-o -` is standard output.
    init(format: String?, outputs: [String], domainCount: Int) throws {
        let standard = try format.map(Self.format(named:))
        for path in outputs {
            if path == "-" {
                targets.append(.standardOutput(standard ?? .text))
            } else if domainCount > 1 {
                guard Self.isFolder(path) else {
                    throw AuditError("-o \(path): several domains need a folder that exists")
                }
                targets.append(.folder(path))
            } else if Self.isFolder(path) {
                targets.append(.folder(path))
            } else {
                let name =
                    path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) } ?? ""
                let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
                let fileExtension = parts.count > 1 ? String(decoding: parts[parts.count - 1], as: UTF8.self) : ""
                guard let format = ReportFormat(fileExtension: fileExtension) else {
                    throw AuditError(
                        "-o \(path): no format has the extension \".\(fileExtension)\"; use .txt, .json or .html")
                }
                try Self.checkWritable(path)
                targets.append(.file(path, format))
            }
        }
        if let standard, !outputs.contains("-") { targets.append(.standardOutput(standard)) }
        if outputs.isEmpty, standard == nil { targets.append(.standardOutput(.text)) }
        folderFormat = standard ?? .json
    }

    private let folderFormat: ReportFormat

    func write(_ reports: [Report]) throws {
        for target in targets {
            switch target {
            case .standardOutput(let format):
                Console.output(Self.render(reports, format, forTerminal: true))
            case .file(let path, let format):
                try WholeFile.write(Self.render(reports, format), to: path)
            case .folder(let path):
                for report in reports {
                    let file = "\(path)/\(report.domain).\(folderFormat.fileExtension)"
                    try WholeFile.write(Self.render([report], folderFormat), to: file)
                }
            }
        }
    }

    static func format(named name: String) throws -> ReportFormat {
        guard let format = ReportFormat(name: name) else {
            throw AuditError("--format \(ScanCommand.quoted(name)): use text, json or html")
        }
        return format
    }

    private static func render(_ reports: [Report], _ format: ReportFormat, forTerminal: Bool = false) -> [UInt8] {
        var options = RenderOptions()
        options.width = forTerminal ? Console.columns : 80
        options.color = forTerminal && Console.wantsColor
        return ReportWriter.render(reports, as: format, options: options)
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Says now, not after the scan, that a file cannot be written.
    private static func checkWritable(_ path: String) throws {
        let bytes = Array(path.utf8)
        let folder =
            bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 == 0 ? "/" : String(decoding: bytes[..<$0], as: UTF8.self) }
            ?? "."
        guard access(folder, W_OK) == 0 else { throw AuditError("-o \(path): \(String(cString: strerror(errno)))") }
    }
}
