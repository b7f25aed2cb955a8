import AssayCrypto
import AssayDNS
package import AssayEngine
package import AssayModel
import AssayRules
import AssayStore
import AssaySVG
import AssayTransport
import Glibc
import NIOCore
import NIOPosix
import TLS

/// The composition root: resolver, transport, trust store, rules and checkers, made once for many domains.
package final class Auditor: Sendable {
    private let request: AuditRequest
    private let checkers: [any Checker.Type]
    private let resolver: ValidatingResolver
    private let trustStore: TrustStore
    private let suffixes: PublicSuffixes
    private let tables: Tables
    private let markRoots: MarkRoots
    private let logs: TransparencyLogs
    private let group: MultiThreadedEventLoopGroup
    private let transportOptions: TransportOptions
    private let history: ScanHistory?
    private let rules: Task<Result<LoadedRules, AuditError>, Never>

    private struct LoadedRules: Sendable {
        let set: RuleSet
        let sha256: String
    }

    /// Checks all that was asked for; what is missing or malformed is an error that names it. With a history, facts that
    /// need earlier scans are told too; keeping the result is the caller's.
    package init(
        _ request: AuditRequest, registry: Registry = BuiltIn.registry, history: ScanHistory? = nil
    ) throws(AuditError) {
        self.request = request
        self.history = history
        checkers = try Self.choose(request, from: registry)
        // Reading the rules takes longer than the first DNS answer, so it goes on beside the scan.
        let stated = Set(
            (checkers.flatMap { $0.manifest.facts } + HistoryFacts.all + ExpectationFacts.all).map { $0.id })
        rules = Task { Self.loadRules(request, registry: registry, judgedOn: stated) }
        do {
            if let replay = request.replay, !replay.header.rootsPEM.isEmpty {
                trustStore = try TrustStore(pem: Array(replay.header.rootsPEM.utf8))
            } else {
                trustStore = try request.caFilePath.map { try TrustStore(pemFile: $0) } ?? TrustStore.system()
            }
            markRoots = try Self.markRoots(request)
            var configuration = ResolverConfiguration()
            configuration.rootHintsPath = request.rootHintsPath
            configuration.trustAnchorPath = request.trustAnchorPath
            configuration.allowPrivate = request.allowsPrivate
            configuration.forwarder = request.resolver.map { ($0.address, $0.port) }
            resolver = try ValidatingResolver(configuration)
        } catch {
            throw AuditError("\(error)")
        }
        logs = try Self.logs(request)
        do { suffixes = try PublicSuffixes(path: request.suffixListPath) } catch { throw AuditError("--psl: \(error)") }
        tables = try Tables(request.tablePaths, recorded: request.replay?.header.tables ?? [])
        // Shared by all domains: one limiter, one cache of TLS sessions.
        transportOptions = TransportOptions(allowPrivate: request.allowsPrivate, pace: .seconds(request.paceSeconds))
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    /// Waits for the rule files; throws what is wrong with them. A caller that was given files asks before the scan.
    package func checkRules() async throws(AuditError) {
        _ = try await rules.value.get()
    }

    /// What one audit gave.
    package struct Outcome: Sendable {
        package let report: Report
        /// What `--save-evidence` asks for.
        package let evidenceFile: [UInt8]?
        package let wasInterrupted: Bool
        /// The worst severity by the first profile, of findings that are neither accepted nor in the baseline.
        package let decisive: Severity?
        /// For people: acceptances that ran out, a history that could not be read.
        package let notes: [String]
    }

    /// Audits one domain; ends by the deadline. Cancelling the task interrupts it and keeps what was learnt.
    package func audit(_ input: DomainInput) async throws(AuditError) -> Outcome {
        let transport = Transport(group: group, options: transportOptions)
        // The clock of the recording, unless another moment is asked for.
        let startedAt = request.moment ?? request.replay?.header.startedAt ?? Self.now
        let store = EvidenceStore(archive: request.replay, records: request.savesEvidence)
        let scan = context(input, transport, store, startedAt: startedAt)
        return try await report(scan, transport, store)
    }

    /// What a scan of the domain would connect to, and how often at most, by its DNS alone.
    package func plan(_ input: DomainInput) async -> [PlannedConnection] {
        let scan = context(
            input, Transport(group: group, options: transportOptions), EvidenceStore(), startedAt: Self.now)
        return await PlannedConnection.all(of: scan, checkers: checkers)
    }

    private func context(
        _ input: DomainInput, _ transport: Transport, _ store: EvidenceStore, startedAt: Timestamp
    ) -> ScanContext {
        var services = Services()
        services.provide(resolver)
        services.provide(transport)
        services.provide(trustStore)
        services.provide(suffixes)
        tables.provide(to: &services)
        services.provide(markRoots)
        services.provide(logs)
        services.provide(request.programPath.map(LogoChild.inspector) ?? .missing)
        var options = ScanOptions()
        options.tier = request.tier
        options.ehloName = request.ehloName ?? HostIdentity.ehloName
        options.timeoutSeconds = request.timeoutSeconds
        options.asksSMTP = request.asksSMTP
        options.isActive = request.isActive
        options.allowsPrivate = request.allowsPrivate
        options.role = request.role
        let expected = request.policy?.expectation(for: input.name)
        options.connectionsPerAddress = request.connectionsPerAddress
        options.listsEveryTLS = request.listsEveryTLS
        options.isHasty = request.paceSeconds == 0
        options.selectors = request.selectors
        for name in expected?.selectors ?? [] where !name.utf8.contains(UInt8(ascii: "*")) {
            if !options.selectors.contains(name) { options.selectors.append(name) }
        }
        options.message = request.message
        options.reportedSelectors = request.reportedSelectors
        options.walksNSEC = request.walksNSEC
        options.fetchesRevocationLists = request.fetchesRevocationLists
        let replay = request.replay
        let seconds = Double(request.timeoutSeconds) + waiting
        return ScanContext(
            input: input, options: options, startedAt: startedAt,
            observedAt: replay?.header.startedAt ?? startedAt,
            deadline: ContinuousClock.now + .seconds(replay == nil ? seconds : Double(Self.replaySeconds)),
            services: services, executor: LoopExecutor(group.next()), store: store)
    }

    private func report(
        _ scan: ScanContext, _ transport: Transport, _ store: EvidenceStore
    ) async throws(AuditError) -> Outcome {
        let (input, options, replay, startedAt) = (scan.input, scan.options, request.replay, scan.startedAt)
        let result = await Scanner(checkers: checkers).run(scan)
        let loaded = try await rules.value.get()
        var notes: [String] = []
        let expected = request.policy?.expectation(for: input.name)
        let observations = supplemented(result.observations, of: input.name, at: startedAt, expected, &notes)
        let evaluation = loaded.set.evaluate(
            observations: observations,
            context: EvaluationContext(domain: input.name, unicodeDomain: input.unicode, role: request.role))
        let (findings, decisive) = weighed(evaluation, of: input.name, at: startedAt, &notes)
        var report = Report(
            tool: .init(name: BuiltIn.name, version: BuiltIn.version),
            ruleset: .init(profiles: request.profiles.isEmpty ? ["default"] : request.profiles, sha256: loaded.sha256),
            domain: input.name, unicodeDomain: input.unicode, tier: request.tier.rawValue, role: request.role,
            startedAt: startedAt, finishedAt: replay?.header.finishedAt ?? Self.now,
            complete: result.isComplete && !result.wasInterrupted && isTold(result),
            findings: findings, checks: evaluation.checks, observations: observations,
            evidence: result.evidence, connections: replay?.header.connections ?? transport.connections)
        report.lang = request.language
        var evidenceFile: [UInt8]?
        if request.savesEvidence {
            let header = EvidenceFile.Header(
                tool: "\(BuiltIn.name) \(BuiltIn.version)", domain: "\(input.unicode)", tier: request.tier.rawValue,
                role: request.role, startedAt: startedAt, finishedAt: report.finishedAt, ehloName: options.ehloName,
                checkers: request.checkers, asksSMTP: request.asksSMTP, allowsPrivate: request.allowsPrivate,
                isActive: request.isActive, wasInterrupted: result.wasInterrupted, connections: report.connections,
                rootsPEM: String(decoding: trustStore.pem ?? [], as: UTF8.self),
                markRootsPEM: (markRoots.store?.pem).map { String(decoding: $0, as: UTF8.self) },
                logKeysPEM: logs.pem.isEmpty ? nil : String(decoding: logs.pem, as: UTF8.self),
                selectors: request.selectors, message: request.message, tables: tables.texts,
                reportedSelectors: request.reportedSelectors, walksNSEC: request.walksNSEC,
                fetchesRevocationLists: request.fetchesRevocationLists,
                connectionsPerAddress: request.connectionsPerAddress, listsEveryTLS: request.listsEveryTLS,
                paceSeconds: request.paceSeconds)
            evidenceFile = EvidenceFile.write(header, store.records)
        }
        return Outcome(
            report: report.withSenders().withScore(), evidenceFile: evidenceFile, wasInterrupted: result.wasInterrupted,
            decisive: decisive, notes: notes)
    }

    /// The observations with those that the past and the policy file add.
    private func supplemented(
        _ observations: [Observation], of domain: DomainName, at moment: Timestamp,
        _ expected: AuditPolicy.Expectation?, _ notes: inout [String]
    ) -> [Observation] {
        var all = observations
        if let expected { all += ExpectationFacts.observations(expected, observations, domain: domain) }
        var earlier: [Sighting] = []
        if let history {
            do { earlier = try history.sightings(of: domain) } catch { notes.append(error.description) }
        }
        let twins = keyTwins(all, of: domain, &notes)
        return HistoryFacts.adding(to: all, from: earlier, keyTwins: twins, domain: domain, at: moment)
    }

    /// Domains with the same DKIM key; those of the same organization may well share one.
    private func keyTwins(
        _ observations: [Observation], of domain: DomainName, _ notes: inout [String]
    ) -> [String: [DomainName]] {
        guard let history else { return [:] }
        do {
            let own = suffixes.registrableDomain(of: domain) ?? domain
            return try history.keyTwins(observations, of: domain).mapValues { domains in
                domains.filter { (suffixes.registrableDomain(of: $0) ?? $0) != own }
            }
        } catch {
            notes.append(error.description)
            return [:]
        }
    }

    /// The findings with accepted ones marked, and the worst severity of those that decide the exit status.
    private func weighed(
        _ evaluation: Evaluation, of domain: DomainName, at moment: Timestamp, _ notes: inout [String]
    ) -> (findings: [Finding], decisive: Severity?) {
        var findings = evaluation.findings
        if let policy = request.policy {
            let verdict = policy.accepting(findings, of: domain, at: moment)
            findings = verdict.findings
            notes += verdict.expired.map {
                "\($0.place): the acceptance of \($0.rule) by \($0.owner) ended on \($0.until)"
            }
        }
        if let baseline = request.baseline, !baseline.covers(domain) {
            notes.append("--baseline: there is no report of \(domain) in it, so every finding is new")
        }
        let deciding = findings.filter { finding in
            finding.accepted == nil && request.baseline?.holds(finding, of: domain) != true
        }
        return (findings, deciding.compactMap { evaluation.deciding[$0.key] }.max())
    }

    /// What the pace alone may cost: addresses are asked beside each other, connections to one after each other.
    private var waiting: Double {
        guard checkers.contains(where: { $0.manifest.tier == .extended }) else { return 0 }
        let most = TLSLimits.connections(
            toList: request.listsEveryTLS, isActive: request.isActive)
        return Double(request.connectionsPerAddress ?? most) * request.paceSeconds
    }

    /// Closes the resolver and the event loops.
    package func shutdown() async {
        resolver.shutdown()
        try? await group.shutdownGracefully()
    }

    /// A checker that could tell nothing at all leaves the scan incomplete (no resolver, no network).
    private func isTold(_ result: Scanner.Result) -> Bool {
        checkers.allSatisfy { checker in
            let own = result.observations.filter { $0.checker == checker.manifest.name }
            return own.contains { observation in
                observation.outcome.cause == nil && observation.fact != "idn.name"
            }
        }
    }

    /// Those of the recording, of the file, or the known ones.
    private static func logs(_ request: AuditRequest) throws(AuditError) -> TransparencyLogs {
        if let pem = request.replay?.header.logKeysPEM {
            return TransparencyLogs(pem: Array(pem.utf8)) ?? .none
        }
        guard let path = request.logKeysPath else { return .none }
        guard let logs = TransparencyLogs(pem: try WholeFile.read(path, limit: logKeyOctets)) else {
            throw AuditError("\(path): no public key in PEM form")
        }
        return logs
    }

    /// Octets of the file with the keys of logs.
    private static let logKeyOctets = 1 << 20

    private static func markRoots(_ request: AuditRequest) throws(TrustStore.Failure) -> MarkRoots {
        if let pem = request.replay?.header.markRootsPEM {
            return MarkRoots(store: try TrustStore(pem: Array(pem.utf8)))
        }
        if let path = request.markRootsPath { return MarkRoots(store: try TrustStore(pemFile: path)) }
        return MarkRoots(
            authorities: RuleSource.markRoots.map { MarkRoots.Authority(digest: $0.digest, subject: $0.subject) })
    }

    private static func choose(
        _ request: AuditRequest, from registry: Registry
    ) throws(AuditError) -> [any Checker.Type] {
        guard !request.checkers.isEmpty else { return registry.checkers.filter { $0.manifest.tier <= request.tier } }
        var chosen: [any Checker.Type] = []
        for name in request.checkers {
            guard let checker = registry.checker(named: name) else {
                let names = registry.checkers.map { $0.manifest.name }.joined(separator: ", ")
                throw AuditError("--checker \(name): there is no such checker; there are \(names)")
            }
            if !chosen.contains(where: { $0 == checker }) { chosen.append(checker) }
        }
        return chosen
    }

    private static func loadRules(
        _ request: AuditRequest, registry: Registry, judgedOn facts: Set<String>
    ) -> Result<LoadedRules, AuditError> {
        do {
            let sources = try RuleFilesOnDisk.sources(request.rulePaths)
            let all = RuleSet.builtInSources + sources
            var set = try RuleSet.load(
                all, catalogue: FactCatalogue(facts: registry.facts + HistoryFacts.all + ExpectationFacts.all),
                profiles: request.profiles, withCases: false, judgedOn: facts)
            if request.language != "en", let words = try Languages.catalogue(request.language) {
                set = set.translated(by: words)
            }
            try request.policy?.check(against: set)
            return .success(LoadedRules(set: set, sha256: Digest.hex(Digest.sha256(all.flatMap(\.bytes)))))
        } catch {
            return .failure(AuditError("\(error)"))
        }
    }

    /// Nothing is waited for in a replay but what the recorded scan did not live to see.
    private static let replaySeconds = 5

    private static var now: Timestamp { Timestamp(secondsSince1970: Int64(time(nil))) }
}
