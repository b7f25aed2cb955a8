import AssayCrypto
package import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// TLS parameters of every mail server: versions, suites by class, groups, signatures, extensions.
///
/// What each server chooses is asked with ClientHellos of our own, one connection each, the most telling first; complete
/// handshakes are those that the STARTTLS and DANE checkers made. At most a dozen connections to an address in all: what does
/// not fit is `undetermined: budget`.
package struct TLSChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "TLS", title: "TLS parameters", tier: .extended,
        facts: TLSStatement.kinds,
        references: ["RFC 9325", "RFC 8446", "RFC 5246", "RFC 8996"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        let mail = await scan.evidence(for: MailHosts(scan.domain))
        let servers = mail.servers
        guard scan.options.asksSMTP else {
            for server in servers { TLSStatement(server, scan).stateAll(.undetermined(Cause(.notAsked))) }
            return
        }
        for server in servers where !server.isInBudget {
            TLSStatement(server, scan).stateAll(.undetermined(Cause(.budget)))
        }
        // TLS is the address's business: two names of one address are asked once.
        let groups = Dictionary(grouping: servers.filter(\.isInBudget)) { $0.address }
        let addresses = servers.filter(\.isInBudget).map(\.address).uniqued()
        // What other checkers connect is in each address's limit.
        var left = Self.domainBudget(scan)
        var plan: [(servers: [MailHosts.Evidence.Server], limit: Int)] = []
        for address in addresses {
            let limit = max(0, min(left, Self.addressBudget(scan)))
            left -= limit
            plan.append((groups[address] ?? [], limit))
        }
        let results = await withTaskGroup(of: [ServerResult].self) { group in
            for (servers, limit) in plan {
                group.addTask { await ServerCheck(servers: servers, limit: limit, scan: scan).run() }
            }
            var results: [ServerResult] = []
            for await some in group { results += some }
            return results
        }
        stateDrown(results, scan)
    }

    /// SSLv2 with a certificate that TLS shows anywhere lets others read that TLS.
    private func stateDrown(_ results: [ServerResult], _ scan: ScanContext) {
        for result in results {
            let subject = Subject.address(result.server.address, of: result.server.host)
            guard let survey = result.survey else { continue }
            switch survey.versions[.ssl2] {
            case .accepted?:
                let shared = results.filter { other in
                    guard let theirs = other.survey else { return false }
                    return !theirs.known.leaves.isDisjoint(with: survey.ssl2Leaves)
                }
                scan.state(Drown(shared: shared.map { "\($0.server.host)" }.uniqued().sorted()), about: subject)
            case .open(let cause)?: scan.state(Drown.self, .undetermined(cause), about: subject)
            default: scan.state(Drown.self, .notApplicable("no_sslv2"), about: subject)
            }
        }
    }

    static func addressBudget(_ scan: ScanContext) -> Int {
        scan.options.connectionsPerAddress
            ?? TLSLimits.connections(toList: scan.options.listsEveryTLS, isActive: scan.options.isActive)
    }

    private static func domainBudget(_ scan: ScanContext) -> Int {
        scan.options.listsEveryTLS ? TLSLimits.perDomainInFull : TLSLimits.perDomain
    }
}

/// What came of one server, by one of its names.
struct ServerResult: Sendable {
    let server: MailHosts.Evidence.Server
    /// nil where there is no TLS to look at.
    let survey: Survey?
}

extension Array where Element: Hashable {
    /// Each element once, in order.
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
