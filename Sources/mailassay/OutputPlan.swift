import AssayKit
import AssayModel
import AssayReports
import Glibc

/// Where reports go and in which form, settled before anything is asked.
struct OutputPlan {
    private enum Target {
        case standardOutput(ReportFormat)
        case file(String, ReportFormat)
        /// One file that takes a report after the other.
        case growing(GrowingFile, ReportFormat)
        /// One file per domain.
        case folder(String)
    }

    private var targets: [Target] = []
    private let folderFormat: ReportFormat
    private let csvShape: CSVReport.Shape
    let catalogue: Catalogue
    /// Reports that some target wants together.
    private var kept: [Report] = []
    private var pasts: [DomainName: ReportPast] = [:]
    /// What a page takes, which of many domains keeps a line each.
    private var page: HTMLReport
    private let width: Int?
    private let isBrief: Bool
    private var count = 0

    /// With `-o` nothing goes to standard output unless a format is given too; `-o -` is standard output.
    init(_ options: OutputOptionGroup, domainCount: Int) throws {
        let standard = try options.format.map(Self.format(named:))
        guard let shape = CSVReport.Shape(rawValue: options.csvShape) else {
            throw AuditError("--csv-shape \(ScanCommand.quoted(options.csvShape)): use finding or domain")
        }
        csvShape = shape
        catalogue = try options.language().catalogue
        page = HTMLReport(RenderOptions(catalogue: catalogue))
        width = try Self.checked(options.width)
        isBrief = options.brief
        folderFormat = standard ?? .json
        for path in options.outputs {
            if path == "-" {
                targets.append(.standardOutput(standard ?? .text))
            } else if Self.isFolder(path) {
                targets.append(.folder(path))
            } else {
                let format = try Self.format(ofFile: path)
                guard domainCount == 1 || format.holdsSeveral else {
                    throw AuditError(
                        "-o \(path): several domains need a folder that exists, or one .ndjson or .csv file")
                }
                try Self.checkWritable(path)
                targets.append(
                    domainCount > 1 ? .growing(try GrowingFile(path), format) : .file(path, format))
            }
        }
        if let standard, !options.outputs.contains("-") { targets.append(.standardOutput(standard)) }
        if options.outputs.isEmpty, standard == nil { targets.append(.standardOutput(.text)) }
        nagiosAlone = options.outputs.isEmpty && standard == .nagios
    }

    /// The exit status is then the monitoring plugin's.
    let nagiosAlone: Bool

    /// Takes a report that is finished; what can be written at once is.
    mutating func add(_ report: Report, past: ReportPast = ReportPast()) throws {
        defer { count += 1 }
        var isKept = false
        var isOnPage = false
        pasts[report.domain] = past
        for target in targets {
            switch target {
            case .standardOutput(let format) where format.isStream:
                Console.output(separator(format) + render(report, format, forTerminal: true))
            case .growing(let file, let format): try file.append(render(report, format))
            case .folder(let path):
                let file = "\(path)/\(report.domain).\(folderFormat.fileExtension)"
                try WholeFile.write(render([report], folderFormat), to: file)
            case .standardOutput(.html), .file(_, .html): isOnPage = true
            case .standardOutput, .file: isKept = true
            }
        }
        if isOnPage { page.add(report, past: past) }
        // Of thousands of domains nothing stays but what is asked for.
        if isKept { kept.append(report) } else { pasts = [:] }
    }

    /// Writes what wants all reports.
    func finish() throws {
        for target in targets {
            switch target {
            case .standardOutput(.html): if count > 0 { Console.output(page.render()) }
            case .file(let path, .html): try WholeFile.write(page.render(), to: path)
            case .standardOutput(let format) where !format.isStream:
                if !kept.isEmpty { Console.output(render(kept, format, forTerminal: true)) }
            case .file(let path, let format): try WholeFile.write(render(kept, format), to: path)
            case .growing(let file, _): try file.finish()
            case .standardOutput, .folder: break
            }
        }
    }

    // MARK: Rendering

    /// An empty line between texts.
    private func separator(_ format: ReportFormat) -> [UInt8] { format == .text && count > 0 ? [0x0A] : [] }

    /// One report of a stream: a CSV has its head once.
    private func render(_ report: Report, _ format: ReportFormat, forTerminal: Bool = false) -> [UInt8] {
        format == .csv && count > 0
            ? CSVReport.rows(report, shape: csvShape) : render([report], format, forTerminal: forTerminal)
    }

    private func render(_ reports: [Report], _ format: ReportFormat, forTerminal: Bool = false) -> [UInt8] {
        var options = RenderOptions(catalogue: catalogue)
        options.width = width ?? (forTerminal ? Console.columns : 80)
        options.isBrief = isBrief
        options.pasts = pasts
        options.color = forTerminal && Console.wantsColor
        options.csvShape = csvShape
        return ReportWriter.render(reports, as: format, options: options)
    }

    // MARK: Arguments

    static func checked(_ width: Int?) throws -> Int? {
        if let width, !(40...400).contains(width) { throw AuditError("--width \(width): use 40 to 400 columns") }
        return width
    }

    static func format(named name: String) throws -> ReportFormat {
        guard let format = ReportFormat(name: name) else {
            throw AuditError(
                "--format \(ScanCommand.quoted(name)): use \(ReportFormat.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return format
    }

    private static func format(ofFile path: String) throws -> ReportFormat {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) } ?? ""
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let fileExtension = parts.count > 1 ? String(decoding: parts[parts.count - 1], as: UTF8.self) : ""
        guard let format = ReportFormat(fileExtension: fileExtension) else {
            let known = ReportFormat.allCases.filter { $0 != .nagios }.map { ".\($0.fileExtension)" }
            throw AuditError(
                "-o \(path): no format has the extension \".\(fileExtension)\"; use \(known.joined(separator: ", "))")
        }
        return format
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
