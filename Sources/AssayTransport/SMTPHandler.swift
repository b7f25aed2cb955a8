import AssayCrypto
import AssayModel
import NIOCore

/// Runs an `SMTPSession` on a channel: carries octets, keeps the time, starts TLS.
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var session: SMTPSession
    private let tls: TLSClientHandlerMaker
    private let result: EventLoopPromise<SMTPConversation>
    private let startedAt: Timestamp
    private let started: NIODeadline
    private let deadline: NIODeadline
    private var tlsHandler: TLSClientHandler?
    private var timer: Scheduled<Void>?
    private var stageBegan: NIODeadline
    private var isDone = false

    init(
        _ question: SMTPQuestion, tls: TLSClientHandlerMaker, startedAt: Timestamp, started: NIODeadline,
        deadline: NIODeadline, result: EventLoopPromise<SMTPConversation>
    ) {
        session = SMTPSession(question)
        self.tls = tls
        self.startedAt = startedAt
        self.started = started
        self.deadline = deadline
        self.result = result
        stageBegan = .now()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
    }

    private func begin(_ context: ChannelHandlerContext) {
        stageBegan = .now()
        session.connected(at: now)
        schedule(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytesView
        perform(context) { $0.received(bytes, at: now) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? TLSClientHandler.Event {
        case .handshake(let handshake):
            if let failure = handshake.failure, failure.reason == .reset || failure.reason == .closed {
                perform(context) { session in
                    session.interruptedHandshake(
                        handshake, failure.reason == .reset ? .reset(.handshake) : .closedByPeer(.handshake), at: now)
                }
            } else {
                perform(context) { $0.completedHandshake(handshake, at: now) }
            }
        case .broken: perform(context) { $0.closed(isReset: true) }
        case nil: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(context) { $0.closed(isReset: false) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        perform(context) { $0.closed(isReset: true) }
        context.close(promise: nil)
    }

    private var now: Int { Int((NIODeadline.now() - started).nanoseconds / 1_000_000) }

    private func perform(_ context: ChannelHandlerContext, _ event: (inout SMTPSession) -> [SMTPSession.Action]) {
        let before = session.stage
        let actions = event(&session)
        if session.stage != before { stageBegan = .now() }
        for action in actions {
            switch action {
            case .send(let command):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: command + "\r\n")), promise: nil)
            case .startTLS:
                startTLS(context)
            case .finish:
                break
            }
        }
        // The answer to QUIT is awaited, but nobody waits for it, unless it is the question.
        if session.isOver || session.stage == .quit && !session.question.injects { deliver() }
        if session.isOver {
            timer?.cancel()
            context.close(promise: nil)
        } else if session.stage != before {
            schedule(context)
        }
    }

    private func startTLS(_ context: ChannelHandlerContext) {
        let handler = tls.make()
        tlsHandler = handler
        do {
            try context.pipeline.syncOperations.addHandler(handler, position: .before(self))
        } catch {
            perform(context) { $0.closed(isReset: false) }
        }
    }

    private func schedule(_ context: ChannelHandlerContext) {
        timer?.cancel()
        let limit = stageBegan + .seconds(Int64(session.patience))
        let isDeadline = deadline < limit
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: min(limit, deadline)) {
            let (handler, context) = bound.value
            handler.runOut(context, isDeadline: isDeadline)
        }
    }

    private func runOut(_ context: ChannelHandlerContext, isDeadline: Bool) {
        if session.stage == .handshake, let tlsHandler {
            let how: SMTPConversation.Ending =
                isDeadline ? .deadline(.handshake) : .timedOut(.handshake, seconds: session.patience)
            perform(context) { $0.interruptedHandshake(tlsHandler.handshake(cutBy: .timeout), how, at: now) }
        } else {
            perform(context) { isDeadline ? $0.reachedDeadline() : $0.timedOut() }
        }
    }

    private func deliver() {
        guard !isDone else { return }
        isDone = true
        if let ticket = tlsHandler?.ticket {
            session.noteTicket(earlyData: ticket.maximumEarlyData)
            tls.keep(ticket)
        }
        result.succeed(session.conversation(connect: .connected, startedAt: startedAt))
    }
}

/// Makes the TLS handler of one connection and keeps the session it was given.
struct TLSClientHandlerMaker: Sendable {
    let context: TLSContext
    let sessions: TLSSessionCache
    /// Address, port and server name.
    let endpoint: String
    /// nil sends none.
    let serverName: String?
    let alpn: String?
    let keys: KeyOffer

    func make() -> TLSClientHandler {
        // A resumed session would hide the certificate of the other key type.
        let session = keys == .any ? sessions.session(for: endpoint) : nil
        return TLSClientHandler(
            TLSEngine(context, serverName: serverName, resuming: session, alpn: alpn, keys: keys))
    }

    func keep(_ ticket: TLSSessionTicket) {
        if keys == .any { sessions.keep(ticket, for: endpoint) }
    }
}
