package import AssayCrypto
package import AssayDNS
import AssayEngine
package import AssayModel
import AssayProbes
import AssayTransport
package import DANE
import Glibc
import NIOCore
import NIOPosix

/// What the `tlsa` commands work with: a resolver, a transport, and one host to look at.
package final class TLSAWorkbench: Sendable {
    package let host: DomainName
    package let port: UInt16
    /// For what people read.
    let words: Catalogue
    private let resolver: ValidatingResolver
    private let group: MultiThreadedEventLoopGroup
    private let scan: ScanContext

    package init(
        _ request: AuditRequest, host: DomainInput, port: UInt16, words: Catalogue
    ) throws(AuditError) {
        self.words = words
        self.host = host.name
        self.port = port
        let store: TrustStore
        do {
            var configuration = ResolverConfiguration()
            configuration.rootHintsPath = request.rootHintsPath
            configuration.trustAnchorPath = request.trustAnchorPath
            configuration.allowPrivate = request.allowsPrivate
            configuration.forwarder = request.resolver.map { ($0.address, $0.port) }
            store = try request.caFilePath.map { try TrustStore(pemFile: $0) } ?? TrustStore.system()
            resolver = try ValidatingResolver(configuration)
        } catch {
            throw AuditError("\(error)")
        }
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var services = Services()
        services.provide(resolver)
        services.provide(store)
        services.provide(
            Transport(
                group: group,
                options: TransportOptions(allowPrivate: request.allowsPrivate, pace: .seconds(request.paceSeconds))))
        var options = ScanOptions()
        options.tier = .extended
        options.ehloName = request.ehloName ?? HostIdentity.ehloName
        options.timeoutSeconds = request.timeoutSeconds
        options.allowsPrivate = request.allowsPrivate
        scan = ScanContext(
            input: host, options: options, startedAt: Timestamp(secondsSince1970: Int64(time(nil))),
            deadline: .now + .seconds(request.timeoutSeconds), services: services,
            executor: LoopExecutor(group.next()))
    }

    package func shutdown() async {
        resolver.shutdown()
        try? await group.shutdownGracefully()
    }

    package var now: Timestamp { scan.startedAt }

    // MARK: What is there

    /// What a DANE sender finds out before it connects.
    package func look() async -> HostPlan {
        let address = await MailHosts.host(host, preference: 0, isImplicit: false, in: scan)
        return await HostPlan.make(address, port: port, isMXSecure: false, in: scan)
    }

    /// A certificate shown at an address, or why none was.
    package struct Shown: Sendable {
        package let address: IPAddress
        package let chain: PresentedChain?
        /// `no STARTTLS`, `connection refused`; nil with a chain.
        package let words: String?
        /// The other side said so itself, so it is a fault of the host's and no open question.
        package let isTheirs: Bool
    }

    /// Every certificate at every address, each once per address.
    package func certificates(of plan: HostPlan) async -> [Shown] {
        let name = plan.base ?? host
        return await withTaskGroup(of: [Shown].self) { group in
            for address in plan.host.addresses {
                group.addTask { [self] in
                    let survey = await scan.evidence(
                        for: KeySurvey(
                            host: name, address: address, port: port, ehloName: scan.options.ehloName))
                    var seen: Set<[UInt8]> = []
                    let shown = survey.chains.filter { seen.insert($0.chain.certificates.first ?? []).inserted }
                    guard shown.isEmpty else {
                        return shown.map { Shown(address: address, chain: $0.chain, words: nil, isTheirs: true) }
                    }
                    let (told, isTheirs) = told(survey.first)
                    return [Shown(address: address, chain: nil, words: told, isTheirs: isTheirs)]
                }
            }
            var all: [Shown] = []
            for await some in group { all += some }
            return all.sorted { left, right in
                left.address == right.address
                    ? (left.chain?.certificates.first ?? []).lexicographicallyPrecedes(
                        right.chain?.certificates.first ?? []) : left.address < right.address
            }
        }
    }

    private func told(_ conversation: SMTPConversation) -> (String, isTheirs: Bool) {
        switch conversation.connect {
        case .refused: return (words("tlsa.host.refused"), true)
        case .timedOut: return (words("tlsa.host.timed_out"), false)
        case .unreachable: return (words("tlsa.host.unreachable"), false)
        case .local(let why): return (why, false)
        case .refusedTarget(let purpose): return (words("tlsa.host.purpose", ["purpose": purpose.rawValue]), false)
        case .connected: break
        }
        guard let greeting = conversation.greeting else { return (words("tlsa.host.silent"), false) }
        guard greeting.code == 220 else { return (words("tlsa.host.greets", ["code": "\(greeting.code)"]), false) }
        guard let ehlo = conversation.ehlo, ehlo.code == 250 else { return (words("tlsa.host.ehlo"), false) }
        guard ehlo.advertises("STARTTLS") else { return (words("tlsa.host.starttls"), true) }
        guard let starttls = conversation.starttls else { return (words("tlsa.host.reply"), false) }
        guard starttls.code == 220 else {
            return (words("tlsa.host.answers", ["code": "\(starttls.code)"]), starttls.code >= 500)
        }
        guard let failure = conversation.handshake?.failure else { return (words("tlsa.host.handshake"), false) }
        return (
            words("tlsa.host.failed", ["reason": "\(failure.reason.rawValue) \(failure.detail)"]),
            failure.reason != .timeout
                && failure.reason != .local && failure.reason != .incompatible
        )
    }

    // MARK: Authoritative servers

    /// What one authoritative server publishes for the TLSA owner name.
    package struct Published: Sendable {
        package let server: NameServerAddress
        /// nil where it gave no answer.
        package let records: [TLSARecord]?
        package let ttl: Int?
        package let isSigned: Bool
        /// Of a server without an answer: `silent`, `servfail`.
        package let words: String
        package let isTheirs: Bool
    }

    /// Asks every authoritative server of the zone that holds the records.
    package func published(at owner: DomainName) async -> [Published] {
        guard let zone = await resolver.zone(of: owner, deadline: scan.stepDeadline) else { return [] }
        return await withTaskGroup(of: Published.self) { group in
            for server in zone.servers {
                group.addTask { [self] in
                    let reply = await resolver.ask(server.address, owner, .tlsa)
                    guard reply.status == .answered, let message = reply.message else {
                        return Published(
                            server: server, records: nil, ttl: nil, isSigned: false, words: reply.status.rawValue,
                            isTheirs: reply.status != .silent && reply.status != .notAsked)
                    }
                    let records = message.answers.compactMap { record -> TLSARecord? in
                        guard case .tlsa(let usage, let selector, let matching, let data) = record.content else {
                            return nil
                        }
                        return TLSARecord(usage: usage, selector: selector, matching: matching, data: data)
                    }
                    let ttl = message.answers.filter { $0.type == RecordType.tlsa.rawValue }.map(\.ttl).min()
                    return Published(
                        server: server, records: Set(records).sorted(), ttl: ttl,
                        isSigned: message.answers.contains { $0.type == RecordType.rrsig.rawValue }, words: "",
                        isTheirs: true)
                }
            }
            var all: [Published] = []
            for await one in group { all.append(one) }
            return all.sorted { ($0.server.name, $0.server.address) < ($1.server.name, $1.server.address) }
        }
    }

    /// TTL of a denial at the zone (RFC 2308 section 5), in seconds; nil where it cannot be found out.
    package func negativeTTL(of owner: DomainName) async -> Int? {
        guard let zone = await resolver.zone(of: owner, deadline: scan.stepDeadline) else { return nil }
        let answer = await resolver.query(zone.apex, .soa, deadline: scan.stepDeadline)
        for record in answer.records {
            if case .soa(let soa) = record.content { return min(record.ttl, Int(soa.minimum)) }
        }
        return nil
    }
}
