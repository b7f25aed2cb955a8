import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// What the addresses of a host, and the hosts of the domain, come to together.
struct HostSummary {
    let conversations: [MailHosts.Evidence.Server: SMTPConversation]
    let servers: [MailHosts.Evidence.Server]
    let someoneAnswered: Bool

    func stateReachability(of host: MailHosts.Host, _ scan: ScanContext) {
        let subject = Subject.mx(host.name)
        let mine = servers.filter { $0.host == host.name }
        guard !mine.isEmpty else {
            scan.state(SMTPReachability.self, .notApplicable("no_address"), about: subject)
            return
        }
        var counts: [Result: Int] = [:]
        for server in mine { counts[result(of: server), default: 0] += 1 }
        if counts[.undetermined] == mine.count {
            scan.state(SMTPReachability.self, .undetermined(cause(for: mine)), about: subject)
            return
        }
        let connected = mine.filter { result(of: $0) == .connected }
        let failed = mine.filter { [.refused, .timedOut, .unreachable].contains(result(of: $0)) }
        scan.state(
            SMTPReachability(
                addresses: mine.count, connected: connected.count, refused: counts[.refused] ?? 0,
                timedOut: counts[.timedOut] ?? 0, unreachable: counts[.unreachable] ?? 0,
                undetermined: counts[.undetermined] ?? 0,
                ipv4Connected: connected.count { $0.address.family == .ipv4 },
                ipv6Connected: connected.count { $0.address.family == .ipv6 },
                ipv6Failed: failed.filter { $0.address.family == .ipv6 }.map { "\($0.address)" }.sorted()),
            about: subject)
    }

    /// SMTPUTF8 has to be there at every host that mail may take (RFC 6531 section 3.1).
    func stateInternationalisedMail(of mail: MailHosts.Evidence, _ scan: ScanContext) {
        let subject = Subject.domain(scan.domain)
        var with: Set<String> = []
        var without: Set<String> = []
        var lacking8Bit: Set<String> = []
        var unknown = 0
        for server in servers {
            guard let conversation = conversations[server],
                let reply = conversation.ehloAfterTLS ?? (conversation.handshake == nil ? conversation.ehlo : nil),
                reply.code == 250
            else {
                unknown += 1
                continue
            }
            let keywords = EHLOReply(reply).keywords
            if keywords.contains("SMTPUTF8") {
                with.insert("\(server.host)")
                if !keywords.contains("8BITMIME") { lacking8Bit.insert("\(server.host)") }
            } else {
                without.insert("\(server.host)")
            }
        }
        if servers.isEmpty {
            scan.state(InternationalisedMail.self, .notApplicable("no_mail_host"), about: subject)
        } else if unknown > 0, with.isEmpty || without.isEmpty {
            scan.state(InternationalisedMail.self, .undetermined(Cause(.dependsOnUndetermined)), about: subject)
        } else {
            scan.state(
                InternationalisedMail(
                    hostsWith: with.subtracting(without).sorted(), hostsWithout: without.sorted(),
                    hostsWithout8BITMIME: lacking8Bit.sorted()),
                about: subject)
        }
    }

    private enum Result { case connected, refused, timedOut, unreachable, undetermined }

    private func result(of server: MailHosts.Evidence.Server) -> Result {
        switch conversations[server]?.connect {
        case .connected: .connected
        case .refused: .refused
        case .unreachable: .unreachable
        case .timedOut: someoneAnswered ? .timedOut : .undetermined
        case .local, .refusedTarget, nil: .undetermined
        }
    }

    private func cause(for servers: [MailHosts.Evidence.Server]) -> Cause {
        if servers.allSatisfy({ !$0.isInBudget }) { return Cause(.budget) }
        let hasTimeout = servers.contains { conversations[$0]?.connect == .timedOut }
        return Cause(hasTimeout ? .noAnswerOnPort25 : .noRoute)
    }
}
