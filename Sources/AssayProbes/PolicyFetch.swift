package import AssayDNS
package import AssayEngine
package import AssayModel
package import AssayTransport

/// The MTA-STS policy of a domain over HTTPS (RFC 8461 section 3.3).
package struct PolicyFetch: Probe {
    package let domain: DomainName

    package init(_ domain: DomainName) {
        self.domain = domain
    }

    package struct Evidence: Codable, Sendable {
        /// nil where `mta-sts.` does not fit in front of the domain.
        package let host: DomainName?
        package let answers: [DNSAnswer]
        /// nil where there is no address to ask.
        package let exchange: HTTPSExchange?
        package let special: [IPAddress]
    }

    package func run(in scan: ScanContext) async -> Evidence {
        guard let host = domain.prepending("mta-sts") else {
            return Evidence(host: nil, answers: [], exchange: nil, special: [])
        }
        // Asked before the TXT record is known: three round trips less (performance.md, the chain of round trips).
        let web = await scan.webAddresses(of: host)
        guard !web.usable.isEmpty else {
            return Evidence(host: host, answers: web.answers, exchange: nil, special: web.special)
        }
        let question = HTTPSQuestion(
            addresses: web.usable, port: 443, host: host, path: "/.well-known/mta-sts.txt",
            bodyLimit: ProbeLimits.policyOctets)
        let exchange = await scan.services.require(Transport.self).fetch(question, deadline: scan.stepDeadline)
        return Evidence(host: host, answers: web.answers, exchange: exchange, special: web.special)
    }
}

extension HTTPSExchange {
    package var evidence: [EvidenceRecord] {
        guard let response else { return [] }
        var lines = [EvidenceRecord.Line(from: .us, atMilliseconds: 0, text: "GET \(question.path)")]
        let at = durationMilliseconds
        lines.append(EvidenceRecord.Line(from: .them, atMilliseconds: at, text: "HTTP \(response.status)"))
        lines += response.headers.map {
            EvidenceRecord.Line(from: .them, atMilliseconds: at, text: "\($0.name): \($0.value)")
        }
        lines += response.body.prefix(4096).split(separator: 0x0A, omittingEmptySubsequences: false).prefix(60).map {
            EvidenceRecord.Line(from: .them, atMilliseconds: at, text: printable(Array($0)))
        }
        let server = attempts.last.map { "\($0.address)" }
        return [
            EvidenceRecord(
                kind: .https, at: startedAt,
                name: "\(question.isPlain == true ? "http" : "https")://\(question.host)\(question.path)",
                server: server,
                body: .lines(lines))
        ]
    }
}
