package import AssayDNS
package import AssayEngine
package import AssayModel

/// What stands at `_dmarc.<domain>`.
package struct DMARCVisit: Hashable, Codable, Sendable {
    package enum Outcome: String, Codable, Sendable {
        /// Exactly one record.
        case record
        /// No record that receivers take for one.
        case none
        /// Several: all are discarded.
        case multiple
        case lookupError = "lookup_error"
        case undetermined
    }

    package let domain: DomainName
    /// `_dmarc.<domain>`; nil where that would be too long a name.
    package let owner: DomainName?
    package let outcome: Outcome
    /// What receivers take for DMARC records, as octets.
    package let records: [[UInt8]]
    /// What was meant as one, but is not.
    package let nearMisses: [[UInt8]]
    /// TXT records of any kind.
    package let textCount: Int
    package let ttl: Int?
    /// The end of the alias chain, where there is one.
    package let aliasTarget: DomainName?
    /// Nothing exists at the end of that chain.
    package let isNameMissing: Bool
    package let isWildcard: Bool?
    /// What the name servers said, for a lookup error.
    package let words: String?
    package let errorKind: String?
    package let cause: Cause?

    /// The one record that counts; nil where none does.
    package var policyRecord: DMARCRecord? {
        outcome == .record ? records.first.map(DMARCRecord.init(parsing:)) : nil
    }

    /// A visit of which nothing else is known, for tests and for names that were invented.
    package init(domain: DomainName, records: [[UInt8]], outcome: Outcome? = nil) {
        self.domain = domain
        owner = domain.prepending("_dmarc")
        let selected = DMARCRecord.select(from: records)
        self.records = selected
        nearMisses = records.filter { !DMARCRecord.startsLikeDMARC($0) && DMARCRecord.looksLikeDMARC($0) }
        self.outcome = outcome ?? (selected.isEmpty ? .none : selected.count == 1 ? .record : .multiple)
        textCount = records.count
        ttl = nil
        aliasTarget = nil
        isNameMissing = false
        isWildcard = nil
        words = nil
        errorKind = nil
        cause = nil
    }

    package init(domain: DomainName, answer: DNSAnswer) {
        self.domain = domain
        owner = answer.name
        let texts = answer.texts
        let selected = DMARCRecord.select(from: texts)
        outcome =
            switch answer.status {
            case .undetermined: .undetermined
            case .bogus, .failed: .lookupError
            case .noData, .nxDomain, .records:
                selected.isEmpty ? .none : selected.count == 1 ? .record : .multiple
            }
        records = Array(selected.prefix(Self.recordLimit))
        nearMisses = Array(
            texts.filter { !DMARCRecord.startsLikeDMARC($0) && DMARCRecord.looksLikeDMARC($0) }.prefix(Self.recordLimit)
        )
        textCount = texts.count
        ttl = answer.ttl
        aliasTarget = answer.aliases.isEmpty ? nil : answer.canonicalName
        isNameMissing = answer.status == .nxDomain
        isWildcard = answer.isWildcardExpansion
        words = answer.lookupError?.words
        errorKind = answer.lookupError?.kind
        cause = answer.undeterminedCause
    }

    /// Asks for the TXT records at `_dmarc.<domain>`.
    package static func of(_ domain: DomainName, in scan: ScanContext) async -> DMARCVisit {
        guard let owner = domain.prepending("_dmarc") else { return DMARCVisit(domain: domain, records: []) }
        return DMARCVisit(domain: domain, answer: await scan.resolve(owner, .txt))
    }

    /// Asks at several names at once; the answers in their order.
    package static func of(_ domains: [DomainName], in scan: ScanContext) async -> [DMARCVisit] {
        await withTaskGroup(of: (Int, DMARCVisit).self) { group in
            for (index, domain) in domains.enumerated() {
                group.addTask { (index, await DMARCVisit.of(domain, in: scan)) }
            }
            var visits: [(Int, DMARCVisit)] = []
            for await visit in group { visits.append(visit) }
            return visits.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Records of one name that are kept.
    private static let recordLimit = 4
}
