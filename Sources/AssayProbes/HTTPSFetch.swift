package import AssayCrypto
package import AssayDNS
package import AssayEngine
package import AssayModel
package import AssayTransport

/// A file behind an `https` URL: a logo, a mark certificate. Redirects are followed as far as `redirects`, each to an `https` URL
/// on port 443 whose addresses are vetted like the first one's; nothing is decompressed, no cookie kept.
package struct HTTPSFetch: Probe {
    package let url: HTTPSURL
    /// The media types asked for.
    package let accept: String
    package let bodyLimit: Int
    package let redirects: Int

    package init(
        _ url: HTTPSURL, accept: String, bodyLimit: Int = ProbeLimits.webOctets, redirects: Int = ProbeLimits.redirects
    ) {
        self.url = url
        self.accept = accept
        self.bodyLimit = bodyLimit
        self.redirects = redirects
    }

    /// One request.
    package struct Hop: Codable, Sendable {
        package let url: HTTPSURL
        package let answers: [DNSAnswer]
        /// nil where there is no address to ask.
        package let exchange: HTTPSExchange?
        /// Addresses that are not connected to.
        package let special: [IPAddress]
    }

    /// Why the last answer, a redirect, was not followed.
    package enum Stop: String, Codable, Sendable {
        case tooMany = "too_many"
        case loop
        /// To something that is no `https` URL on port 443.
        case target
    }

    package struct Evidence: Codable, Sendable {
        /// In the order they were made; at least one.
        package let hops: [Hop]
        package let stop: Stop?
        /// Where the redirect that was not followed leads.
        package let refusedLocation: String?

        package var last: Hop? { hops.last }
        /// What the last host answered.
        package var response: HTTPSExchange.Response? { hops.last?.exchange?.response }
        package var records: [EvidenceRecord] {
            hops.flatMap { $0.answers.flatMap(\.evidence) + ($0.exchange?.evidence ?? []) }
        }
    }

    package func run(in scan: ScanContext) async -> Evidence {
        var hops: [Hop] = []
        var next = url
        while true {
            let hop = await Self.ask(next, accept, bodyLimit, scan)
            hops.append(hop)
            guard let location = hop.exchange?.redirect else {
                return Evidence(hops: hops, stop: nil, refusedLocation: nil)
            }
            func stopped(_ stop: Stop) -> Evidence { Evidence(hops: hops, stop: stop, refusedLocation: location) }
            guard hops.count <= redirects else { return stopped(.tooMany) }
            guard let target = try? next.following(location) else { return stopped(.target) }
            guard !hops.contains(where: { $0.url == target }) else { return stopped(.loop) }
            next = target
        }
    }

    private static func ask(_ url: HTTPSURL, _ accept: String, _ bodyLimit: Int, _ scan: ScanContext) async -> Hop {
        let web = await scan.webAddresses(of: url.host)
        guard !web.usable.isEmpty else {
            return Hop(url: url, answers: web.answers, exchange: nil, special: web.special)
        }
        let question = HTTPSQuestion(
            addresses: web.usable, port: 443, host: url.host, path: url.path, bodyLimit: bodyLimit, accept: accept,
            seconds: ProbeLimits.webSeconds)
        let exchange = await scan.services.require(Transport.self).fetch(question, deadline: scan.stepDeadline)
        return Hop(url: url, answers: web.answers, exchange: exchange, special: web.special)
    }
}

extension HTTPSFetch.Hop {
    /// The certificates that the host showed.
    package var chain: PresentedChain? { exchange?.handshake?.chain }

    /// What a browser's validator says of them; nil without any.
    package func verdict(in scan: ScanContext) -> PKIXVerdict? {
        chain.map {
            ChainVerifier().verify(
                $0, name: url.host, at: scan.startedAt, store: scan.services.require(TrustStore.self))
        }
    }
}

extension HTTPSExchange {
    /// Where the answer sends us (RFC 9110 section 15.4).
    package var redirect: String? {
        guard let response, [301, 302, 303, 307, 308].contains(response.status) else { return nil }
        return response.headers.first { $0.name == "location" }?.value
    }
}

extension ScanContext {
    /// The addresses of a web host: those that may be connected to, IPv6 first (RFC 6724), and those that may not.
    package func webAddresses(of host: DomainName) async -> (
        answers: [DNSAnswer], usable: [IPAddress], special: [IPAddress]
    ) {
        async let ipv4 = resolve(host, .a)
        async let ipv6 = resolve(host, .aaaa)
        let answers = await [ipv4, ipv6]
        // A host that is broken over IPv6 shows.
        let all = answers.reversed().flatMap { Set($0.addresses).sorted().prefix(ProbeLimits.addressesPerFamily) }
        let isRefused = { (address: IPAddress) in
            address.specialPurpose.map { !(self.options.allowsPrivate && $0.isPrivate) } ?? false
        }
        return (answers, all.filter { !isRefused($0) }, all.filter(isRefused))
    }
}
