import Synchronization

/// Answers of an earlier scan.
package protocol EvidenceArchive: Sendable {
    /// nil where the question was not answered then.
    func evidence<P: Probe>(for probe: P) -> P.Evidence?
}

/// Memoises probes: whoever asks the same question waits for the same answer.
package final class EvidenceStore: Sendable {
    /// One question with its answer.
    package struct Record: Sendable {
        package let probe: any Probe
        package let evidence: any Codable & Sendable
    }

    private let tasks = Mutex<[ProbeKey: any Sendable]>([:])
    private let recorded = Mutex<[Record]?>(nil)
    private let archive: (any EvidenceArchive)?

    /// `archive`: answers from there and asks nobody; `records`: keeps what was answered.
    package init(archive: (any EvidenceArchive)? = nil, records: Bool = false) {
        self.archive = archive
        if records { recorded.withLock { $0 = [] } }
    }

    /// What was answered so far, where that is kept.
    package var records: [Record] { recorded.withLock { $0 ?? [] } }

    /// The answer to `probe`, asked now if nobody has.
    package func evidence<P: Probe>(for probe: P, in scan: ScanContext) async -> P.Evidence {
        await task(for: probe, in: scan).value
    }

    /// Starts asking without waiting, for what will surely be wanted.
    package func begin<P: Probe>(_ probe: P, in scan: ScanContext) {
        _ = task(for: probe, in: scan)
    }

    private func answer<P: Probe>(_ probe: P, in scan: ScanContext) async -> P.Evidence {
        if let archive {
            while true {
                if let evidence = archive.evidence(for: probe) { return evidence }
                // What was open when the recorded scan ended stays open: its end comes by the deadline, as it did then.
                guard (try? await Task.sleep(for: .seconds(3600))) != nil else { return await probe.run(in: scan) }
            }
        }
        let evidence = await probe.run(in: scan)
        if !Task.isCancelled {
            recorded.withLock { records in
                if records != nil { records?.append(Record(probe: probe, evidence: evidence)) }
            }
        }
        return evidence
    }

    /// How many different questions were asked.
    package var count: Int { tasks.withLock { $0.count } }

    private func task<P: Probe>(for probe: P, in scan: ScanContext) -> Task<P.Evidence, Never> {
        tasks.withLock { tasks in
            let key = ProbeKey(probe)
            if let running = tasks[key] as? Task<P.Evidence, Never> { return running }
            // The one unstructured task: its answer outlives the checker that asked first. The scan cancels it.
            let task = Task(executorPreference: scan.executor) { await self.answer(probe, in: scan) }
            tasks[key] = task
            scan.onClose { task.cancel() }
            return task
        }
    }
}

/// A probe's type and value as a dictionary key.
private struct ProbeKey: Hashable {
    let type: ObjectIdentifier
    let value: AnyHashableSendable

    init<P: Probe>(_ probe: P) {
        type = ObjectIdentifier(P.self)
        value = AnyHashableSendable(base: probe)
    }

    static func == (left: ProbeKey, right: ProbeKey) -> Bool {
        left.type == right.type && left.value == right.value
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(type)
        hasher.combine(value)
    }
}

/// `AnyHashable` is not Sendable; this is, because a probe is.
private struct AnyHashableSendable: Hashable, @unchecked Sendable {
    // Unchecked: `base` is made of a Sendable value in the only initialiser and never changes.
    private let base: AnyHashable

    init(base: some Hashable & Sendable) {
        self.base = AnyHashable(base)
    }
}
