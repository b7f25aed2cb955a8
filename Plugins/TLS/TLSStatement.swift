import AssayCrypto
import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// States what is known of a server as facts.
struct TLSStatement {
    enum Stop: Sendable {
        case undetermined(Cause)
        case notApplicable(String)
    }

    private let subject: Subject
    private let scan: ScanContext

    init(_ server: MailHosts.Evidence.Server, _ scan: ScanContext) {
        subject = .address(server.address, of: server.host)
        self.scan = scan
    }

    static let kinds: [any Fact.Type] = [
        VersionFact<SSL2Tag>.self, VersionFact<SSL3Tag>.self, VersionFact<TLS10Tag>.self, VersionFact<TLS11Tag>.self,
        VersionFact<TLS12Tag>.self, VersionFact<TLS13Tag>.self, SuiteClassFact<NullTag>.self,
        SuiteClassFact<ExportTag>.self, SuiteClassFact<RC4Tag>.self, SuiteClassFact<LT112Tag>.self,
        SuiteClassFact<Block64Tag>.self, SuiteClassFact<AnonymousTag>.self, SuiteClassFact<StaticRSATag>.self,
        SuiteClassFact<StaticDHTag>.self, SuiteClassFact<DHETag>.self, SuiteClassFact<CBCTag>.self,
        SuiteClassFact<CBCSHA1Tag>.self, SuiteClassFact<CCM8Tag>.self, DHPrime.self, EncryptThenMAC.self,
        RecommendedSuites.self, WeakGroup.self,
        PostQuantum.self, BrokenSignature.self, LargeHello.self, TLSExtensions.self, CipherOrder.self,
        FallbackSignal.self, EarlyData.self, WithoutServerName.self, Drown.self, ChainSize.self, TLSInventory.self,
        CommandInjection.self, Heartbleed.self, EarlyChange.self, Robot.self,
    ]

    func stateAll(_ stop: Stop) {
        func state<F: Fact>(_ type: F.Type) {
            switch stop {
            case .undetermined(let cause): scan.state(type, .undetermined(cause), about: subject)
            case .notApplicable(let why): scan.state(type, .notApplicable(why), about: subject)
            }
        }
        for kind in Self.kinds { state(kind) }
    }

    func state(_ survey: Survey, _ keys: KeySurvey.Evidence, _ evidence: [EvidenceRecord]) {
        stateVersions(survey, evidence)
        stateClasses(survey, evidence)
        stateExchange(survey, evidence)
        stateExtensions(survey, evidence)
        stateSession(keys, survey)
        stateInventory(survey, evidence)
    }

    private func stateVersions(_ survey: Survey, _ evidence: [EvidenceRecord]) {
        func version<Tag: FactTag>(_ tag: Tag.Type, _ version: TLSVersion) {
            state(survey.versions[version], evidence) { value, refusal in
                VersionFact<Tag>(isAccepted: value != nil, refusal: refusal)
            }
        }
        version(SSL2Tag.self, .ssl2)
        version(SSL3Tag.self, .ssl3)
        version(TLS10Tag.self, .tls10)
        version(TLS11Tag.self, .tls11)
        version(TLS12Tag.self, .tls12)
        version(TLS13Tag.self, .tls13)
    }

    private func stateClasses(_ survey: Survey, _ evidence: [EvidenceRecord]) {
        func suites<Tag: FactTag>(_ tag: Tag.Type, _ kind: SuiteClass) {
            state(survey.verdict(of: kind), evidence) { suite, _ in
                SuiteClassFact<Tag>(isAccepted: suite != nil, suite: suite?.name)
            }
        }
        suites(NullTag.self, .null)
        suites(ExportTag.self, .export)
        suites(RC4Tag.self, .rc4)
        suites(LT112Tag.self, .lt112)
        suites(Block64Tag.self, .block64)
        suites(AnonymousTag.self, .anonymous)
        suites(StaticRSATag.self, .staticRSA)
        suites(StaticDHTag.self, .staticDH)
        suites(DHETag.self, .dhe)
        suites(CBCTag.self, .cbc)
        suites(CBCSHA1Tag.self, .cbcSHA1)
        suites(CCM8Tag.self, .ccm8)
        if let weakest = survey.primes.min(by: { $0.bits < $1.bits }) {
            scan.state(
                DHPrime(
                    bits: weakest.bits, name: weakest.name, isNegotiable: weakest.name?.hasPrefix("ffdhe") ?? false),
                about: subject, from: evidence)
        } else {
            switch survey.verdict(of: .dhe) {
            case .open(let cause): scan.state(DHPrime.self, .undetermined(cause), about: subject)
            case .accepted: scan.state(DHPrime.self, .undetermined(Survey.noExchange), about: subject)
            case .refused: scan.state(DHPrime.self, .notApplicable("no_dhe"), about: subject)
            }
        }
        if let isUsed = survey.hasEncryptThenMAC {
            scan.state(EncryptThenMAC(isUsed: isUsed), about: subject, from: evidence)
        } else if case .open(let cause) = survey.verdict(of: .cbc) {
            scan.state(EncryptThenMAC.self, .undetermined(cause), about: subject)
        } else {
            scan.state(EncryptThenMAC.self, .notApplicable("no_cbc"), about: subject)
        }
        if survey.versions[.tls13]?.value != nil {
            scan.state(
                RecommendedSuites(isOffered: true, suite: survey.recommended.value?.name), about: subject,
                from: evidence)
        } else {
            state(survey.recommended, evidence) { suite, _ in
                RecommendedSuites(isOffered: suite != nil, suite: suite?.name)
            }
        }
    }

    private func stateExchange(_ survey: Survey, _ evidence: [EvidenceRecord]) {
        let hasTLS12 = survey.versions[.tls12]
        if hasTLS12?.isRefused ?? false {
            scan.state(WeakGroup.self, .notApplicable("no_tls_1_2"), about: subject)
            scan.state(BrokenSignature.self, .notApplicable("no_tls_1_2"), about: subject)
        } else {
            state(survey.weakGroups, evidence) { group, _ in WeakGroup(isAccepted: group != nil, group: group?.name) }
            state(survey.brokenSignatures, evidence) { scheme, _ in
                BrokenSignature(isAccepted: scheme != nil, scheme: scheme?.name)
            }
        }
        if survey.versions[.tls13]?.isRefused ?? false {
            scan.state(PostQuantum.self, .notApplicable("no_tls_1_3"), about: subject)
        } else {
            state(survey.postQuantum, evidence) { group, _ in
                PostQuantum(isAccepted: group != nil, group: group?.name)
            }
        }
        state(survey.large, evidence) { version, failure in
            LargeHello(isUnderstood: version != nil, failure: failure)
        }
        state(survey.order, evidence, otherwise: survey.isOrderMoot ? "nothing_unwanted" : nil) { follows, _ in
            CipherOrder(followsClient: follows ?? false, suite: nil)
        }
        state(survey.fallback, evidence, otherwise: survey.isFallbackMoot ? "no_old_version" : nil) {
            overlooked, _ in FallbackSignal(isHonoured: overlooked == nil)
        }
    }

    private func stateExtensions(_ survey: Survey, _ evidence: [EvidenceRecord]) {
        guard let hello = survey.general else {
            if survey.classicVersion == nil {
                scan.state(TLSExtensions.self, .notApplicable("no_such_version"), about: subject)
            } else {
                scan.state(TLSExtensions.self, .undetermined(survey.stop ?? Cause(.budget)), about: subject)
            }
            return
        }
        scan.state(
            TLSExtensions(
                version: hello.version.name, compresses: hello.compression != 0,
                renegotiatesSecurely: hello.answered(0xFF01), hasExtendedMasterSecret: hello.answered(23),
                offersTicket: hello.answered(35), asksForCertificate: hello.asksForCertificate),
            about: subject, from: evidence)
    }

    private func stateSession(_ keys: KeySurvey.Evidence, _ survey: Survey) {
        let evidence = keys.first.evidence
        if let chain = keys.first.handshake?.chain {
            scan.state(
                ChainSize(certificates: chain.count, octets: chain.certificates.reduce(0) { $0 + $1.count }),
                about: subject,
                from: evidence)
        } else {
            scan.state(ChainSize.self, .notApplicable("no_certificate"), about: subject)
        }
        if case .completed(let session) = keys.first.handshake, session.version == "TLSv1.3" {
            if let maximum = session.maximumEarlyData {
                scan.state(EarlyData(maximum: maximum), about: subject, from: evidence)
            } else {
                scan.state(EarlyData.self, .notApplicable("no_ticket"), about: subject)
            }
        } else if keys.first.handshake?.failure == nil || survey.versions[.tls13]?.isRefused ?? false {
            scan.state(EarlyData.self, .notApplicable("no_tls_1_3"), about: subject)
        } else {
            scan.state(
                EarlyData.self, .undetermined(Cause(.dependsOnUndetermined, detail: "handshake")), about: subject)
        }
        if survey.versions[.tls12]?.isRefused ?? false {
            // In TLS 1.3 the certificate comes encrypted; what is older than TLS 1.2 is not asked.
            scan.state(WithoutServerName.self, .undetermined(Cause("no_tls_1_2")), about: subject)
            return
        }
        switch survey.unnamed {
        case .open(let cause):
            scan.state(WithoutServerName.self, .undetermined(cause), about: subject)
        case .refused: scan.state(WithoutServerName(without: .refused), about: subject, from: evidence)
        case .accepted(let leaf):
            // Those that this very name was shown.
            let leaves = Set(keys.chains.compactMap { $0.chain.certificates.first.map(Digest.sha256) })
            guard !leaves.isEmpty, !leaf.isEmpty else {
                scan.state(WithoutServerName.self, .undetermined(Cause("no_certificate")), about: subject)
                return
            }
            scan.state(
                WithoutServerName(without: leaves.contains(leaf) ? .same : .other), about: subject, from: evidence)
        }
    }

    private func stateInventory(_ survey: Survey, _ evidence: [EvidenceRecord]) {
        guard survey.isFull else {
            scan.state(TLSInventory.self, .undetermined(Cause(.notAsked)), about: subject)
            return
        }
        let versions = survey.suites.keys.sorted(by: >)
        scan.state(
            TLSInventory(
                suites: versions.flatMap { version in
                    (survey.suites[version] ?? []).map { "\(version.name) \($0.name)" }
                },
                groups: survey.groups.map(\.name),
                complete: versions.filter { survey.isComplete[$0] ?? false }.map(\.name)
                    + (survey.groupsAreComplete ? ["groups"] : []),
                clientOrder: versions.filter { survey.followsClient[$0] ?? false }.map(\.name)),
            about: subject, from: evidence)
    }

    /// A verdict as a fact; `otherwise` says why there is nothing to look at where nothing was asked.
    private func state<Value, F: Fact>(
        _ verdict: Survey.Verdict<Value>?, _ evidence: [EvidenceRecord], otherwise: String? = nil,
        _ fact: (Value?, String?) -> F
    ) {
        switch verdict {
        case .accepted(let value)?: scan.state(fact(value, nil), about: subject, from: evidence)
        case .refused(let how)?: scan.state(fact(nil, how), about: subject, from: evidence)
        case .open(let cause)?:
            if let otherwise {
                scan.state(F.self, .notApplicable(otherwise), about: subject)
            } else {
                scan.state(F.self, .undetermined(cause), about: subject)
            }
        case nil: scan.state(F.self, .undetermined(Cause(.fault)), about: subject)
        }
    }
}
