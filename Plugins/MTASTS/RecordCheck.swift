import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

extension MTASTSChecker {
    /// States what is at `_mta-sts`, and gives what it comes to.
    func checkRecord(_ answer: DNSAnswer, _ scan: ScanContext) async -> RecordVerdict {
        let subject = Subject.record(answer.name, type: "TXT")
        let evidence = answer.evidence
        switch answer.status {
        case .undetermined(let cause):
            scan.state(STSRecordLookup.self, .undetermined(cause), about: subject)
            scan.state(STSRecordFact.self, .undetermined(cause), about: subject)
            return .undetermined(cause)
        case .bogus, .failed:
            // RFC 8461 section 3.3: a sender without a cached policy goes on as if there were none.
            await stateLookup(answer, answer.lookupError?.kind == "bogus" ? .bogus : .failed, scan)
            scan.state(STSRecordFact.self, .notApplicable("lookup_error"), about: subject)
            return .void
        case .noData, .nxDomain, .records:
            await stateLookup(answer, .answered, scan)
        }
        let (candidates, isNearMiss) = STSRecord.select(from: answer.texts)
        guard let first = candidates.first else {
            scan.state(STSRecordFact.self, .absent, about: subject, from: evidence)
            return .absent
        }
        let record = STSRecord(parsing: first)
        // RFC 8461 section 3.1: unless exactly one record remains, there is no STS record. A single TXT record is judged
        // by the grammar alone; among several, one without the literal prefix is discarded.
        let isMultiple = candidates.count > 1
        let isDiscarded = isNearMiss && answer.texts.count > 1
        let isValid = record.isValid && !isMultiple && !isDiscarded
        scan.state(
            STSRecordFact(
                text: printable(first, limit: 512), count: candidates.count, isMultiple: isMultiple, isValid: isValid,
                faults: record.faults.map(\.rawValue), policyID: record.id),
            about: subject, from: evidence)
        return isValid ? .valid : .void
    }

    private func stateLookup(_ answer: DNSAnswer, _ status: STSRecordLookup.Status, _ scan: ScanContext) async {
        let isNamed = !answer.aliases.isEmpty
        scan.state(
            STSRecordLookup(
                status: status, security: answer.security.rawValue, words: answer.lookupError?.words, ttl: answer.ttl,
                aliasTarget: isNamed ? answer.canonicalName.description : nil,
                aliasIsDangling: isNamed && answer.status == .nxDomain,
                isWildcard: await isWildcard(answer, scan), recordCount: answer.texts.count),
            about: .record(answer.name, type: "TXT"), from: answer.evidence)
    }

    /// Does a label that nobody made answer too? Only asked where there is something to explain.
    private func isWildcard(_ answer: DNSAnswer, _ scan: ScanContext) async -> Bool {
        guard !answer.texts.isEmpty else { return false }
        if let isExpansion = answer.isWildcardExpansion { return isExpansion }
        guard let name = scan.domain.prepending("_mta-sts.\(ProbeLimits.unmadeLabel)") else { return false }
        return await !scan.resolve(name, .txt).texts.isEmpty
    }
}
