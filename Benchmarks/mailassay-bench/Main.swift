import AssayCrypto
import Glibc

/// Run by Benchmarks/run.sh: the goals of a basic scan, as ratios and counters. Exit status 1 where one is missed.
@main
struct Bench {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let isMet: Bool
        switch arguments.first {
        case "scan" where arguments.count == 2: isMet = try await scan(arguments[1])
        case "dns" where arguments.count > 1: isMet = try await dns(Array(arguments.dropFirst()))
        case "extended" where arguments.count == 2: isMet = extended(arguments[1])
        case "parse" where arguments.count == 3: isMet = Parsing.measure(arguments[1], arguments[2])
        case "parsing": isMet = Parsing.isMet(CommandLine.arguments[0])
        case "wall" where arguments.count == 3: isMet = wall(arguments[1], roundTrip: arguments[2])
        case "reports" where arguments.count == 3: isMet = try Reports(arguments[1], arguments[2]).isMet()
        case "senders": isMet = Senders.isMet()
        case "chain" where arguments.count == 2: isMet = Chain(arguments[1]).isMet()
        default:
            print(
                """
                usage, in the lab: mailassay-bench scan MAILASSAY
                                   mailassay-bench extended MAILASSAY
                                   mailassay-bench dns DOMAIN...
                                   mailassay-bench wall MAILASSAY MILLISECONDS
                outside:           mailassay-bench parsing
                                   mailassay-bench reports EXTENDED.json BASIC.json
                                   mailassay-bench chain "MILLISECONDS WALL
                ..."
                """)
            exit(3)
        }
        if !isMet { exit(1) }
    }

    /// Prints one line; true where the goal is met.
    static func report(_ what: String, _ value: Double, _ unit: String, atMost limit: Double) -> Bool {
        let rounded = (value * 100).rounded() / 100
        print("\(value <= limit ? "ok  " : "MISS") \(what): \(rounded) \(unit), at most \(limit)")
        return value <= limit
    }

    private static var labOptions: [String] {
        guard let text = getenv("MAILASSAY_LAB_OPTIONS") else { fatalError("not in the lab") }
        return String(cString: text).split(separator: " ").map(String.init)
    }

    private static func basicScan(_ program: String) -> Run {
        Run.measure(program, ["scan", "exemplary.lab", "--fail-on", "none"] + labOptions)
    }

    private static func scan(_ program: String) async throws -> Bool {
        let runs = (0..<15).map { _ in basicScan(program) }
        let store = labOptions.firstIndex(of: "--ca-file").map { labOptions[$0 + 1] } ?? ""
        let probe = try Probe(store: TrustStore(pemFile: store), file: store)
        let results = [
            report(
                "a basic scan, whole process, CPU (median of 15)", runs.map(\.cpuMilliseconds).median, "ms", atMost: 60),
            report("its memory (most of 15)", runs.map(\.megabytes).max() ?? 0, "MB", atMost: 60),
            report(
                "from its start to its first packet (median of 15)", FirstPacket(program).milliseconds().median, "ms",
                atMost: 30),
            report("a STARTTLS probe against a bare handshake, CPU", try await probe.ratio(), "times", atMost: 1.45),
        ]
        return results.allSatisfy(\.self)
    }

    private static func option(_ name: String) -> String {
        labOptions.firstIndex(of: name).map { labOptions[$0 + 1] } ?? ""
    }

    private static func dns(_ domains: [String]) async throws -> Bool {
        let names = Names(hints: option("--root-hints"), anchor: option("--trust-anchor"), domains: domains)
        let ratios = try await names.ratios()
        // libunbound picks among a zone's servers at random, so that questions on the way at once are not always one.
        print("     \(domains.count) domains, \(ratios.queriesPerDomain) upstream queries each")
        return report(
            "the ten core names of signed domains against libunbound alone, CPU", ratios.cpu, "times", atMost: 1.4)
            && report("the same in upstream queries", ratios.queries, "times", atMost: 1.5)
    }

    /// An extended scan of a domain in good order: what it costs, and how much it asks.
    private static func extended(_ program: String) -> Bool {
        var queries: [Double] = []
        let runs = (0..<9).map { _ in
            let sent = Datagrams.sent
            let run = Run.measure(
                program, ["scan", "exemplary.lab", "--tier", "extended", "--fail-on", "none"] + labOptions)
            queries.append(Double(Datagrams.sent - sent) / 2)
            return run
        }
        let results = [
            report(
                "an extended scan, whole process, CPU (median of 9)", runs.map(\.cpuMilliseconds).median, "ms",
                atMost: 150),
            report("its memory (most of 9)", runs.map(\.megabytes).max() ?? 0, "MB", atMost: 80),
            report("its upstream queries (median of 9)", queries.median, "", atMost: 300),
        ]
        return results.allSatisfy(\.self)
    }

    /// What `chain` reads: the round-trip time and the wall time, both in milliseconds.
    private static func wall(_ program: String, roundTrip: String) -> Bool {
        print("\(roundTrip) \((0..<7).map { _ in basicScan(program).wallMilliseconds }.median)")
        return true
    }
}

extension [Double] {
    var median: Double { sorted()[count / 2] }
}
