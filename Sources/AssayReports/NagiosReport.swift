package import AssayModel

/// A monitoring plugin's output (Monitoring Plugins guidelines): one line with performance data, then a line per finding.
package enum NagiosReport {
    /// The plugin's exit status.
    package enum Status: Int32, Sendable, Comparable {
        case ok = 0
        case warning = 1
        case critical = 2
        case unknown = 3

        package static func < (left: Status, right: Status) -> Bool { left.rank < right.rank }

        /// Not knowing is worse than a warning and better than knowing of a failure.
        private var rank: Int {
            switch self {
            case .ok: 0
            case .warning: 1
            case .unknown: 2
            case .critical: 3
            }
        }

        fileprivate var word: String {
            switch self {
            case .ok: "OK"
            case .warning: "WARNING"
            case .critical: "CRITICAL"
            case .unknown: "UNKNOWN"
            }
        }
    }

    /// Of the open findings that no baseline holds; a scan that is not complete tells nothing good.
    package static func status(of report: Report, known: Set<FindingKey> = []) -> Status {
        switch open(report, known).map(\.severity).max() {
        case .critical, .high: .critical
        case .medium, .low: report.complete ? .warning : .unknown
        case .info, nil: report.complete ? .ok : .unknown
        }
    }

    package static func status(of reports: [Report]) -> Status { reports.map { status(of: $0) }.max() ?? .unknown }

    static func write(_ reports: [Report], _ words: Wording, known: [DomainName: Set<FindingKey>] = [:]) -> [UInt8] {
        let status = reports.map { self.status(of: $0, known: known[$0.domain] ?? []) }.max() ?? .unknown
        func open(_ report: Report) -> [Finding] { self.open(report, known[report.domain] ?? []) }
        let text = reports.map { "\($0.domain): \(words.counts(open($0)))" }.joined(separator: "; ")
        let data = reports.flatMap { report -> [String] in
            // Labels of several domains must differ.
            let prefix = reports.count > 1 ? "\(report.domain)_" : ""
            let days = Expiry.all(report).first.map { $0.at.seconds(since: report.startedAt) / 86_400 }
            return Severity.allCases.map { severity in
                "'\(prefix)\(severity.rawValue)'=\(open(report).count { $0.severity == severity });;;0"
            } + ["'\(prefix)undetermined'=\(report.summary.undetermined);;;0"]
                + (days.map { ["'\(prefix)days_left'=\($0)"] } ?? [])
        }
        var lines = ["MAIL \(status.word) - \(clean(text)) | \(data.joined(separator: " "))"]
        for report in reports {
            lines += open(report).filter { $0.severity != .info }.map {
                clean("\($0.severity.rawValue): \($0.title) (\($0.subject)) [\($0.id)]")
            }
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func open(_ report: Report, _ known: Set<FindingKey>) -> [Finding] {
        report.findings.filter { $0.accepted == nil && !known.contains($0.key) }
    }

    /// The bar would begin performance data.
    private static func clean(_ text: String) -> String {
        String(
            decoding: Wording.plain(text).utf8.map { $0 == UInt8(ascii: "|") ? UInt8(ascii: "/") : $0 }, as: UTF8.self)
    }
}
