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
        let replies: [Reply]

        var label: String { "\(server.name) [\(server.address)]" }
    }

    let apex: DomainName
    let views: [View]
    private let keys: [KeyRecord]
    private let isSecure: Bool
    private let scan: ScanContext

    static func collect(
        apex: DomainName, servers: [NameServerAddress], names: [DomainName], isDomain: Bool, keys: [KeyRecord],
        isSecure: Bool, scan: ScanContext
    ) async -> ServerViews {
        var questions: [(DomainName, RecordType)] = [(apex, .soa), (apex, .dnskey), (apex, .tlsa)]
        if isDomain { questions.append((apex, .mx)) }
        for name in names.prefix(Self.namesPerServer) {
            // Another type at the same name: a server that breaks the denial of one often answers the other.
            questions += [(name, .tlsa), (name, .a)]
            if let parent = name.parent, parent != apex { questions.append((parent, .a)) }
        }
        let views = await withTaskGroup(of: View.self) { group in
            for server in servers {
                group.addTask { [questions] in
                    var replies: [Reply] = []
                    for (name, type) in questions {
                        let reply = await scan.evidence(for: ServerQuestion(server.address, name, type))
                        replies.append(Reply(name: name, type: type, reply: reply, message: reply.message))
                        // Silence is as silent the next time.
                        if reply.status == .silent || reply.status == .notAsked { break }
                    }
                    return View(server: server, replies: replies)
                }
            }
            var views: [View] = []
            for await view in group { views.append(view) }
            return views.sorted { ($0.server.name, $0.server.address) < ($1.server.name, $1.server.address) }
        }
        return ServerViews(apex: apex, views: views, keys: keys, isSecure: isSecure, scan: scan)
    }

    /// TLSA owners asked for at each server.
    private static let namesPerServer = 10

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

    // MARK: Facts

    func state() {
        for view in views { state(view) }
        let serials = views.compactMap { view in serial(view).map { (view.label, $0) } }
        guard !serials.isEmpty else {
            scan.state(DNSSECServers.self, .undetermined(Cause(.noAnswerFromServers)), about: .zone(apex))
            return
        }
        let newest = serials.map(\.1).reduce(serials[0].1) { Self.isNewer($1, than: $0) ? $1 : $0 }
        let unsigned = views.filter { isSecure && serial($0) != nil && lacksSignatures($0) }.map(\.label)
        scan.state(
            DNSSECServers(
                names: Set(views.map { "\($0.server.name)" }).sorted(),
                isSingle: Set(views.map(\.server.name)).count == 1,
                serials: Set(serials.map { Int($0.1) }).sorted(), lagging: serials.filter { $0.1 != newest }.map(\.0),
                unsigned: unsigned),
            about: .zone(apex))
    }

    private func state(_ view: View) {
        let subject = Subject(
            kind: .nameserver, name: "\(view.server.name)", address: "\(view.server.address)", object: "\(apex)")
        guard let first = view.replies.first, first.reply.status != .silent, first.reply.status != .notAsked else {
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
                zone: "\(apex)", status: first.reply.status.rawValue, serial: serial(view).map(Int.init),
                isZoneSecure: isSecure,
                lacksSignatures: isSecure && first.reply.status == .answered && lacksSignatures(view),
                badSignatures: Set(bad).sorted(), brokenDenials: lacksSignatures(view) ? [] : Set(broken).sorted(),
                failedTLSA: Set(failedTLSA).sorted(), deniedNonTerminals: Set(denied).sorted()),
            about: subject)
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
