import AssayKit
import AssayModel
import AssayReports
import AssayRules
import CSyncs
import Glibc

/// What comes after the network: rules, pages, an overview of ten thousand domains, and the store.
struct Reports {
    /// An extended scan of a domain in good order, with all checkers, and a basic one.
    let extended: Report
    let basic: Report

    init(_ extended: String, _ basic: String) throws {
        self.extended = try Self.read(extended)
        self.basic = try Self.read(basic)
    }

    private static func read(_ path: String) throws -> Report {
        guard let report = try JSONReport.read(WholeFile.read(path)).first else { fatalError("\(path): no report") }
        return report
    }

    func isMet() throws -> Bool {
        let results = [page(), overview(), try rules(), try storing()]
        return results.allSatisfy(\.self)
    }

    // MARK: Pages

    private func page() -> Bool {
        let options = RenderOptions(catalogue: Languages.standard)
        var octets = 0
        let spent = (0..<21).map { _ in
            Self.milliseconds { octets = ReportWriter.render([extended], as: .html, options: options).count }
        }
        return Bench.report("a page of all checkers, CPU (median of 21)", spent.median, "ms", atMost: 20)
            && Bench.report("its size", Double(octets) / 1000, "kB", atMost: 150)
    }

    /// Reports come one after the other, as from a survey; each is gone when its line is kept.
    private func overview() -> Bool {
        let names = (0..<Self.domains).compactMap { DomainName("domain-\($0).example.com") }
        let before = Self.megabytes
        var octets = 0
        let spent = Self.milliseconds {
            var page = HTMLReport(RenderOptions(catalogue: Languages.standard))
            for name in names {
                var report = extended
                report.domain = name
                report.unicodeDomain = name.description
                page.add(report)
            }
            octets = page.render().count
        }
        let results = [
            Bench.report("an overview of \(Self.domains) domains, CPU", spent / 1000, "s", atMost: 2),
            Bench.report("its size", Double(octets) / 1_000_000, "MB", atMost: 5),
            Bench.report("the memory that it adds", Self.megabytes - before, "MB", atMost: 64),
        ]
        return results.allSatisfy(\.self)
    }

    // MARK: Rules

    /// The verdicts of all rules that the facts can fire, without their texts.
    private func rules() throws -> Bool {
        let results = try [("basic", basic), ("extended", extended)].map { name, report in
            let set = try RuleBook().ruleSet
            let context = EvaluationContext(
                domain: report.domain, unicodeDomain: report.unicodeDomain, role: report.role)
            var rows = 0
            let rounds = 200
            let spent = Self.milliseconds {
                for _ in 0..<rounds {
                    rows = set.judge(observations: report.observations, context: context).count
                }
            }
            let domains = Double(rounds) / spent * 1000
            print("     \(rows) verdicts of a \(name) scan, \(Int(domains)) domains a second and core")
            return domains
        }
        return Bench.report("20,000 domains a second against the rules' speed", 20_000 / results[0], "times", atMost: 1)
    }

    // MARK: Store

    private func storing() throws -> Bool {
        let folder = String(cString: mkdtemp(strdup("/tmp/mailassay-bench.XXXXXX")))
        defer { for name in ["/h.db", "/h.db-wal", "/h.db-shm", ""] { remove(folder + name) } }
        let history = try ScanHistory(folder + "/h.db")
        var counts: [Double] = []
        for number in 0..<9 {
            var report = basic
            report.startedAt = Timestamp(secondsSince1970: report.startedAt.secondsSince1970 + Int64(number) * 86_400)
            let before = bench_syncs()
            try history.keep(report)
            counts.append(Double(bench_syncs() - before))
        }
        return Bench.report("fsyncs for a scan that is stored (median of 9)", counts.median, "", atMost: 1)
    }

    /// Of processor time: other programs are none of its business.
    private static func milliseconds(_ work: () throws -> Void) rethrows -> Double {
        let began = rusage.own
        try work()
        return rusage.own - began
    }

    /// The most that this process ever had.
    private static var megabytes: Double {
        var usage = rusage()
        getrusage(0, &usage)
        return Double(usage.ru_maxrss) / 1024
    }

    private static let domains = 10_000
}
