package import AssayModel
import CUnbound
import Glibc
import Synchronization

/// The validating resolver: libunbound in process, asynchronous, one for all checkers.
package final class ValidatingResolver: Sendable {
    private let loop: UnboundLoop
    private let configuration: ResolverConfiguration
    private let counter = Mutex(0)
    private let explainer: FailureExplainer

    package init(_ configuration: ResolverConfiguration) throws(ResolverError) {
        self.configuration = configuration
        let settings = try UnboundSettings(configuration)
        loop = try UnboundLoop { settings.apply(to: $0) }
        explainer = FailureExplainer(allowPrivate: configuration.allowPrivate)
    }

    /// Questions asked so far, those answered from the cache too.
    package var questionCount: Int { counter.withLock { $0 } }

    /// Ends the resolver; questions still open come back undetermined.
    package func shutdown() { loop.stop() }

    /// Asks, follows aliases, validates, and explains a failure. Ends by `deadline` and within `DNSLimits.querySeconds`.
    package func query(
        _ name: DomainName, _ type: RecordType, deadline: ContinuousClock.Instant? = nil
    ) async -> DNSAnswer {
        let own = ContinuousClock.now + .seconds(DNSLimits.querySeconds)
        let end = deadline.map { min($0, own) } ?? own
        let isOwnLimit = deadline.map { own < $0 } ?? true
        let raw = await ask(name, type, until: end)
        var assembler = AnswerAssembler(name: name, type: type, at: Timestamp(secondsSince1970: Int64(time(nil))))
        switch raw {
        case .answer(let packet, let security, let why):
            // On failure the library has been seen to hand over a buffer that answers another question.
            guard let asked = DNSMessage(parsing: packet)?.question, asked.name == name, asked.type == type.rawValue
            else {
                return await explain(assembler, until: end)
            }
            var answer = assembler.assemble(packet, security: security, whyBogus: why)
            if !answer.aliases.isEmpty, answer.security != .secure {
                answer = await withHopSecurity(answer, until: end)
            }
            return answer
        case .cut:
            assembler.cause =
                isOwnLimit && deadline != nil || deadline == nil
                ? Cause(.noAnswerFromServers, detail: "\(DNSLimits.querySeconds) s") : Cause(.deadline, detail: "DNS")
            return assembler.undetermined
        case .refusedName:
            assembler.cause = Cause("name_refused")
            return assembler.undetermined
        case .failure:
            return await explain(assembler, until: end)
        }
    }

    // MARK: Failures

    /// libunbound says the same for REFUSED, SERVFAIL and silence: ask each server of the zone plainly.
    private func explain(_ assembler: AnswerAssembler, until end: ContinuousClock.Instant) async -> DNSAnswer {
        var assembler = assembler
        if let forwarder = configuration.forwarder {
            let said = await explainer.ask(
                forwarder.address, port: forwarder.port, name: assembler.name, type: assembler.type, recursion: true)
            let server = FailureExplanation.Server(
                name: .root, address: forwarder.address, verdict: said.verdict, rcode: said.rcode,
                extendedErrors: said.extendedErrors)
            let explanation = FailureExplanation(zone: .root, servers: [server])
            if said.verdict == .silent || said.verdict == .notAsked {
                assembler.cause = Cause("no_resolver", detail: "\(forwarder.address)@\(forwarder.port)")
                return assembler.undetermined(explanation)
            }
            return assembler.failed(explanation)
        }
        // A failure that comes back at once from the root means that nobody was reached at all.
        guard let known = await nameServers(of: assembler.name, until: end) else {
            assembler.cause = Cause("no_network")
            return assembler.undetermined
        }
        let (zone, servers) = await delegated(towards: assembler.name, from: known)
        let explanation = await explainer.explain(assembler.name, assembler.type, zone: zone, servers: servers)
        if explanation.isTheirFault { return assembler.failed(explanation) }
        assembler.cause = Cause(.noAnswerFromServers, detail: "\(zone)")
        return assembler.undetermined(explanation)
    }

    /// The closest zone above a name whose servers are known, with their addresses.
    private func nameServers(
        of name: DomainName, until end: ContinuousClock.Instant
    ) async -> (DomainName, [(DomainName, IPAddress)])? {
        // The time for the question may be used up by the failure; looking for the culprit has its own.
        let limit = max(end, .now + .seconds(DNSLimits.explainSeconds))
        var zone: DomainName? = name
        while let candidate = zone {
            if case .answer(let packet, _, _) = await ask(candidate, .ns, until: limit),
                let message = DNSMessage(parsing: packet)
            {
                let names = message.answers.compactMap { record -> DomainName? in
                    if record.type == RecordType.ns.rawValue, record.owner == candidate,
                        case .name(let name) = record.content
                    {
                        name
                    } else {
                        nil
                    }
                }
                if !names.isEmpty {
                    let servers = await addresses(of: names.sorted(), until: limit)
                    if !servers.isEmpty { return (candidate, servers) }
                }
            }
            zone = candidate.parent
        }
        return nil
    }

    /// The zone whose servers fail is often one that only its parent knows: follow the parent's delegations.
    private func delegated(
        towards name: DomainName, from known: (DomainName, [(DomainName, IPAddress)])
    ) async -> (DomainName, [(DomainName, IPAddress)]) {
        var (zone, servers) = known
        for _ in 0..<DNSLimits.explainedDelegations {
            var found: (zone: DomainName, names: [DomainName], glue: [(DomainName, IPAddress)])?
            for (_, address) in servers.prefix(2) where found == nil {
                found = await explainer.delegation(towards: name, below: zone, from: address)
            }
            guard let found else { break }
            let unknown = found.names.filter { name in !found.glue.contains { $0.0 == name } }
            let resolved = await addresses(of: unknown, until: .now + .seconds(DNSLimits.explainSeconds))
            let next = (found.glue + resolved).sorted { $0 < $1 }
            guard !next.isEmpty else { break }
            (zone, servers) = (found.zone, Array(next.prefix(DNSLimits.explainedServers)))
        }
        return (zone, servers)
    }

    private func addresses(
        of names: [DomainName], until end: ContinuousClock.Instant
    ) async -> [(DomainName, IPAddress)] {
        await withTaskGroup(of: [(DomainName, IPAddress)].self) { group in
            for name in names.prefix(DNSLimits.explainedServers) {
                for type in [RecordType.a, .aaaa] {
                    group.addTask {
                        guard case .answer(let packet, _, _) = await self.ask(name, type, until: end),
                            let message = DNSMessage(parsing: packet)
                        else { return [] }
                        return message.answers.compactMap { record in
                            if case .address(let address) = record.content { (name, address) } else { nil }
                        }
                    }
                }
            }
            var found: [(DomainName, IPAddress)] = []
            for await some in group { found += some }
            return Array(found.sorted { $0 < $1 }.prefix(DNSLimits.explainedServers))
        }
    }

    // MARK: Authoritative servers

    /// The zone that holds `name`, with its servers' addresses; nil where it cannot be found out.
    package func zone(
        of name: DomainName, deadline: ContinuousClock.Instant
    ) async -> (apex: DomainName, servers: [NameServerAddress])? {
        guard let apex = await apex(of: name, until: deadline),
            case .answer(let packet, _, _) = await ask(apex, .ns, until: deadline),
            let message = DNSMessage(parsing: packet)
        else { return nil }
        let names = message.answers.compactMap { record -> DomainName? in
            guard record.owner == apex, case .name(let name) = record.content else { return nil }
            return record.type == RecordType.ns.rawValue ? name : nil
        }
        let servers = await addresses(of: names.sorted(), until: deadline)
        return (apex, servers.map { NameServerAddress(name: $0.0, address: $0.1) })
    }

    /// The owner of the SOA record above or at `name`.
    private func apex(of name: DomainName, until end: ContinuousClock.Instant) async -> DomainName? {
        guard case .answer(let packet, _, _) = await ask(name, .soa, until: end),
            let message = DNSMessage(parsing: packet)
        else {
            // Where the name itself fails, the zone above it is the one to look at.
            guard let parent = name.parent else { return nil }
            return await apex(of: parent, until: end)
        }
        let owners = (message.answers + message.authority).filter { $0.type == RecordType.soa.rawValue }.map(\.owner)
        return owners.first { name.isEqualOrBelow($0) } ?? owners.first
    }

    /// What one server says to one question (DO set, RD clear), unvalidated.
    package func ask(
        _ server: IPAddress, _ name: DomainName, _ type: RecordType, form: QueryForm = .standard
    ) async -> ServerReply {
        await explainer.reply(server, name, type, form: form)
    }

    /// The addresses of name servers, at most `DNSLimits.explainedServers`.
    package func addresses(ofServers names: [DomainName], deadline: ContinuousClock.Instant) async
        -> [NameServerAddress]
    {
        await addresses(of: names, until: deadline).map { NameServerAddress(name: $0.0, address: $0.1) }
    }

    // MARK: Aliases

    /// The security of each hop by an explicit CNAME question, for the whole answer's does not tell which hop is
    /// insecure (RFC 7672 section 2.1.3).
    private func withHopSecurity(_ answer: DNSAnswer, until end: ContinuousClock.Instant) async -> DNSAnswer {
        var hops: [DNSAnswer.AliasHop] = []
        for hop in answer.aliases {
            var security = answer.security
            if case .answer(_, let own, _) = await ask(hop.owner, .cname, until: end) { security = own }
            hops.append(
                .init(owner: hop.owner, target: hop.target, ttl: hop.ttl, isDNAME: hop.isDNAME, security: security))
        }
        return answer.replacing(aliases: hops)
    }

    // MARK: libunbound

    private enum Raw: Sendable {
        case answer(packet: [UInt8], security: DNSAnswer.Security, why: String?)
        case failure
        /// Our deadline, or the task's cancellation.
        case cut
        case refusedName
    }

    private func ask(_ name: DomainName, _ type: RecordType, until end: ContinuousClock.Instant) async -> Raw {
        counter.withLock { $0 += 1 }
        guard end > .now else { return .cut }
        let question = PendingQuestion()
        return await withTaskGroup(of: Raw?.self) { group in
            group.addTask { await self.send(name, type, question) }
            group.addTask {
                try? await Task.sleep(until: end, clock: .continuous)
                return nil
            }
            let first = await group.next() ?? nil
            if first == nil { self.loop.enqueue { question.cancel(in: $0) } }
            group.cancelAll()
            return first ?? .cut
        }
    }

    private func send(_ name: DomainName, _ type: RecordType, _ question: PendingQuestion) async -> Raw {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                question.start(continuation)
                let text = name.isRoot ? "." : "\(name)."
                let wasQueued = loop.enqueue { loop in
                    guard let context = loop.context else { return question.finish(.cut) }
                    question.resolve(context, text, type)
                }
                if !wasQueued { question.finish(.cut) }
            }
        } onCancel: {
            loop.enqueue { question.cancel(in: $0) }
        }
    }

    /// One question on its way. Finished exactly once, whoever comes first: callback, cancellation, end.
    private final class PendingQuestion: Sendable {
        private struct State {
            var continuation: CheckedContinuation<Raw, Never>?
            var asyncID: Int32?
            var isFinished = false
            var isHeldByLibrary = false
        }

        private let state = Mutex(State())

        func start(_ continuation: CheckedContinuation<Raw, Never>) {
            let isLate = state.withLock { state in
                if !state.isFinished { state.continuation = continuation }
                return state.isFinished
            }
            if isLate { continuation.resume(returning: .cut) }
        }

        func finish(_ raw: Raw) {
            let continuation = state.withLock { state in
                state.isFinished = true
                defer { state.continuation = nil }
                return state.continuation
            }
            continuation?.resume(returning: raw)
        }

        /// On the loop's thread. The callback may come inside ub_resolve_event, so no lock is held across it.
        func resolve(_ context: OpaquePointer, _ name: String, _ type: RecordType) {
            if state.withLock({ $0.isFinished }) { return }
            state.withLock { $0.isHeldByLibrary = true }
            let box = Unmanaged.passRetained(self)
            var id: Int32 = 0
            let code = ub_resolve_event(
                context, name, Int32(type.rawValue), 1, box.toOpaque(),
                { argument, rcode, packet, length, security, why, _ in
                    guard let argument else { return }
                    let question = Unmanaged<PendingQuestion>.fromOpaque(argument).takeRetainedValue()
                    question.state.withLock { $0.isHeldByLibrary = false }
                    question.finish(PendingQuestion.read(rcode, packet, length, security, why))
                }, &id)
            guard code == 0 else {
                box.release()
                state.withLock { $0.isHeldByLibrary = false }
                // -3: the library does not take the name.
                return finish(code == -3 ? .refusedName : .failure)
            }
            state.withLock { if $0.isHeldByLibrary { $0.asyncID = id } }
        }

        /// On the loop's thread. A cancelled question is not called back, so its box is released here.
        func cancel(in loop: UnboundLoop) {
            let id = state.withLock { state -> Int32? in
                guard state.isHeldByLibrary, let id = state.asyncID else { return nil }
                state.isHeldByLibrary = false
                return id
            }
            if let id, let context = loop.context, ub_cancel(context, id) == 0 {
                Unmanaged.passUnretained(self).release()
            }
            finish(.cut)
        }

        private static func read(
            _ rcode: Int32, _ packet: UnsafeMutableRawPointer?, _ length: Int32, _ security: Int32,
            _ why: UnsafeMutablePointer<CChar>?
        ) -> Raw {
            // 0 for an answer and for NXDOMAIN; with anything else the packet is no answer to our question.
            guard rcode == 0 || rcode == 3, let packet, length >= 12 else { return .failure }
            // The packet belongs to the library: copied here.
            let bytes = [UInt8](UnsafeRawBufferPointer(start: packet, count: Int(length)))
            let status: DNSAnswer.Security = security == 2 ? .secure : security == 1 ? .bogus : .insecure
            let code = bytes[3] & 15
            if status != .bogus, code != 0, code != 3 { return .failure }
            return .answer(packet: bytes, security: status, why: why.map { String(cString: $0) })
        }
    }
}
