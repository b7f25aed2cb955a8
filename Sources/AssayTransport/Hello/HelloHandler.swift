import AssayModel
import NIOCore

/// Carries one `HelloQuestion` over a channel: SMTP up to STARTTLS, our hello, the first flight, good-bye.
final class HelloHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Stage: String { case greeting, ehlo, starttls, hello, followUp }

    private let question: HelloQuestion
    private let result: EventLoopPromise<HelloExchange>
    private let startedAt: Timestamp
    private let began = NIODeadline.now()
    private let deadline: NIODeadline
    private var stage = Stage.greeting
    private var parser = SMTPReplyParser()
    private var flight: ServerFlight
    private var transcript: [EvidenceRecord.Line] = []
    private var timer: Scheduled<Void>?
    private var isDone = false
    private var answer: HelloAnswer?
    private var reactions: [Reaction] = []

    init(
        _ question: HelloQuestion, startedAt: Timestamp, deadline: NIODeadline, result: EventLoopPromise<HelloExchange>
    ) {
        self.question = question
        self.startedAt = startedAt
        self.deadline = deadline
        self.result = result
        flight = ServerFlight(isSSL2: question.hello.versions.contains(.ssl2))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { schedule(context) }
    }

    func channelActive(context: ChannelHandlerContext) { schedule(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        let bytes = unwrapInboundIn(data).readableBytesView
        switch stage {
        case .hello:
            if let answer = flight.receive(bytes) { followUp(answer, context) }
            return
        case .followUp:
            // The kind of the record tells; what is in it does not matter.
            guard let kind = bytes.first else { return }
            let alert = bytes.dropFirst(6).first
            return note(kind == 21 ? .alert(Int(alert ?? 0)) : .record(Int(kind)), context)
        case .greeting, .ehlo, .starttls: break
        }
        react(to: parser.receive(bytes), context)
    }

    func channelInactive(context: ChannelHandlerContext) { broke(.closed, context) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { broke(.reset, context) }

    private func broke(_ how: HelloAnswer, _ context: ChannelHandlerContext) {
        if stage == .followUp {
            if case .timedOut = how { return note(.silence, context) }
            return note(.closed, context)
        }
        finish(
            stage == .hello ? flight.end(how) : .refused(stage: stage.rawValue, code: 0, words: how.summary), context)
    }

    /// Sends what only a broken server answers, once the server's flight is whole.
    private func followUp(_ answer: HelloAnswer, _ context: ChannelHandlerContext) {
        guard let followUp = question.followUp, case .hello(let hello) = answer, hello.isWhole,
            hello.alertBehind == nil,
            followUp != .heartbeat || hello.answered(15), let octets = followUp.octets(hello.version, leaf: flight.leaf)
        else {
            if question.followUp != nil { reactions = [.notSent] }
            return finish(answer, context)
        }
        self.answer = answer
        stage = .followUp
        send(followUp, octets, context)
    }

    private func send(_ followUp: FollowUp, _ octets: [UInt8], _ context: ChannelHandlerContext) {
        note(.us, "(\(followUp.rawValue))")
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: octets)), promise: nil)
        schedule(context)
    }

    private func note(_ reaction: Reaction, _ context: ChannelHandlerContext) {
        reactions.append(reaction)
        guard question.followUp == .earlyChange, reactions == [.silence], case .hello(let hello)? = answer,
            let octets = FollowUp.earlyChange.octets(hello.version, leaf: [])
        else { return finish(answer ?? .closed, context) }
        send(.earlyChange, octets, context)
    }

    private func react(to event: SMTPReplyParser.Event?, _ context: ChannelHandlerContext) {
        for line in parser.takeLines() { note(.them, printable(line, limit: 512)) }
        switch event {
        case nil: return
        case .notSMTP(let octets): finish(.refused(stage: stage.rawValue, code: 0, words: octets), context)
        case .limit(let name): finish(.refused(stage: stage.rawValue, code: 0, words: "limit \(name)"), context)
        case .reply(let reply): advance(reply, context)
        }
    }

    private func advance(_ reply: SMTPReply, _ context: ChannelHandlerContext) {
        func refuse() {
            let words = printable(Array(reply.lines.joined(separator: [0x20])), limit: 200)
            say("QUIT", context)
            finish(.refused(stage: stage.rawValue, code: reply.code, words: words), context)
        }
        switch stage {
        case .greeting:
            guard reply.code == 220 else { return refuse() }
            stage = .ehlo
            say("EHLO \(question.ehloName)", context)
        case .ehlo:
            guard reply.code == 250, reply.advertises("STARTTLS") else { return refuse() }
            stage = .starttls
            say("STARTTLS", context)
        case .starttls:
            guard reply.code == 220 else { return refuse() }
            // RFC 3207 section 4.2: what came in clear behind the 220 is no answer to our hello.
            let rest = parser.takeRemainder()
            guard rest.isEmpty else {
                return finish(.notTLS(printable(rest, limit: 64)), context)
            }
            stage = .hello
            var generator = SystemRandomNumberGenerator()
            let random = (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let octets = question.hello.octets(random: random)
            note(.us, "(\(question.hello.summary), \(octets.count) octets)")
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: octets)), promise: nil)
        case .hello, .followUp: return
        }
        schedule(context)
        react(to: stage == .hello ? nil : parser.next(), context)
    }

    private func say(_ command: String, _ context: ChannelHandlerContext) {
        note(.us, command)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: command + "\r\n")), promise: nil)
    }

    private var patience: Int {
        switch stage {
        case .greeting: TransportLimits.greetingSeconds
        case .ehlo, .starttls: TransportLimits.replySeconds
        case .hello: TransportLimits.helloSeconds
        case .followUp: TransportLimits.reactionSeconds
        }
    }

    private func schedule(_ context: ChannelHandlerContext) {
        timer?.cancel()
        let limit = NIODeadline.now() + .seconds(Int64(patience))
        let isDeadline = deadline < limit
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: min(limit, deadline)) {
            let (handler, context) = bound.value
            if isDeadline { return handler.finish(.deadline, context) }
            handler.broke(.timedOut(handler.patience), context)
        }
    }

    private func finish(_ answer: HelloAnswer, _ context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        timer?.cancel()
        note(.them, "(\(answer.summary))")
        if stage == .hello, case .hello = answer, context.channel.isActive {
            // A polite end: user_canceled, then close_notify (RFC 8446 section 6.1).
            let alerts: [UInt8] = [21, 3, 1, 0, 2, 1, 90, 21, 3, 1, 0, 2, 1, 0]
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: alerts)), promise: nil)
        }
        result.succeed(
            HelloExchange(
                question: question, answer: answer, reactions: reactions, transcript: transcript, startedAt: startedAt))
        context.close(promise: nil)
    }

    private func note(_ side: EvidenceRecord.Line.Side, _ text: String) {
        guard transcript.count < TransportLimits.transcriptLines else { return }
        let now = Int((NIODeadline.now() - began).nanoseconds / 1_000_000)
        transcript.append(.init(from: side, atMilliseconds: now, text: text))
    }
}

extension ClientHello {
    /// For the transcript: what was offered, in few words.
    var summary: String {
        let versions = versions.sorted(by: >).map(\.name).joined(separator: " ")
        let lists = "\(suites.count) suites, \(groups.count) groups, \(schemes.count) signature schemes"
        return "ClientHello \(versions), \(lists)\(serverName == nil ? ", no server name" : "")"
    }
}

extension HelloAnswer {
    var summary: String {
        switch self {
        case .hello(let hello):
            let kind = hello.isRetry ? "HelloRetryRequest" : "ServerHello"
            let suite = hello.version == .ssl2 ? "\(hello.ssl2Kinds) kinds" : hello.suite.name
            return "\(kind) \(hello.version.name) \(suite)\(hello.group.map { " \($0)" } ?? "")"
        case .alert(let number): return "alert \(number)"
        case .closed: return "closed"
        case .reset: return "reset"
        case .timedOut(let seconds): return "nothing within \(seconds) s"
        case .deadline: return "deadline"
        case .notTLS(let octets): return "not TLS: \(octets)"
        case .broken(let what): return "broken: \(what)"
        case .refused(let stage, let code, let words): return "refused at \(stage): \(code) \(words)"
        case .unconnected(let why): return "no connection: \(why)"
        }
    }
}
