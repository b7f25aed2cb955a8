import AssayModel
@testable import AssayTransport
@testable import TLS
import Testing

/// The survey finds what a server is, and with how many questions.
@Suite struct SurveyTests {
    private func survey(_ server: ServerModel, limit: Int = 60, isFull: Bool = false) -> (Survey, count: Int) {
        var known = Survey.Known()
        known.version = server.versions.filter { $0 >= .tls10 }.max()
        var survey = Survey(known: known, isFull: isFull)
        var count = 0
        while count < limit, let question = survey.next() {
            survey.learn(question, server.answer(question.hello(serverName: "mx.example.com")))
            count += 1
        }
        return (survey, count)
    }

    @Test func aCleanServerIsKnownAfterEightQuestions() {
        let (result, count) = survey(ServerModel())
        #expect(count == 8)
        #expect(SuiteClass.allCases.allSatisfy { result.verdict(of: $0).isRefused })
        #expect(TLSVersion.allCases.filter { result.versions[$0]?.value != nil } == [.tls12, .tls13])
        #expect(result.postQuantum.isRefused && result.brokenSignatures.isRefused && result.weakGroups.isRefused)
        #expect(result.large.value != nil && result.isFallbackMoot && result.isOrderMoot)
    }

    /// As Debian's Postfix comes: with two handshakes by key type, twelve connections are enough.
    @Test func anOldFashionedServerIsKnownAfterTenQuestions() {
        var server = ServerModel()
        server.versions = [.tls10, .tls11, .tls12, .tls13]
        server.suites += [0xC0AE, 0xC023, 0xC009, 0x0034, 0x0018].map { CipherSuite(rawValue: $0) }
        server.schemes.append(SignatureScheme(rawValue: 0x0203))
        let (result, count) = survey(server)
        #expect(count == 10)
        #expect(
            SuiteClass.allCases.filter { result.verdict(of: $0).value != nil } == [
                .rc4, .anonymous, .cbc, .cbcSHA1, .ccm8,
            ])
        #expect(TLSVersion.allCases.filter { result.versions[$0]?.value != nil } == [.tls10, .tls11, .tls12, .tls13])
        #expect(result.order.value == true && result.fallback.isRefused && result.brokenSignatures.value != nil)
    }

    /// Three hundred servers of chance, with and without an order of their own, by alert and by hanging up.
    @Test func everyClassIsFoundOutForServersOfChance() {
        var generator = SplitMix(state: 42)
        for round in 0..<300 {
            var server = ServerModel()
            let classic = CipherSuite.classic.filter { _ in UInt64.random(in: 0..<12, using: &generator) == 0 }
            server.suites = (server.suites + classic).shuffled(using: &generator)
            for version in [TLSVersion.ssl2, .ssl3, .tls10, .tls11] where Bool.random(using: &generator) {
                server.versions.insert(version)
            }
            if Bool.random(using: &generator) { server.versions.remove(.tls13) }
            server.keepsItsOrder = Bool.random(using: &generator)
            server.closesInstead = Bool.random(using: &generator)
            server.wantsName = Bool.random(using: &generator)
            server.readsSSL2 = Bool.random(using: &generator)
            if Bool.random(using: &generator) { server.groups.insert(NamedGroup(rawValue: 0x15), at: 0) }
            if Bool.random(using: &generator), server.versions.contains(.tls13) {
                server.groups.append(NamedGroup(rawValue: 0x11EC))
            }
            let (result, count) = survey(server)
            #expect(count <= 20, "\(round)")
            let mine = Set(server.suites.filter { !$0.isTLS13 }.flatMap(\.classes))
            for kind in SuiteClass.allCases {
                #expect((result.verdict(of: kind).value != nil) == mine.contains(kind), "\(round) \(kind)")
            }
            for version in TLSVersion.allCases {
                #expect(
                    (result.versions[version]?.value != nil) == server.versions.contains(version), "\(round) \(version)"
                )
            }
            #expect(
                (result.postQuantum.value != nil) == server.groups.contains(NamedGroup(rawValue: 0x11EC)), "\(round)")
        }
    }

    @Test func aSmallerBudgetLeavesQuestionsOpenAndSaysSo() {
        for limit in 0...8 {
            let (result, count) = survey(ServerModel(), limit: limit)
            #expect(count == limit)
            if limit < 2 { #expect(result.versions[.tls10] == .open(Cause(.budget))) }
        }
    }

    @Test func theInventoryKeepsTheServersOrder() {
        var server = ServerModel()
        server.keepsItsOrder = true
        server.groups.append(NamedGroup(rawValue: 0x11EC))
        let (result, count) = survey(server, isFull: true)
        #expect(result.suites[.tls13] == server.suites.filter(\.isTLS13))
        #expect(result.suites[.tls12] == server.suites.filter { !$0.isTLS13 })
        #expect(result.followsClient[.tls12] == false && result.isComplete[.tls12] == true)
        #expect(Set(result.groups) == Set(server.groups) && result.groupsAreComplete)
        #expect(count <= 20)
        server.keepsItsOrder = false
        #expect(survey(server, isFull: true).0.followsClient[.tls12] == true)
    }

    /// Two hundred servers of chance, asked up to four things at a time: answers come in any order, and the lists are the same.
    @Test func theInventoryIsWholeHoweverManyAreAskedAtOnce() {
        var generator = SplitMix(state: 7)
        for round in 0..<200 {
            var server = ServerModel()
            let classic = CipherSuite.classic.filter {
                UInt64.random(in: 0..<20, using: &generator) == 0 && !server.suites.contains($0)
            }
            server.suites = (server.suites + classic).shuffled(using: &generator)
            for version in [TLSVersion.tls10, .tls11] where Bool.random(using: &generator) {
                server.versions.insert(version)
            }
            server.keepsItsOrder = Bool.random(using: &generator)
            let places = 1 + round % 4
            var known = Survey.Known()
            known.version = .tls13
            var survey = Survey(known: known, isFull: true)
            var underWay: [Question] = []
            while true {
                while underWay.count < places, let question = survey.next(besides: Set(underWay)) {
                    underWay.append(question)
                }
                guard !underWay.isEmpty else { break }
                let question = underWay.remove(at: Int.random(in: underWay.indices, using: &generator))
                survey.learn(question, server.answer(question.hello(serverName: "mx.example.com")))
            }
            for version in server.versions {
                let mine = server.suites.filter {
                    $0.isTLS13 == (version == .tls13) && (version >= .tls12 || !$0.needsTLS12)
                }
                let found = survey.suites[version] ?? []
                #expect(Set(found) == Set(mine) && found.count == mine.count, "\(round) \(version)")
                if version == .tls12 {
                    #expect(survey.followsClient[version] == !server.keepsItsOrder || mine.count < 2, "\(round)")
                    if server.keepsItsOrder { #expect(found == mine, "\(round)") }
                }
            }
            #expect(Set(survey.groups) == Set(server.groups), "\(round)")
        }
    }

    /// A suite that is chosen and given up says nothing of the others.
    @Test func aChoiceThatFailsRefusesNothingElse() {
        var server = ServerModel()
        server.suites += [0x009E, 0x0033, 0x009C].map { CipherSuite(rawValue: $0) }
        server.keepsItsOrder = true
        var survey = Survey(known: Survey.Known(version: .tls13))
        while let question = survey.next() {
            var answer = server.answer(question.hello(serverName: "mx.example.com"))
            if case .hello(var hello) = answer, hello.suite.keyExchange == .dhe {
                hello.alertBehind = 80
                answer = .hello(hello)
            }
            survey.learn(question, answer)
        }
        #expect(survey.verdict(of: .staticRSA).value?.rawValue == 0x009C)
        #expect(survey.verdict(of: .rc4).isRefused)
    }

    /// One silence is no proof, and large hellos that are lost do not end the survey.
    @Test(arguments: [1, 2, 3]) func whoLosesLargeHellosAnswersShortOnes(_ losses: Int) {
        var lost = 0
        var survey = Survey(known: Survey.Known(version: .tls13))
        while let question = survey.next() {
            let hello = question.hello(serverName: "mx.example.com")
            if hello.paddedTo != nil, lost < losses {
                lost += 1
                survey.learn(question, .timedOut(10))
            } else {
                survey.learn(question, ServerModel().answer(hello))
            }
        }
        #expect(survey.stop == nil && survey.brokenSignatures.isRefused)
        #expect(survey.large.isRefused == (losses == 3) && (survey.large.value != nil) == (losses < 3))
    }

    /// A server that answers in its own order is not told to have one.
    @Test func anOrderIsJudgedByTwoAnswers() {
        var server = ServerModel()
        server.suites = [0xC009, 0xC02B].map { CipherSuite(rawValue: $0) }
        server.versions = [.tls12]
        #expect(survey(server).0.order == .accepted(true))
        server.keepsItsOrder = true
        #expect(survey(server).0.order == .accepted(false))
        server.suites.reverse()
        #expect(survey(server).0.order == .accepted(false))
    }

    @Test func aNameThatIsWantedIsNoticed() {
        var server = ServerModel()
        server.wantsName = true
        let (result, _) = survey(server)
        #expect(result.unnamed.isRefused && result.recommended.value != nil)
    }

    @Test func aServerThatHangsUpOnLargeHellosIsNotOneWithoutPostQuantum() {
        var server = ServerModel()
        server.largest = 1400
        let (result, _) = survey(server)
        #expect(result.large.isRefused && result.postQuantum.isOpen)
    }

    /// Each way to say nothing ends the survey within its patience, and nothing counts as refused.
    @Test(arguments: [
        HelloAnswer.timedOut(10), .notTLS("HTTP"), .broken("limit"), .deadline,
        .refused(stage: "greeting", code: 421, words: "no"), .unconnected("refused"),
    ])
    func whoSaysNothingIsNotRefusing(_ answer: HelloAnswer) {
        var survey = Survey(known: Survey.Known())
        var count = 0
        while let question = survey.next() {
            survey.learn(question, answer)
            count += 1
        }
        #expect(count <= 2 && survey.stop != nil)
        #expect(SuiteClass.allCases.allSatisfy { survey.verdict(of: $0).isOpen })
        #expect(survey.versions.values.allSatisfy { $0.isOpen })
    }

    @Test func aRefusalInTheMiddleKeepsWhatWasLearnt() {
        var survey = Survey(known: Survey.Known())
        let server = ServerModel()
        for _ in 0..<3 {
            guard let question = survey.next() else { return }
            survey.learn(question, server.answer(question.hello(serverName: "mx.example.com")))
        }
        if let question = survey.next() {
            survey.learn(question, .refused(stage: "greeting", code: 421, words: "busy"))
        }
        #expect(survey.next() == nil)
        #expect(survey.versions[.tls10]?.isRefused == true)
        #expect(survey.brokenSignatures == .open(Cause(.blocked, detail: "421 busy")))
    }
}

/// A generator that gives the same numbers each time.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
