import AssayModel
import AssayTransport

/// What is known of one server's TLS, and which question comes next: pure, so that it can be tried on servers that are values.
///
/// Elimination: offer all of a kind; what the server chose is accepted, what is left is asked again; a refusal refuses all that
/// was offered. A clean server is known after one refusal a kind.
struct Survey: Sendable {
    /// What came of asking for something.
    enum Verdict<Value: Equatable & Sendable>: Equatable, Sendable {
        /// Not asked, or the answer said nothing.
        case open(Cause)
        case accepted(Value)
        /// How: `alert 40`, `closed`.
        case refused(String)

        var value: Value? { if case .accepted(let value) = self { value } else { nil } }
        var isOpen: Bool { if case .open = self { true } else { false } }
        var isRefused: Bool { if case .refused = self { true } else { false } }
    }

    /// Seen in the complete handshake that other checkers made.
    struct Known: Sendable {
        /// The version negotiated; nil where OpenSSL came to no end with the server.
        var version: TLSVersion?
        var leaves: Set<[UInt8]> = []
        /// Every certificate's key is on a curve: then supported_groups limits certificates too (RFC 8422 section 5.1.1).
        var leafCurve: NamedGroup?
    }

    let known: Known
    let isFull: Bool

    private(set) var versions: [TLSVersion: Verdict<CipherSuite>] = [:]
    private(set) var classes: [SuiteClass: Verdict<CipherSuite>] = [:]
    private(set) var recommended: Verdict<CipherSuite> = .open(Cause(.budget))
    /// The group where post-quantum ones alone were offered.
    private(set) var postQuantum: Verdict<NamedGroup> = .open(Cause(.budget))
    private(set) var large: Verdict<TLSVersion> = .open(Cause(.budget))
    private(set) var brokenSignatures: Verdict<SignatureScheme> = .open(Cause(.budget))
    private(set) var weakGroups: Verdict<NamedGroup> = .open(Cause(.budget))
    /// Accepted: the signal was overlooked.
    private(set) var fallback: Verdict<TLSVersion> = .open(Cause(.budget))
    private(set) var shortTag: Verdict<CipherSuite> = .open(Cause(.budget))
    /// What was taken where everything was offered, the recommended last.
    private(set) var taken: Verdict<CipherSuite> = .open(Cause(.budget))
    /// Without a server name; the certificate's SHA-256.
    private(set) var unnamed: Verdict<[UInt8]> = .open(Cause(.budget))
    /// The first hello of TLS 1.0 to 1.2, with what its extensions say.
    private(set) var general: ServerHello?
    private(set) var primes: [ServerHello.Prime] = []
    private(set) var hasEncryptThenMAC: Bool?
    private(set) var suites: [TLSVersion: [CipherSuite]] = [:]
    private(set) var isComplete: [TLSVersion: Bool] = [:]
    private(set) var followsClient: [TLSVersion: Bool] = [:]
    private(set) var groups: [NamedGroup] = []
    private(set) var groupsAreComplete = false
    /// The certificate shown over SSL 2; empty without one.
    private(set) var ssl2Leaves: Set<[UInt8]> = []

    private var asked: Set<Question> = []
    private var answered = false
    private var emptyAnswers = 0
    /// Why the server is left alone.
    private(set) var stop: Cause?
    /// Chosen, and given up with an alert behind.
    private var unusable: [CipherSuite] = []
    private var refusesUnnamed = false
    private var failsLarge = false
    /// Whether something recommended was taken where it stood before what was taken first elsewhere.
    private var yieldsToClient: Bool?

    init(known: Known, isFull: Bool = false) {
        self.known = known
        self.isFull = isFull
        for version in TLSVersion.allCases { versions[version] = .open(Cause(.budget)) }
        for kind in SuiteClass.allCases { classes[kind] = .open(Cause(.budget)) }
        guard let version = known.version else { return }
        answered = true
        versions[version] = .accepted(CipherSuite(rawValue: 0))
        // OpenSSL offered everything up to TLS 1.3, and a server takes the highest it has.
        if version < .tls13 { versions[.tls13] = .refused(version.name) }
        guard version < .tls12 else { return }
        versions[.tls12] = .refused(version.name)
        recommended = .refused(version.name)
    }

    // MARK: The next question

    /// By value: what is common and grave comes first. nil where everything is known, nothing more can be, or the answers to
    /// the questions that are under way have to come first.
    func next(besides underWay: Set<Question> = []) -> Question? {
        guard stop == nil else { return nil }
        // What leads to findings, one after the other; beside it, the lists.
        if underWay.allSatisfy(\.isForInventory), let question = nextForFindings { return question }
        guard isFull else { return nil }
        let open = inventoryQuestions.filter { !underWay.contains($0) && !asked.contains($0) }
        // Two that differ in what they leave out would give the same answer twice.
        return open.first { question in !underWay.contains { $0.isTwin(of: question) } }
    }

    private var nextForFindings: Question? {
        let plan: [Question?] = [
            recommendedQuestion, unnamedQuestion, olderQuestion, classQuestion(atMost: 3),
            versions[.ssl3]?.value == nil ? nil : ssl2Question, postQuantumQuestion, classQuestion(atMost: .max),
            signatureQuestion, groupQuestion, ssl2Question, shortTagQuestion, fallbackQuestion,
            orderQuestion,
        ]
        return plan.lazy.compactMap(\.self).first { !asked.contains($0) }
    }

    /// Whether something unwanted was taken although the server has something recommended.
    var order: Verdict<Bool> {
        switch (taken, recommended) {
        case (.open(let cause), _): .open(cause)
        case (.refused(let how), _): .open(Cause("refused", detail: how))
        case (.accepted(let suite), _) where suite.isRecommended && suite.classes.isEmpty: .accepted(false)
        case (.accepted, .refused): .accepted(false)
        case (.accepted, _):
            yieldsToClient.map { .accepted($0) }
                ?? .open(asked.contains(.everythingReversed) ? Cause("no_proof") : Cause(.budget))
        }
    }

    /// The cause where a ServerKeyExchange was missing, cut off or of a kind that we do not read.
    static let noExchange = Cause("protocol_error", detail: "no key exchange")

    /// Nothing is enabled that an order could keep down, or there is nothing better.
    var isOrderMoot: Bool {
        classicVersion == nil || recommended.isRefused
            || SuiteClass.allCases.allSatisfy { $0 == .anonymous || classes[$0]?.isRefused ?? false }
    }

    /// Without an old version nobody falls back.
    var isFallbackMoot: Bool {
        let old = [TLSVersion.ssl3, .tls10, .tls11].map { versions[$0] }
        let new = [TLSVersion.tls12, .tls13].map { versions[$0] }
        return old.allSatisfy { $0?.isRefused ?? false } || new.allSatisfy { $0?.isRefused ?? false }
    }

    private var recommendedQuestion: Question? {
        guard let twelve = versions[.tls12], !twelve.isRefused else { return nil }
        guard asked.contains(.everything) else { return .everything }
        // Something unwanted was taken: TLS 1.3 has what is recommended, else TLS 1.2 may have it; later answers may tell.
        if taken.value != nil, versions[.tls13]?.value != nil { return nil }
        // Refused without a name, perhaps for want of a name.
        return recommended.value == nil ? .recommended : nil
    }

    /// Only what differs in the name alone shows that it is the name.
    private var unnamedQuestion: Question? {
        refusesUnnamed && recommended.value != nil ? .recommendedUnnamed : nil
    }

    private var orderQuestion: Question? {
        taken.value != nil && order.isOpen && !isOrderMoot ? .everythingReversed : nil
    }

    private var shortTagQuestion: Question? {
        versions[.tls13]?.value != nil && classes[.ccm8]?.value == nil ? .shortTag : nil
    }

    private var olderQuestion: Question? {
        let open = [TLSVersion.tls11, .tls10, .ssl3].first { versions[$0]?.isOpen ?? false }
        if open == .ssl3, versions[.ssl2]?.isOpen ?? false, !asked.contains(.ssl2And3) { return .ssl2And3 }
        return open.flatMap { TLSVersion(rawValue: $0.rawValue + 1) }.map { .older(than: $0, first: openClasses) }
    }

    private var ssl2Question: Question? { versions[.ssl2]?.isOpen ?? false ? .ssl2 : nil }

    /// What came of a class of suites; without any version that has such suites nothing can be accepted.
    func verdict(of kind: SuiteClass) -> Verdict<CipherSuite> {
        let verdict = classes[kind] ?? .open(Cause(.fault))
        guard kind == .ccm8 else { return classicVersion == nil ? .refused("no such version") : verdict }
        // The one class that TLS 1.3 knows too.
        if shortTag.value != nil { return shortTag }
        let classic: Verdict<CipherSuite> = classicVersion == nil ? .refused("no such version") : verdict
        if versions[.tls13]?.isRefused ?? false { return classic }
        return classic.isRefused ? shortTag : classic
    }

    /// The newest version below TLS 1.3 that the server has, or may have.
    var classicVersion: TLSVersion? {
        [TLSVersion.tls12, .tls11, .tls10, .ssl3].first { versions[$0]?.isRefused == false }
    }

    private var openClasses: [SuiteClass] {
        SuiteClass.allCases.filter { classes[$0]?.isOpen ?? false && (unusable.isEmpty || !suites(left: $0).isEmpty) }
    }

    private func suites(left kind: SuiteClass) -> [CipherSuite] {
        Question.suites(of: [kind], classicVersion ?? .tls12).filter { !unusable.contains($0) }
    }

    private func classQuestion(atMost steps: Int) -> Question? {
        guard let version = classicVersion, !openClasses.isEmpty else { return nil }
        let made = asked.count { if case .classes = $0 { true } else { false } }
        return made < steps ? .classes(openClasses, version: version, without: unusable) : nil
    }

    private var postQuantumQuestion: Question? {
        let mayHave13 = classicVersion == nil && versions[.tls13]?.isOpen ?? false
        guard versions[.tls13]?.value != nil || mayHave13 else {
            return classicVersion.flatMap { versions[$0]?.value } == nil ? nil : largeQuestion(.tls12)
        }
        return asked.contains(.postQuantum) && large.isOpen ? largeQuestion(.tls13) : .postQuantum
    }

    /// Twice, since a connection can break by chance.
    private func largeQuestion(_ highest: TLSVersion) -> Question {
        let first = Question.large(highest: highest, again: false)
        return asked.contains(first) && failsLarge ? .large(highest: highest, again: true) : first
    }

    private var signatureQuestion: Question? { versions[.tls12]?.value == nil ? nil : .brokenSignatures }

    private var groupQuestion: Question? {
        versions[.tls12]?.value == nil ? nil : .weakGroups(besides: known.leafCurve)
    }

    private var fallbackQuestion: Question? {
        guard versions[.tls12]?.value != nil || versions[.tls13]?.value != nil else { return nil }
        return [TLSVersion.tls11, .tls10, .ssl3].first { versions[$0]?.value != nil }.map { .fallback($0) }
    }

    /// What is open of the lists, newest version first. The first two hellos of a version, in the registry's order and against
    /// it, tell whose order decides; where it is the client's, the list is asked for from both ends.
    private var inventoryQuestions: [Question] {
        var questions: [Question] = []
        for version in [TLSVersion.tls13, .tls12, .tls11, .tls10, .ssl3] where versions[version]?.value != nil {
            let found = suites[version] ?? []
            let left = found + unusable
            let probe = Question.suites(version, without: [], isReversed: true)
            if isComplete[version] == nil {
                if found.count == 1, !asked.contains(probe) {
                    questions.append(probe)
                } else {
                    questions.append(.suites(version, without: left, isReversed: false))
                    if followsClient[version] ?? false {
                        questions.append(.suites(version, without: left, isReversed: true))
                    }
                }
            }
            if version == groupVersion, !groupsAreComplete { questions.append(.groups(version, without: groups)) }
        }
        return questions
    }

    /// Groups are listed for TLS 1.3, else for TLS 1.2 where no certificate stands in the way.
    private var groupVersion: TLSVersion? {
        if versions[.tls13]?.value != nil { return .tls13 }
        return versions[.tls12]?.value != nil && known.leafCurve == nil ? .tls12 : nil
    }

    // MARK: Answers

    mutating func learn(_ question: Question, _ answer: HelloAnswer) {
        asked.insert(question)
        switch answer {
        case .hello(let hello) where hello.alertBehind == nil:
            answered = true
            emptyAnswers = 0
            note(hello)
            noteOrder(question, hello)
            accept(question, hello)
        case .hello(let hello):
            emptyAnswers = 0
            giveUp(question, hello)
        case .alert(let number):
            emptyAnswers = 0
            refuse(question, "alert \(number)", alert: number)
        case .closed, .reset:
            // Some servers hang up where others send an alert; believed only of a server that answered another hello.
            if answered { refuse(question, "closed", alert: nil) } else { leaveOpen(question, Cause("closed")) }
        case .timedOut(let seconds):
            leaveOpen(question, Cause("no_answer", detail: "nothing within \(seconds) s"), isFault: true)
        case .notTLS(let octets): leaveOpen(question, Cause("not_tls", detail: octets), isFault: true)
        case .broken(let what): leaveOpen(question, Cause("protocol_error", detail: what), isFault: true)
        case .deadline: halt(Cause(.deadline))
        case .refused(let stage, 0, let words): halt(Cause("no_answer", detail: "\(words) at \(stage)"))
        case .refused(let stage, let code, let words):
            halt(code >= 400 ? Cause(.blocked, detail: "\(code) \(words)") : Cause("no_starttls", detail: stage))
        case .unconnected(let why): halt(Cause("no_connection", detail: why))
        }
    }

    private mutating func halt(_ cause: Cause) {
        stop = cause
        replaceOpen(with: cause)
    }

    private mutating func leaveOpen(_ question: Question, _ cause: Cause, isFault: Bool = false) {
        open(question, cause)
        switch question {
        case .large(_, let again):
            // Short hellos are answered: it is the size.
            if isFault, answered, again { large = .refused(cause.code.rawValue) }
            failsLarge = true
        case .postQuantum: break
        default:
            emptyAnswers += 1
            if emptyAnswers >= TLSLimits.patience { halt(cause) }
        }
    }

    /// The server chose a suite and could not go on: that suite is none of its, and of the others nothing was said.
    private mutating func giveUp(_ question: Question, _ hello: ServerHello) {
        let how = "alert \(hello.alertBehind ?? 0)"
        switch question {
        case .classes(let kinds, _, _):
            unusable.append(hello.suite)
            for kind in kinds where suites(left: kind).isEmpty {
                classes[kind] = .open(Cause("refused_after_choice", detail: how))
            }
        case .suites: unusable.append(hello.suite)
        case .brokenSignatures, .weakGroups: refuse(question, how, alert: hello.alertBehind)
        default: open(question, Cause("refused_after_choice", detail: how))
        }
    }

    private mutating func noteOrder(_ question: Question, _ hello: ServerHello) {
        guard hello.version == .tls12, question != .everything, let first = taken.value, !first.classes.isEmpty,
            yieldsToClient == nil
        else { return }
        let offered = question.hello(serverName: "").suites
        guard let place = offered.firstIndex(of: first),
            offered[..<place].contains(where: Question.recommendedSuites.contains)
        else { return }
        if hello.suite == first { yieldsToClient = false }
        if Question.recommendedSuites.contains(hello.suite) { yieldsToClient = true }
    }

    private mutating func note(_ hello: ServerHello) {
        if hello.version == .ssl2, let leaf = hello.leafSHA256 { ssl2Leaves.insert(leaf) }
        if let prime = hello.prime { primes.append(prime) }
        if hello.version > .ssl3, hello.version < .tls13, general == nil { general = hello }
        if hello.suite.classes.contains(.cbc), hello.version > .ssl3 {
            hasEncryptThenMAC = (hasEncryptThenMAC ?? true) && hello.answered(22)
        }
        if hello.version != .ssl2, hello.version != .tls13 {
            for kind in hello.suite.classes where classes[kind]?.isOpen ?? false {
                classes[kind] = .accepted(hello.suite)
            }
        }
        if hello.version == .tls12, Question.recommendedSuites.contains(hello.suite), recommended.value == nil {
            recommended = .accepted(hello.suite)
        }
        if hello.version != .ssl2, versions[hello.version]?.value == nil {
            versions[hello.version] = .accepted(hello.suite)
        }
    }

    private mutating func accept(_ question: Question, _ hello: ServerHello) {
        let suite = hello.suite
        switch question {
        case .everything:
            unnamed = .accepted(hello.leafSHA256 ?? [])
            taken = .accepted(suite)
            if suite.isRecommended, suite.classes.isEmpty { recommended = .accepted(suite) }
            if hello.version < .tls12 { versions[.tls12] = .refused(hello.version.name) }
        case .recommended:
            guard hello.version == .tls12 else { return refuse(question, hello.version.name, alert: nil) }
            recommended = .accepted(suite)
        case .recommendedUnnamed: unnamed = .accepted(hello.leafSHA256 ?? [])
        case .everythingReversed: break
        case .older(let than, _):
            guard hello.version < than else { return open(question, Cause("protocol_error", detail: "version")) }
            versions[hello.version] = .accepted(suite)
            // The highest that it has.
            for version in TLSVersion.allCases where version > hello.version && version < than {
                versions[version] = .refused(hello.version.name)
            }
        case .classes: break
        case .postQuantum:
            large = .accepted(hello.version)
            if let group = hello.group, NamedGroup.postQuantum.contains(group) {
                postQuantum = .accepted(group)
            } else {
                postQuantum = .refused("other group")
            }
        case .large:
            large = .accepted(hello.version)
            // The highest that it has.
            if hello.version < .tls13, versions[.tls13]?.isOpen ?? false {
                versions[.tls13] = .refused(hello.version.name)
            }
            if postQuantum.isOpen {
                let group = hello.group.flatMap { NamedGroup.postQuantum.contains($0) ? $0 : nil }
                postQuantum = group.map { .accepted($0) } ?? .refused("other group")
            }
        case .brokenSignatures:
            guard let scheme = hello.scheme else { return open(question, Self.noExchange) }
            brokenSignatures = SignatureScheme.broken.contains(scheme) ? .accepted(scheme) : .refused("other scheme")
        case .weakGroups:
            guard let group = hello.group else { return open(question, Self.noExchange) }
            weakGroups = NamedGroup.weak.contains(group) ? .accepted(group) : .refused("other group")
        case .fallback(let version): fallback = .accepted(version)
        case .ssl2, .ssl2And3: versions[hello.version] = .accepted(suite)
        case .shortTag: shortTag = .accepted(suite)
        case .suites(let version, let left, let isReversed):
            let found = suites[version] ?? []
            if hello.version != version || left.contains(suite) || unusable.contains(suite) {
                isComplete[version] = true
            } else {
                if isReversed, left.isEmpty { followsClient[version] = suite != found.first }
                if !found.contains(suite) { suites[version] = found + [suite] }
            }
        case .groups(_, let known):
            if let group = hello.group, !known.contains(group) {
                groups = known + [group]
            } else {
                groupsAreComplete = true
            }
        }
    }

    private mutating func refuse(_ question: Question, _ how: String, alert: Int?) {
        switch question {
        case .everything, .recommended:
            if alert == Self.protocolVersion { versions[.tls12] = .refused(how) }
            if question == .everything {
                refusesUnnamed = true
                taken = .refused(how)
            }
            if question == .recommended || alert == Self.protocolVersion {
                recommended = .refused(how)
                if refusesUnnamed { unnamed = .open(Cause("refused_with_a_name_too")) }
            }
        case .recommendedUnnamed: unnamed = .refused(how)
        case .everythingReversed: break
        case .older(let than, _):
            for version in TLSVersion.allCases where version != .ssl2 && version < than {
                versions[version] = .refused(how)
            }
        case .classes(let kinds, let version, _):
            if alert == Self.protocolVersion, versions[version]?.value == nil {
                return versions[version] = .refused(how)
            }
            for kind in kinds { classes[kind] = .refused(how) }
            // Neither what is recommended nor anything else.
            if recommended.isRefused, versions[version]?.isOpen ?? false { versions[version] = .refused(how) }
        case .postQuantum:
            // handshake_failure and insufficient_security say that the hello was understood.
            guard alert == Self.handshakeFailure || alert == 71 else { return }
            large = .accepted(.tls13)
            postQuantum = .refused(how)
        case .large(_, let again):
            failsLarge = true
            if alert == Self.handshakeFailure || alert == 71 {
                large = .open(Cause("refused", detail: how))
            } else if again {
                large = .refused(how)
                if postQuantum.isOpen { postQuantum = .open(Cause("hello_not_understood")) }
            }
        case .brokenSignatures: brokenSignatures = .refused(how)
        case .weakGroups: weakGroups = .refused(how)
        case .fallback:
            // Other refusals have other reasons (RFC 7507 section 3).
            fallback = alert == Self.inappropriateFallback ? .refused(how) : .open(Cause("refused", detail: how))
        case .ssl2: versions[.ssl2] = .refused(how)
        case .ssl2And3:
            // Read and refused: SSL 3 has handshake_failure for protocol_version. Others may not read such hellos, and each
            // version is asked for in its own.
            guard alert == Self.protocolVersion || alert == Self.handshakeFailure else { return }
            versions[.ssl2] = .refused(how)
            versions[.ssl3] = .refused(how)
        case .shortTag: shortTag = .refused(how)
        case .suites(let version, _, _): isComplete[version] = true
        case .groups: groupsAreComplete = true
        }
    }

    private mutating func open(_ question: Question, _ cause: Cause) {
        switch question {
        case .everything:
            unnamed = .open(cause)
            taken = .open(cause)
            recommended = .open(cause)
        case .recommended: recommended = .open(cause)
        case .recommendedUnnamed: unnamed = .open(cause)
        case .everythingReversed: break
        case .older(let than, _):
            for version in TLSVersion.allCases where version != .ssl2 && version < than {
                versions[version] = .open(cause)
            }
        case .classes(let kinds, _, _): for kind in kinds { classes[kind] = .open(cause) }
        case .postQuantum: postQuantum = .open(cause)
        case .large: large = .open(cause)
        case .brokenSignatures: brokenSignatures = .open(cause)
        case .weakGroups: weakGroups = .open(cause)
        case .fallback: fallback = .open(cause)
        case .ssl2: versions[.ssl2] = .open(cause)
        case .ssl2And3: break
        case .shortTag: shortTag = .open(cause)
        case .suites, .groups: break
        }
    }

    /// What was never asked was left out for this reason.
    private mutating func replaceOpen(with cause: Cause) {
        func replaced<V>(_ verdict: Verdict<V>) -> Verdict<V> {
            if case .open(let old) = verdict, old.code == .budget { return .open(cause) }
            return verdict
        }
        versions = versions.mapValues(replaced)
        classes = classes.mapValues(replaced)
        recommended = replaced(recommended)
        postQuantum = replaced(postQuantum)
        large = replaced(large)
        brokenSignatures = replaced(brokenSignatures)
        weakGroups = replaced(weakGroups)
        taken = replaced(taken)
        fallback = replaced(fallback)
        shortTag = replaced(shortTag)
        unnamed = replaced(unnamed)
    }

    /// protocol_version (RFC 8446 section 6.2).
    private static let protocolVersion = 70
    private static let handshakeFailure = 40
    private static let inappropriateFallback = 86
}
