import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// What applies to the domain, and the records that decide it.
struct PolicyCheck {
    let found: DMARCDiscovery.Evidence
    let mail: MailHosts.Evidence
    let scan: ScanContext

    /// Where reports about the domain could go: to itself if it receives mail.
    var reports: String {
        receiving == "mx" || receiving == "implicit" || receiving == "lookup_error"
            ? "mailto:dmarc-reports@\(scan.domain)" : "mailto:ADDRESS@ELSEWHERE"
    }

    func state() async {
        let use = await use()
        stateRecords()
        stateDiscovery(use)
        stateEffective()
        let subject = Subject.domain(scan.domain)
        switch use {
        case .observed(let use): scan.state(use, about: subject, from: mail.lookup.evidence)
        default: scan.state(DMARCUse.self, use, about: subject)
        }
    }

    // MARK: Whether it sends

    private var receiving: String {
        if mail.isNullMX { return "null_mx" }
        if !mail.hosts.isEmpty { return mail.hosts[0].isImplicit ? "implicit" : "mx" }
        switch mail.lookup.status {
        case .records: return "mx"
        case .noData: return "none"
        case .nxDomain: return "nxdomain"
        case .bogus, .failed, .undetermined: return "lookup_error"
        }
    }

    private func use() async -> Outcome<DMARCUse> {
        let texts = await scan.resolve(scan.domain, .txt)
        if let cause = texts.undeterminedCause ?? mail.lookup.undeterminedCause ?? cause { return .undetermined(cause) }
        let spf = SPFSign(in: texts.texts)
        let receivesNothing = ["null_mx", "none", "nxdomain"].contains(receiving)
        let isNonsending =
            switch scan.options.role {
            case "parked", "receiving": true
            case "sending": false
            default: spf == .deniesAll || (spf == .none && receivesNothing && texts.lookupError == nil)
            }
        let isParked = isNonsending && (scan.options.role == "parked" || receivesNothing)
        let policies = DMARCGeneration.allCases.flatMap { generation in
            DMARCTarget.allCases.map { found.effectivePolicy(for: $0, by: generation) }
        }
        var lacks: [String] = []
        if isNonsending, receiving != "nxdomain" {
            let isRejecting = policies.allSatisfy { $0.effective == .reject && $0.percentage == 100 }
            // A policy that cannot be looked up has a finding of its own.
            if !isRejecting, !policies.contains(where: { $0.state == .lookupError }) { lacks.append("dmarc") }
            if spf != .deniesAll { lacks.append("spf") }
            if isParked, receiving != "null_mx" { lacks.append("null_mx") }
        }
        var draft = RecordDraft(p: .reject, sp: .reject, np: .reject)
        if let octets = found.visits.first?.records.first {
            let old = RecordDraft(repairing: octets, reports: reports)
            draft.rua = old.rua
        }
        return .observed(
            DMARCUse(
                role: scan.options.role, receiving: receiving, spf: spf, isNonsending: isNonsending,
                isParked: isParked, lacks: lacks, dmarcRecord: "\(draft)"))
    }

    // MARK: What applies

    private var cause: Cause? {
        guard found.effectivePolicy().state == .undetermined else { return nil }
        return found.visits.lazy.compactMap(\.cause).first ?? Cause(.dependsOnUndetermined)
    }

    private var isWalkWhole: Bool {
        found.visits.allSatisfy { ![.lookupError, .undetermined].contains($0.outcome) }
    }

    private func stateDiscovery(_ use: Outcome<DMARCUse>) {
        let subject = Subject.domain(scan.domain)
        if let cause {
            scan.state(DMARCDiscoveryFact.self, .undetermined(cause), about: subject)
            return
        }
        let new = found.policyVisit(by: .rfc9989)?.domain
        let old = found.policyVisit(by: .rfc7489)?.domain
        let labels = scan.domain.labels
        let asked = Set(DMARCWalk.names(from: scan.domain))
        let skipped = labels.indices.compactMap { try? DomainName(labels: Array(labels[$0...])) }
            .filter { !asked.contains($0) }
        let isParked = use.value?.isNonsending ?? false
        let first =
            isParked
            ? RecordDraft(p: .reject, sp: .reject, np: .reject) : RecordDraft(p: .none).asking(for: reports)
        scan.state(
            DMARCDiscoveryFact(
                walked: found.visits.map { "\($0.domain)" }, skipped: skipped.map { "\($0)" },
                recordDomain: new.map { "\($0)" }, legacyRecordDomain: old.map { "\($0)" },
                organization: "\(found.byWalk.domain)", reason: found.byWalk.reason.rawValue,
                listOrganization: "\(found.byList)", list: found.list.kind.rawValue, listDate: found.list.date,
                // Without any record there is no DMARC, and nobody asks whom the domain belongs to.
                // Where a question of the walk failed, nobody knows.
                organizationDiffers: (new ?? old) != nil && isWalkWhole && found.byWalk.domain != found.byList,
                policyDiffers: new != old,
                isAnythingFound: found.visits.contains { !$0.records.isEmpty || !$0.nearMisses.isEmpty }
                    || !found.listVisit.records.isEmpty,
                isInternationalised: scan.input.unicode != "\(scan.domain)", firstRecord: "\(first)"),
            about: subject)
    }

    private func stateEffective() {
        let subject = Subject.domain(scan.domain)
        if let cause {
            scan.state(DMARCEffective.self, .undetermined(cause), about: subject)
            return
        }
        func entry(_ target: DMARCTarget, _ generation: DMARCGeneration) -> DMARCEffective.Entry {
            let policy = found.effectivePolicy(for: target, by: generation)
            return DMARCEffective.Entry(
                state: policy.state.rawValue, recordDomain: policy.recordDomain.map { "\($0)" },
                location: policy.location?.rawValue, tag: policy.tag, requested: policy.requested.rawValue,
                effective: policy.effective.rawValue, percentage: policy.percentage)
        }
        let visit = found.policyVisit()
        let new = DMARCTarget.allCases.map { entry($0, .rfc9989) }
        let old = DMARCTarget.allCases.map { entry($0, .rfc7489) }
        scan.state(
            DMARCEffective(
                domain: new[0], existingSubdomain: new[1], nonexistentSubdomain: new[2],
                legacy: .init(domain: old[0], existingSubdomain: old[1], nonexistentSubdomain: old[2]),
                rejectsAll: (new + old).allSatisfy { $0.effective == "reject" && $0.percentage == 100 },
                hasReports: !(visit?.policyRecord?.rua.uris.isEmpty ?? true), nextRecord: nextRecord(visit),
                milderRecord: milderRecord(visit), ttl: visit?.ttl),
            about: subject)
    }

    /// The domain's own record, even where another's applies now: a policy for it alone cannot hurt its neighbours.
    private func ownRecord(_ visit: DMARCVisit?) -> RecordDraft? {
        guard let visit, let octets = visit.records.first else { return nil }
        let draft = RecordDraft(repairing: octets, reports: reports)
        guard visit.domain != scan.domain else { return draft }
        return RecordDraft(p: found.effectivePolicy().requested).with { $0.rua = draft.rua }
    }

    private func nextRecord(_ visit: DMARCVisit?) -> String? {
        ownRecord(visit)?.next(reports: reports).map { "\($0)" }
    }

    private func milderRecord(_ visit: DMARCVisit?) -> String? {
        guard let draft = ownRecord(visit), draft.p == .reject else { return nil }
        return "\(draft.asking(for: reports).with { $0.p = .quarantine })"
    }

    // MARK: Records

    private func stateRecords() {
        for visit in found.visits {
            guard let owner = visit.owner else { continue }
            let subject = Subject.record(owner, type: "TXT")
            if let text = visit.records.first ?? visit.nearMisses.first {
                stateRecord(visit, text, about: subject)
                stateTags(visit, about: subject)
            } else if visit.domain == scan.domain {
                switch visit.outcome {
                case .undetermined:
                    let cause = visit.cause ?? Cause(.dependsOnUndetermined)
                    scan.state(DMARCRecordFact.self, .undetermined(cause), about: subject)
                    scan.state(DMARCTags.self, .undetermined(cause), about: subject)
                case .lookupError: scan.state(DMARCRecordFact.self, .notApplicable("lookup_error"), about: subject)
                case .record, .none, .multiple: scan.state(DMARCRecordFact.self, .absent, about: subject)
                }
            }
        }
    }

    private func stateRecord(_ visit: DMARCVisit, _ text: [UInt8], about subject: Subject) {
        let all = visit.records.isEmpty ? visit.nearMisses : visit.records
        let drafts = all.map { RecordDraft(repairing: $0, reports: reports) }
        var draft = drafts[0]
        // Of several the mildest, so that no mail is lost on the day that one of them begins to count.
        if let mildest = drafts.min(by: { $0.p < $1.p }) { draft = mildest }
        draft.rua = Array(Set(drafts.flatMap(\.rua))).sorted()
        if draft.rua.isEmpty { draft.rua = drafts[0].rua }
        scan.state(
            DMARCRecordFact(
                text: printable(text, limit: DMARCLimits.shownOctets), domain: "\(visit.domain)",
                isOwn: visit.domain == scan.domain, count: visit.records.count, isMultiple: visit.records.count > 1,
                texts: all.map { printable($0, limit: DMARCLimits.shownOctets) }, isIgnored: visit.records.isEmpty,
                suggestion: "\(draft)", ttl: visit.ttl),
            about: subject)
    }

    private func stateTags(_ visit: DMARCVisit, about subject: Subject) {
        guard let record = visit.policyRecord, let octets = visit.records.first else { return }
        let applied = found.policyVisit()?.domain
        guard visit.domain == applied || record.psd != .unspecified else { return }
        let builder = TagsBuilder(
            record: record, octets: octets, visit: visit, isOwn: visit.domain == scan.domain,
            isApplied: visit.domain == applied, isOrganization: visit.domain == found.byWalk.domain,
            isListedSuffix: found.listedSuffixes.contains(visit.domain), reports: reports)
        scan.state(builder.fact(), about: subject)
    }
}
