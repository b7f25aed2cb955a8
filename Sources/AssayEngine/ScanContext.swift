package import AssayModel
import Synchronization

/// What the user asked of a scan.
package struct ScanOptions: Sendable {
    package var tier: Tier = .basic
    package var ehloName = "[127.0.0.1]"
    /// Of one domain, in seconds.
    package var timeoutSeconds = 60
    package var asksSMTP = true
    package var isActive = false
    package var allowsPrivate = false
    /// What the domain is for, as the user says: `sending`, `receiving`, `parked`, or `auto`.
    package var role = "auto"
    /// Connections that all checkers together may make to an address; nil for the tier's own number.
    package var connectionsPerAddress: Int?
    /// Every suite and group of every server is listed, with its order.
    package var listsEveryTLS = false
    /// No pause between connections: the servers are the operator's own.
    package var isHasty = false
    /// DKIM selectors that the operator says are in use.
    package var selectors: [String] = []
    /// A message as it was received (RFC 5322), whose signatures and alignment are judged.
    package var message: [UInt8]?

    /// Selectors that receivers saw, from DMARC reports.
    package var reportedSelectors: [ReportedSelector] = []
    /// Follow NSEC records below `_domainkey`, which some operators take for an attack.
    package var walksNSEC = false
    /// Ask authorities of mark certificates for their revocation lists.
    package var fetchesRevocationLists = false

    package init() {}
}

/// A DKIM signature that a receiver saw, as its DMARC report names it (RFC 9990 section 3.1.1).
package struct ReportedSelector: Hashable, Codable, Sendable {
    package let domain: DomainName
    package let selector: String

    package init(domain: DomainName, selector: String) {
        self.domain = domain
        self.selector = selector
    }
}

/// The only thing a checker is given: the domain, options, clock, deadline, and evidence for its questions.
package final class ScanContext: Sendable {
    package let input: DomainInput
    package var domain: DomainName { input.name }
    package let options: ScanOptions
    /// The wall clock at the start of the scan: the moment all dates are judged at.
    package let startedAt: Timestamp
    /// When the answers came: earlier than `startedAt` where a recorded scan is judged as of a later day. What renews itself in
    /// between (DNSSEC signatures) is judged at this moment.
    package let observedAt: Timestamp
    /// Monotonic.
    package let deadline: ContinuousClock.Instant
    package let services: Services
    /// Where probes run; the event loop's thread, so that a dialogue never changes threads.
    package let executor: (any TaskExecutor)?
    private let store: EvidenceStore
    private let journal = Mutex(Journal())

    package init(
        input: DomainInput, options: ScanOptions, startedAt: Timestamp, observedAt: Timestamp? = nil,
        deadline: ContinuousClock.Instant,
        services: Services, executor: (any TaskExecutor)? = nil, store: EvidenceStore = EvidenceStore()
    ) {
        self.input = input
        self.options = options
        self.startedAt = startedAt
        self.observedAt = observedAt ?? startedAt
        self.deadline = deadline
        self.services = services
        self.executor = executor
        self.store = store
    }

    /// Each step ends a second before the scan, so that it can still say so itself.
    package var stepDeadline: ContinuousClock.Instant { deadline - .seconds(1) }

    /// The answer to a question, asked at most once per scan.
    package func evidence<P: Probe>(for probe: P) async -> P.Evidence {
        await store.evidence(for: probe, in: self)
    }

    /// Asks ahead of need.
    package func begin(_ probe: some Probe) {
        store.begin(probe, in: self)
    }

    /// States that a fact was observed.
    package func state(_ fact: some Fact, about subject: Subject, from evidence: [EvidenceRecord] = []) {
        state(type(of: fact), .observed(fact), about: subject, from: evidence)
    }

    /// States a fact's outcome. The first statement about a subject counts; none counts after the scan was closed.
    package func state<F: Fact>(
        _ type: F.Type, _ outcome: Outcome<F>, about subject: Subject, from evidence: [EvidenceRecord] = []
    ) {
        let plain = outcome.map(\.factValue)
        journal.withLock { journal in
            guard !journal.isClosed else { return }
            let key = StatementKey(fact: F.id, subject: subject)
            guard journal.statements[key] == nil else { return }
            journal.statements[key] = Statement(outcome: plain, evidence: evidence)
        }
    }

    /// True where some fact of this id has been stated.
    package func hasStated(_ fact: String) -> Bool {
        journal.withLock { journal in journal.statements.keys.contains { $0.fact == fact } }
    }

    /// Runs when the scan ends, at once if it has ended.
    package func onClose(_ action: @escaping @Sendable () -> Void) {
        let isClosed = journal.withLock { journal in
            if !journal.isClosed { journal.closers.append(action) }
            return journal.isClosed
        }
        if isClosed { action() }
    }

    /// Ends the scan: nothing can be stated any more.
    func close() -> [StatementKey: Statement] {
        let (statements, closers) = journal.withLock { journal in
            journal.isClosed = true
            defer { journal.closers = [] }
            return (journal.statements, journal.closers)
        }
        for closer in closers { closer() }
        return statements
    }

    struct StatementKey: Hashable {
        let fact: String
        let subject: Subject
    }

    struct Statement {
        let outcome: Outcome<FactValue>
        let evidence: [EvidenceRecord]
    }

    private struct Journal {
        var statements: [StatementKey: Statement] = [:]
        var closers: [@Sendable () -> Void] = []
        var isClosed = false
    }
}

/// What probes work with (resolver, transport), keyed by type, so that the engine need not know them.
package struct Services: Sendable {
    private var values: [ObjectIdentifier: any Sendable] = [:]

    package init() {}

    package mutating func provide<S: Sendable>(_ service: S) {
        values[ObjectIdentifier(S.self)] = service
    }

    /// A missing service is a mistake of the composition root: trap.
    package func require<S: Sendable>(_ type: S.Type) -> S {
        guard let service = values[ObjectIdentifier(type)] as? S else {
            preconditionFailure("no \(type) was provided")
        }
        return service
    }
}
