import AssayDNS
import AssayModel
import Foundation
import Glibc
import Synchronization

/// A real name server (Knot) with one scenario's zone, behind a door that lets no answer out for the names that time out.
final class SuiteServer: Sendable {
    struct Fault: Error, CustomStringConvertible { let description: String }

    /// Where it is not, the suite cannot be played.
    static var isInstalled: Bool { program("knotd") != nil }

    let port: UInt16
    private let folder: String
    private let process: pid_t
    private let door: Int32
    private let upstream: UInt16
    private let silent: [[[UInt8]]: Set<UInt16>]
    private let isOver = Atomic(false)

    /// Starts it; gives an error where Knot is not there.
    init(_ scenario: RFC7208Suite.Scenario) throws {
        folder = NSTemporaryDirectory() + "mailassay-spf.\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var silent: [[[UInt8]]: Set<UInt16>] = [:]
        for name in scenario.zone where name.isSilent {
            let known = name.records.map {
                $0.type == "SPF" ? 99 : $0.type == "TXT" ? 16 : $0.type == "A" ? 1 : UInt16(0)
            }
            silent[name.labels.map(Self.lowered)] = Set(known)
        }
        self.silent = silent
        (door, port) = try Self.socket()
        let (reserved, upstream) = try Self.socket()
        self.upstream = upstream
        close(reserved)
        try RFC7208Suite.zoneFile(scenario.zone).write(toFile: "\(folder)/root.zone", atomically: true, encoding: .utf8)
        let configuration = """
            server:
                rundir: "\(folder)"
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
                listen: [127.0.0.1@\(upstream)]
            log:
              - target: stderr
                any: warning
            database:
                storage: "\(folder)/db"
                journal-db-max-size: 16M
                kasp-db-max-size: 16M
                timer-db-max-size: 16M
            zone:
              - domain: "."
                file: "\(folder)/root.zone"
                zonefile-load: whole
                journal-content: none
                semantic-checks: off

            """
        try configuration.write(toFile: "\(folder)/knot.conf", atomically: true, encoding: .utf8)
        process = try Self.start(["knotd", "-c", "\(folder)/knot.conf"], log: "\(folder)/log")
        try waitUntilItAnswers()
        Thread.detachNewThread { [self] in serve() }
    }

    func stop() {
        isOver.store(true, ordering: .relaxed)
        kill(process, SIGTERM)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        shutdown(door, Int32(SHUT_RDWR))
        close(door)
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A resolver that has asked nothing yet.
    func resolver() throws -> ValidatingResolver {
        let anchor = "\(folder)/anchor"
        // The suite's zones are unsigned; an anchor for a name that nobody asks for leaves them so.
        try ("anchor.elsewhere. IN DS 1 13 2 " + String(repeating: "0", count: 64) + "\n")
            .write(toFile: anchor, atomically: true, encoding: .utf8)
        var configuration = ResolverConfiguration()
        configuration.trustAnchorPath = anchor
        configuration.allowPrivate = true
        configuration.forwarder = (IPAddress.v4(0x7F00_0001), port)
        return try ValidatingResolver(configuration)
    }

    // MARK: The door

    private func serve() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !isOver.load(ordering: .relaxed) {
            var client = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutablePointer(to: &client) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(door, &buffer, buffer.count, 0, $0, &length)
                }
            }
            guard count > 12 else { continue }
            let query = Array(buffer[..<count])
            if isSilent(query) { continue }
            guard let answer = forward(query) else { continue }
            _ = withUnsafePointer(to: &client) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(door, answer, answer.count, 0, $0, length)
                }
            }
        }
    }

    private func isSilent(_ query: [UInt8]) -> Bool {
        var labels: [[UInt8]] = []
        var index = 12
        while index < query.count, query[index] > 0 {
            let end = index + 1 + Int(query[index])
            guard end < query.count else { return false }
            labels.append(Self.lowered(Array(query[(index + 1)..<end])))
            index = end
        }
        guard index + 2 < query.count, let known = silent[labels] else { return false }
        return !known.contains(UInt16(query[index + 1]) << 8 | UInt16(query[index + 2]))
    }

    private func forward(_ query: [UInt8]) -> [UInt8]? {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = Self.loopback(upstream)
        let sent = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, query, query.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard sent > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 12 ? Array(buffer[..<count]) : nil
    }

    private func waitUntilItAnswers() throws {
        let query: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1]
        let deadline = Date().addingTimeInterval(15)
        while Date() < deadline {
            if let answer = forward(query), answer[3] & 15 == 0 { return }
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) != 0 { break }
            usleep(50_000)
        }
        let log = (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? ""
        stop()
        throw Fault(description: "knotd does not answer: \(log)")
    }

    private static func lowered(_ label: [UInt8]) -> [UInt8] { label.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 } }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// A bound UDP socket on a port that was free.
    private static func socket() throws -> (Int32, UInt16) {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard status == 0 else { throw Fault(description: "no socket: \(String(cString: strerror(errno)))") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private static func program(_ name: String) -> String? {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
        let places: [String] = path.split(separator: ":").map { "\($0)/\(name)" }
        return places.first { place in access(place, X_OK) == 0 }
    }

    private static func start(_ words: [String], log: String) throws -> pid_t {
        guard let program = program(words[0]) else {
            throw Fault(description: "\(words[0]) is not installed: run make deps")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let all: [String] = [program] + words.dropFirst()
        var arguments: [UnsafeMutablePointer<CChar>?] = all.map { strdup($0) } + [nil]
        defer { for pointer in arguments { free(pointer) } }
        var identifier: pid_t = 0
        guard posix_spawn(&identifier, program, &actions, nil, &arguments, environ) == 0 else {
            throw Fault(description: "\(program) does not start")
        }
        return identifier
    }
}
