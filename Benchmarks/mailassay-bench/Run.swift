import Glibc

/// One run of a program, by wait4(2).
struct Run {
    let cpuMilliseconds: Double
    let wallMilliseconds: Double
    let megabytes: Double

    static func measure(_ program: String, _ arguments: [String]) -> Run {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        var argv = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var child: pid_t = 0
        let began = ContinuousClock.now
        guard posix_spawn(&child, program, &actions, nil, &argv, environ) == 0 else {
            fatalError("\(program): cannot run")
        }
        var usage = rusage()
        var status: Int32 = 0
        wait4(child, &status, 0, &usage)
        guard status == 0 else { fatalError("\(program) ended with \(status)") }
        return Run(
            cpuMilliseconds: usage.milliseconds, wallMilliseconds: began.duration(to: .now) / .milliseconds(1),
            megabytes: Double(usage.ru_maxrss) / 1024)
    }
}

extension rusage {
    var milliseconds: Double {
        let seconds = Double(ru_utime.tv_sec + ru_stime.tv_sec)
        let microseconds = Double(ru_utime.tv_usec + ru_stime.tv_usec)
        return seconds * 1000 + microseconds / 1000
    }

    static var own: Double {
        var usage = rusage()
        // RUSAGE_SELF imports with another type.
        getrusage(0, &usage)
        return usage.milliseconds
    }
}
