import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// What a mail host calls itself: receivers look for SPF there when a message has no sender (RFC 7208 section 2.3). A server that
/// receives says that name in its reply to EHLO (RFC 5321 section 4.1.1.1), and where it also sends, in its own EHLO.
enum HeloNames {
    struct Name: Sendable {
        let name: DomainName
        /// By the server itself; else it is the name of the MX record.
        let isSaid: Bool
        /// Of the servers that said it.
        let addresses: [IPAddress]

        /// For the name alone: its address records where it is the host's, else the addresses.
        func suggestion(_ host: MailHosts.Host) -> String {
            guard isSaid, name != host.name else { return "v=spf1 a -all" }
            let terms = addresses.sorted().map { $0.family == .ipv6 ? "ip6:\($0)" : "ip4:\($0)" }
            return (["v=spf1"] + terms + ["-all"]).joined(separator: " ")
        }
    }

    /// The names below the domain, each once; that of the MX record where no server was asked or said anything.
    static func of(_ host: MailHosts.Host, _ servers: [MailHosts.Evidence.Server], _ scan: ScanContext) async -> [Name]
    {
        let said = await said(by: servers, scan)
        guard said.isEmpty else {
            return Dictionary(grouping: said, by: \.name).filter { isOwn($0.key, scan) }
                .map { Name(name: $0.key, isSaid: true, addresses: $0.value.map(\.address)) }
                .sorted { $0.name < $1.name }
        }
        guard !host.isImplicit, isOwn(host.name, scan) else { return [] }
        return [Name(name: host.name, isSaid: false, addresses: host.addresses)]
    }

    private static func said(
        by servers: [MailHosts.Evidence.Server], _ scan: ScanContext
    ) async -> [(name: DomainName, address: IPAddress)] {
        guard scan.options.asksSMTP else { return [] }
        return await withTaskGroup(of: (DomainName, IPAddress)?.self) { group in
            for server in servers where server.isInBudget {
                group.addTask {
                    let reply = await scan.converse(with: server).ehlo
                    let word = reply?.lines.first?.prefix { $0 != 0x20 && $0 != 0x09 } ?? []
                    return DomainName(String(decoding: word, as: UTF8.self)).map { ($0, server.address) }
                }
            }
            var all: [(DomainName, IPAddress)] = []
            for await one in group { if let one { all.append(one) } }
            return all
        }
    }

    /// A record at the domain itself is the domain's SPF record.
    private static func isOwn(_ name: DomainName, _ scan: ScanContext) -> Bool {
        name != scan.domain && name.isEqualOrBelow(scan.domain)
    }
}
