import Glibc

/// How long the program needs until it first sends something: its root server is a socket of ours that never answers.
struct FirstPacket {
    private let program: String

    init(_ program: String) { self.program = program }

    func milliseconds() -> [Double] {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var own = sockaddr_in()
        own.sin_family = sa_family_t(AF_INET)
        own.sin_port = UInt16(53).bigEndian
        own.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let isBound = withUnsafePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound else { fatalError("127.0.0.1 port 53 is taken") }
        let hints = "/tmp/mailassay-bench.\(getpid())"
        guard let file = fopen(hints, "w") else { fatalError("\(hints) cannot be written") }
        fputs(". 3600 NS root.bench.\nroot.bench. 3600 A 127.0.0.1\n", file)
        fclose(file)
        defer { unlink(hints) }
        return (0..<15).map { _ in measure(descriptor, hints) }
    }

    private func measure(_ descriptor: Int32, _ hints: String) -> Double {
        let words: [String] = [program, "scan", "bench.test", "--root-hints", hints, "--allow-private"]
        var argv = words.map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for stream in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
        }
        var child: pid_t = 0
        let began = ContinuousClock.now
        guard posix_spawn(&child, program, &actions, nil, &argv, environ) == 0 else {
            fatalError("\(program): cannot run")
        }
        var packet = [UInt8](repeating: 0, count: 512)
        guard recv(descriptor, &packet, packet.count, 0) > 0 else { fatalError("nothing came") }
        let took = began.duration(to: .now) / .milliseconds(1)
        kill(child, SIGKILL)
        waitpid(child, nil, 0)
        // What it sent besides belongs to no later run.
        while recv(descriptor, &packet, packet.count, Int32(MSG_DONTWAIT)) > 0 {}
        return took
    }
}
