import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// Finds the assertion record as a receiver does (draft-brand-indicators-for-message-identification, Assertion Record Discovery):
/// at the domain, and for want of one at its organizational domain with the same selector.
struct RecordSearch {
    /// Without a BIMI-Selector header field this is the one.
    static let selector = "default"

    struct Found {
        let record: BIMIRecord
        let isMultiple: Bool
        /// What a mark certificate may be issued for: the domains, and the record's own names.
        let names: [String]
    }

    enum Result {
        case found(Found)
        case none
        case undetermined(Cause)
    }

    func run(_ scan: ScanContext) async -> Result {
        guard let owner = scan.domain.prepending("\(Self.selector)._bimi") else {
            scan.state(BIMIRecordFact.self, .absent, about: .domain(scan.domain))
            return .none
        }
        async let own = scan.resolve(owner, .txt)
        let organization = await organization(scan)
        let subject = Subject.record(owner, type: "TXT")
        let answer = await own
        if let ended = stateLookup(answer, scan) {
            switch ended {
            case .undetermined(let cause): scan.state(BIMIRecordFact.self, .undetermined(cause), about: subject)
            case .found, .none: scan.state(BIMIRecordFact.self, .notApplicable("lookup_error"), about: subject)
            }
            return ended
        }
        if let found = state(answer, of: scan.domain, organization, subject, scan) { return .found(found) }
        guard organization != scan.domain, let second = organization.prepending("\(Self.selector)._bimi") else {
            scan.state(BIMIRecordFact.self, .absent, about: subject, from: answer.evidence)
            return .none
        }
        let fallback = await scan.resolve(second, .txt)
        if let ended = stateLookup(fallback, scan) {
            switch ended {
            case .undetermined(let cause): scan.state(BIMIRecordFact.self, .undetermined(cause), about: subject)
            case .found, .none: scan.state(BIMIRecordFact.self, .notApplicable("lookup_error"), about: subject)
            }
            return ended
        }
        if let found = state(fallback, of: organization, organization, .record(second, type: "TXT"), scan) {
            return .found(found)
        }
        scan.state(BIMIRecordFact.self, .absent, about: subject, from: answer.evidence + fallback.evidence)
        return .none
    }

    private func organization(_ scan: ScanContext) async -> DomainName {
        await scan.evidence(for: DMARCDiscovery(author: scan.domain)).byWalk.domain
    }

    /// States what the DNS said; a result where there is nothing more to look at.
    private func stateLookup(_ answer: DNSAnswer, _ scan: ScanContext) -> Result? {
        let subject = Subject.record(answer.name, type: "TXT")
        if case .undetermined(let cause) = answer.status {
            scan.state(BIMILookup.self, .undetermined(cause), about: subject)
            return .undetermined(cause)
        }
        let error = answer.lookupError
        let alias = answer.aliases.isEmpty ? nil : "\(answer.canonicalName)"
        scan.state(
            BIMILookup(
                status: error == nil ? .answered : error?.kind == "bogus" ? .bogus : .failed, words: error?.words,
                recordCount: answer.texts.count, aliasTarget: alias,
                aliasIsDangling: alias != nil && answer.status == .nxDomain),
            about: subject, from: answer.evidence)
        return error == nil ? nil : Result.none
    }

    /// The record among the TXT records of the answer; nil where there is none.
    private func state(
        _ answer: DNSAnswer, of domain: DomainName, _ organization: DomainName, _ subject: Subject, _ scan: ScanContext
    ) -> Found? {
        // The DNS keeps no order among records: of several one that names a logo is shown.
        let candidates = BIMIRecord.select(from: answer.texts).sorted { $0.lexicographicallyPrecedes($1) }
        guard let first = candidates.first(where: { !BIMIRecord(parsing: $0).isDeclination }) ?? candidates.first else {
            return nil
        }
        let record = BIMIRecord(parsing: first)
        let isMultiple = candidates.count > 1
        scan.state(
            Self.fact(first, record, domain, candidates.count, answer, isFromOrganization: domain != scan.domain),
            about: subject, from: answer.evidence)
        let domains = Set([scan.domain, organization, domain].map(\.description))
        return Found(
            record: record, isMultiple: isMultiple,
            names: domains.flatMap { [$0, "\(Self.selector)._bimi.\($0)"] })
    }

    private static func fact(
        _ text: [UInt8], _ record: BIMIRecord, _ domain: DomainName, _ count: Int, _ answer: DNSAnswer,
        isFromOrganization: Bool
    ) -> BIMIRecordFact {
        let location = shown(record.location)
        let authority = shown(record.authority)
        let suffix = record.location.url?.suffix
        // The record as it stands is no remedy.
        let suggestion = record.corrected
        return BIMIRecordFact(
            text: printable(text, limit: BIMILimits.recordOctets), selector: selector, recordDomain: "\(domain)",
            isFromOrganization: isFromOrganization, count: count, isMultiple: count > 1,
            isValid: record.isValid && count == 1, isDeclined: record.isDeclination,
            faults: record.faults.map(\.rawValue), location: location.text, locationFault: location.fault,
            locationSuffix: suffix, locationSuffixIsKnown: suffix == "svg" || suffix == "svgz",
            authority: authority.text, authorityFault: authority.fault,
            authorityIsMissing: record.authority == .missing || record.authority == .empty,
            authoritySuffixIsPEM: record.authority.url?.suffix == "pem", avp: String(record.avp.prefix(80)),
            localParts: Array((record.localPartPrefixes ?? []).prefix(BIMILimits.prefixes)),
            badLocalParts: Array(record.badPrefixes.prefix(BIMILimits.prefixes)),
            hasLocalParts: record.localPartPrefixes.map { !$0.isEmpty } ?? false, ttl: answer.ttl,
            aliasTarget: answer.aliases.isEmpty ? nil : "\(answer.canonicalName)", suggestion: suggestion)
    }

    private static func shown(_ place: BIMIRecord.Place) -> (text: String?, fault: String?) {
        switch place {
        case .missing, .empty: (nil, nil)
        case .url(let url): ("\(url)", nil)
        case .bad(let text, let fault): (text, fault.rawValue)
        }
    }
}
