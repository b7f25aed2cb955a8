package import AssayDNS
package import AssayEngine
package import AssayModel
package import AssayTransport

/// The revocation list of an authority (RFC 5280 section 4.2.1.13). It lies with a third party, so it is asked for only where the
/// operator says so (`--fetch-crl`): one GET, no redirect. Plain HTTP is what authorities use, since the list is signed.
package struct RevocationFetch: Probe {
    /// As the certificate names it.
    package let url: String

    package init(_ url: String) { self.url = url }

    package struct Evidence: Codable, Sendable {
        package let answers: [DNSAnswer]
        /// nil where the URL is none, or the host has no address that may be asked.
        package let exchange: HTTPSExchange?

        package var records: [EvidenceRecord] { answers.flatMap(\.evidence) + (exchange?.evidence ?? []) }
    }

    package func run(in scan: ScanContext) async -> Evidence {
        let octets = Array(url.utf8)
        let isPlain = octets.starts(with: "http://".utf8)
        let secure = isPlain ? Array("https://".utf8) + octets.dropFirst(7) : octets
        guard let target = try? HTTPSURL(parsing: secure) else { return Evidence(answers: [], exchange: nil) }
        let web = await scan.webAddresses(of: target.host)
        guard !web.usable.isEmpty else { return Evidence(answers: web.answers, exchange: nil) }
        let question = HTTPSQuestion(
            addresses: web.usable, port: isPlain ? 80 : 443, host: target.host, path: target.path,
            bodyLimit: ProbeLimits.revocationOctets, accept: "application/pkix-crl", seconds: ProbeLimits.webSeconds,
            isPlain: isPlain)
        let exchange = await scan.services.require(Transport.self).fetch(question, deadline: scan.stepDeadline)
        return Evidence(answers: web.answers, exchange: exchange)
    }
}
