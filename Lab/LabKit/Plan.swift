import COpenSSL
import Foundation

/// The world with addresses, certificates, zones and servers: everything decided, nothing started.
struct Plan {
    /// Where the world stands.
    enum Place { case publicAddresses, loopback }

    struct Endpoint {
        let address: String
        let port: UInt16
        let serve: Serve
    }

    enum Serve {
        case smtp(SMTPServer)
        case policy(PolicyServer)
        case web(WebServer)
        case silence
        case postfix(CertificateMaker.Identity, name: String)
        case exim(CertificateMaker.Identity, name: String)
        case nginx(CertificateMaker.Identity, name: String, policy: String)
    }

    struct Zone {
        let name: String
        var text: String
        var isSigned: Bool
        /// Configured without a file.
        var isMissing = false
        var signing = LabDomain.Signing()
        /// Signed, with DS records in the zone above.
        var isSecure = false
    }

    let place: Place
    let nameServer: String
    let nameServerIPv6: String?
    /// The same server by another name and address.
    let secondNameServer: String
    private(set) var endpoints: [Endpoint] = []
    /// With their ports of the loopback address.
    private(set) var tlsPrograms: [(program: TLSProgram, identity: CertificateMaker.Identity, port: UInt16)] = []
    private(set) var zones: [Zone] = []
    private(set) var addresses: [String] = []
    let log = MailLog()

    private var lab = ""
    private var reverse4 = ""
    private var reverse6 = ""
    /// Records of hosts outside the lab's TLD, by their TLD.
    private var foreign: [String: String] = [:]
    private var nextAddress = 0
    private let makerOfCertificates: CertificateMaker
    private let makerOfMarks: MarkMaker

    init(_ domains: [LabDomain], place: Place, maker: CertificateMaker, marks: MarkMaker) {
        self.place = place
        makerOfCertificates = maker
        makerOfMarks = marks
        nameServer = place == .loopback ? "127.17.255.1" : "193.17.255.1"
        nameServerIPv6 = place == .loopback ? nil : "2a0f:1ab:ffff::1"
        addresses = [nameServer] + (nameServerIPv6.map { [$0] } ?? [])
        secondNameServer = place == .loopback ? "127.17.255.2" : "193.17.254.2"
        addresses += [secondNameServer, deadServer, refusingServer] + FaultyNameServer.Fault.allCases.map(address)
        for domain in domains { add(domain) }
        finishZones()
    }

    func address(of fault: FaultyNameServer.Fault) -> String {
        let number = (FaultyNameServer.Fault.allCases.firstIndex(of: fault) ?? 0) + 10
        return place == .loopback ? "127.17.255.\(number)" : "193.17.255.\(number)"
    }

    var deadServer: String { place == .loopback ? "127.17.255.9" : "193.17.255.9" }
    var refusingServer: String { place == .loopback ? "127.17.255.8" : "193.17.255.8" }

    // MARK: Domains

    private mutating func add(_ domain: LabDomain) {
        var block = "$ORIGIN \(domain.name).\n"
        switch domain.delegation {
        case nil, .unsigned, .signed: break
        case let delegation?:
            delegate(domain.name, delegation, records: lines(domain.records, domain))
            return
        }
        for record in domain.records {
            if record.hasSuffix("NS ns-refusing.lab.") {
                lab += "\(record.prefix { $0 != " " }).\(domain.name). 300 IN NS ns-refusing.lab.\n"
            } else if record.hasSuffix("NS ns-bogus.lab.") || record.hasSuffix("NS ns-servfail.lab.") {
                let label = record.prefix { $0 != " " }
                delegate(
                    "\(label).\(domain.name)", record.contains("bogus") ? .bogus : .servfail,
                    records: "@ 300 IN TXT \"v=STSv1; id=1\"\n")
            } else {
                block += line(record, domain)
            }
        }
        for authorization in domain.authorizations { block += "@ 300 IN CAA \(authorization)\n" }
        for record in domain.foreignRecords {
            guard let name = record.split(separator: " ").first else { continue }
            if let topLevel = name.split(separator: ".").last {
                foreign[String(topLevel), default: ""] += record + "\n"
            }
        }
        for host in domain.hosts { block += add(host, of: domain) }
        if let policy = domain.policy { block += add(policy, of: domain) }
        for web in domain.webs { block += add(web, of: domain) }
        switch domain.delegation {
        case .unsigned: addZone(domain, block, signing: nil)
        case .signed(let signing): addZone(domain, block, signing: signing)
        default: lab += block
        }
    }

    private mutating func addZone(_ domain: LabDomain, _ block: String, signing: LabDomain.Signing?) {
        let servers = domain.nameServers.map { "\(domain.name). 300 IN NS \($0)\n" }.joined()
        lab += servers + (signing?.otherDS ?? []).map { "\(domain.name). 300 IN DS \($0)\n" }.joined()
        // Servers outside the lab's TLD are ours by another name.
        for server in domain.nameServers where !server.hasSuffix(".lab.") {
            guard let topLevel = server.split(separator: ".").last else { continue }
            foreign[String(topLevel), default: ""] += "\(server) 300 IN A \(nameServer)\n"
        }
        let soa = "@ \(domain.ttls["SOA"] ?? 300) IN SOA ns.lab. hostmaster.lab. 1 \(domain.times)\n"
        var name = "\(domain.name)."
        let isHidden = FaultyNameServer.Fault.allCases.contains {
            $0.isAlone && domain.nameServers == [$0.hostName]
        }
        let inner = domain.nameServers.map { "@ 300 IN NS \($0)\n" }.joined()
        if isHidden { name = name.dropLast(4) + FaultyNameServer.hiddenName + "." }
        let content = block.replacingOccurrences(of: "$ORIGIN \(domain.name).\n", with: "")
        zones.append(
            Zone(
                name: name, text: "$TTL 300\n$ORIGIN \(name)\n" + soa + inner + content,
                isSigned: signing != nil, signing: signing ?? .init(), isSecure: signing != nil))
    }

    private func lines(_ records: [String], _ domain: LabDomain) -> String { records.map { line($0, domain) }.joined() }

    private func line(_ record: String, _ domain: LabDomain) -> String {
        let parts = record.split(separator: " ", maxSplits: 1).map(String.init)
        let type = parts[1].split(separator: " ").first.map(String.init) ?? ""
        let ttl = domain.ttls[parts[0]] ?? domain.ttls[type] ?? 300
        return "\(parts[0]) \(ttl) IN \(parts[1])\n"
    }

    private mutating func delegate(_ name: String, _ how: LabDomain.Delegation, records: String) {
        let servers =
            switch how {
            case .silent: ["ns-dead.lab."]
            case .refused: ["ns-refusing.lab."]
            default: ["ns.lab.", "ns2.lab."]
            }
        lab += servers.map { "\(name). 300 IN NS \($0)\n" }.joined()
        switch how {
        case .bogus:
            lab += "\(name). 300 IN DS 12345 13 2 \(String(repeating: "00", count: 32))\n"
            zones.append(Zone(name: "\(name).", text: head("\(name).") + records, isSigned: true))
        case .servfail: zones.append(Zone(name: "\(name).", text: "", isSigned: false, isMissing: true))
        case .refused, .silent, .unsigned, .signed: break
        }
    }

    private mutating func add(_ host: MailHost, of domain: LabDomain) -> String {
        let isForeign = host.label.hasSuffix(".")
        let name =
            host.label == "@"
            ? domain.name : isForeign ? String(host.label.dropLast()) : "\(host.label).\(domain.name)"
        var block = ""
        if host.hasSPF, host.label != "@" { block += "\(host.label) 300 IN TXT \"v=spf1 a -all\"\n" }
        var mx = ""
        if host.isInMX { mx = "@ \(domain.ttls["MX"] ?? 300) IN MX \(host.preference) \(host.label)\n" }
        let tls = host.script.tls
        var contexts: [SharedContext] = []
        if let certificate = host.certificate {
            contexts = [context(name, [certificate, host.secondCertificate].compactMap(\.self), tls)]
        }
        if let backend = host.backendCertificate {
            let other = context(name, [backend, host.secondCertificate].compactMap(\.self), tls)
            contexts += [other, other]
        }
        if let named = host.namedCertificate, let first = contexts.first {
            let other = context(name, [named], tls)
            copenssl_set_sni_callback(
                first.pointer,
                { ssl, _, other in
                    guard SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) != nil, let other else { return 0 }
                    _ = SSL_set_SSL_CTX(ssl, OpaquePointer(other))
                    return 0
                }, UnsafeMutableRawPointer(other.pointer))
        }
        let leaf = host.certificate.map { makerOfCertificates.identity(for: name, $0).certificate }
        var backend: UInt16?
        if let program = host.tlsProgram, let certificate = host.certificate {
            let port = 40_000 + UInt16(tlsPrograms.count)
            tlsPrograms.append((program, makerOfCertificates.identity(for: name, certificate), port))
            backend = port
        }
        let server = SMTPServer(
            name: name, script: host.script, contexts: contexts, log: log, leaf: leaf.map(CertificateMaker.der) ?? [],
            backend: backend,
            key: host.certificate.map { SharedContext(pointer: makerOfCertificates.identity(for: name, $0).key) })
        let number = nextAddress
        nextAddress += 1
        if host.hasIPv4 {
            let fixed = host.fixedAddress.map { place == .loopback ? "127" + $0.dropFirst(3) : $0 }
            let address = fixed ?? ipv4(number)
            block += "\(host.label) 300 IN A \(address)\n"
            for reverse in (host.hasReverse ? [host.reverseName ?? name] : []) + host.reverseAliases {
                reverse4 += "\(reversed4(address)) 300 IN PTR \(reverse).\n"
            }
            listen(address, 25, host.service, server)
        }
        if host.hasIPv6, place == .publicAddresses {
            let address = "2a0f:1ab:\(String(number % 2 + 1, radix: 16))::\(String(number + 16, radix: 16))"
            block += "\(host.label) 300 IN AAAA \(address)\n"
            if host.hasReverse { reverse6 += "\(Self.reversed6(address)) 300 IN PTR \(host.reverseName ?? name).\n" }
            var here = server
            if let certificate = host.ipv6Certificate {
                here = SMTPServer(
                    name: name, script: host.script, contexts: [context(name, [certificate], tls)],
                    log: log)
            }
            listen(address, 25, host.ipv6Service ?? host.service, here)
        }
        for spec in host.tlsa {
            guard let certificate = spec.isOfSecond ? host.secondCertificate : host.certificate else { continue }
            let record = makerOfCertificates.tlsa(name, certificate, spec)
            block += "_25._tcp.\(host.label) \(domain.ttls["TLSA"] ?? 300) IN TLSA \(record)\n"
        }
        if isForeign, let topLevel = name.split(separator: ".").last {
            foreign[String(topLevel), default: ""] += block
            return mx
        }
        return mx + block
    }

    private mutating func listen(_ address: String, _ port: UInt16, _ service: MailHost.Service, _ server: SMTPServer) {
        addresses.append(address)
        switch service {
        case .scripted: endpoints.append(Endpoint(address: address, port: port, serve: .smtp(server)))
        case .silent: endpoints.append(Endpoint(address: address, port: port, serve: .silence))
        case .closed: break
        case .postfix, .exim:
            let identity = makerOfCertificates.identity(for: server.name, CertificateSpec())
            let serve: Serve =
                service == .postfix ? .postfix(identity, name: server.name) : .exim(identity, name: server.name)
            endpoints.append(Endpoint(address: address, port: port, serve: serve))
        }
    }

    private mutating func add(_ policy: PolicyHost, of domain: LabDomain) -> String {
        guard policy.hasAddress else { return "" }
        let label = policy.alias.map { "\($0)." } ?? "mta-sts"
        let name = "mta-sts.\(domain.name)"
        var block = policy.alias.map { "mta-sts 300 IN CNAME \($0).\n" } ?? ""
        var context: SharedContext?
        if let certificate = policy.certificate {
            context = self.context(name, [certificate], maximum: policy.maximumTLS)
        }
        let server = PolicyServer(host: policy, context: context)
        let number = nextAddress
        nextAddress += 1
        var places: [(address: String, type: String, listens: Bool)] = []
        if policy.hasIPv4 { places.append((ipv4(number), "A", policy.isListening)) }
        if policy.hasIPv6, place == .publicAddresses {
            let address = "2a0f:1ab:9::\(String(number + 16, radix: 16))"
            places.append((address, "AAAA", policy.isListening && policy.listensIPv6))
        }
        for place in places {
            block += "\(label) 300 IN \(place.type) \(place.address)\n"
            addresses.append(place.address)
            guard place.listens else { continue }
            if policy.isNginx, let certificate = policy.certificate {
                let body = policy.lines.map { $0 + policy.lineEnd }.joined()
                let identity = makerOfCertificates.identity(for: name, certificate)
                endpoints.append(
                    Endpoint(address: place.address, port: 443, serve: .nginx(identity, name: name, policy: body)))
            } else {
                endpoints.append(Endpoint(address: place.address, port: 443, serve: .policy(server)))
            }
        }
        return block
    }

    private mutating func add(_ web: WebHost, of domain: LabDomain) -> String {
        guard web.hasAddress else { return "" }
        let name = "\(web.label).\(domain.name)"
        let number = nextAddress
        nextAddress += 1
        let files = web.files.mapValues { file in
            let body: [UInt8] =
                switch file.body {
                case .octets(let octets): octets
                case .mark(let spec): makerOfMarks.file(spec, domain: domain.name)
                case .revocations: makerOfMarks.revocationList()
                }
            return (file.status, file.headers, body)
        }
        let context = web.isPlain ? nil : web.certificate.map { self.context(name, [$0], maximum: web.maximumTLS) }
        let server = WebServer(files: files, context: context, isPlain: web.isPlain)
        if let fixed = web.fixedAddress { return "\(web.label) 300 IN A \(fixed)\n" }
        var places = [("A", ipv4(number))]
        if place == .publicAddresses { places.append(("AAAA", "2a0f:1ab:a::\(String(number + 16, radix: 16))")) }
        var block = ""
        for (type, address) in places {
            block += "\(web.label) 300 IN \(type) \(address)\n"
            addresses.append(address)
            let port: UInt16 = web.isPlain ? 80 : 443
            if web.isListening { endpoints.append(Endpoint(address: address, port: port, serve: .web(server))) }
        }
        return block
    }

    private func context(_ name: String, _ specs: [CertificateSpec], _ tls: ServerTLS) -> SharedContext {
        SharedContext(pointer: tls.context(specs.map { makerOfCertificates.identity(for: name, $0) }))
    }

    private func context(_ name: String, _ specs: [CertificateSpec], maximum: Int32? = nil) -> SharedContext {
        SharedContext(
            pointer: serverContext(specs.map { makerOfCertificates.identity(for: name, $0) }, maximum: maximum))
    }

    // MARK: Addresses

    /// Neighbours in the world are in different /24 networks.
    private func ipv4(_ number: Int) -> String {
        let first = place == .loopback ? 127 : 193
        return "\(first).\(18 + number % 2).\(number / 250).\(number % 250 + 1)"
    }

    private func reversed4(_ address: String) -> String {
        address.split(separator: ".").reversed().joined(separator: ".") + ".in-addr.arpa."
    }

    private static func reversed6(_ address: String) -> String {
        var octets = in6_addr()
        inet_pton(AF_INET6, address, &octets)
        let bytes = withUnsafeBytes(of: &octets) { Array($0) }
        return bytes.reversed().flatMap { [$0 & 15, $0 >> 4] }.map { String($0, radix: 16) }.joined(separator: ".")
            + ".ip6.arpa."
    }

    // MARK: Zones

    private func head(_ name: String) -> String {
        """
        $ORIGIN \(name)
        $TTL 300
        @ 300 IN SOA ns.lab. hostmaster.lab. 1 3600 900 604800 300
        @ 300 IN NS ns.lab.
        @ 300 IN NS ns2.lab.

        """
    }

    private mutating func finishZones() {
        let ipv6 = nameServerIPv6.map { "ns.lab. 300 IN AAAA \($0)\n" } ?? ""
        let glue =
            "ns.lab. 300 IN A \(nameServer)\nns2.lab. 300 IN A \(secondNameServer)\n" + ipv6
            + FaultyNameServer.Fault.allCases.map { "\($0.hostName) 300 IN A \(address(of: $0))\n" }.joined()
            + "ns-dead.lab. 300 IN A \(deadServer)\nns-refusing.lab. 300 IN A \(refusingServer)\n"
        zones.append(Zone(name: "lab.", text: head("lab.") + glue + lab, isSigned: true, isSecure: true))
        zones.append(Zone(name: "in-addr.arpa.", text: head("in-addr.arpa.") + reverse4, isSigned: false))
        zones.append(Zone(name: "ip6.arpa.", text: head("ip6.arpa.") + reverse6, isSigned: false))
        for (topLevel, lines) in foreign {
            zones.append(Zone(name: "\(topLevel).", text: head("\(topLevel).") + lines, isSigned: false))
        }
        let names = ["lab.", "in-addr.arpa.", "ip6.arpa."] + foreign.keys.sorted().map { "\($0)." }
        let delegations = names.map { "\($0) 300 IN NS ns.lab.\n\($0) 300 IN NS ns2.lab.\n" }.joined()
        let root =
            head(".") + "ns.lab. 300 IN A \(nameServer)\nns2.lab. 300 IN A \(secondNameServer)\n" + ipv6 + delegations
        zones.append(Zone(name: ".", text: root, isSigned: true))
    }

    /// How CAA records name the lab's authority.
    static let authorityIdentifier = "ca.lab"

    /// The lab's authorities for the table of issuers (`--tables`).
    static let issuers = """
        as_of: 2026-11-24
        issuers:
          - { name: Lab, organizations: [\(CertificateMaker.organization)], identifiers: [\(authorityIdentifier), authority.lab], mistaken: [www.ca.lab], status: verified }

        """

    var rootHints: String {
        let ipv6 = nameServerIPv6.map { "ns.lab. 3600 IN AAAA \($0)\n" } ?? ""
        return ". 3600 IN NS ns.lab.\nns.lab. 3600 IN A \(nameServer)\n" + ipv6
    }
}
