import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// Where reports go: whether they can arrive, and whether the owner of an external destination agreed (RFC 9990, "Verifying
/// External Destinations"; RFC 7489 section 7.1).
struct DestinationCheck {
    let found: DMARCDiscovery.Evidence
    /// Where reports could go instead.
    let reports: String
    let scan: ScanContext

    private struct Job: Sendable {
        let tag: String
        let uri: ReportURI
        let host: DomainName
    }

    func state() async {
        guard let visit = found.policyVisit(), let record = visit.policyRecord else { return }
        await withTaskGroup(of: Void.self) { group in
            for (tag, list) in [("rua", record.rua), ("ruf", record.ruf)] {
                let jobs = list.uris.compactMap { uri in uri.host.map { Job(tag: tag, uri: uri, host: $0) } }
                group.addTask { await state(jobs, of: visit.domain) }
            }
        }
    }

    private func state(_ jobs: [Job], of publisher: DomainName) async {
        let distinct = jobs.reduce(into: [Job]()) { list, job in
            if !list.contains(where: { $0.uri.text == job.uri.text }) { list.append(job) }
        }
        let outcomes = await withTaskGroup(of: (Int, Outcome<DMARCDestination>).self) { group in
            for (index, job) in distinct.prefix(DMARCLimits.destinations).enumerated() {
                group.addTask { (index, await destination(job, of: publisher)) }
            }
            var outcomes: [Int: Outcome<DMARCDestination>] = [:]
            for await (index, outcome) in group { outcomes[index] = outcome }
            return outcomes
        }
        let usable = outcomes.values.compactMap(\.value).count(where: \.isUsable)
        for (index, job) in distinct.enumerated() {
            let subject = Subject(
                kind: .reportDestination, name: "\(job.host)", object: "\(job.tag) \(job.uri.text)")
            let limit = Cause(.limit, detail: "destinations \(DMARCLimits.destinations)")
            let outcome = outcomes[index] ?? .undetermined(limit)
            scan.state(
                DMARCDestination.self,
                outcome.map { $0.isUsable || usable > 0 ? $0 : $0.asOnlyOne() }, about: subject)
        }
    }

    private func destination(_ job: Job, of publisher: DomainName) async -> Outcome<DMARCDestination> {
        async let reached =
            job.uri.scheme == "mailto"
            ? ReportReach.byMail(to: job.host, in: scan) : ReportReach.byAddress(of: job.host, in: scan)
        async let permission = permission(job, of: publisher)
        let (reach, granted) = await (reached, permission)
        switch granted {
        case .undetermined(let cause): return .undetermined(cause)
        case .observed(let granted):
            return reach.map { reach in
                DMARCDestination(
                    tag: job.tag, uri: job.uri.text, scheme: job.uri.scheme, host: "\(job.host)", reach: reach,
                    authorisation: granted.verdict, externalTo: granted.externalTo.map(\.rawValue),
                    authorisationOwner: granted.owner.map { "\($0)" }, override: granted.override,
                    overrideAddresses: granted.overrideAddresses, isOnlyOne: false, recordDomain: "\(publisher)",
                    recordWithout: recordWithout(job))
            }
        case .absent, .notApplicable: return .notApplicable("no_destination")
        }
    }

    /// The record in force without that address; where nobody would receive aggregate reports any more, with another.
    private func recordWithout(_ job: Job) -> String? {
        guard let octets = found.policyVisit()?.records.first else { return nil }
        var draft = RecordDraft(repairing: octets, reports: reports)
        if job.tag == "ruf" {
            draft.ruf.removeAll { $0 == job.uri.text }
            if draft.ruf.isEmpty { draft.fo = [] }
        } else {
            draft.rua.removeAll { $0 == job.uri.text }
            draft = draft.asking(for: reports)
        }
        return draft.rua.contains(job.uri.text) && job.tag == "rua" ? nil : "\(draft)"
    }

    private struct Permission {
        var verdict: DMARCDestination.Authorisation
        var externalTo: [DMARCGeneration] = []
        var owner: DomainName?
        var override = DMARCDestination.Override.none
        var overrideAddresses: [String] = []
    }

    private func permission(_ job: Job, of publisher: DomainName) async -> Outcome<Permission> {
        async let mine = scan.evidence(for: OrganizationalDomain(publisher))
        async let theirs = scan.evidence(for: OrganizationalDomain(job.host))
        let (own, other) = await (mine, theirs)
        let external = DMARCGeneration.allCases.filter { own.domain(by: $0) != other.domain(by: $0) }
        // A walk that was not answered whole may have ended elsewhere.
        let isUncertain = !(own.unanswered + other.unanswered).isEmpty
        if isUncertain, !external.contains(.rfc7489) { return .undetermined(Cause(.dependsOnUndetermined)) }
        guard !external.isEmpty else { return .observed(Permission(verdict: .notNeeded)) }
        var permission = Permission(verdict: .unauthorised, externalTo: external)
        // Steps 2 to 4.
        guard let owner = job.host.prepending("\(publisher)._report._dmarc") else {
            permission.verdict = .tooLong
            return .observed(permission)
        }
        permission.owner = owner
        let answer = await scan.resolve(owner, .txt)
        if let cause = answer.undeterminedCause { return .undetermined(cause) }
        if answer.lookupError != nil {
            permission.verdict = .lookupError
            return .observed(permission)
        }
        let records = DMARCRecord.select(from: answer.texts)
        guard !records.isEmpty else { return .observed(permission) }
        permission.verdict = await isWildcard(answer, job.host) ? .wildcard : .authorised
        // Step 9: another address may be named, at the same host.
        let others = records.map(DMARCRecord.init(parsing:)).flatMap { $0.rua.uris }
        if !others.isEmpty {
            permission.overrideAddresses = others.prefix(DMARCLimits.destinations).map(\.text)
            permission.override = others.allSatisfy { $0.host == job.host } ? .accepted : .refused
        }
        return .observed(permission)
    }

    private func isWildcard(_ answer: DNSAnswer, _ host: DomainName) async -> Bool {
        if let isExpansion = answer.isWildcardExpansion { return isExpansion }
        guard let name = host.prepending("\(ProbeLimits.unmadeLabel)._report._dmarc") else { return false }
        return await !DMARCRecord.select(from: scan.resolve(name, .txt).texts).isEmpty
    }
}

extension DMARCDestination {
    /// Reports arrive there.
    fileprivate var isUsable: Bool {
        reach == .reachable && override != .refused && [.notNeeded, .authorised, .wildcard].contains(authorisation)
    }

    fileprivate func asOnlyOne() -> DMARCDestination {
        DMARCDestination(
            tag: tag, uri: uri, scheme: scheme, host: host, reach: reach, authorisation: authorisation,
            externalTo: externalTo, authorisationOwner: authorisationOwner, override: override,
            overrideAddresses: overrideAddresses, isOnlyOne: true, recordDomain: recordDomain,
            recordWithout: recordWithout)
    }
}
