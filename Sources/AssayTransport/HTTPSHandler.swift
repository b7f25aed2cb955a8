import AssayCrypto
import AssayModel
import Glibc
import NIOCore
import NIOHTTP1

/// Asks one GET over TLS and collects the answer. No redirect, no second request.
final class HTTPSHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// What one connection gave.
    struct Answer: Sendable {
        var handshake: TLSHandshake?
        var response: HTTPSExchange.Response?
        var failure: HTTPSExchange.Failure?
    }

    private enum Stage: String { case handshake, header, body }

    private let question: HTTPSQuestion
    private let result: EventLoopPromise<Answer>
    private let deadline: NIODeadline
    /// True where the deadline is the scan's and not the exchange's own.
    private let isScanDeadline: Bool
    private var answer = Answer()
    private var stage = Stage.handshake
    private var timer: Scheduled<Void>?
    private var isDone = false
    private var status = 0
    private var headers: [HTTPSExchange.Header] = []
    private var body: [UInt8] = []

    init(_ question: HTTPSQuestion, deadline: NIODeadline, isScanDeadline: Bool, result: EventLoopPromise<Answer>) {
        self.question = question
        self.deadline = deadline
        self.isScanDeadline = isScanDeadline
        self.result = result
    }

    func channelActive(context: ChannelHandlerContext) {
        if question.isPlain == true {
            sendRequest(context)
        } else {
            enter(.handshake, seconds: TransportLimits.handshakeSeconds, context)
        }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? TLSClientHandler.Event else { return context.fireUserInboundEventTriggered(event) }
        switch event {
        case .handshake(let handshake):
            answer.handshake = handshake
            guard case .completed = handshake else { return finish(context, .handshake) }
            sendRequest(context)
        case .broken:
            finish(context, .reset)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = Int(head.status.code)
            headers = head.headers.prefix(TransportLimits.httpHeaderFields).map { header in
                HTTPSExchange.Header(
                    name: header.name.lowercased(), value: printable(Array(header.value.utf8), limit: 1024))
            }
            answer.response = response(isTruncated: false)
            enter(.body, seconds: nil, context)
        case .body(let buffer):
            let room = question.bodyLimit - body.count
            body += buffer.readableBytesView.prefix(room)
            if buffer.readableBytes > room {
                answer.response = response(isTruncated: true)
                finish(context, nil)
            }
        case .end:
            answer.response = response(isTruncated: false)
            finish(context, nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isDone, stage == .body { answer.response = response(isTruncated: false) }
        finish(context, .closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: finish(context, .limit(name: "http.header"))
        case is HTTPParserError: finish(context, .notHTTP("\(error)"))
        case let error as IOError where error.errnoCode == ECONNRESET: finish(context, .reset)
        case is IOError, is ChannelError: finish(context, .closed)
        default: finish(context, .notHTTP("\(error)"))
        }
    }

    private func sendRequest(_ context: ChannelHandlerContext) {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: question.path)
        head.headers.add(name: "Host", value: question.host.description)
        head.headers.add(name: "User-Agent", value: "mailassay")
        head.headers.add(name: "Accept", value: question.accept ?? "text/plain")
        // Nothing is decompressed on the way: a few octets must not become many.
        head.headers.add(name: "Accept-Encoding", value: "identity")
        head.headers.add(name: "Connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        enter(.header, seconds: nil, context)
    }

    private func response(isTruncated: Bool) -> HTTPSExchange.Response {
        HTTPSExchange.Response(status: status, headers: headers, body: body, bodyTruncated: isTruncated)
    }

    private func enter(_ next: Stage, seconds: Int?, _ context: ChannelHandlerContext) {
        stage = next
        timer?.cancel()
        let limit = seconds.map { NIODeadline.now() + .seconds(Int64($0)) }
        let isOwn = limit.map { $0 < deadline } ?? false
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: isOwn ? limit ?? deadline : deadline) {
            let (handler, context) = bound.value
            handler.runOut(context, ownSeconds: isOwn ? seconds : nil)
        }
    }

    private func runOut(_ context: ChannelHandlerContext, ownSeconds: Int?) {
        if let ownSeconds {
            finish(context, .timedOut(stage: stage.rawValue, seconds: ownSeconds))
        } else if isScanDeadline {
            finish(context, .deadline(stage: stage.rawValue))
        } else {
            finish(context, .timedOut(stage: stage.rawValue, seconds: question.patience))
        }
    }

    private func finish(_ context: ChannelHandlerContext, _ failure: HTTPSExchange.Failure?) {
        guard !isDone else { return }
        isDone = true
        timer?.cancel()
        answer.failure = failure
        result.succeed(answer)
        context.close(promise: nil)
    }
}
