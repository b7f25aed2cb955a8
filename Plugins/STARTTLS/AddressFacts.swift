import AssayCrypto
import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// Turns one conversation into the facts about its address.
///
/// Each stage that was not reached is either not applicable (the server said so itself) or undetermined (we cannot know).
struct AddressFacts {
    let server: MailHosts.Evidence.Server
    let conversation: SMTPConversation
    /// Some address of the domain took or refused the connection, so port 25 is open where we are.
    let someoneAnswered: Bool

    private var subject: Subject { .address(server.address, of: server.host) }

    /// Why what comes later in the dialogue has no fact.
    enum Stop {
        case notApplicable(String)
        case undetermined(Cause)

        func outcome<Value>() -> Outcome<Value> {
            switch self {
            case .notApplicable(let reason): .notApplicable(reason)
            case .undetermined(let cause): .undetermined(cause)
            }
        }
    }

    func state(_ scan: ScanContext) {
        let evidence = conversation.evidence
        if let stop = stateConnection(scan) {
            Self.stateRest(after: stop, server, scan, from: SMTPGreeting.self)
            return
        }
        stateProtocol(scan, evidence)
        if let stop = stateGreeting(scan, evidence) {
            Self.stateRest(after: stop, server, scan, from: SMTPHello.self)
            return
        }
        if let stop = stateHello(scan, evidence) {
            Self.stateRest(after: stop, server, scan, from: STARTTLSOffer.self)
            return
        }
        stateTLS(scan, evidence)
        stateVerify(scan, evidence)
    }

    // MARK: Stages

    private func stateConnection(_ scan: ScanContext) -> Stop? {
        let family = server.address.family.rawValue
        func observed(_ state: SMTPConnection.State) {
            scan.state(SMTPConnection(state: state, family: family), about: subject, from: conversation.evidence)
        }
        switch conversation.connect {
        case .connected:
            observed(.connected)
            return nil
        case .refused:
            observed(.refused)
            return .notApplicable("no_connection")
        case .unreachable:
            observed(.unreachable)
            return .notApplicable("no_connection")
        case .timedOut where someoneAnswered:
            observed(.timedOut)
            return .notApplicable("no_connection")
        case .timedOut:
            return undetermined(SMTPConnection.self, Cause(.noAnswerOnPort25), scan)
        case .local(let detail):
            return undetermined(SMTPConnection.self, localCause(detail), scan)
        case .refusedTarget(let purpose):
            return undetermined(SMTPConnection.self, Cause(.refusedTarget, detail: purpose.rawValue), scan)
        }
    }

    private func localCause(_ detail: String) -> Cause {
        if case .deadline = conversation.ending { return Cause(.deadline, detail: "connect") }
        return Cause(.noRoute, detail: detail)
    }

    private func stateProtocol(_ scan: ScanContext, _ evidence: [EvidenceRecord]) {
        var fault: String?
        var stage: String?
        var octets: String?
        var tooManyLines = false
        switch conversation.ending {
        case .notSMTP(let at, let seen):
            (fault, stage, octets) = ("not_smtp", at.rawValue, seen)
        case .limit(let at, "smtp.lines"):
            (stage, tooManyLines) = (at.rawValue, true)
        case .limit(let at, let name):
            (fault, stage) = (name, at.rawValue)
        default:
            break
        }
        scan.state(
            SMTPProtocol(
                sawBareLF: conversation.sawBareLF, sawControlOctets: conversation.sawControlOctets,
                isBroken: fault != nil, fault: fault, stage: stage, octets: octets, hasTooManyLines: tooManyLines),
            about: subject, from: evidence)
    }

    private func stateGreeting(_ scan: ScanContext, _ evidence: [EvidenceRecord]) -> Stop? {
        guard let greeting = conversation.greeting else {
            let stop = stop(at: .greeting)
            scan.state(SMTPGreeting.self, stop.outcome(), about: subject, from: evidence)
            return stop
        }
        scan.state(
            SMTPGreeting(
                code: greeting.code, text: greeting.words,
                delaySeconds: (conversation.greetingDelayMilliseconds ?? 0) / 1000),
            about: subject, from: evidence)
        return greeting.code == 220 ? nil : .undetermined(Cause(.blocked, detail: "\(greeting.code) \(greeting.words)"))
    }

    private func stateHello(_ scan: ScanContext, _ evidence: [EvidenceRecord]) -> Stop? {
        guard let reply = conversation.ehlo else {
            let stop = stop(at: .ehlo)
            scan.state(SMTPHello.self, stop.outcome(), about: subject, from: evidence)
            return stop
        }
        let isBlocked =
            (400..<500).contains(reply.code)
            || (reply.code >= 500 && conversation.helo.map { $0.code != 250 } ?? false)
        if isBlocked {
            return undetermined(SMTPHello.self, Cause(.blocked, detail: "\(reply.code) \(reply.words)"), scan)
        }
        let hello = EHLOReply(reply)
        scan.state(
            SMTPHello(
                isAccepted: reply.code == 250, code: reply.code,
                heloIsAccepted: conversation.helo.map { $0.code == 250 },
                name: hello.name, nameMatchesHost: hello.name.flatMap { DomainName($0) } == server.host,
                keywords: hello.keywords, authMechanisms: hello.authMechanisms, sizeLimit: hello.sizeLimit),
            about: subject, from: evidence)
        if reply.code != 250, conversation.helo == nil { return stop(at: .helo) }
        return nil
    }

    private func stateVerify(_ scan: ScanContext, _ evidence: [EvidenceRecord]) {
        guard let vrfy = conversation.vrfy else {
            scan.state(SMTPVerify.self, stop(at: .vrfy).outcome(), about: subject, from: evidence)
            return
        }
        scan.state(
            SMTPVerify(vrfyCode: vrfy.code, expnCode: conversation.expn?.code), about: subject, from: evidence)
    }

    private func undetermined<F: Fact>(_ fact: F.Type, _ cause: Cause, _ scan: ScanContext) -> Stop {
        scan.state(fact, .undetermined(cause), about: subject, from: conversation.evidence)
        return .undetermined(cause)
    }

    /// Why the dialogue did not give a reply at `stage`.
    func stop(at stage: SMTPConversation.Stage) -> Stop {
        switch conversation.ending {
        case .quit, .neverConnected, .plaintextAfterStartTLS:
            .undetermined(Cause("not_reached", detail: stage.rawValue))
        case .closedByPeer(let at): .undetermined(Cause("closed_by_peer", detail: at.rawValue))
        case .reset(let at): .undetermined(Cause("reset_by_peer", detail: at.rawValue))
        case .timedOut(.greeting, let seconds): .undetermined(Cause(.slowBanner, detail: "no greeting in \(seconds) s"))
        case .timedOut(let at, let seconds): .undetermined(Cause("slow_reply", detail: "\(at.rawValue): \(seconds) s"))
        case .deadline(let at): .undetermined(Cause(.deadline, detail: at.rawValue))
        case .limit(_, let name): .undetermined(Cause(.limit, detail: name))
        case .notSMTP: .notApplicable("not_smtp")
        }
    }

    // MARK: What was not reached

    /// States one outcome for `first` and all that follow it in the dialogue.
    private static func stateRest<F: Fact>(
        after stop: Stop, _ server: MailHosts.Evidence.Server, _ scan: ScanContext, from first: F.Type
    ) {
        let subject = Subject.address(server.address, of: server.host)
        guard let start = dialogue.firstIndex(where: { $0.id == F.id }) else { return }
        for fact in dialogue[start...] {
            func state<G: Fact>(_ type: G.Type) { scan.state(type, stop.outcome(), about: subject) }
            state(fact)
        }
        // Greeting precedes the form of the protocol in the order of stages; what was stated already stays.
        scan.state(SMTPProtocol.self, stop.outcome(), about: subject)
        let certificate = Subject(kind: .certificate, name: subject.name, address: subject.address)
        scan.state(LeafCertificate.self, stop.outcome(), about: certificate)
        scan.state(CertificateChain.self, stop.outcome(), about: certificate)
    }

    /// All facts of an address that is not asked.
    static func stateNothing(about server: MailHosts.Evidence.Server, because cause: Cause, _ scan: ScanContext) {
        stateRest(after: .undetermined(cause), server, scan, from: SMTPConnection.self)
    }

    private static let dialogue: [any Fact.Type] = [
        SMTPConnection.self, SMTPGreeting.self, SMTPHello.self, STARTTLSOffer.self, STARTTLSReply.self,
        STARTTLSHandshake.self, SMTPHelloAfterTLS.self, SMTPVerify.self,
    ]
}
