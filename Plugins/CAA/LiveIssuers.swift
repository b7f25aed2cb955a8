import AssayCrypto
import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// A certificate that is in use, as far as it concerns who may issue the next one.
struct LiveCertificate: Hashable, Sendable {
    let host: DomainName
    /// `Let's Encrypt, R11`.
    let issuer: String
    let organization: String?
    let commonName: String?
    let isSelfSigned: Bool
    /// Names of the certificate that cover the host: itself, or a wildcard.
    let names: [String]
    let notAfter: Timestamp?

    init(_ leaf: Certificate, at host: DomainName) {
        self.host = host
        organization = NameText.attribute("O", of: leaf.issuer)
        commonName = NameText.attribute("CN", of: leaf.issuer)
        let shown = [organization, commonName].compactMap(\.self).joined(separator: ", ")
        issuer = shown.isEmpty ? leaf.issuer : shown
        isSelfSigned = leaf.isSelfSigned || leaf.issuer == leaf.subject
        let own = "\(host)"
        let wildcard = host.parent.map { "*.\($0)" }
        names = Array(Set(leaf.dnsNames.filter { $0 == own || $0 == wildcard })).sorted()
        notAfter = leaf.notAfter
    }
}

/// Certificates in use at the names that are looked at.
enum LiveIssuers {
    struct Seen: Sendable {
        var certificates: [LiveCertificate] = []
        /// Why something could not be seen; certificates that were seen count all the same.
        var undetermined: Cause?
    }

    /// Every address and key type of a mail host, by the survey that others ask for too.
    static func ofMailHost(_ host: DomainName, _ mail: MailHosts.Evidence, _ scan: ScanContext) async -> Seen {
        guard scan.options.asksSMTP else { return Seen(undetermined: Cause(.notAsked)) }
        let servers = mail.servers.filter { $0.host == host }
        return await withTaskGroup(of: Seen.self) { group in
            for server in servers {
                group.addTask {
                    guard server.isInBudget else { return Seen(undetermined: Cause(.budget)) }
                    let survey = await scan.evidence(
                        for: KeySurvey(host: server.host, address: server.address, ehloName: scan.options.ehloName))
                    let leaves = survey.chains.compactMap { $0.chain.certificate(at: 0) }
                    return Seen(
                        certificates: leaves.map { LiveCertificate($0, at: host) },
                        undetermined: leaves.isEmpty ? cause(of: survey.first) : nil)
                }
            }
            var all = Seen()
            for await seen in group {
                all.certificates += seen.certificates
                all.undetermined = all.undetermined ?? seen.undetermined
            }
            return all
        }
    }

    static func ofPolicyHost(_ fetch: PolicyFetch.Evidence) -> Seen {
        guard let host = fetch.host, let exchange = fetch.exchange else { return Seen() }
        if let leaf = exchange.handshake?.chain?.certificate(at: 0) {
            return Seen(certificates: [LiveCertificate(leaf, at: host)])
        }
        return Seen(undetermined: Cause("no_certificate"))
    }

    /// Without a certificate: could there be one that we did not see?
    private static func cause(of conversation: SMTPConversation) -> Cause? {
        switch conversation.connect {
        case .timedOut, .unreachable: return Cause(.noAnswerOnPort25)
        case .local: return Cause(.noRoute)
        case .refusedTarget: return Cause(.refusedTarget)
        case .refused: return nil
        case .connected: break
        }
        if conversation.ehlo?.advertises("STARTTLS") == false { return nil }
        return Cause("no_certificate")
    }
}

/// Attributes of a distinguished name as text (RFC 4514).
enum NameText {
    /// The first value of `CN` or `O`, its escapes undone.
    static func attribute(_ kind: String, of text: String) -> String? {
        var values: [[UInt8]] = [[]]
        var isEscaped = false
        for octet in text.utf8 {
            if isEscaped {
                values[values.count - 1].append(octet)
                isEscaped = false
            } else if octet == UInt8(ascii: "\\") {
                isEscaped = true
            } else if octet == UInt8(ascii: ",") || octet == UInt8(ascii: "+") {
                values.append([])
            } else {
                values[values.count - 1].append(octet)
            }
        }
        let head = Array("\(kind)=".utf8)
        return values.first { $0.starts(with: head) }.map { String(decoding: $0.dropFirst(head.count), as: UTF8.self) }
    }
}
