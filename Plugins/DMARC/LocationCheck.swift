import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// Records where nobody looks, asked for only where none stands at the right place.
struct LocationCheck {
    let found: DMARCDiscovery.Evidence
    let reports: String
    let scan: ScanContext

    func state() async {
        let subject = Subject.domain(scan.domain)
        guard let own = found.visits.first, own.outcome == .none, own.nearMisses.isEmpty else {
            scan.state(DMARCWrongLocation.self, .notApplicable("something_at_the_right_place"), about: subject)
            return
        }
        let names = ["_dmarc._dmarc", "dmarc", "_dmarc.www"].compactMap { scan.domain.prepending($0) } + [scan.domain]
        let answers = await withTaskGroup(of: DNSAnswer.self) { group in
            for name in names { group.addTask { await scan.resolve(name, .txt) } }
            var answers: [DNSAnswer] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.name < $1.name }
        }
        let hits = answers.filter { !DMARCRecord.select(from: $0.texts).isEmpty && $0.isWildcardExpansion != true }
        if hits.isEmpty, let cause = answers.lazy.compactMap(\.undeterminedCause).first {
            scan.state(DMARCWrongLocation.self, .undetermined(cause), about: subject)
            return
        }
        let first = hits.first.flatMap { DMARCRecord.select(from: $0.texts).first }
        scan.state(
            DMARCWrongLocation(
                owners: hits.map { "\($0.name)" },
                suggestion: first.map { "\(RecordDraft(repairing: $0, reports: reports))" }),
            about: subject, from: hits.flatMap(\.evidence))
    }
}

/// What is answered for names that nobody made.
struct WildcardCheck {
    let scan: ScanContext

    func state() async {
        let subject = Subject.domain(scan.domain)
        guard let name = scan.domain.prepending(ProbeLimits.unmadeLabel), let owner = name.prepending("_dmarc") else {
            scan.state(DMARCWildcard.self, .notApplicable("name_too_long"), about: subject)
            return
        }
        async let atOwner = scan.resolve(owner, .txt)
        async let atName = scan.resolve(name, .mx)
        let (texts, plain) = await (atOwner, atName)
        if let cause = texts.undeterminedCause ?? plain.undeterminedCause {
            scan.state(DMARCWildcard.self, .undetermined(cause), about: subject)
            return
        }
        let unmade =
            switch plain.status {
            case .records: "records"
            case .noData: "no_data"
            case .nxDomain: "nxdomain"
            case .bogus, .failed, .undetermined: "lookup_error"
            }
        scan.state(
            DMARCWildcard(
                answers: !texts.texts.isEmpty, isDMARC: !DMARCRecord.select(from: texts.texts).isEmpty,
                text: texts.texts.first.map { printable($0, limit: DMARCLimits.shownOctets) }, unmadeName: unmade),
            about: subject, from: texts.evidence + plain.evidence)
    }
}
