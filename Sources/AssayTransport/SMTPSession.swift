import AssayCrypto
import AssayModel

/// The dialogue with one SMTP server as a pure state machine: events in, actions out, no clock and no socket.
///
/// Greeting, EHLO, STARTTLS, handshake, EHLO, VRFY, EXPN where it is advertised, QUIT; never MAIL.
struct SMTPSession {
    enum Action: Equatable {
        case send(String)
        case startTLS
        /// Nothing more will be asked; the connection may be closed.
        case finish
    }

    typealias Stage = SMTPConversation.Stage

    let question: SMTPQuestion
    private(set) var stage = Stage.greeting
    private(set) var ending: SMTPConversation.Ending?
    private var parser = SMTPReplyParser()
    private var greeting: SMTPReply?
    private var greetingDelay: Int?
    private var connectedAt = 0
    private var ehlo: SMTPReply?
    private var helo: SMTPReply?
    private var starttls: SMTPReply?
    private var injected: [UInt8] = []
    private var handshake: TLSHandshake?
    private var ehloAfterTLS: SMTPReply?
    private var vrfy: SMTPReply?
    private var expn: SMTPReply?
    private var firstReplyInTLS: SMTPReply?
    private var transcript: [EvidenceRecord.Line] = []

    init(_ question: SMTPQuestion) {
        self.question = question
    }

    var isOver: Bool { ending != nil }

    /// Seconds that the present stage has.
    var patience: Int {
        switch stage {
        case .connect: TransportLimits.connectSeconds
        case .greeting: TransportLimits.greetingSeconds
        case .ehlo, .helo, .starttls, .ehloAfterTLS: TransportLimits.replySeconds
        case .handshake: TransportLimits.handshakeSeconds
        case .vrfy, .expn: TransportLimits.verifySeconds
        case .quit: TransportLimits.quitSeconds
        }
    }

    /// A ticket of TLS 1.3 comes after the handshake.
    mutating func noteTicket(earlyData: Int) { handshake?.noteTicket(earlyData: earlyData) }

    // MARK: Events; `now` in milliseconds since the connection was started

    mutating func connected(at now: Int) {
        connectedAt = now
    }

    mutating func received(_ bytes: some Collection<UInt8>, at now: Int) -> [Action] {
        guard !isOver else { return [] }
        return take(parser.receive(bytes), at: now)
    }

    mutating func completedHandshake(_ result: TLSHandshake, at now: Int) -> [Action] {
        guard !isOver, stage == .handshake else { return [] }
        handshake = result
        guard case .completed(let session) = result else {
            note(
                .them,
                "(TLS handshake failed: \(result.failure?.reason.rawValue ?? "") \(result.failure?.detail ?? ""))",
                at: now)
            return end(.closedByPeer(.handshake))
        }
        note(.them, "(\(session.version) \(session.cipher)\(session.resumed ? ", resumed" : ""))", at: now)
        return question.isBrief ? quit(at: now) : ask(.ehloAfterTLS, "EHLO \(question.ehloName)", at: now)
    }

    /// The handshake did not end within its time, or the domain's time was over meanwhile.
    mutating func interruptedHandshake(_ result: TLSHandshake, _ how: SMTPConversation.Ending, at now: Int) -> [Action]
    {
        guard !isOver else { return [] }
        handshake = result
        note(.them, "(TLS handshake failed: \(result.failure?.reason.rawValue ?? ""))", at: now)
        return end(how)
    }

    mutating func timedOut() -> [Action] {
        switch stage {
        case .vrfy, .expn:
            // Nobody owes us an answer to these.
            return quit(at: nil)
        case .quit:
            return end(.quit)
        default:
            return end(.timedOut(stage, seconds: patience))
        }
    }

    mutating func reachedDeadline() -> [Action] { end(stage == .quit ? .quit : .deadline(stage)) }

    mutating func closed(isReset: Bool) -> [Action] {
        if stage == .quit { return end(.quit) }
        // Half a line, and then nothing: no SMTP server stops there.
        if let rest = parser.unfinished, greeting == nil { return end(.notSMTP(stage, octets: rest)) }
        return end(isReset ? .reset(stage) : .closedByPeer(stage))
    }

    /// There was no connection to begin with.
    mutating func fail(_ how: SMTPConversation.Ending) { ending = how }

    /// What was learnt.
    func conversation(connect: SMTPConversation.Connect, startedAt: Timestamp) -> SMTPConversation {
        SMTPConversation(
            question: question, connect: connect, ending: ending ?? .neverConnected, greeting: greeting,
            greetingDelayMilliseconds: greetingDelay, ehlo: ehlo, helo: helo, starttls: starttls,
            plaintextAfterStartTLS: injected, handshake: handshake, ehloAfterTLS: ehloAfterTLS, vrfy: vrfy, expn: expn,
            firstReplyInTLS: firstReplyInTLS,
            sawBareLF: parser.sawBareLF, sawControlOctets: parser.sawControlOctets, transcript: transcript,
            startedAt: startedAt)
    }

    // MARK: Transitions

    private mutating func take(_ event: SMTPReplyParser.Event?, at now: Int) -> [Action] {
        for line in parser.takeLines() { note(.them, printable(line, limit: 512), at: now) }
        switch event {
        case nil: return []
        case .reply(let reply): return react(to: reply, at: now)
        case .notSMTP(let octets): return end(.notSMTP(stage, octets: octets))
        case .limit(let name): return end(.limit(stage, name: name))
        }
    }

    private mutating func react(to reply: SMTPReply, at now: Int) -> [Action] {
        switch stage {
        case .connect, .handshake:
            return []
        case .greeting:
            greeting = reply
            greetingDelay = now - connectedAt
            return reply.code == 220 ? ask(.ehlo, "EHLO \(question.ehloName)", at: now) : quit(at: now)
        case .ehlo:
            ehlo = reply
            if reply.code == 250 {
                return reply.advertises("STARTTLS") ? askForTLS(at: now) : verify(at: now)
            }
            return reply.code >= 500 ? ask(.helo, "HELO \(question.ehloName)", at: now) : quit(at: now)
        case .helo:
            helo = reply
            return reply.code == 250 ? verify(at: now) : quit(at: now)
        case .starttls:
            starttls = reply
            guard reply.code == 220 else { return verify(at: now) }
            // RFC 3207 section 4.2: what came in clear behind the 220 must not be believed.
            let rest = parser.takeRemainder()
            if !rest.isEmpty, !Self.isReplyShaped(rest) {
                let failure = TLSFailure(
                    reason: .notTLS, alert: nil, stage: "before ClientHello", detail: printable(rest, limit: 64))
                note(.them, "(not TLS after 220: \(failure.detail))", at: now)
                handshake = .broken(failure)
                return end(.closedByPeer(.handshake))
            }
            if !rest.isEmpty {
                injected = Array(rest.prefix(TransportLimits.injectedOctets))
                note(.them, "(plaintext after 220: \(printable(rest, limit: 64)))", at: now)
                return end(.plaintextAfterStartTLS)
            }
            stage = .handshake
            return [.startTLS]
        case .ehloAfterTLS:
            ehloAfterTLS = reply
            return reply.code == 250 ? verify(at: now) : quit(at: now)
        case .vrfy:
            vrfy = reply
            let capabilities = ehloAfterTLS ?? ehlo
            return capabilities?.advertises("EXPN") ?? false ? ask(.expn, "EXPN postmaster", at: now) : quit(at: now)
        case .expn:
            expn = reply
            return quit(at: now)
        case .quit:
            if question.injects, let handshake, handshake.failure == nil { firstReplyInTLS = reply }
            return end(.quit)
        }
    }

    private mutating func askForTLS(at now: Int) -> [Action] {
        guard question.injects else { return ask(.starttls, "STARTTLS", at: now) }
        note(.us, "STARTTLS", at: now)
        stage = .starttls
        note(.us, "NOOP (in the same packet)", at: now)
        return [.send("STARTTLS\r\nNOOP")] + take(parser.next(), at: now)
    }

    /// Three digits: somebody wants it to be read as a reply.
    private static func isReplyShaped(_ octets: [UInt8]) -> Bool {
        octets.count >= 3 && octets.prefix(3).allSatisfy { (0x30...0x39).contains($0) }
    }

    private mutating func verify(at now: Int) -> [Action] {
        question.isBrief ? quit(at: now) : ask(.vrfy, "VRFY postmaster", at: now)
    }

    private mutating func quit(at now: Int?) -> [Action] {
        ask(.quit, "QUIT", at: now ?? transcript.last?.atMilliseconds ?? 0)
    }

    private mutating func ask(_ next: Stage, _ command: String, at now: Int) -> [Action] {
        stage = next
        note(.us, command, at: now)
        let sending = [Action.send(command)]
        // A second reply may already lie there: a server that talks out of turn is read, not believed twice.
        return sending + take(parser.next(), at: now)
    }

    private mutating func end(_ how: SMTPConversation.Ending) -> [Action] {
        guard ending == nil else { return [] }
        ending = how
        return [.finish]
    }

    private mutating func note(_ side: EvidenceRecord.Line.Side, _ text: String, at now: Int) {
        guard transcript.count < TransportLimits.transcriptLines else { return }
        transcript.append(.init(from: side, atMilliseconds: now, text: text))
    }
}

extension SMTPReply {
    /// The keyword stands at the beginning of a line behind the first (RFC 5321 section 4.1.1.1).
    package func advertises(_ keyword: String) -> Bool {
        lines.dropFirst().contains { line in
            let word = line.prefix { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
            return word.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }.elementsEqual(keyword.utf8)
        }
    }
}
