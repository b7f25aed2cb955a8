import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes
import TLS

/// Where a scan would connect to, and how often at most: what `--plan` prints.
package struct PlannedConnection: Sendable {
    package let name: String
    package let address: String
    package let port: Int
    package let most: Int

    /// By the checkers of the scan: STARTTLS and MX make one connection to an address; by key type, without a server name and for
    /// TLS parameters further ones follow.
    static func all(of scan: ScanContext, checkers: [any Checker.Type]) async -> [PlannedConnection] {
        let names = Set(checkers.map { $0.manifest.name })
        let mail = await scan.evidence(for: MailHosts(scan.domain))
        var planned: [PlannedConnection] = []
        if scan.options.asksSMTP, !names.isDisjoint(with: ["MX", "STARTTLS", "DANE", "TLS"]) {
            let own =
                names.contains("TLS")
                ? TLSLimits.connections(toList: scan.options.listsEveryTLS, isActive: scan.options.isActive)
                : names.contains("DANE") ? 4 : 3
            let most = scan.options.tier == .basic && names.isDisjoint(with: ["TLS", "DANE"]) ? 1 : own
            for server in mail.servers where server.isInBudget {
                planned.append(
                    PlannedConnection(
                        name: "\(server.host)", address: "\(server.address)", port: 25,
                        most: min(most, scan.options.connectionsPerAddress ?? most)))
            }
        }
        if names.contains("MTASTS"), let host = scan.domain.prepending("mta-sts") {
            async let ipv4 = scan.resolve(host, .a)
            async let ipv6 = scan.resolve(host, .aaaa)
            for address in await (ipv4.addresses + ipv6.addresses).prefix(1) {
                planned.append(PlannedConnection(name: "\(host)", address: "\(address)", port: 443, most: 1))
            }
        }
        return planned
    }
}
