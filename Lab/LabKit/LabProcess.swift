import Foundation

/// A program that the lab runs, by posix_spawn: Foundation's Process needs a run loop, which a fresh namespace lacks.
public struct LabProcess: Sendable {
    private let identifier: pid_t

    /// Starts a program found on PATH; its output goes to `log`, or where ours goes.
    public static func start(
        _ program: String, _ arguments: [String], log: String? = nil, environment: [String: String] = [:]
    ) throws -> LabProcess {
        LabProcess(identifier: try spawn(program, arguments, output: log.map(Output.file) ?? .inherited, environment))
    }

    /// Runs a program to its end and gives its standard output.
    static func output(_ program: String, _ arguments: [String], isLenient: Bool = false) throws -> String {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw LabError("no pipe: \(String(cString: strerror(errno)))") }
        defer { close(ends[0]) }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        let process: LabProcess
        do {
            process = LabProcess(identifier: try spawn(program, arguments, output: .descriptor(ends[1]), [:]))
            close(ends[1])
        } catch {
            close(ends[1])
            throw error
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(ends[0], &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
        let status = process.wait()
        guard isLenient || status == 0 else {
            throw LabError("\(program) \(arguments.joined(separator: " ")): exit status \(status)")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// False once it has ended.
    var isRunning: Bool {
        var status: Int32 = 0
        return waitpid(identifier, &status, WNOHANG) == 0
    }

    /// The exit status, or 128 and the signal.
    public func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    /// Asks it to end.
    func signal() { kill(identifier, SIGTERM) }

    /// Asks it to end and waits.
    public func end() {
        signal()
        _ = wait()
    }

    private enum Output {
        case inherited
        case file(String)
        case descriptor(Int32)
    }

    private static func spawn(
        _ program: String, _ arguments: [String], output: Output, _ extra: [String: String]
    ) throws -> pid_t {
        let path = try find(program)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        switch output {
        case .inherited: break
        case .file(let log):
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        case .descriptor(let descriptor):
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        // What we ignore, a child would ignore too.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        let environment = ProcessInfo.processInfo.environment.merging(extra) { $1 }.map { "\($0)=\($1)" }
        var argv = ([path] + arguments).map { strdup($0) } + [nil]
        var envp = environment.map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, path, &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw LabError("\(program): \(String(cString: strerror(code)))") }
        return identifier
    }

    private static func find(_ program: String) throws -> String {
        if program.contains("/") { return program }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin:/usr/bin:/bin"
        for folder in path.split(separator: ":") where access("\(folder)/\(program)", X_OK) == 0 {
            return "\(folder)/\(program)"
        }
        throw LabError("\(program) is not installed: run make deps")
    }
}
