import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// What each authoritative server of a zone says when it is asked on its own.
struct ServerViews {
    struct Reply {
        let name: DomainName
        let type: RecordType
        let reply: ServerReply
        let message: DNSMessage?
    }

    struct View {
        let server: NameServerAddress
        /// The zone's SOA first; alone where the server said nothing.
        let replies: [Reply]
        let trials: ServerTrials

        var label: String { server.label }
        var first: ServerReply { replies.first?.reply ?? ServerReply(status: .notAsked, octets: []) }
        var isSilent: Bool { first.status == .silent || first.status == .notAsked }
    }

    let apex: DomainName
    let views: [View]
    let policyNames: [DomainName]
    private let keys: [KeyRecord]
    private let isSecure: Bool
    let scan: ScanContext

    static func collect(
        apex: DomainName, servers: [NameServerAddress], dependencies: [Dependency], keys: [KeyRecord], isSecure: Bool,
        scan: ScanContext
    ) async -> ServerViews {
        func names(_ role: Dependency.Role) -> [DomainName] {
            Set(dependencies.filter { $0.role == role && $0.name.isEqualOrBelow(apex) }.map(\.name)).sorted()
        }
        let policyNames = Array(names(.policy).prefix(DNSSECLimits.namesPerServer))
        var questions: [Question] = [.dnskey, .tlsa, .ns].map { Question(name: apex, type: $0) }
        if isSecure { questions += [.cds, .cdnskey].map { Question(name: apex, type: $0) } }
        for name in names(.domain) { questions += [.mx, .txt].map { Question(name: name, type: $0) } }
        for name in policyNames { questions += [.txt, .cname].map { Question(name: name, type: $0) } }
        for name in names(.tlsa).filter({ $0 != apex }).prefix(DNSSECLimits.namesPerServer) {
            // Another type at the same name: a server that breaks the denial of one often answers the other.
            questions += [.tlsa, .a].map { Question(name: name, type: $0) }
            if let parent = name.parent, parent != apex { questions.append(Question(name: parent, type: .a)) }
        }
        let views = await withTaskGroup(of: View.self) { group in
            for server in servers {
                group.addTask { [questions] in await view(server, apex: apex, questions, in: scan) }
            }
            var views: [View] = []
            for await view in group { views.append(view) }
            return views.sorted { ($0.server.name, $0.server.address) < ($1.server.name, $1.server.address) }
        }
        return ServerViews(
            apex: apex, views: views, policyNames: policyNames, keys: keys, isSecure: isSecure, scan: scan)
    }

    private struct Question: Hashable {
        let name: DomainName
        let type: RecordType
    }

    private static func view(
        _ server: NameServerAddress, apex: DomainName, _ questions: [Question], in scan: ScanContext
    ) async -> View {
        @Sendable func ask(_ question: Question) async -> Reply {
            let reply = await scan.evidence(for: ServerQuestion(server.address, question.name, question.type))
            return Reply(name: question.name, type: question.type, reply: reply, message: reply.message)
        }
        let first = await ask(Question(name: apex, type: .soa))
        async let trials = ServerTrials.run(server.address, apex: apex, standard: first.reply, in: scan)
        // Silence is as silent the next time.
        guard first.reply.status != .silent, first.reply.status != .notAsked else {
            return View(server: server, replies: [first], trials: await trials)
        }
        let others = await withTaskGroup(of: (Int, Reply).self) { group in
            var replies: [(Int, Reply)] = []
            for (index, question) in questions.enumerated() {
                if index >= DNSSECLimits.questionsAtOnce, let done = await group.next() { replies.append(done) }
                group.addTask { (index, await ask(question)) }
            }
            for await done in group { replies.append(done) }
            return replies.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return View(server: server, replies: [first] + others, trials: await trials)
    }

    // MARK: All servers

    private func sets(_ message: DNSMessage) -> [SignedSet] {
        message.signedSets(message.answers, near: scan.observedAt)
            + message.signedSets(message.authority, near: scan.observedAt)
    }

    /// Signatures over answers, with the TTL of what they sign.
    var signed: [(signature: SignatureRecord, ttl: Int)] {
        views.flatMap(\.replies).compactMap(\.message).flatMap { message in
            message.signedSets(message.answers, near: scan.observedAt).flatMap { set in
                set.signatures.filter { $0.signer == apex }.map { ($0, set.ttl) }
            }
        }
    }

    /// Tags of the keys that sign what is seen.
    var signingTags: Set<UInt16> { Set(signed.map(\.signature.keyTag)) }

    /// DNSKEY records as the first server with some shows them, unvalidated.
    var keyRecords: [KeyRecord] {
        for message in views.flatMap(\.replies).filter({ $0.type == .dnskey }).compactMap(\.message) {
            let found = message.answers.filter { $0.type == RecordType.dnskey.rawValue }.compactMap {
                KeyRecord($0.data)
            }
            if !found.isEmpty { return found }
        }
        return []
    }

    /// One record that denies something.
    var denial: DenialRecord? {
        views.lazy.flatMap(\.replies).compactMap(\.message).flatMap(\.denials).first
    }

    /// Some name is denied by a record made for it alone: NXNAME in the bitmap, or nothing but the proof (RFC 9824 section 3).
    var hasCompactDenial: Bool {
        views.flatMap(\.replies).compactMap(\.message).flatMap(\.denials).contains { denial in
            guard case .nsec = denial.kind else { return false }
            return denial.types.contains(Self.nxname)
                || denial.types == [RecordType.rrsig.rawValue, RecordType.nsec.rawValue]
        }
    }

    private static let nxname: UInt16 = 128

    /// An opt-out record stands for the denial of a TLSA name.
    var isOptOutAtTLSA: Bool {
        views.flatMap(\.replies).filter { $0.type == .tlsa && $0.name != apex }.compactMap(\.message).contains {
            $0.rcode == Self.nameError
                && $0.denials.contains {
                    if case .nsec3(_, let isOptOut, _, _, _) = $0.kind { isOptOut } else { false }
                }
        }
    }

    private static let nameError = 3

    // MARK: Facts

    func state(parent: ParentView?) async {
        let isTCPOpen = await isTCPOpen(parent)
        for view in views {
            state(view)
            view.trials.state(
                about: subject(view), apex: apex, standard: view.first, isSecure: isSecure, isTCPOpen: isTCPOpen,
                in: scan)
        }
        let serials = views.compactMap { view in serial(view).map { (view.label, $0) } }
        guard !serials.isEmpty else {
            scan.state(DNSSECServers.self, .undetermined(Cause(.noAnswerFromServers)), about: .zone(apex))
            return
        }
        let newest = serials.map(\.1).reduce(serials[0].1) { Self.isNewer($1, than: $0) ? $1 : $0 }
        let current = views.filter { serial($0) == newest }.map { ($0.label, signatureEnd($0)) }
        let latest = current.compactMap(\.1).max { $0.expiration < $1.expiration }
        let unsigned = views.filter { isSecure && serial($0) != nil && lacksSignatures($0) }.map(\.label)
        scan.state(
            DNSSECServers(
                names: Set(views.map { "\($0.server.name)" }).sorted(),
                isSingle: Set(views.map(\.server.name)).count == 1,
                serials: Set(serials.map { Int($0.1) }).sorted(), lagging: serials.filter { $0.1 != newest }.map(\.0),
                staleSignatures: current.filter { isStale($0.1, beside: latest) }.map(\.0), unsigned: unsigned),
            about: .zone(apex))
    }

    /// Some server answered over TCP, one of the zone's or, if need be, one of the zone above's.
    private func isTCPOpen(_ parent: ParentView?) async -> Bool {
        let tried = views.compactMap(\.trials.overTCP)
        if tried.contains(where: { $0.status == .answered || $0.status == .closed }) { return true }
        guard let parent, tried.contains(where: { $0.status == .silent }) else { return false }
        for server in parent.servers {
            let reply = await scan.evidence(for: ServerTrial(server.address, parent.parent, .soa, .overTCP))
            if reply.status != .silent, reply.status != .notAsked { return true }
        }
        return false
    }

    private func subject(_ view: View) -> Subject {
        Subject(kind: .nameserver, name: "\(view.server.name)", address: "\(view.server.address)", object: "\(apex)")
    }

    private func state(_ view: View) {
        let (subject, first) = (subject(view), view.first)
        guard !view.isSilent else {
            scan.state(DNSSECServer.self, .undetermined(Cause(.noAnswerFromServers)), about: subject)
            return
        }
        var bad: [String] = []
        var broken: [String] = []
        var failedTLSA: [String] = []
        var denied: [String] = []
        for reply in view.replies {
            guard reply.reply.status == .answered, let message = reply.message else {
                let others = view.replies.filter { $0.name == reply.name && $0.type != reply.type }
                if reply.type == .tlsa, reply.name != apex, others.contains(where: { $0.reply.status == .answered }) {
                    failedTLSA.append("\(reply.name)")
                }
                continue
            }
            guard isSecure else { continue }
            for set in sets(message) where !set.signatures.isEmpty && !isValid(set) {
                bad.append("\(RecordType(rawValue: set.type)?.mnemonic ?? "TYPE\(set.type)") \(set.owner)")
            }
            if message.answers.isEmpty, message.denials.isEmpty, !isReferral(message) {
                broken.append("\(reply.type.mnemonic) \(reply.name)")
            }
            if message.rcode == 3, hasNameBelow(reply.name, view) { denied.append("\(reply.name)") }
        }
        scan.state(
            DNSSECServer(
                zone: "\(apex)", status: first.status.rawValue, serial: serial(view).map(Int.init),
                isZoneSecure: isSecure,
                lacksSignatures: isSecure && first.status == .answered && lacksSignatures(view),
                badSignatures: Set(bad).sorted(), brokenDenials: lacksSignatures(view) ? [] : Set(broken).sorted(),
                failedTLSA: Set(failedTLSA).sorted(), deniedNonTerminals: Set(denied).sorted()),
            about: subject)
    }

    /// The signature over the SOA record that ends last.
    private func signatureEnd(_ view: View) -> SignatureRecord? {
        guard let message = view.replies.first?.message else { return nil }
        return message.signedSets(message.answers, near: scan.observedAt).flatMap(\.signatures).max {
            $0.expiration < $1.expiration
        }
    }

    private func isStale(_ signature: SignatureRecord?, beside latest: SignatureRecord?) -> Bool {
        guard let signature, let latest else { return false }
        let life = latest.expiration.seconds(since: latest.inception)
        return latest.expiration.seconds(since: signature.expiration) > life / 4
    }

    private func serial(_ view: View) -> UInt32? {
        for record in view.replies.first(where: { $0.type == .soa })?.message?.answers ?? [] {
            if case .soa(let soa) = record.content { return soa.serial }
        }
        return nil
    }

    private func lacksSignatures(_ view: View) -> Bool {
        guard let message = view.replies.first(where: { $0.type == .soa })?.message else { return false }
        return !message.answers.contains { $0.type == RecordType.rrsig.rawValue }
    }

    /// A name below it has records on the same server.
    private func hasNameBelow(_ name: DomainName, _ view: View) -> Bool {
        view.replies.contains { other in
            other.name != name && other.name.isEqualOrBelow(name) && other.message.map { !$0.answers.isEmpty } ?? false
        }
    }

    private func isReferral(_ message: DNSMessage) -> Bool {
        !message.isAuthoritative && message.authority.contains { $0.type == RecordType.ns.rawValue }
    }

    /// Some signature by a key of the zone is good now. What cannot be checked here speaks for itself.
    private func isValid(_ set: SignedSet) -> Bool {
        set.signatures.contains { signature in
            guard signature.signer == apex else { return true }
            guard signature.inception <= scan.observedAt, signature.expiration >= scan.observedAt,
                let octets = set.signedOctets(by: signature)
            else { return false }
            let candidates = keys.filter {
                $0.tag == signature.keyTag && $0.algorithm == signature.algorithm && $0.isZoneKey
            }
            return candidates.contains { key in
                DNSSECVerifier.verify(
                    algorithm: key.algorithm, key: key.publicKey, octets: octets, signature: signature.signature)
                    != .bad
            }
        }
    }

    /// RFC 1982.
    private static func isNewer(_ serial: UInt32, than other: UInt32) -> Bool {
        Int32(bitPattern: serial &- other) > 0
    }
}
