package import AssayCrypto
package import AssayModel
import Glibc
package import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// What all connections of one scan share.
package struct TransportOptions: Sendable {
    package var allowPrivate: Bool
    /// Between further connections to one address.
    package var pace: Duration
    /// Shared by all scans of a process.
    package var context: TLSContext
    package var sessions: TLSSessionCache
    package var limiter: Limiter

    package init(
        allowPrivate: Bool, pace: Duration, context: TLSContext = TLSContext(),
        sessions: TLSSessionCache = TLSSessionCache(),
        limiter: Limiter? = nil
    ) {
        self.allowPrivate = allowPrivate
        self.pace = pace
        self.context = context
        self.sessions = sessions
        self.limiter =
            limiter
            ?? Limiter(perAddress: pace == .zero ? TransportLimits.perAddressInHaste : TransportLimits.perAddress)
    }
}

/// The one dialer: connects to vetted addresses only, within limits and pace, and counts.
package final class Transport: Sendable {
    private let group: any EventLoopGroup
    private let options: TransportOptions
    private let addressGuard: AddressGuard
    private let counters = Mutex<[Endpoint: Count]>([:])

    private struct Endpoint: Hashable {
        let address: IPAddress
        let port: UInt16
    }

    private struct Count {
        var planned = 0
        var made = 0
        var resumed = 0
    }

    package init(group: any EventLoopGroup, options: TransportOptions) {
        self.group = group
        self.options = options
        addressGuard = AddressGuard(allowsPrivate: options.allowPrivate)
    }

    /// What was connected to, by address and port.
    package var connections: [Report.Connection] {
        counters.withLock { counters in
            counters.sorted { ($0.key.address, $0.key.port) < ($1.key.address, $1.key.port) }.map { endpoint, count in
                Report.Connection(
                    address: "\(endpoint.address)", port: Int(endpoint.port), planned: count.planned, made: count.made,
                    resumed: count.resumed)
            }
        }
    }

    // MARK: SMTP

    /// One whole conversation. Ends by `deadline`; a failure is part of the answer.
    package func converse(_ question: SMTPQuestion, deadline: ContinuousClock.Instant) async -> SMTPConversation {
        let startedAt = Timestamp(secondsSince1970: Int64(time(nil)))
        func unconnected(_ connect: SMTPConversation.Connect, _ ending: SMTPConversation.Ending = .neverConnected)
            -> SMTPConversation
        {
            var session = SMTPSession(question)
            session.fail(ending)
            return session.conversation(connect: connect, startedAt: startedAt)
        }
        let target: VettedAddress
        switch addressGuard.vet(question.address) {
        case .success(let vetted): target = vetted
        case .failure(let refused): return unconnected(.refusedTarget(refused.purpose))
        }
        count(target, question.port) { $0.planned += 1 }
        // The handshakes by key type follow the first at once.
        let pace = question.keys == .any ? options.pace : nil
        guard await options.limiter.acquire(target.address, pace: pace, deadline: deadline) else {
            return unconnected(.local("deadline"), .deadline(.connect))
        }
        let loop = group.next()
        let promise = loop.makePromise(of: SMTPConversation.self)
        let name = question.sendsServerName ? question.serverName : nil
        let maker = maker(target, question.port, name, alpn: nil, keys: question.keys)
        let started = NIODeadline.now()
        let end = Self.nioDeadline(deadline)
        let result = await connect(target, question.port, on: loop, deadline: deadline) { channel in
            try channel.pipeline.syncOperations.addHandler(
                SMTPHandler(
                    question, tls: maker, startedAt: startedAt, started: started, deadline: end, result: promise))
        }
        switch result {
        case .failure(let failed):
            options.limiter.release(target.address)
            // The handler may have told its tale already; a promise is kept once.
            let isCut = ContinuousClock.now >= deadline
            let ending: SMTPConversation.Ending = isCut ? .deadline(.connect) : .neverConnected
            promise.succeed(
                unconnected(isCut && failed.reason == .timedOut ? .local("deadline") : failed.reason, ending))
        case .success(let channel):
            count(target, question.port) { $0.made += 1 }
            let limiter = options.limiter
            channel.closeFuture.whenComplete { _ in limiter.release(target.address) }
        }
        let conversation = await outcome(of: promise.futureResult, closing: try? result.get())
        guard let conversation else { return unconnected(.local("closed")) }
        if case .completed(let session) = conversation.handshake, session.resumed {
            count(target, question.port) { $0.resumed += 1 }
        }
        return conversation
    }

    // MARK: A hello of our own

    /// Greeting, EHLO, STARTTLS, our ClientHello, and what the server answers to it; then the connection is closed.
    package func ask(_ question: HelloQuestion, deadline: ContinuousClock.Instant) async -> HelloExchange {
        let startedAt = Timestamp(secondsSince1970: Int64(time(nil)))
        func unconnected(_ why: String) -> HelloExchange {
            HelloExchange(question: question, answer: .unconnected(why), transcript: [], startedAt: startedAt)
        }
        guard case .success(let target) = addressGuard.vet(question.address) else {
            return unconnected("refused_target")
        }
        count(target, question.port) { $0.planned += 1 }
        guard await options.limiter.acquire(target.address, pace: options.pace, deadline: deadline) else {
            return HelloExchange(question: question, answer: .deadline, transcript: [], startedAt: startedAt)
        }
        let loop = group.next()
        let promise = loop.makePromise(of: HelloExchange.self)
        let end = Self.nioDeadline(deadline)
        let result = await connect(target, question.port, on: loop, deadline: deadline) { channel in
            try channel.pipeline.syncOperations.addHandler(
                HelloHandler(question, startedAt: startedAt, deadline: end, result: promise))
        }
        switch result {
        case .failure(let failed):
            options.limiter.release(target.address)
            promise.succeed(
                ContinuousClock.now >= deadline
                    ? HelloExchange(question: question, answer: .deadline, transcript: [], startedAt: startedAt)
                    : unconnected("\(failed.reason)"))
        case .success(let channel):
            count(target, question.port) { $0.made += 1 }
            let limiter = options.limiter
            channel.closeFuture.whenComplete { _ in limiter.release(target.address) }
        }
        return await outcome(of: promise.futureResult, closing: try? result.get()) ?? unconnected("closed")
    }

    // MARK: HTTPS

    /// One GET. Addresses are tried in order until one connects.
    package func fetch(_ question: HTTPSQuestion, deadline: ContinuousClock.Instant) async -> HTTPSExchange {
        let startedAt = Timestamp(secondsSince1970: Int64(time(nil)))
        let started = ContinuousClock.now
        let own = started + .seconds(question.patience)
        let end = min(own, deadline)
        var attempts: [HTTPSExchange.Attempt] = []
        var answer = HTTPSHandler.Answer(failure: .noConnection)
        for address in question.addresses {
            guard end > .now else {
                answer.failure =
                    deadline < own
                    ? .deadline(stage: "connect")
                    : .timedOut(stage: "connect", seconds: question.patience)
                break
            }
            let (attempt, given) = await fetch(question, from: address, until: end, isScanDeadline: deadline < own)
            attempts.append(.init(address: address, connect: attempt))
            if let given {
                answer = given
                break
            }
        }
        let duration = started.duration(to: .now)
        return HTTPSExchange(
            question: question, attempts: attempts, handshake: answer.handshake, response: answer.response,
            failure: answer.failure, durationMilliseconds: Int(duration / .milliseconds(1)), startedAt: startedAt)
    }

    private func fetch(
        _ question: HTTPSQuestion, from address: IPAddress, until end: ContinuousClock.Instant, isScanDeadline: Bool
    ) async -> (SMTPConversation.Connect, HTTPSHandler.Answer?) {
        let target: VettedAddress
        switch addressGuard.vet(address) {
        case .success(let vetted): target = vetted
        case .failure(let refused): return (.refusedTarget(refused.purpose), nil)
        }
        count(target, question.port) { $0.planned += 1 }
        guard await options.limiter.acquire(address, pace: options.pace, deadline: end) else {
            return (.local("deadline"), nil)
        }
        let loop = group.next()
        let promise = loop.makePromise(of: HTTPSHandler.Answer.self)
        let maker = maker(target, question.port, question.host, alpn: "http/1.1")
        let nioEnd = Self.nioDeadline(end)
        let result = await connect(target, question.port, on: loop, deadline: end) { channel in
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = TransportLimits.httpHeaderOctets / 2
            limits.maxHeaderListSize = TransportLimits.httpHeaderOctets
            limits.maxHeaderFieldCount = TransportLimits.httpHeaderFields
            let pipeline = channel.pipeline.syncOperations
            if question.isPlain != true { try pipeline.addHandler(maker.make()) }
            try pipeline.addHandler(HTTPRequestEncoder())
            try pipeline.addHandler(
                ByteToMessageHandler(
                    HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits),
                    maximumBufferSize: TransportLimits.httpConnection))
            try pipeline.addHandler(
                HTTPSHandler(question, deadline: nioEnd, isScanDeadline: isScanDeadline, result: promise))
        }
        switch result {
        case .failure(let failed):
            options.limiter.release(address)
            promise.succeed(HTTPSHandler.Answer(failure: .noConnection))
            _ = try? await promise.futureResult.get()
            return (failed.reason, nil)
        case .success(let channel):
            count(target, question.port) { $0.made += 1 }
            let limiter = options.limiter
            channel.closeFuture.whenComplete { _ in limiter.release(address) }
            let answer = await outcome(of: promise.futureResult, closing: channel)
            return (.connected, answer ?? HTTPSHandler.Answer(failure: .closed))
        }
    }

    // MARK: Connecting

    private func maker(
        _ target: VettedAddress, _ port: UInt16, _ name: DomainName?, alpn: String?, keys: KeyOffer = .any
    ) -> TLSClientHandlerMaker {
        TLSClientHandlerMaker(
            context: options.context, sessions: options.sessions,
            endpoint: "\(target.address) \(port) \(name?.description ?? "")", serverName: name?.description, alpn: alpn,
            keys: keys)
    }

    private func connect(
        _ target: VettedAddress, _ port: UInt16, on loop: any EventLoop, deadline: ContinuousClock.Instant,
        prepare: @escaping @Sendable (any Channel) throws -> Void
    ) async -> Result<any Channel, ConnectFailure> {
        let left = ContinuousClock.now.duration(to: deadline)
        let patience = min(.seconds(TransportLimits.connectSeconds), max(left, .milliseconds(1)))
        let attempt = Attempt()
        do {
            let address = try SocketAddress(ipAddress: target.address.description, port: Int(port))
            let connected = ClientBootstrap(group: loop)
                .connectTimeout(.nanoseconds(Int64(patience / .nanoseconds(1))))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    attempt.began(channel)
                    return channel.eventLoop.makeCompletedFuture { try prepare(channel) }
                }
                .connect(to: address)
            let channel = try await withTaskCancellationHandler {
                try await connected.get()
            } onCancel: {
                attempt.cancel()
            }
            return .success(channel)
        } catch {
            return .failure(ConnectFailure(reason: Self.connect(for: error, target.address)))
        }
    }

    /// Waits for what a handler promised; a cancelled scan closes the channel, so that the handler keeps its promise.
    private func outcome<Value: Sendable>(of future: EventLoopFuture<Value>, closing channel: (any Channel)?) async
        -> Value?
    {
        await withTaskCancellationHandler {
            try? await future.get()
        } onCancel: {
            channel?.close(promise: nil)
        }
    }

    private static func connect(for error: any Error, _ address: IPAddress) -> SMTPConversation.Connect {
        if case ChannelError.connectTimeout = error { return .timedOut }
        guard let error = error as? IOError else { return .local("\(error)") }
        switch error.errnoCode {
        case ECONNREFUSED, ECONNRESET: return .refused
        case ETIMEDOUT: return .timedOut
        case EHOSTUNREACH: return .unreachable
        case ENETUNREACH:
            // Our own routing table says the same as a router far away.
            let hasRoute = address.family == .ipv6 ? Route.hasIPv6 : Route.ipv4Source != nil
            return hasRoute ? .unreachable : .local("no \(address.family.rawValue) route")
        default: return .local(String(cString: strerror(error.errnoCode)))
        }
    }

    private func count(_ target: VettedAddress, _ port: UInt16, _ change: (inout Count) -> Void) {
        counters.withLock { change(&$0[Endpoint(address: target.address, port: port), default: Count()]) }
    }

    private static func nioDeadline(_ instant: ContinuousClock.Instant) -> NIODeadline {
        let left = ContinuousClock.now.duration(to: instant)
        return .now() + .nanoseconds(Int64(max(left, .zero) / .nanoseconds(1)))
    }
}

private struct ConnectFailure: Error {
    let reason: SMTPConversation.Connect
}

/// A connection on its way, which a cancelled scan gives up.
private final class Attempt: Sendable {
    private let state = Mutex<(channel: (any Channel)?, isCancelled: Bool)>((nil, false))

    func began(_ channel: any Channel) {
        let isLate = state.withLock { state in
            state.channel = channel
            return state.isCancelled
        }
        if isLate { channel.close(promise: nil) }
    }

    func cancel() {
        let channel = state.withLock { state in
            state.isCancelled = true
            return state.channel
        }
        channel?.close(promise: nil)
    }
}
