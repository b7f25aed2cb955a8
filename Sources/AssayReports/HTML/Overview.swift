import AssayModel

/// What an overview keeps of each report: a few octets a checker, so that ten thousand domains fit.
struct Overview {
    struct Row {
        let domain: String
        let anchor: String
        let score: Int?
        let grade: String
        /// By the number of the checker: `untold`, `pass`, or a severity's rank beyond.
        let cells: [UInt8]
    }

    /// The same fault on the same thing (a provider's host, a shared zone) at several domains.
    struct Cause {
        let title: String
        let subject: Subject
        let id: String
        let severity: Severity
        var count: Int
    }

    private(set) var rows: [Row] = []
    /// In the order they were seen.
    private(set) var checkers: [String] = []
    private(set) var grades: [String: Int] = [:]
    private var numbers: [String: Int] = [:]
    /// What two domains have in common is kept with its words; of what one has, that it was there.
    private var seen: Set<Int> = []
    private var causes: [FindingKey: Cause] = [:]

    static let untold: UInt8 = 0
    static let pass: UInt8 = 1

    var count: Int { rows.count }

    mutating func add(_ report: Report) {
        var cells = [UInt8](repeating: Self.untold, count: checkers.count)
        for observation in report.observations { note(observation.checker, Self.pass, &cells) }
        for finding in report.findings where finding.accepted == nil && finding.severity != .info {
            // The worse, the higher.
            note(finding.checker, UInt8(Self.pass) + 5 - UInt8(finding.severity.rank), &cells)
            note(finding)
        }
        if let grade = report.score?.grade { grades[grade, default: 0] += 1 }
        rows.append(
            Row(
                domain: Wording.domain(report), anchor: "\(report.domain)", score: report.score?.value,
                grade: report.score?.grade ?? "", cells: cells))
    }

    static func severity(_ cell: UInt8) -> Severity? {
        cell > pass ? Severity.allCases.first { $0.rank == Int(pass) + 5 - Int(cell) } : nil
    }

    /// Worst first; domains without a score before all.
    var sorted: [Row] { rows.sorted { ($0.score ?? -1, $0.anchor) < ($1.score ?? -1, $1.anchor) } }

    var shared: [Cause] {
        let sorted = causes.values.sorted { ($1.count, $0.id, $0.subject) < ($0.count, $1.id, $1.subject) }
        return Array(sorted.prefix(10))
    }

    private mutating func note(_ checker: String, _ value: UInt8, _ cells: inout [UInt8]) {
        if let number = numbers[checker] {
            if number < cells.count {
                cells[number] = max(cells[number], value)
                return
            }
        } else {
            numbers[checker] = checkers.count
            checkers.append(checker)
        }
        cells += [UInt8](repeating: Self.untold, count: checkers.count - cells.count)
        cells[numbers[checker] ?? 0] = value
    }

    private mutating func note(_ finding: Finding) {
        let key = finding.key
        if !seen.insert(key.hashValue).inserted {
            causes[
                key,
                default: Cause(
                    title: finding.title, subject: finding.subject, id: finding.id, severity: finding.severity, count: 1
                )
            ].count += 1
        }
    }
}
