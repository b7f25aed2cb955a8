import AssayDNS
package import AssayEngine
package import AssayModel

/// Whether reports can arrive at a host. No connection is made to it, which may belong to a third party; its name is looked up.
package enum ReportReach: String, Codable, Sendable {
    case reachable, nxdomain
    case nullMX = "null_mx"
    case noAddress = "no_address"
    case lookupError = "lookup_error"

    /// For `mailto:`: MX records, else an address (RFC 5321 section 5.1).
    package static func byMail(to domain: DomainName, in scan: ScanContext) async -> Outcome<ReportReach> {
        let answer = await scan.resolve(domain, .mx)
        switch answer.status {
        case .undetermined(let cause): return .undetermined(cause)
        case .nxDomain: return .observed(.nxdomain)
        case .bogus, .failed: return .observed(.lookupError)
        case .noData: return await byAddress(of: domain, in: scan)
        case .records:
            let isNull =
                answer.records.count == 1
                && answer.records.allSatisfy {
                    if case .mx(_, let exchange) = $0.content { exchange.isRoot } else { false }
                }
            return .observed(isNull ? .nullMX : .reachable)
        }
    }

    /// For `https:`.
    package static func byAddress(of domain: DomainName, in scan: ScanContext) async -> Outcome<ReportReach> {
        async let ipv4 = scan.resolve(domain, .a)
        async let ipv6 = scan.resolve(domain, .aaaa)
        let answers = await [ipv4, ipv6]
        if answers.contains(where: { !$0.addresses.isEmpty }) { return .observed(.reachable) }
        if let cause = answers.lazy.compactMap(\.undeterminedCause).first { return .undetermined(cause) }
        if answers.contains(where: { $0.lookupError != nil }) { return .observed(.lookupError) }
        return .observed(answers.contains { $0.status == .nxDomain } ? .nxdomain : .noAddress)
    }
}
