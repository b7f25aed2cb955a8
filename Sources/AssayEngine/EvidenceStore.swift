import Synchronization

/// Memoises probes: whoever asks the same question waits for the same answer.
package final class EvidenceStore: Sendable {
    private let tasks = Mutex<[ProbeKey: any Sendable]>([:])

    package init() {}

    /// The answer to `probe`, asked now if nobody has.
    package func evidence<P: Probe>(for probe: P, in scan: ScanContext) async -> P.Evidence {
        await task(for: probe, in: scan).value
    }

    /// Starts asking without waiting, for what will surely be wanted.
    package func begin<P: Probe>(_ probe: P, in scan: ScanContext) {
        _ = task(for: probe, in: scan)
    }

    /// How many different questions were asked.
    package var count: Int { tasks.withLock { $0.count } }

    private func task<P: Probe>(for probe: P, in scan: ScanContext) -> Task<P.Evidence, Never> {
        tasks.withLock { tasks in
            let key = ProbeKey(probe)
            if let running = tasks[key] as? Task<P.Evidence, Never> { return running }
            // The one unstructured task: its answer outlives the checker that asked first. The scan cancels it.
            let task = Task(executorPreference: scan.executor) { await probe.run(in: scan) }
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
