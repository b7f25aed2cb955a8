import AssayDNS
import AssayModel
import AssayTransport
import CUnbound
import Glibc
import NIOCore
import NIOPosix

/// The ten core names of signed domains, asked by the product's resolver and by the least that libunbound needs for the same:
/// both from empty caches, a domain after the other, its names at once.
struct Names {
    private let hints: String
    private let anchor: String
    private let domains: [DomainName]

    /// `domains`: those of the lab with two mail hosts of their own.
    init(hints: String, anchor: String, domains: [String]) {
        self.hints = hints
        self.anchor = anchor
        self.domains = domains.compactMap { DomainName($0) }
    }

    struct Ratios {
        /// CPU of the process, and datagrams that it caused.
        let cpu: Double
        let queries: Double
        let queriesPerDomain: Double
    }

    func ratios() async throws -> Ratios {
        var (cpu, queries): ([Double], [Double]) = ([], [])
        var perDomain = 0.0
        // Interleaved; the first pair warms up.
        for round in 0..<6 {
            let ours = try await product()
            let bare = bare()
            guard round > 0 else { continue }
            cpu.append(ours.cpu / bare.cpu)
            queries.append(ours.queries / bare.queries)
            perDomain = ours.queries / Double(domains.count)
        }
        return Ratios(cpu: cpu.median, queries: queries.median, queriesPerDomain: perDomain)
    }

    private typealias Cost = (cpu: Double, queries: Double)

    private static func names(of domain: DomainName) -> [(DomainName, RecordType)] {
        let below: [(String, RecordType)] = [
            ("_dmarc", .txt), ("_mta-sts", .txt), ("mta-sts", .a), ("_smtp._tls", .txt), ("mx1", .a),
            ("_25._tcp.mx1", .tlsa),
        ]
        return [(domain, .mx), (domain, .a), (domain, .aaaa), (domain, .txt)]
            + below.compactMap { label, type in domain.prepending(label).map { ($0, type) } }
    }

    // MARK: The product

    private func product() async throws -> Cost {
        var configuration = ResolverConfiguration()
        configuration.rootHintsPath = hints
        configuration.trustAnchorPath = anchor
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (cpu, sent) = (rusage.own, Datagrams.sent)
        let resolver = try ValidatingResolver(configuration)
        // As a scan does: on the loop's own thread.
        await withTaskExecutorPreference(LoopExecutor(group.next())) {
            for domain in domains {
                await withTaskGroup(of: Bool.self) { tasks in
                    for (name, type) in Self.names(of: domain) {
                        tasks.addTask {
                            let answer = await resolver.query(name, type, deadline: .now + .seconds(20))
                            return answer.security == .secure
                        }
                    }
                    for await isSecure in tasks where !isSecure { fatalError("\(domain): not secure") }
                }
            }
        }
        let cost = (rusage.own - cpu, Double(Datagrams.sent - sent) / 2)
        resolver.shutdown()
        try await group.shutdownGracefully()
        return cost
    }

    // MARK: libunbound alone

    private final class Count { var open = 0 }

    private func bare() -> Cost {
        let (cpu, sent) = (rusage.own, Datagrams.sent)
        guard let base = event_base_new(), let context = ub_ctx_create_event(base) else { fatalError("no context") }
        for (name, value) in Self.options + [("root-hints:", hints)] {
            guard ub_ctx_set_option(context, name, value) == 0 else { fatalError("\(name) \(value)") }
        }
        guard ub_ctx_add_ta_file(context, anchor) == 0 else { fatalError("\(anchor)") }
        let count = Count()
        let argument = Unmanaged.passUnretained(count).toOpaque()
        for domain in domains {
            for (name, type) in Self.names(of: domain) {
                count.open += 1
                let code = ub_resolve_event(
                    context, "\(name).", Int32(type.rawValue), 1, argument,
                    { argument, code, _, _, security, _, _ in
                        guard let argument, code == 0 || code == 3, security == 2 else { fatalError("not secure") }
                        Unmanaged<Count>.fromOpaque(argument).takeUnretainedValue().open -= 1
                    }, nil)
                guard code == 0 else { fatalError("\(name): \(code)") }
            }
            while count.open > 0 { event_base_loop(base, Int32(CUNBOUND_LOOP_ONCE)) }
        }
        let cost = (rusage.own - cpu, Double(Datagrams.sent - sent) / 2)
        withExtendedLifetime(count) {}
        ub_ctx_delete(context)
        event_base_free(base)
        return cost
    }

    /// The product's, so that caches, validation and retries are the same.
    private static let options = [
        ("msg-cache-size:", "64m"), ("rrset-cache-size:", "128m"), ("key-cache-size:", "64m"),
        ("neg-cache-size:", "16m"), ("cache-max-ttl:", "604800"), ("infra-cache-numhosts:", "100000"),
        ("num-queries-per-thread:", "4096"), ("so-rcvbuf:", "0"), ("outgoing-num-tcp:", "256"),
        ("edns-buffer-size:", "1232"), ("val-nsec3-keysize-iterations:", "1024 50 2048 50 4096 50"),
        ("infra-cache-max-rtt:", "1000"), ("outbound-msg-retry:", "2"), ("max-sent-count:", "16"),
        ("harden-glue:", "yes"), ("harden-dnssec-stripped:", "yes"), ("harden-below-nxdomain:", "yes"),
        ("aggressive-nsec:", "yes"), ("qname-minimisation:", "no"), ("module-config:", "validator iterator"),
        ("outgoing-range:", "4096"), ("do-not-query-localhost:", "yes"),
    ]
}

/// Datagrams that left sockets of this network namespace: in the lab, questions and answers.
enum Datagrams {
    static var sent: Int { counter("Udp:", file: "/proc/net/snmp", field: 4) + counter6 }

    private static func counter(_ head: String, file: String, field: Int) -> Int {
        let lines = text(file).split(separator: "\n").filter { $0.utf8.starts(with: head.utf8) }
        let numbers = lines.last?.split(separator: " ") ?? []
        return numbers.indices.contains(field) ? Int(numbers[field]) ?? 0 : 0
    }

    private static var counter6: Int {
        let line = text("/proc/net/snmp6").split(separator: "\n").first {
            $0.utf8.starts(with: "Udp6OutDatagrams".utf8)
        }
        return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }

    private static func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { fatalError("\(path) cannot be read") }
        defer { fclose(file) }
        let octets = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            count = fread(buffer.baseAddress, 1, buffer.count, file)
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
