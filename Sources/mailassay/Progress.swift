import AssayKit
import AssayModel

/// What people see while they wait: one line per domain on a terminal, nothing elsewhere.
struct Progress {
    let total: Int
    private let isShown = Console.errorIsTerminal

    init(total: Int) {
        self.total = total
    }

    func begin(_ input: DomainInput) {
        guard isShown else { return }
        Console.error("Asking about \(input.name) ...")
    }

    func end(_ report: Report) {
        guard isShown, total > 1 else { return }
        let seconds = report.finishedAt.seconds(since: report.startedAt)
        Console.error("  \(report.domain): \(report.findings.count) findings, \(seconds) s")
    }
}

/// Why a report is not complete, in words.
enum Incompleteness {
    static func words(for report: Report) -> String {
        let causes = report.observations.compactMap(\.outcome.cause)
        if let cause = causes.first(where: { $0.code == "no_network" }) {
            return "incomplete: no name server answered, is there a network?\(cause.detail.map { " (\($0))" } ?? "")"
        }
        if let cause = causes.first(where: { $0.code == "no_resolver" }) {
            return "incomplete: the resolver \(cause.detail ?? "") did not answer"
        }
        if causes.contains(where: { $0.code == .interrupted }) {
            return "interrupted; what was learnt is in the report"
        }
        if causes.contains(where: { $0.code == .deadline }) { return "incomplete: the time was over; see --timeout" }
        return "incomplete: a checker could tell nothing"
    }
}
