import AssayModel

/// Prometheus' text exposition format, for the textfile collector of the node exporter.
///
/// Names of domains, hosts and zones are the only labels from outside; no record text ever is one.
enum PrometheusReport {
    static func write(_ reports: [Report]) -> [UInt8] {
        var families = [
            Family(name: "mailassay_info", help: "The program and the rules that were used.") { report in
                [
                    (
                        [
                            ("domain", "\(report.domain)"), ("version", report.tool.version),
                            ("ruleset", report.ruleset.sha256), ("tier", report.tier),
                        ], 1
                    )
                ]
            },
            Family(name: "mailassay_findings", help: "Open findings by severity.") { report in
                Severity.allCases.map { severity in
                    (
                        [("domain", "\(report.domain)"), ("severity", severity.rawValue)],
                        Int64(report.findings.count { $0.severity == severity && $0.accepted == nil })
                    )
                }
            },
            Family(name: "mailassay_checks", help: "Rules and subjects by what they came to.") { report in
                Check.Result.allCases.map { result in
                    (
                        [("domain", "\(report.domain)"), ("result", result.rawValue)],
                        Int64(report.checks.count { $0.result == result })
                    )
                }
            },
        ]
        families += [
            Family(name: "mailassay_scan_complete", help: "1 where every checker could tell something.") {
                [([("domain", "\($0.domain)")], $0.complete ? 1 : 0)]
            },
            Family(name: "mailassay_scan_timestamp_seconds", help: "When the scan ended.") {
                [([("domain", "\($0.domain)")], $0.finishedAt.secondsSince1970)]
            },
            Family(name: "mailassay_scan_duration_seconds", help: "How long the scan took.") {
                [([("domain", "\($0.domain)")], Int64($0.finishedAt.seconds(since: $0.startedAt)))]
            },
            Family(name: "mailassay_expiry_timestamp_seconds", help: "When a certificate or signature ends.") {
                report in
                Expiry.all(report).map {
                    (
                        [("domain", "\(report.domain)"), ("kind", $0.kind.rawValue), ("name", $0.name)],
                        $0.at.secondsSince1970
                    )
                }
            },
        ]
        return Array(families.map { $0.text(reports) }.joined().utf8)
    }

    private struct Family {
        typealias Sample = (labels: [(String, String)], value: Int64)
        let name: StaticString
        let help: StaticString
        let samples: (Report) -> [Sample]

        func text(_ reports: [Report]) -> String {
            let lines = reports.flatMap(samples).map { sample in
                let labels = sample.labels.map { "\($0.0)=\"\(PrometheusReport.label($0.1))\"" }.joined(separator: ",")
                return "\(name){\(labels)} \(sample.value)\n"
            }
            return lines.isEmpty ? "" : "# HELP \(name) \(help)\n# TYPE \(name) gauge\n" + lines.joined()
        }
    }

    /// Backslash, quote and line feed behind a backslash.
    private static func label(_ text: String) -> String {
        var result = ""
        for scalar in Wording.plain(text).unicodeScalars {
            if scalar == "\\" || scalar == "\"" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
