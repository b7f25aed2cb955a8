package import AssaySVG
import FoundationEssentials
import Glibc
import NIOPosix

/// Judges logos in a process of its own, `mailassay svg-check`: libxml2 reads hostile files there, with little memory and time, no
/// files and no network in use, and may die.
package enum LogoChild {
    // MARK: In the child

    /// Reads standard input, writes the verdict and ends. Limits are set before anything is read.
    package static func serve() -> Never {
        // Sockets of the scan are none of its business.
        for descriptor in Int32(3)..<1024 { close(descriptor) }
        limit(Int32(RLIMIT_CORE.rawValue), 0)
        limit(Int32(RLIMIT_CPU.rawValue), SVGLimits.childCPUSeconds)
        limit(Int32(RLIMIT_FSIZE.rawValue), 0)
        // What is mapped already is the program itself; the limit is for what the logo makes it take.
        limit(Int32(RLIMIT_AS.rawValue), mappedOctets + SVGLimits.childMemoryOctets)
        let octets = readAll(0, limit: SVGLimits.fileOctets + 1)
        // Nothing can be opened from here on.
        limit(Int32(RLIMIT_NOFILE.rawValue), 0)
        let verdict = SVGCheck.verdict(on: octets)
        if let answer = try? JSONEncoder().encode(verdict) { _ = WholeFile.write(Array(answer), to: 1) }
        exit(0)
    }

    private static func limit(_ resource: Int32, _ value: Int) {
        var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
        setrlimit(resource, &limit)
    }

    /// The first number of /proc/self/statm, in pages.
    private static var mappedOctets: Int {
        let text = (try? WholeFile.read("/proc/self/statm", limit: 256)) ?? []
        let pages = text.prefix { $0 >= 0x30 && $0 <= 0x39 }.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func readAll(_ descriptor: Int32, limit: Int) -> [UInt8] {
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while result.count < limit {
            let count = read(descriptor, &chunk, min(chunk.count, limit - result.count))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            result += chunk[..<count]
        }
        return result
    }

    // MARK: In the parent

    /// Asks `program svg-check` for each logo, on a thread of the pool for what blocks.
    package static func inspector(_ program: String) -> LogoInspector {
        LogoInspector { octets in
            // What the gate tells needs no child.
            if let refusal = SVGCheck.refusal(of: octets) { return .verdict(refusal) }
            let answer = try? await NIOThreadPool.singleton.runIfActive { ask(program, octets) }
            return answer ?? .none(reason: "svg.crash")
        }
    }

    private static func ask(_ program: String, _ octets: [UInt8]) -> LogoInspector.Answer {
        guard let child = Child(program) else { return .none(reason: "no_program") }
        let answer = child.converse(octets)
        let ending = child.end()
        if answer.octets.count > SVGLimits.childAnswerOctets {
            return .none(reason: "svg.answer \(SVGLimits.childAnswerOctets)")
        }
        switch ending {
        case .exited where answer.isWhole:
            guard let verdict = try? JSONDecoder().decode(SVGVerdict.self, from: Data(answer.octets)) else {
                return .none(reason: "no_program")
            }
            return .verdict(verdict)
        case .exited: return .none(reason: "svg.crash")
        case .killed(SIGKILL) where !answer.isWhole: return .none(reason: "svg.time \(SVGLimits.childSeconds) s")
        case .killed(SIGXCPU), .killed(SIGKILL): return .none(reason: "svg.cpu \(SVGLimits.childCPUSeconds) s")
        case .killed: return .none(reason: "svg.crash")
        }
    }
}

/// A child process with pipes to its standard input and output, killed at the latest when its time is over.
private struct Child {
    enum Ending: Equatable {
        case exited
        case killed(Int32)
    }

    private let identifier: pid_t
    /// One end of a pair of sockets; the child has the other as standard input and output. A pipe would raise SIGPIPE.
    private let socket: Int32

    init?(_ program: String) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return nil }
        for descriptor in ends { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var arguments: [UnsafeMutablePointer<CChar>?] =
            ["mailassay", "svg-check"].map { (word: String) in strdup(word) } + [nil]
        // No word of the user's; and Swift's crash handler, which outlives its process, stays out of it.
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("SWIFT_BACKTRACE=enable=no"), nil]
        defer { for pointer in arguments + environment { free(pointer) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, program, &actions, &attributes, &arguments, &environment)
        close(ends[1])
        guard code == 0 else {
            close(ends[0])
            return nil
        }
        self.identifier = identifier
        socket = ends[0]
        _ = fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK)
    }

    /// Writes the question while it reads the answer; ends with the answer's end, the time, or the limit of octets.
    func converse(_ question: [UInt8]) -> (octets: [UInt8], isWhole: Bool) {
        let end = ContinuousClock.now + .seconds(SVGLimits.childSeconds)
        var rest = question[...]
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var isAsking = true
        while true {
            let left = Int32(clamping: Int(ContinuousClock.now.duration(to: end) / .milliseconds(1)))
            guard left > 0, answer.count <= SVGLimits.childAnswerOctets else { return (answer, false) }
            var wait = pollfd(fd: socket, events: Int16(POLLIN | (isAsking ? POLLOUT : 0)), revents: 0)
            guard poll(&wait, 1, left) >= 0 || errno == EINTR else { return (answer, false) }
            if isAsking, wait.revents & Int16(POLLOUT) != 0 {
                let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                if count > 0 { rest = rest.dropFirst(count) }
                if rest.isEmpty || (count < 0 && errno != EAGAIN && errno != EINTR) {
                    shutdown(socket, Int32(SHUT_WR))
                    isAsking = false
                }
            }
            guard wait.revents & ~Int16(POLLOUT) != 0 else { continue }
            let count = read(socket, &chunk, chunk.count)
            // An end that was reset left the question unread.
            if count == 0 || (count < 0 && errno == ECONNRESET) { return (answer, true) }
            if count > 0 {
                answer += chunk[..<count]
            } else if errno != EAGAIN, errno != EINTR {
                return (answer, false)
            }
        }
    }

    /// Kills what is left of it and says how it ended.
    func end() -> Ending {
        close(socket)
        var status: Int32 = 0
        // One that has closed its output ends by itself; it has a moment for that.
        for _ in 0..<100 {
            let ended = waitpid(identifier, &status, WNOHANG)
            if ended == identifier { return Self.ending(status) }
            usleep(1000)
            if ended < 0, errno != EINTR { return .killed(0) }
        }
        kill(-identifier, SIGKILL)
        kill(identifier, SIGKILL)
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        return Self.ending(status)
    }

    private static func ending(_ status: Int32) -> Ending {
        status & 0x7F == 0 ? .exited : .killed(status & 0x7F)
    }
}
