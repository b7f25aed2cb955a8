/// How bad a finding is, worst first (standards.md section 0.2 derives it from the consequence for mail).
package enum Severity: String, Codable, Sendable, CaseIterable, Comparable {
    case critical, high, medium, low, info

    package static func < (left: Severity, right: Severity) -> Bool {
        left.rank > right.rank
    }

    /// One step towards `info`; `info` stays.
    package var stepDown: Severity {
        Self.allCases[min(rank + 1, Self.allCases.count - 1)]
    }

    /// 0 for critical to 4 for info, the order of a report.
    package var rank: Int {
        switch self {
        case .critical: 0
        case .high: 1
        case .medium: 2
        case .low: 3
        case .info: 4
        }
    }
}
