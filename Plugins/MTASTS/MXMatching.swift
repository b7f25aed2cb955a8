import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// Judges the live MX hosts by the policy in force, as an STS sender would (RFC 8461 sections 4.1 and 4.2).
struct MXMatching {
    let policy: STSPolicy
    let mode: STSPolicy.Mode

    func state(_ scan: ScanContext) async {
        let mail = await scan.evidence(for: MailHosts(scan.domain))
        let domain = Subject.domain(scan.domain)
        if case .undetermined(let cause) = mail.lookup.status {
            scan.state(STSCoverage.self, .undetermined(cause), about: domain)
            scan.state(STSMXMatch.self, .undetermined(cause), about: domain)
            scan.state(STSMXValidation.self, .undetermined(cause), about: domain)
            return
        }
        let uncovered = mail.hosts.filter { host in !policy.patterns.contains { $0.matches(host.name) } }
        let allUncovered = !mail.hosts.isEmpty && uncovered.count == mail.hosts.count
        scan.state(
            STSCoverage(
                mode: mode.rawValue, uncoveredHosts: uncovered.map { "\($0.name)" }, allUncovered: allUncovered,
                bestUncovered: uncovered.contains { $0.preference == mail.bestPreference },
                deadPatterns: mail.hosts.isEmpty
                    ? []
                    : policy.patterns.filter { pattern in !mail.hosts.contains { pattern.matches($0.name) } }
                        .prefix(100).map(\.description),
                isNullMX: mail.isNullMX),
            about: domain)
        for host in mail.hosts {
            let match = policy.patterns.first { $0.matches(host.name) }
            scan.state(
                STSMXMatch(
                    mode: mode.rawValue, isMatched: match != nil, pattern: match?.description,
                    missedByWildcard: match == nil ? policy.patterns.first { $0.misses(host.name) }?.description : nil,
                    isBestPreference: host.preference == mail.bestPreference, allUncovered: allUncovered),
                about: .mx(host.name))
        }
        await withTaskGroup(of: Void.self) { group in
            for server in mail.servers { group.addTask { await stateValidation(of: server, scan) } }
        }
    }

    private func stateValidation(of server: MailHosts.Evidence.Server, _ scan: ScanContext) async {
        let subject = Subject.address(server.address, of: server.host)
        guard scan.options.asksSMTP else {
            return scan.state(STSMXValidation.self, .undetermined(Cause(.notAsked)), about: subject)
        }
        guard server.isInBudget else {
            return scan.state(STSMXValidation.self, .undetermined(Cause(.budget)), about: subject)
        }
        let conversation = await scan.converse(with: server)
        let evidence = conversation.evidence
        guard let ehlo = conversation.ehlo, ehlo.code == 250 || conversation.helo?.code == 250 else {
            return scan.state(
                STSMXValidation.self, .undetermined(Cause(.dependsOnUndetermined, detail: "no SMTP dialogue")),
                about: subject, from: evidence)
        }
        let hasDANEEE = await hasSecureDANEEE(server.host, scan)
        let offers = ehlo.code == 250 && conversation.hasSTARTTLSOffer
        guard let handshake = conversation.handshake, let chain = handshake.chain else {
            if offers, let failure = conversation.handshake?.failure, [.local, .incompatible].contains(failure.reason) {
                return scan.state(
                    STSMXValidation.self, .undetermined(Cause(.notSupportedHere, detail: failure.detail)),
                    about: subject)
            }
            return scan.state(
                STSMXValidation(
                    mode: mode.rawValue, offersSTARTTLS: offers, certificateIsValid: nil, path: nil, nameMatches: nil,
                    datesValid: nil, isSelfSigned: nil, tlsVersion: nil, tlsIsModern: nil, hasDANEEE: hasDANEEE),
                about: subject, from: evidence)
        }
        let verdict = ChainVerifier().verify(
            chain, name: server.host, at: scan.startedAt, store: scan.services.require(TrustStore.self))
        var version: String?
        if case .completed(let session) = handshake { version = session.version }
        scan.state(
            STSMXValidation(
                mode: mode.rawValue, offersSTARTTLS: offers, certificateIsValid: verdict.isValid,
                path: verdict.path.rawValue, nameMatches: verdict.nameMatches, datesValid: verdict.datesValid,
                isSelfSigned: verdict.path == .selfSigned, tlsVersion: version,
                tlsIsModern: version.map { $0 == "TLSv1.2" || $0 == "TLSv1.3" }, hasDANEEE: hasDANEEE),
            about: subject, from: evidence)
    }

    private func hasSecureDANEEE(_ host: DomainName, _ scan: ScanContext) async -> Bool {
        guard let answer = await scan.evidence(for: TLSASet(host)), answer.security == .secure else { return false }
        return answer.records.contains {
            if case .tlsa(3, _, _, _) = $0.content { true } else { false }
        }
    }
}

extension SMTPConversation {
    /// STARTTLS stands in the EHLO reply as a keyword of its own.
    fileprivate var hasSTARTTLSOffer: Bool {
        ehlo?.lines.dropFirst().contains { line in
            let word = line.prefix { $0 != 0x20 }.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }
            return word == Array("STARTTLS".utf8)
        } ?? false
    }
}
