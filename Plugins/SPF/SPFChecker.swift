import AssayDNS
package import AssayEngine
import AssayModel
import AssayProbes

/// SPF: the record, its whole include tree as receivers count it, the addresses that may send, and the names around it.
///
/// Asks TXT at the domain and at every include, addresses and MX of every `a` and `mx` term, each as soon as its name is
/// known; TXT at mail hosts of the domain's own, at two common names and at a label that nobody made.
package struct SPFChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "SPF", title: "Who may send as the domain", tier: .basic,
        facts: [
            SPFLookupFact.self, SPFRecordFact.self, SPFSizes.self, SPFTreeFact.self, SPFAnswersFact.self,
            SPFRangesFact.self, SPFSurroundings.self, SPFHelo.self, SPFGaps.self, SPFWildcard.self,
        ],
        references: ["RFC 7208", "RFC 8616 section 4", "RFC 9989"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await checkRecord(scan) }
            group.addTask { await checkSurroundings(scan) }
            group.addTask { await checkGaps(scan) }
            group.addTask { await checkWildcard(scan) }
        }
    }

    private func checkRecord(_ scan: ScanContext) async {
        let subject = Subject.record(scan.domain, type: "TXT")
        let forest = await SPFForest.load(scan.domain, ScanLookup(scan: scan))
        guard let source = forest.sources[scan.domain] else { return }
        let answer = source.answer
        if let cause = answer.undeterminedCause {
            return stateNothingMore(.undetermined(cause), scan)
        }
        let mail = await scan.evidence(for: MailHosts(scan.domain))
        if let error = answer.lookupError {
            scan.state(
                SPFLookupFact(
                    status: error.kind == "bogus" ? .bogus : .failed, words: error.words, textCount: 0, recordCount: 0,
                    misfits: [], senderIDTexts: [], hasTypeSPF: nil, suggestion: nil),
                about: subject, from: answer.evidence)
            return stateNothingMore(.notApplicable("lookup_error"), scan)
        }
        if answer.status == .nxDomain { return stateNothingMore(.notApplicable("nxdomain"), scan) }
        let survey = await SPFSurvey.make(forest, mail: mail, scan)
        await stateLookup(survey, scan)
        guard !source.selection.records.isEmpty else {
            scan.state(SPFRecordFact.self, .absent, about: subject, from: answer.evidence)
            await checkHelos(survey, mail, scan)
            return
        }
        scan.state(survey.recordFact, about: subject, from: answer.evidence)
        scan.state(survey.sizes, about: subject)
        if source.record != nil {
            let evidence = survey.evidence
            scan.state(survey.treeFact, about: subject, from: evidence)
            scan.state(SPFAnswersFact.self, survey.answers, about: subject)
            scan.state(survey.rangesFact, about: subject)
        }
        await checkHelos(survey, mail, scan)
    }

    /// What is not known where the record is not.
    private func stateNothingMore(_ outcome: Outcome<Never>, _ scan: ScanContext) {
        let subject = Subject.record(scan.domain, type: "TXT")
        func state<F: Fact>(_ type: F.Type) {
            switch outcome {
            case .undetermined(let cause): scan.state(type, .undetermined(cause), about: subject)
            case .notApplicable(let reason): scan.state(type, .notApplicable(reason), about: subject)
            case .observed, .absent: break
            }
        }
        state(SPFLookupFact.self)
        state(SPFRecordFact.self)
        state(SPFTreeFact.self)
        state(SPFAnswersFact.self)
        state(SPFRangesFact.self)
        state(SPFSizes.self)
    }

    private func stateLookup(_ survey: SPFSurvey, _ scan: ScanContext) async {
        let selection = survey.source.selection
        var hasTypeSPF: Bool?
        if selection.records.isEmpty {
            // RFC 7208 section 3.1: type 99 is not looked at by anybody; asked to say so.
            let answer = await scan.resolve(scan.domain, .spf)
            hasTypeSPF = answer.undeterminedCause == nil && answer.lookupError == nil ? !answer.records.isEmpty : nil
        }
        scan.state(
            SPFLookupFact(
                status: .answered, words: nil, textCount: survey.source.answer.texts.count,
                recordCount: selection.records.count,
                misfits: selection.misfits.prefix(SPFLimits.listedErrors).map {
                    .init(text: printable($0.text, limit: SPFLimits.shownRecordOctets), fault: $0.fault.rawValue)
                },
                senderIDTexts: selection.senderIDs.prefix(SPFLimits.listedErrors).map {
                    printable($0, limit: SPFLimits.shownRecordOctets)
                },
                hasTypeSPF: hasTypeSPF, suggestion: survey.suggestion),
            about: .record(scan.domain, type: "TXT"), from: survey.source.answer.evidence)
    }
}
