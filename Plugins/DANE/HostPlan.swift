package import AssayCrypto
package import AssayDNS
package import AssayEngine
package import AssayModel
package import AssayProbes

/// How a DANE sender treats a host.
package enum DANELevel: String, Codable, Sendable {
    /// Usable TLSA records: TLS with a matching certificate, or no delivery.
    case authenticate
    /// TLSA records of which none is usable: TLS, whoever answers.
    case encrypt
    /// No secure TLSA records: TLS if offered.
    case opportunistic
    /// A lookup error: no delivery to this host.
    case unreachable
}

/// What a DANE sender decides about an MX host before it connects (RFC 7672 section 2.2).
package struct HostPlan: Sendable {
    package let host: MailHosts.Host
    package let isMXSecure: Bool
    package let level: DANELevel?
    package let isAddressSecure: Bool
    package let isAlias: Bool
    package let candidates: [DomainName]
    package let base: DomainName?
    /// The TLSA answer that decided, else one with records that no sender heeds.
    package let published: DNSAnswer?
    /// Secure TLSA records at the host's own name that differ, where those at its alias target decide.
    package let isAmbiguous: Bool
    /// Why nothing can be said.
    package let undetermined: Cause?

    package var records: [TLSARecord] {
        let all = (published?.records ?? []).compactMap { record -> TLSARecord? in
            guard case .tlsa(let usage, let selector, let matching, let data) = record.content else { return nil }
            return TLSARecord(usage: usage, selector: selector, matching: matching, data: data)
        }
        return Set(all).sorted()
    }

    package static func make(
        _ host: MailHosts.Host, port: UInt16 = 25, isMXSecure: Bool, in scan: ScanContext
    ) async -> HostPlan {
        let answers = [host.ipv4, host.ipv6]
        let found = answers.filter { $0.status == .records }
        func plan(
            _ level: DANELevel?, candidates: [DomainName] = [], base: DomainName? = nil,
            published: DNSAnswer? = nil, isAmbiguous: Bool = false, undetermined: Cause? = nil
        ) -> HostPlan {
            HostPlan(
                host: host, isMXSecure: isMXSecure, level: level,
                isAddressSecure: !found.isEmpty && found.allSatisfy { $0.security == .secure },
                isAlias: found.contains { !$0.aliases.isEmpty }, candidates: candidates, base: base,
                published: published, isAmbiguous: isAmbiguous, undetermined: undetermined)
        }
        if found.isEmpty {
            if let cause = answers.lazy.compactMap(\.undeterminedCause).first { return plan(nil, undetermined: cause) }
            // Without an address there is nothing to connect to, whatever the reason.
            return plan(answers.contains { $0.lookupError != nil } ? .unreachable : nil)
        }
        let candidates = Self.candidates(host.name, found)
        var unheeded: DNSAnswer?
        for candidate in candidates {
            guard let answer = await scan.evidence(for: TLSASet(candidate, port: port)) else { continue }
            switch answer.status {
            case .undetermined(let cause): return plan(nil, candidates: candidates, undetermined: cause)
            case .bogus, .failed: return plan(.unreachable, candidates: candidates, published: answer)
            case .noData, .nxDomain: continue
            case .records where answer.security != .secure: unheeded = unheeded ?? answer
            case .records:
                let own = plan(nil, published: answer).records
                var isAmbiguous = false
                if candidate != host.name, let other = await scan.evidence(for: TLSASet(host.name, port: port)),
                    other.status == .records, other.security == .secure
                {
                    isAmbiguous = plan(nil, published: other).records != own
                }
                return plan(
                    own.contains { $0.unusable == nil } ? .authenticate : .encrypt, candidates: candidates,
                    base: candidate, published: answer, isAmbiguous: isAmbiguous)
            }
        }
        // Nobody asks for these; that they are there shows what somebody believed.
        if unheeded == nil, !candidates.contains(host.name),
            let answer = await scan.evidence(for: TLSASet(host.name, port: port)),
            answer.status == .records
        {
            unheeded = answer
        }
        return plan(.opportunistic, candidates: candidates, published: unheeded)
    }

    /// RFC 7672 section 2.2.2: an insecure address means that TLSA records are not asked for, with one exception.
    private static func candidates(_ host: DomainName, _ found: [DNSAnswer]) -> [DomainName] {
        let isSecure = found.allSatisfy { $0.security == .secure }
        guard let alias = found.first(where: { !$0.aliases.isEmpty }) else { return isSecure ? [host] : [] }
        if isSecure { return [alias.canonicalName, host] }
        return alias.aliases.first?.security == .secure ? [host] : []
    }
}
