import AssayModel
import AssayProbes
import CAA
import CMalloc
import DKIM
import Glibc
import LabKit
import SPF

/// Hostile records of 64 KB: each parser has 5 ms for one, and eight times its size of heap.
enum Parsing {
    /// In a process of their own each, so that the heap starts empty.
    static func isMet(_ program: String) -> Bool {
        parsers.keys.sorted().allSatisfy { parser in
            HostileText.names.allSatisfy { text in
                let line = output(of: program, ["parse", parser, text])
                let numbers = line.split(separator: " ").compactMap { Double($0) }
                guard numbers.count == 2 else { fatalError("parse \(parser) \(text): \(line)") }
                let isFast = numbers[0] <= 5
                let isSmall = numbers[1] <= 8
                if !(isFast && isSmall) {
                    print("MISS \(parser), \(text): \(numbers[0]) ms of 5, \(numbers[1]) times its size of 8")
                }
                slowest = max(slowest, numbers[0])
                largest = max(largest, numbers[1])
                return isFast && isSmall
            }
        } && summary()
    }

    nonisolated(unsafe) private static var slowest = 0.0
    nonisolated(unsafe) private static var largest = 0.0

    private static func summary() -> Bool {
        let count = parsers.count * HostileText.names.count
        return Bench.report("\(count) hostile records of 64 KB, the slowest", slowest, "ms", atMost: 5)
            && Bench.report("the heap of the largest", largest, "times the record", atMost: 8)
    }

    /// Prints milliseconds, and the growth of the heap at its peak in record sizes.
    static func measure(_ parser: String, _ text: String) -> Bool {
        cmalloc_one_arena()
        guard let parse = parsers[parser], let octets = HostileText.make(text) else { return false }
        // What is made once (metadata, tables) is not the record's.
        parse(Array(octets.prefix(4096)))
        let (size, free) = (cmalloc_arena(), cmalloc_free())
        let clock = ContinuousClock()
        let spent = clock.measure { parse(octets) }
        let grown = cmalloc_arena() - size
        // Where it grew, what was free before may have been used up.
        let used = grown == 0 ? 0 : Double(grown + free)
        print("\(Double(spent / .nanoseconds(1)) / 1e6) \(used / Double(octets.count))")
        return true
    }

    private static let parsers: [String: @Sendable ([UInt8]) -> Void] = [
        "TagList": { blackHole(TagList(parsing: $0)) },
        "DMARC": { blackHole(DMARCRecord(parsing: $0)) },
        "BIMI": { blackHole(BIMIRecord(parsing: $0)) },
        "CAA": { octets in
            let set = AuthorizationSet(properties: [CAAProperty(flags: 0, tag: Array("issue".utf8), value: octets)])
            blackHole((set.permission(.server), set.malformed.map(\.shown)))
        },
        "CAAIodef": { octets in
            let set = AuthorizationSet(properties: [CAAProperty(flags: 0, tag: Array("iodef".utf8), value: octets)])
            blackHole(set.badReports.map(\.shown))
        },
        "SPF": { octets in
            let record = SPFRecord(parsing: octets)
            blackHole((record, record.faults.map(\.text), "\(record)", SPFSelection([octets])))
        },
        "SPFRepair": { blackHole(SPFRepair.corrected($0)) },
        "DKIM": { blackHole(DKIMKey(parsing: $0)) },
        "DKIMSignature": { blackHole(DKIMSignature(parsing: $0)) },
    ]

    @inline(never) private static func blackHole<Value>(_ value: Value) { withExtendedLifetime(value) {} }

    private static func output(of program: String, _ arguments: [String]) -> String {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var argv = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var child: pid_t = 0
        guard posix_spawn(&child, program, &actions, nil, &argv, environ) == 0 else {
            fatalError("\(program): cannot run")
        }
        close(ends[1])
        var octets = [UInt8](repeating: 0, count: 256)
        let count = read(ends[0], &octets, octets.count)
        close(ends[0])
        waitpid(child, nil, 0)
        return String(decoding: octets.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
