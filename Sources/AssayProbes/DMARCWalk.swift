package import AssayModel

/// The DNS tree walk (RFC 9989 section 4.10), as pure functions: which names are asked, and what follows from the records.
package enum DMARCWalk {
    /// Names asked for a start, longest first, the start and the top-level domain included: at most eight.
    package static func names(from start: DomainName) -> [DomainName] {
        let labels = start.labels
        guard !labels.isEmpty else { return [] }
        // Step 4: with eight labels or more the second name is the seven right-most.
        let rest = labels.count >= labelLimit ? labelLimit - 1 : labels.count - 1
        let shorter = stride(from: rest, to: 0, by: -1).compactMap { try? DomainName(labels: Array(labels.suffix($0))) }
        return [start] + shorter
    }

    /// How an organizational domain came out.
    package enum Reason: String, Codable, Sendable {
        case psdNo = "psd_n"
        /// One label below a domain that says `psd=y`.
        case belowPublicSuffix = "below_psd_y"
        case fewestLabels = "fewest_labels"
        /// No record anywhere: the name where the walk began.
        case start
    }

    package struct Organization: Hashable, Codable, Sendable {
        package let domain: DomainName
        package let reason: Reason
        /// The domain with `psd=y` that ended the walk.
        package let publicSuffix: DomainName?
    }

    /// Steps 2 and 6: the walk ends at the first record that says `psd=n` or `psd=y`.
    package static func considered(_ visits: [DMARCVisit]) -> [DMARCVisit] {
        guard let stop = visits.firstIndex(where: { $0.policyRecord.map { $0.psd != .unspecified } ?? false }) else {
            return visits
        }
        return Array(visits[...stop])
    }

    /// RFC 9989 section 4.10.2, from the visits of the walk from `start`.
    package static func organization(of start: DomainName, _ visits: [DMARCVisit]) -> Organization {
        let found = considered(visits).compactMap { visit in
            visit.policyRecord.map { (domain: visit.domain, record: $0) }
        }
        for (domain, record) in found {
            if record.psd == .no { return Organization(domain: domain, reason: .psdNo, publicSuffix: nil) }
            if record.psd == .yes, domain != start {
                let below = Array(start.labels.suffix(domain.labelCount + 1))
                return Organization(
                    domain: (try? DomainName(labels: below)) ?? start, reason: .belowPublicSuffix, publicSuffix: domain)
            }
        }
        guard let last = found.last else { return Organization(domain: start, reason: .start, publicSuffix: nil) }
        return Organization(domain: last.domain, reason: .fewestLabels, publicSuffix: nil)
    }

    /// "Author Domains with more than eight labels do not result in more than eight DNS queries."
    package static let labelLimit = 8
}
