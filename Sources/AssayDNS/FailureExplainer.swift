import AssayModel
import NIOCore
import NIOPosix

/// Finds out what each authoritative server says where the resolver only said "failure".
struct FailureExplainer: Sendable {
    let allowPrivate: Bool
    private let client = PlainDNSClient(group: MultiThreadedEventLoopGroup.singleton)

    struct Said: Sendable {
        let verdict: FailureExplanation.Verdict
        let rcode: Int?
        let extendedErrors: [FailureExplanation.ExtendedError]
    }

    init(allowPrivate: Bool) {
        self.allowPrivate = allowPrivate
    }

    /// The delegation that a zone's server knows on the way to `name`: the child zone, its servers' names, and glue.
    func delegation(
        towards name: DomainName, below zone: DomainName, from server: IPAddress
    ) async -> (zone: DomainName, names: [DomainName], glue: [(DomainName, IPAddress)])? {
        if server.specialPurpose != nil, !allowPrivate { return nil }
        let reply = await client.ask(
            server, port: 53, name: name, type: .ns, recursion: false, seconds: DNSLimits.explainSeconds)
        guard case .message(let message) = reply, !message.isAuthoritative else { return nil }
        let records = message.authority.filter { record in
            record.type == RecordType.ns.rawValue && record.owner != zone && record.owner.isEqualOrBelow(zone)
                && name.isEqualOrBelow(record.owner)
        }
        guard let child = records.first?.owner else { return nil }
        let names = records.compactMap { if case .name(let name) = $0.content { name } else { nil } }
        let glue = message.additional.compactMap { record -> (DomainName, IPAddress)? in
            if case .address(let address) = record.content, names.contains(record.owner) {
                (record.owner, address)
            } else {
                nil
            }
        }
        return (child, names, glue)
    }

    /// One question to each server at once.
    func explain(
        _ name: DomainName, _ type: RecordType, zone: DomainName, servers: [(DomainName, IPAddress)]
    ) async -> FailureExplanation {
        let said = await withTaskGroup(of: FailureExplanation.Server.self) { group in
            for (server, address) in servers.prefix(DNSLimits.explainedServers) {
                group.addTask {
                    let said = await ask(address, port: 53, name: name, type: type, recursion: false)
                    return .init(
                        name: server, address: address, verdict: said.verdict, rcode: said.rcode,
                        extendedErrors: said.extendedErrors)
                }
            }
            var all: [FailureExplanation.Server] = []
            for await one in group { all.append(one) }
            return all.sorted { ($0.name, $0.address) < ($1.name, $1.address) }
        }
        return FailureExplanation(zone: zone, servers: said)
    }

    func ask(
        _ server: IPAddress, port: UInt16, name: DomainName, type: RecordType, recursion: Bool
    ) async -> Said {
        if server.specialPurpose != nil, !allowPrivate {
            return Said(verdict: .notAsked, rcode: nil, extendedErrors: [])
        }
        let reply = await client.ask(
            server, port: port, name: name, type: type, recursion: recursion, seconds: DNSLimits.explainSeconds)
        switch reply {
        case .silent: return Said(verdict: .silent, rcode: nil, extendedErrors: [])
        case .closed: return Said(verdict: .closed, rcode: nil, extendedErrors: [])
        case .malformed: return Said(verdict: .malformed, rcode: nil, extendedErrors: [])
        case .message(let message):
            return Said(
                verdict: verdict(on: message, recursion: recursion), rcode: message.rcode,
                extendedErrors: message.extendedErrors)
        }
    }

    func reply(
        _ server: IPAddress, _ name: DomainName, _ type: RecordType, form: QueryForm = .standard
    ) async -> ServerReply {
        if server.specialPurpose != nil, !allowPrivate { return ServerReply(status: .notAsked, octets: []) }
        switch await client.ask(
            server, port: 53, name: name, type: type, recursion: false, form: form, seconds: DNSLimits.explainSeconds)
        {
        case .silent: return ServerReply(status: .silent, octets: [])
        case .closed: return ServerReply(status: .closed, octets: [])
        case .malformed: return ServerReply(status: .malformed, octets: [])
        case .message(let message):
            return ServerReply(status: verdict(on: message, recursion: false), octets: message.octets)
        }
    }

    private func verdict(on message: DNSMessage, recursion: Bool) -> FailureExplanation.Verdict {
        switch message.rcode {
        case 2: return .servfail
        case 5: return .refused
        case 0, 3:
            // Lame: neither an answer nor authority for the zone it is listed for.
            return message.isAuthoritative || recursion || !message.answers.isEmpty ? .answered : .lame
        default: return .otherCode
        }
    }
}
