import AssayModel
import AssayRules
import AssaySenders

extension Report {
    /// The report with what every kind of sender does, from its own observations.
    func withSenders() -> Report {
        guard let scene = Scene(observations) else { return self }
        var report = self
        let ids = Set(findings.map(\.id))
        report.senders = Simulator(scene).run().map { cell in
            Sender(
                sender: cell.sender.rawValue, attack: cell.attack.rawValue, outcome: cell.outcome.rawValue,
                read: cell.isRead, decidedBy: .init(host: cell.host, rule: cell.reason.rawValue),
                dependsOnCache: cell.dependsOnCache, fix: cell.fix(among: ids))
        }
        // It came with the program, and a test reads it.
        report.senderDirectory = try? SenderDirectoryReader.builtIn()
        return report
    }

    /// The report with its score.
    func withScore() -> Report {
        var report = self
        // It came with the program, and a test reads it.
        report.score = try? ScoreTable.builtIn().score(findings, isComplete: complete)
        return report
    }
}
