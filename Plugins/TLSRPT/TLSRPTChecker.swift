import AssayDNS
package import AssayEngine
import AssayModel
import AssayProbes

/// TLS reporting: the TXT record at `_smtp._tls`, and whether its destinations can receive.
///
/// No connection is made to a destination, which may belong to a third party; its name is looked up.
package struct TLSRPTChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "TLSRPT", title: "TLS reporting", tier: .basic,
        facts: [TLSRPTLookup.self, TLSRPTRecordFact.self, TLSRPTDestination.self, TLSRPTWrongOwner.self],
        references: ["RFC 8460"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        guard let owner = scan.domain.prepending("_smtp._tls") else {
            scan.state(TLSRPTRecordFact.self, .absent, about: .domain(scan.domain))
            return
        }
        let subject = Subject.record(owner, type: "TXT")
        let answer = await scan.resolve(owner, .txt)
        switch answer.status {
        case .undetermined(let cause):
            scan.state(TLSRPTLookup.self, .undetermined(cause), about: subject)
            scan.state(TLSRPTRecordFact.self, .undetermined(cause), about: subject)
            scan.state(TLSRPTWrongOwner.self, .undetermined(cause), about: .domain(scan.domain))
            return
        case .bogus, .failed:
            stateLookup(answer.lookupError?.kind == "bogus" ? .bogus : .failed, answer, scan)
            scan.state(TLSRPTRecordFact.self, .notApplicable("lookup_error"), about: subject)
            return
        case .noData, .nxDomain, .records:
            stateLookup(.answered, answer, scan)
        }
        let candidates = TLSRPTRecord.select(from: answer.texts)
        guard let first = candidates.first else {
            scan.state(TLSRPTRecordFact.self, .absent, about: subject, from: answer.evidence)
            await checkWrongOwners(scan)
            return
        }
        let record = TLSRPTRecord(parsing: first)
        scan.state(
            TLSRPTRecordFact(
                text: printable(first, limit: 512), count: candidates.count, isMultiple: candidates.count > 1,
                isValid: record.isValid && candidates.count == 1, faults: record.faults.map(\.rawValue),
                destinations: record.destinations.map(\.uri), badDestinations: record.badDestinations, ttl: answer.ttl,
                aliasTarget: answer.aliases.isEmpty ? nil : "\(answer.canonicalName)"),
            about: subject, from: answer.evidence)
        await withTaskGroup(of: Void.self) { group in
            for destination in Set(record.destinations) {
                group.addTask { await checkDestination(destination, scan) }
            }
        }
    }

    private func stateLookup(_ status: TLSRPTLookup.Status, _ answer: DNSAnswer, _ scan: ScanContext) {
        scan.state(
            TLSRPTLookup(status: status, words: answer.lookupError?.words, recordCount: answer.texts.count),
            about: .record(answer.name, type: "TXT"), from: answer.evidence)
    }

    private func checkDestination(_ destination: TLSRPTRecord.Destination, _ scan: ScanContext) async {
        let subject = Subject(kind: .reportDestination, name: "\(destination.domain)", object: destination.uri)
        let outcome =
            destination.scheme == "mailto"
            ? await ReportReach.byMail(to: destination.domain, in: scan)
            : await ReportReach.byAddress(of: destination.domain, in: scan)
        scan.state(
            TLSRPTDestination.self,
            outcome.map { reach in
                TLSRPTDestination(
                    uri: destination.uri, scheme: destination.scheme, domain: "\(destination.domain)", reach: reach,
                    isSameDomain: destination.domain == scan.domain)
            }, about: subject)
    }

    /// The common misplacements, asked only where the right place is empty.
    private func checkWrongOwners(_ scan: ScanContext) async {
        let names = ["_tlsrpt", "_smtp-tlsrpt", "_smtp._tls._tls", "_tls"].compactMap { scan.domain.prepending($0) }
        let answers = await withTaskGroup(of: DNSAnswer.self) { group in
            for name in names { group.addTask { await scan.resolve(name, .txt) } }
            var answers: [DNSAnswer] = []
            for await answer in group { answers.append(answer) }
            return answers
        }
        // A wildcard TXT answers everywhere; only what reads like a TLSRPT record was put there for that.
        let found = answers.filter { !TLSRPTRecord.select(from: $0.texts).isEmpty }.map { "\($0.name)" }.sorted()
        if found.isEmpty, let cause = answers.lazy.compactMap(\.undeterminedCause).first {
            scan.state(TLSRPTWrongOwner.self, .undetermined(cause), about: .domain(scan.domain))
        } else {
            scan.state(TLSRPTWrongOwner(owners: found), about: .domain(scan.domain))
        }
    }
}
