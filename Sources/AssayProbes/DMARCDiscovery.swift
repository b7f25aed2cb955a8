package import AssayDNS
package import AssayEngine
package import AssayModel

/// The DMARC policy for mail from an author domain, as receivers of either generation find it: by the tree walk (RFC 9989
/// section 4.10.1), or at the exact name and then at the registered domain (RFC 7489 section 6.6.3).
package struct DMARCDiscovery: Probe {
    package let author: DomainName

    package init(author: DomainName) { self.author = author }

    package struct Evidence: Codable, Sendable {
        package let author: DomainName
        /// Every name that the walk asks, the author domain first, up to where `psd` ends it.
        package let visits: [DMARCVisit]
        /// Names asked that the walk had ended before.
        package let beyond: [DMARCVisit]
        package let byWalk: DMARCWalk.Organization
        /// The organizational domain by the public suffix list.
        package let byList: DomainName
        /// What stands there.
        package let listVisit: DMARCVisit
        package let list: PublicSuffixes.Source
        /// Names of the walk below which, by the list, others have theirs.
        package let listedSuffixes: [DomainName]
        /// NXDOMAIN (RFC 9989 section 3.2.13); nil where the lookup failed.
        package let isAuthorMissing: Bool?

        package init(
            author: DomainName, visits: [DMARCVisit], byList: DomainName, listVisit: DMARCVisit,
            list: PublicSuffixes.Source, listedSuffixes: [DomainName] = [], isAuthorMissing: Bool?
        ) {
            self.author = author
            self.visits = DMARCWalk.considered(visits)
            beyond = Array(visits.dropFirst(self.visits.count))
            byWalk = DMARCWalk.organization(of: author, visits)
            self.byList = byList
            self.listVisit = listVisit
            self.list = list
            self.listedSuffixes = listedSuffixes
            self.isAuthorMissing = isAuthorMissing
        }
    }

    package func run(in scan: ScanContext) async -> Evidence {
        let suffixes = scan.services.require(PublicSuffixes.self)
        let byList = suffixes.registrableDomain(of: author) ?? author
        let names = DMARCWalk.names(from: author)
        async let visits = DMARCVisit.of(names, in: scan)
        async let listVisit = DMARCVisit.of(byList, in: scan)
        async let existence = scan.resolve(author, .mx)
        let isMissing: Bool? =
            switch await existence.status {
            case .nxDomain: true
            case .records, .noData: false
            case .bogus, .failed, .undetermined: nil
            }
        return await Evidence(
            author: author, visits: visits, byList: byList, listVisit: listVisit, list: suffixes.source,
            listedSuffixes: names.filter(suffixes.isPublicSuffix), isAuthorMissing: isMissing)
    }
}

/// The policy that one generation of receivers applies to mail from one kind of name.
package struct DMARCPolicy: Hashable, Codable, Sendable {
    package enum State: String, Codable, Sendable {
        case applied
        /// Nothing asks for DMARC.
        case noRecord = "no_record"
        /// A record was found that voids itself: several of them, or an invalid policy without `rua`.
        case void
        /// A lookup on the way failed: up to the receiver (RFC 9989 section 4.10.1).
        case lookupError = "lookup_error"
        case undetermined
    }

    package enum Location: String, Codable, Sendable {
        case author
        case organization
        case publicSuffix = "public_suffix"
    }

    package let generation: DMARCGeneration
    package let target: DMARCTarget
    package let state: State
    /// Where the record was found; nil without one.
    package let recordDomain: DomainName?
    package let location: Location?
    /// `p`, `sp` or `np`; nil where the record is read as `p=none`, or none is applied.
    package let tag: String?
    /// What the record asks for.
    package let requested: DMARCRecord.Policy
    /// What failing mail gets: `requested`, a level less under `t=y` (RFC 9989) or `pct=0` (RFC 7489).
    package let effective: DMARCRecord.Policy
    /// Of failing mail, the share that gets `effective`; the rest gets one level less (RFC 7489 section 6.6.4).
    package let percentage: Int
}
