import AssayDNS
package import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// The SMTP service of every address of every MX host, STARTTLS, and the certificate served there.
///
/// Makes one connection per address: greeting, EHLO, STARTTLS, handshake, EHLO, VRFY, QUIT; never MAIL. A connection that
/// times out counts against the host only where another address answered, for port 25 may be blocked where we are.
package struct STARTTLSChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "STARTTLS", title: "SMTP service, STARTTLS and certificates", tier: .basic,
        facts: [
            SMTPConnection.self, SMTPReachability.self, SMTPGreeting.self, SMTPProtocol.self, SMTPHello.self,
            SMTPHelloAfterTLS.self, SMTPVerify.self, InternationalisedMail.self, STARTTLSOffer.self,
            STARTTLSReply.self, STARTTLSHandshake.self, STARTTLSKeys.self, STARTTLSVisits.self, TLSAPresence.self,
            LeafCertificate.self, CertificateChain.self,
        ],
        references: ["RFC 5321", "RFC 3207", "RFC 7672", "RFC 8461 section 4.2", "RFC 9525"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        let mail = await scan.evidence(for: MailHosts(scan.domain))
        if case .undetermined(let cause) = mail.lookup.status {
            for fact in Self.manifest.facts { scan.stateUndetermined(fact, cause, about: .domain(scan.domain)) }
            return
        }
        await withTaskGroup(of: Void.self) { group in
            let isMXSecure = mail.lookup.security == .secure
            for host in mail.hosts { group.addTask { await checkTLSA(of: host.name, isMXSecure: isMXSecure, scan) } }
            group.addTask { await checkServers(of: mail, scan) }
        }
    }

    /// The basic tier asks for TLSA records too, so that a tier never changes a severity.
    private func checkTLSA(of host: DomainName, isMXSecure: Bool, _ scan: ScanContext) async {
        let subject = Subject.mx(host)
        guard let answer = await scan.evidence(for: TLSASet(host)) else {
            scan.state(TLSAPresence.self, .absent, about: subject)
            return
        }
        switch answer.status {
        case .undetermined(let cause):
            scan.state(TLSAPresence.self, .undetermined(cause), about: subject)
        case .bogus, .failed:
            // A lookup error: a DANE sender defers (RFC 7672 section 2.1.1), which the DANE checker judges.
            scan.state(
                TLSAPresence.self, .undetermined(Cause("lookup_error", detail: answer.lookupError?.words)),
                about: subject,
                from: answer.evidence)
        case .noData, .nxDomain:
            scan.state(TLSAPresence.self, .absent, about: subject, from: answer.evidence)
        case .records:
            let usages = answer.records.compactMap { record -> Int? in
                if case .tlsa(let usage, _, _, _) = record.content { Int(usage) } else { nil }
            }
            let isSecure = answer.security == .secure
            scan.state(
                TLSAPresence(
                    isSecure: isSecure, count: answer.records.count, usages: Set(usages).sorted(),
                    hasDANETA: isSecure && usages.contains(2), isMXSecure: isMXSecure),
                about: subject, from: answer.evidence)
        }
    }

    private func checkServers(of mail: MailHosts.Evidence, _ scan: ScanContext) async {
        let servers = mail.servers
        guard scan.options.asksSMTP else {
            for server in servers { AddressFacts.stateNothing(about: server, because: Cause(.notAsked), scan) }
            for host in mail.hosts {
                scan.state(SMTPReachability.self, .undetermined(Cause(.notAsked)), about: .mx(host.name))
            }
            scan.state(InternationalisedMail.self, .undetermined(Cause(.notAsked)), about: .domain(scan.domain))
            return
        }
        for server in servers where !server.isInBudget {
            AddressFacts.stateNothing(about: server, because: Cause(.budget), scan)
        }
        let conversations = await withTaskGroup(
            of: (MailHosts.Evidence.Server, SMTPConversation).self
        ) { group in
            for server in servers where server.isInBudget {
                group.addTask { (server, await scan.converse(with: server)) }
            }
            var conversations: [MailHosts.Evidence.Server: SMTPConversation] = [:]
            for await (server, conversation) in group {
                conversations[server] = conversation
                // What does not depend on the other addresses is stated at once, in case the scan is cut.
                if conversation.connect == .connected {
                    AddressFacts(server: server, conversation: conversation, someoneAnswered: true).state(scan)
                }
            }
            return conversations
        }
        let someoneAnswered = conversations.values.contains { [.connected, .refused].contains($0.connect) }
        for (server, conversation) in conversations {
            AddressFacts(server: server, conversation: conversation, someoneAnswered: someoneAnswered).state(scan)
        }
        await surveyKeys(conversations, scan)
        let summary = HostSummary(conversations: conversations, servers: servers, someoneAnswered: someoneAnswered)
        for host in mail.hosts { summary.stateReachability(of: host, scan) }
        summary.stateInternationalisedMail(of: mail, scan)
    }

    /// Certificates by key type and second visits, which only the extended tier has the connections for.
    private func surveyKeys(
        _ conversations: [MailHosts.Evidence.Server: SMTPConversation], _ scan: ScanContext
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for (server, conversation) in conversations {
                let facts = KeyFacts(server: server)
                if scan.options.tier == .basic {
                    facts.stateNothing(.notApplicable("basic"), scan)
                } else if conversation.connect != .connected {
                    facts.stateNothing(.notApplicable("no_connection"), scan)
                } else {
                    group.addTask { await facts.state(scan) }
                }
            }
        }
    }
}

extension ScanContext {
    /// States one cause for a fact given by its type alone.
    func stateUndetermined(_ fact: any Fact.Type, _ cause: Cause, about subject: Subject) {
        func state<F: Fact>(_ type: F.Type) { self.state(type, .undetermined(cause), about: subject) }
        state(fact)
    }
}
