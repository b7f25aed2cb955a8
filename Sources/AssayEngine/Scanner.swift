package import AssayModel
import Synchronization

/// Runs checkers over one domain and closes the scan at its end, its deadline or an interruption.
package struct Scanner: Sendable {
    package let checkers: [any Checker.Type]

    package init(checkers: [any Checker.Type]) {
        self.checkers = checkers
    }

    /// What a scan gave before any rule was asked.
    package struct Result: Sendable {
        package let observations: [Observation]
        package let evidence: [Report.Evidence]
        /// False where a checker was cut off before it could state anything at all.
        package let isComplete: Bool
        package let wasInterrupted: Bool
    }

    /// Never runs longer than the context's deadline. Cancelling the task interrupts the scan and keeps what was learnt.
    package func run(_ scan: ScanContext) async -> Result {
        let finished = FinishedCheckers()
        let checkers = checkers
        let ending = await withTaskGroup(of: Ending?.self) { group in
            group.addTask {
                await withTaskGroup(of: Void.self) { checks in
                    for checker in checkers {
                        checks.addTask(executorPreference: scan.executor) {
                            await checker.init().check(scan)
                            if !Task.isCancelled { finished.insert(checker.manifest.name) }
                        }
                    }
                }
                return Task.isCancelled ? nil : .finished
            }
            group.addTask {
                try? await Task.sleep(until: scan.deadline, clock: .continuous)
                return Task.isCancelled ? nil : .deadline
            }
            let first = await withTaskCancellationHandler {
                await group.next() ?? nil
            } onCancel: {
                _ = scan.close()
            }
            group.cancelAll()
            // Closing cancels the probes, so that the checkers that wait for them return.
            _ = scan.close()
            return first ?? .interrupted
        }
        return assemble(scan.close(), ending: ending, finished: finished.names, domain: scan.domain)
    }

    private enum Ending { case finished, deadline, interrupted }

    private func assemble(
        _ statements: [ScanContext.StatementKey: ScanContext.Statement], ending: Ending, finished: Set<String>,
        domain: DomainName
    ) -> Result {
        var owners: [String: String] = [:]
        for checker in checkers {
            for fact in checker.manifest.facts { owners[fact.id] = checker.manifest.name }
        }
        var pending: [(Observation, [EvidenceRecord])] = statements.map { key, statement in
            (
                Observation(
                    fact: key.fact, checker: owners[key.fact] ?? "", subject: key.subject, outcome: statement.outcome),
                statement.evidence
            )
        }
        var isComplete = true
        for checker in checkers {
            let manifest = checker.manifest
            let stated = Set(pending.lazy.filter { $0.0.checker == manifest.name }.map { $0.0.fact })
            // One that came to its end without a word had nothing to examine: a domain without mail hosts.
            if stated.isEmpty, !finished.contains(manifest.name) { isComplete = false }
            for fact in manifest.facts where !stated.contains(fact.id) {
                let outcome: Outcome<FactValue>
                switch (finished.contains(manifest.name), ending) {
                case (true, _): outcome = .notApplicable("nothing_to_examine")
                case (false, .deadline): outcome = .undetermined(Cause(.deadline))
                case (false, .interrupted): outcome = .undetermined(Cause(.interrupted))
                case (false, .finished): outcome = .undetermined(Cause(.fault))
                }
                pending.append(
                    (Observation(fact: fact.id, checker: manifest.name, subject: .domain(domain), outcome: outcome), [])
                )
            }
        }
        let (observations, evidence) = number(pending)
        return Result(
            observations: observations, evidence: evidence, isComplete: isComplete,
            wasInterrupted: ending == .interrupted)
    }

    /// Sorts observations by checker, fact and subject, and gives them and their evidence ids.
    private func number(
        _ pending: [(Observation, [EvidenceRecord])]
    ) -> (observations: [Observation], evidence: [Report.Evidence]) {
        let sorted = pending.sorted { left, right in
            let (a, b) = (left.0, right.0)
            return (a.checker, a.fact, a.subject) < (b.checker, b.fact, b.subject)
        }
        var ids: [EvidenceRecord: String] = [:]
        var evidence: [Report.Evidence] = []
        var observations: [Observation] = []
        for (index, (observation, records)) in sorted.enumerated() {
            var numbered = observation
            numbered.id = "o\(index + 1)"
            for record in records {
                let id = ids[record] ?? "e\(ids.count + 1)"
                if ids.updateValue(id, forKey: record) == nil {
                    evidence.append(Report.Evidence(id: id, record: record))
                }
                if !numbered.evidence.contains(id) { numbered.evidence.append(id) }
            }
            observations.append(numbered)
        }
        return (observations, evidence)
    }
}

/// The checkers that came to their end, noted from several tasks.
private final class FinishedCheckers: Sendable {
    private let storage = Mutex<Set<String>>([])
    var names: Set<String> { storage.withLock { $0 } }
    func insert(_ name: String) { _ = storage.withLock { $0.insert(name) } }
}
