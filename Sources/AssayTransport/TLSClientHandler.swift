import AssayCrypto
import NIOCore

/// TLS between the socket and whoever reads plaintext. Tells how the handshake went by a user event.
final class TLSClientHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Event: Sendable {
        case handshake(TLSHandshake)
        /// After the handshake: the connection broke TLS's rules.
        case broken(TLSFailure)
    }

    private let engine: TLSEngine
    private var isHandshaking = true
    private var isOver = false

    init(_ engine: TLSEngine) {
        self.engine = engine
    }

    /// The newest session the server gave.
    var ticket: TLSSessionTicket? { engine.ticket }

    /// What the handshake came to so far, for somebody whose patience is over.
    func handshake(cutBy reason: TLSFailure.Reason) -> TLSHandshake {
        engine.handshake(failure: engine.failure(reason))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { step(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        step(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        unwrapInboundIn(data).withUnsafeReadableBytes { engine.receive($0) }
        if isHandshaking { step(context) } else { read(context) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard engine.write(Array(unwrapOutboundIn(data).readableBytesView)) else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        send(context, promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if !isHandshaking, !isOver {
            engine.close()
            send(context, promise: nil)
        }
        isOver = true
        context.close(mode: mode, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        breakOff(context, .closed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        breakOff(context, .reset)
        context.fireErrorCaught(error)
    }

    private func step(_ context: ChannelHandlerContext) {
        guard isHandshaking, !isOver else { return }
        let step = engine.advance()
        send(context, promise: nil)
        switch step {
        case .wantsInput:
            break
        case .completed:
            isHandshaking = false
            context.fireUserInboundEventTriggered(Event.handshake(engine.handshake(failure: nil)))
            read(context)
        case .failed(let failure):
            isOver = true
            context.fireUserInboundEventTriggered(Event.handshake(engine.handshake(failure: failure)))
        }
    }

    private func read(_ context: ChannelHandlerContext) {
        let (bytes, end) = engine.read()
        send(context, promise: nil)
        if !bytes.isEmpty { context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: bytes))) }
        switch end {
        case .wantsInput: break
        case .closed:
            isOver = true
            context.close(promise: nil)
        case .failed(let failure):
            isOver = true
            context.fireUserInboundEventTriggered(Event.broken(failure))
            context.close(promise: nil)
        }
    }

    private func send(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        let bytes = engine.takeOutput()
        if bytes.isEmpty {
            promise?.succeed()
        } else {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: promise)
        }
    }

    private func breakOff(_ context: ChannelHandlerContext, _ reason: TLSFailure.Reason) {
        guard isHandshaking, !isOver else { return }
        isOver = true
        context.fireUserInboundEventTriggered(Event.handshake(engine.handshake(failure: engine.failure(reason))))
    }
}
