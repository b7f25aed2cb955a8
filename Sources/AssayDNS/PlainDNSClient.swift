import AssayModel
import Glibc
import NIOCore
import NIOPosix

/// Asks one given server one plain question, over UDP and, where the answer is cut, TCP. Validates nothing.
struct PlainDNSClient: Sendable {
    let group: any EventLoopGroup

    enum Reply: Sendable {
        case message(DNSMessage)
        case malformed
        case silent
        /// The connection over TCP is refused.
        case closed
    }

    /// RD as wanted. Ends within `seconds` for each of UDP and TCP.
    func ask(
        _ server: IPAddress, port: UInt16, name: DomainName, type: RecordType, recursion: Bool,
        form: QueryForm = .standard, seconds: Int
    ) async -> Reply {
        let id = UInt16.random(in: 1...UInt16.max)
        let query = Self.query(id: id, name: name, type: type, recursion: recursion, form: form)
        guard let address = try? SocketAddress(ipAddress: server.description, port: Int(port)) else { return .silent }
        let limit = TimeAmount.seconds(Int64(seconds))
        if form == .overTCP { return await overTCP(query, id: id, to: address, within: limit) }
        let first = await overUDP(query, id: id, to: address, within: limit)
        if case .message(let message) = first, message.isTruncated {
            return await overTCP(query, id: id, to: address, within: limit)
        }
        return first
    }

    static func query(
        id: UInt16, name: DomainName, type: RecordType, recursion: Bool, form: QueryForm = .standard
    ) -> [UInt8] {
        let header: [UInt8] = [
            UInt8(id >> 8), UInt8(truncatingIfNeeded: id), recursion ? 1 : 0, 0, 0, 1, 0, 0, 0, 0, 0,
            form.option.isEmpty ? 0 : 1,
        ]
        return header + form.question(name, type) + form.option
    }

    private func overUDP(_ query: [UInt8], id: UInt16, to address: SocketAddress, within limit: TimeAmount) async
        -> Reply
    {
        let loop = group.next()
        let promise = loop.makePromise(of: Reply.self)
        let any = address.protocol == .inet ? "0.0.0.0" : "::"
        let bound = DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        UDPReplyHandler(id: id, server: address, promise: promise))
                }
            }
            .connect(host: address.ipAddress ?? any, port: address.port ?? 53)
        bound.whenComplete { result in
            switch result {
            case .success(let channel):
                channel.writeAndFlush(
                    AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: query)), promise: nil)
                let timer = loop.scheduleTask(in: limit) { promise.succeed(.silent) }
                promise.futureResult.whenComplete { _ in
                    timer.cancel()
                    channel.close(promise: nil)
                }
            case .failure:
                promise.succeed(.silent)
            }
        }
        return (try? await promise.futureResult.get()) ?? .silent
    }

    private func overTCP(_ query: [UInt8], id: UInt16, to address: SocketAddress, within limit: TimeAmount) async
        -> Reply
    {
        let loop = group.next()
        let promise = loop.makePromise(of: Reply.self)
        let connected = ClientBootstrap(group: loop).connectTimeout(limit)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TCPReplyHandler(id: id, promise: promise))
                }
            }
            .connect(to: address)
        connected.whenComplete { result in
            switch result {
            case .success(let channel):
                let length = UInt16(query.count)
                channel.writeAndFlush(
                    ByteBuffer(bytes: [UInt8(length >> 8), UInt8(truncatingIfNeeded: length)] + query), promise: nil)
                let timer = loop.scheduleTask(in: limit) { promise.succeed(.silent) }
                promise.futureResult.whenComplete { _ in
                    timer.cancel()
                    channel.close(promise: nil)
                }
            case .failure(let error):
                promise.succeed((error as? IOError)?.errnoCode == ECONNREFUSED ? .closed : .silent)
            }
        }
        return (try? await promise.futureResult.get()) ?? .silent
    }
}

/// Takes the first datagram that answers our question.
private final class UDPReplyHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let id: UInt16
    private let server: SocketAddress
    private let promise: EventLoopPromise<PlainDNSClient.Reply>

    init(id: UInt16, server: SocketAddress, promise: EventLoopPromise<PlainDNSClient.Reply>) {
        self.id = id
        self.server = server
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).data.readableBytesView)
        // An answer to another question is somebody's guess: wait on.
        guard bytes.count >= 2, UInt16(bytes[0]) << 8 | UInt16(bytes[1]) == id else { return }
        guard let message = DNSMessage(parsing: bytes), message.isResponse else { return promise.succeed(.malformed) }
        promise.succeed(.message(message))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.succeed(.silent)
        context.close(promise: nil)
    }
}

/// Collects one length-prefixed message (RFC 1035 section 4.2.2).
private final class TCPReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let id: UInt16
    private let promise: EventLoopPromise<PlainDNSClient.Reply>
    private var bytes: [UInt8] = []

    init(id: UInt16, promise: EventLoopPromise<PlainDNSClient.Reply>) {
        self.id = id
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        guard bytes.count >= 2 else { return }
        let length = Int(bytes[0]) << 8 | Int(bytes[1])
        guard bytes.count >= 2 + length else { return }
        guard let message = DNSMessage(parsing: Array(bytes[2..<2 + length])), message.id == id, message.isResponse
        else {
            return promise.succeed(.malformed)
        }
        promise.succeed(.message(message))
    }

    func channelInactive(context: ChannelHandlerContext) { promise.succeed(.silent) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.succeed(.silent)
        context.close(promise: nil)
    }
}
