import AssayCrypto
import AssayDNS
import AssayEngine
package import AssayModel
import AssayTransport
import Glibc
import NIOCore
import NIOPosix

/// Examines what a scan needs on this machine.
package final class Doctor: Sendable {
    private let request: AuditRequest
    private let resolver: ValidatingResolver
    private let group: MultiThreadedEventLoopGroup

    /// One examined thing.
    package struct Result: Sendable {
        package enum State: Sendable { case good, bad, unknown }
        package let name: String
        package let state: State
        package let words: String
        package var isFailure: Bool { state == .bad }
        /// `ok`, `FAIL` or `?`, padded to one width.
        package var mark: String {
            switch state {
            case .good: "ok  "
            case .bad: "FAIL"
            case .unknown: "?   "
            }
        }
    }

    package init(_ request: AuditRequest) throws(AuditError) {
        self.request = request
        do {
            var configuration = ResolverConfiguration()
            configuration.rootHintsPath = request.rootHintsPath
            configuration.trustAnchorPath = request.trustAnchorPath
            configuration.allowPrivate = request.allowsPrivate
            configuration.forwarder = request.resolver.map { ($0.address, $0.port) }
            resolver = try ValidatingResolver(configuration)
        } catch {
            throw AuditError("\(error)")
        }
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    package func examine(good: DomainName, bogus: DomainName, reference: DomainName?) async -> [Result] {
        async let validation = examineGood(good)
        async let refusal = examineBogus(bogus)
        async let port25 = examinePort25(reference)
        var results = await [validation, refusal, port25]
        results.append(examineIPv6())
        results.append(examineClock(validated: results[0].state == .good))
        results.append(await examineRules())
        return results
    }

    package func shutdown() async {
        resolver.shutdown()
        try? await group.shutdownGracefully()
    }

    private func examineGood(_ name: DomainName) async -> Result {
        let answer = await resolver.query(name, .soa, deadline: .now + .seconds(15))
        switch answer.status {
        case .records, .noData, .nxDomain:
            let isSecure = answer.security == .secure
            return Result(
                name: "DNSSEC, good name", state: isSecure ? .good : .bad,
                words: "\(name) is \(answer.security.rawValue)")
        case .bogus(let why): return Result(name: "DNSSEC, good name", state: .bad, words: "\(name) is bogus: \(why)")
        case .failed: return Result(name: "DNSSEC, good name", state: .bad, words: "\(name): its servers failed")
        case .undetermined(let cause):
            return Result(name: "DNSSEC, good name", state: .bad, words: "\(name): \(cause.code.rawValue)")
        }
    }

    private func examineBogus(_ name: DomainName) async -> Result {
        let answer = await resolver.query(name, .a, deadline: .now + .seconds(15))
        switch answer.status {
        case .bogus: return Result(name: "DNSSEC, bogus name", state: .good, words: "\(name) is refused")
        case .records, .noData, .nxDomain:
            return Result(
                name: "DNSSEC, bogus name", state: .bad, words: "\(name) was accepted as \(answer.security.rawValue)")
        case .failed, .undetermined:
            return Result(name: "DNSSEC, bogus name", state: .unknown, words: "\(name) gave no answer")
        }
    }

    private func examinePort25(_ host: DomainName?) async -> Result {
        guard let host else {
            return Result(name: "Port 25 outbound", state: .unknown, words: "not tried; give --reference MXHOST")
        }
        let addresses = await resolver.query(host, .a, deadline: .now + .seconds(15)).records.compactMap { record in
            if case .address(let address) = record.content { address } else { nil }
        }
        guard let address = addresses.first else {
            return Result(name: "Port 25 outbound", state: .unknown, words: "\(host) has no IPv4 address")
        }
        let transport = Transport(
            group: group, options: TransportOptions(allowPrivate: request.allowsPrivate, pace: .zero))
        let question = SMTPQuestion(
            address: address, port: 25, serverName: host, ehloName: request.ehloName ?? HostIdentity.ehloName)
        let conversation = await transport.converse(question, deadline: .now + .seconds(20))
        switch conversation.connect {
        case .connected: return Result(name: "Port 25 outbound", state: .good, words: "\(host) [\(address)] answers")
        case .timedOut:
            return Result(
                name: "Port 25 outbound", state: .bad,
                words: "\(host) [\(address)] does not answer; most access and cloud providers block port 25")
        case .refused, .unreachable, .local, .refusedTarget:
            return Result(name: "Port 25 outbound", state: .bad, words: "\(host) [\(address)]: \(conversation.connect)")
        }
    }

    private func examineIPv6() -> Result {
        return Route.hasIPv6
            ? Result(name: "IPv6", state: .good, words: "there is a route")
            : Result(
                name: "IPv6", state: .unknown, words: "no route; IPv6 addresses of mail hosts will be undetermined")
    }

    /// Signatures have dates, so a name that validates has vouched for the clock within its signature's life.
    private func examineClock(validated: Bool) -> Result {
        let now = Timestamp(secondsSince1970: Int64(time(nil)))
        return validated
            ? Result(name: "Clock", state: .good, words: "\(now), within the dates of the good name's signatures")
            : Result(name: "Clock", state: .unknown, words: "\(now); no signature vouches for it")
    }

    private func examineRules() async -> Result {
        do {
            let count = try RuleBook(request.rulePaths, profiles: request.profiles).ruleCount
            return Result(name: "Rule files", state: .good, words: "\(count) rules")
        } catch {
            return Result(name: "Rule files", state: .bad, words: "\(error)")
        }
    }
}
