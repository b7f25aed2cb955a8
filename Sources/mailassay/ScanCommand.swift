import ArgumentParser
import AssayEngine
import AssayKit
import AssayModel
import AssayReports
import AssayRules

/// `mailassay scan DOMAIN...`
struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Audit one or several domains.")

    @Argument(help: "Domains to audit, in U-labels or A-labels.")
    var domains: [String] = []

    @OptionGroup var scan: ScanOptionGroup

    @OptionGroup var output: OutputOptionGroup

    @OptionGroup var store: StoreOptionGroup

    @Option(
        name: .customLong("fail-on"),
        help: "Exit 1 from this severity on: critical, high, medium, low, info, none (default: high).")
    var failOn: String?

    @Option(help: "The policy file: profile, expectations, accepted risks (default: ./mailassay.yaml if it is there).")
    var config: String?

    @Option(help: "A JSON report: what was open in it does not decide the exit status.")
    var baseline: String?

    @Option(name: .customLong("save-evidence"), help: "Keep what every server answered, for --replay. One domain.")
    var saveEvidence: String?

    @Option(help: "Judge a recorded scan again, without network; its domain, tier and roots are the recording's.")
    var replay: String?

    @Flag(help: "Print what would be connected to, and how often at most; ask nothing but the DNS.")
    var plan = false

    @Option(help: "With --replay: judge dates as of this moment, as 2026-12-24T00:00:00Z.")
    var at: String?

    mutating func run() async throws {
        let policy = try PolicyOnDisk.read(config)
        let threshold = try Self.threshold(failOn ?? policy?.failOn ?? "high")
        var request = try scan.request(policy)
        request.baseline = try (baseline ?? policy?.baselinePath).map(BaselineFile.init(path:))
        try prepareReplay(&request)
        guard !domains.isEmpty else { throw AuditError("Missing expected argument '<domains> ...'") }
        if saveEvidence != nil, domains.count > 1 { throw AuditError("--save-evidence takes one domain") }
        request.savesEvidence = saveEvidence != nil
        var outputPlan = try OutputPlan(output, domainCount: domains.count)
        request.language = outputPlan.catalogue.language
        let inputs = try domains.map { text in
            do { return try DomainInput(text) } catch { throw AuditError("\(Self.quoted(text)): \(error)") }
        }
        let keeper = ScanKeeper(store)
        let auditor = try Auditor(request, history: keeper?.history)
        if !request.rulePaths.isEmpty || !request.profiles.isEmpty || policy != nil { try await auditor.checkRules() }
        if plan {
            for input in inputs {
                print("\(input.name)")
                for entry in await auditor.plan(input) {
                    print("  \(entry.name) \(entry.address) port \(entry.port): at most \(entry.most)")
                }
            }
            return
        }
        let progress = Progress(total: inputs.count)
        let interruption = Interruption()
        var plugin: [NagiosReport.Status] = []
        var statuses: [ExitStatus] = []
        for input in inputs {
            progress.begin(input)
            let task = Task { () async throws(AuditError) -> Auditor.Outcome in try await auditor.audit(input) }
            interruption.watch(task)
            let outcome = try await task.value
            if let saveEvidence, let file = outcome.evidenceFile { try WholeFile.write(file, to: saveEvidence) }
            statuses.append(
                outcome.wasInterrupted
                    ? .interrupted
                    : ExitStatus(isComplete: outcome.report.complete, worst: outcome.decisive, failOn: threshold))
            progress.end(outcome.report)
            var past = keeper?.past(of: outcome.report) ?? ReportPast()
            if let baseline = request.baseline { past = baseline.completing(past, of: outcome.report) }
            try outputPlan.add(outcome.report, past: past)
            for note in outcome.notes { Console.error("mailassay: \(note)") }
            keeper?.keep(outcome.report)
            plugin.append(NagiosReport.status(of: outcome.report, known: past.known))
            if !outcome.report.complete {
                Console.error("mailassay: \(outcome.report.domain): \(Incompleteness.words(for: outcome.report))")
            }
            if outcome.wasInterrupted { break }
        }
        try outputPlan.finish()
        if outputPlan.nagiosAlone, let worst = plugin.max() {
            if worst != .ok { throw StatusExit(plugin: worst) }
            return
        }
        if keeper?.hasFailed == true { statuses.append(.incomplete) }
        let status = ExitStatus.worst(statuses)
        if status != .clean { throw StatusExit(status: status) }
    }

    private mutating func prepareReplay(_ request: inout AuditRequest) throws {
        guard let replay else {
            if let at { throw AuditError("--at \(Self.quoted(at)): only with --replay") }
            return
        }
        guard domains.isEmpty else { throw AuditError("--replay takes no domain: the recording has its own") }
        let file = try EvidenceFile(path: replay)
        guard let tier = Tier(rawValue: file.header.tier) else { throw AuditError("\(replay):1: no tier") }
        domains = [file.header.domain]
        request.tier = tier
        request.role = file.header.role
        request.checkers = file.header.checkers
        request.ehloName = file.header.ehloName
        request.asksSMTP = file.header.asksSMTP
        request.allowsPrivate = file.header.allowsPrivate
        request.isActive = file.header.isActive
        request.selectors = file.header.selectors ?? []
        request.message = file.header.message
        request.reportedSelectors = file.header.reportedSelectors ?? []
        request.walksNSEC = file.header.walksNSEC ?? false
        request.fetchesRevocationLists = file.header.fetchesRevocationLists ?? false
        request.connectionsPerAddress = file.header.connectionsPerAddress
        request.listsEveryTLS = file.header.listsEveryTLS ?? false
        request.paceSeconds = file.header.paceSeconds ?? request.paceSeconds
        request.replay = file
        if let at {
            guard let moment = Timestamp(parsing: at) else {
                throw AuditError("--at \(Self.quoted(at)): use 2026-12-24T00:00:00Z")
            }
            request.moment = moment
            Console.error(
                "mailassay: certificates are judged at \(moment); DNS answers with their signatures, servers and policies are "
                    + "carried over from \(file.header.startedAt)")
        }
    }

    static func threshold(_ text: String) throws -> Severity? {
        if text == "none" { return nil }
        guard let severity = Severity(rawValue: text) else {
            throw AuditError("--fail-on \(quoted(text)): use critical, high, medium, low, info or none")
        }
        return severity
    }

    /// User text for an error message: one line, without control octets, cut.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8.prefix(80) {
            if byte >= 0x20, byte != 0x7F { bytes.append(byte) } else { bytes += Array("?".utf8) }
        }
        return "\"\(String(decoding: bytes, as: UTF8.self))\"\(text.utf8.count > 80 ? "..." : "")"
    }
}

/// The options that say where a report goes, shared by commands that make one.
struct OutputOptionGroup: ParsableArguments {
    @Option(
        help: "Format on standard output: \(ReportFormat.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var format: String?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help:
            "Write a file too; its extension gives the format. Repeats; several domains take a folder, .ndjson or .csv."
    )
    var outputs: [String] = []

    @Option(help: "Columns of text, 40 to 400 (default: the terminal's, 80 in a file).")
    var width: Int?

    @Flag(help: "Text on one screen: verdict, a line for each checker, what to mend first.")
    var brief = false

    @Option(name: .customLong("csv-shape"), help: "Rows of a CSV: finding or domain.")
    var csvShape = "finding"

    @Option(help: "Language of the report: \(ReportLanguage.all.joined(separator: ", ")). What it lacks is English.")
    var lang = "en"

    /// A language that is not there is English, and that is said.
    func language() throws -> ReportLanguage { try Self.language(lang) }

    static func language(_ lang: String) throws -> ReportLanguage {
        let language = try ReportLanguage(lang)
        if language.missing != nil {
            Console.error(
                "mailassay: --lang \(ScanCommand.quoted(lang)): not there, so English; there are \(ReportLanguage.all.joined(separator: ", "))"
            )
        }
        return language
    }
}

/// The options that say how to scan, shared by commands that do.
struct ScanOptionGroup: ParsableArguments {
    @Option(help: "basic or extended (default: basic).")
    var tier: String?

    @Option(help: "Run this checker only, whatever the tier. Repeats.")
    var checker: [String] = []

    @Option(help: "A file or folder of further rules. Repeats.")
    var rules: [String] = []

    @Option(help: "A file of tables (issuers of certificates) that adds to the program's. Repeats.")
    var tables: [String] = []

    @Option(help: "A severity profile. Repeats; the first decides the exit status.")
    var profile: [String] = []

    @Option(help: "A DKIM selector that is in use. Repeats.")
    var selector: [String] = []

    @Option(help: "A message of the domain's, as a file: its DKIM signatures and alignment are judged too.")
    var message: String?

    @Option(
        name: .customLong("dmarc-report"),
        help: "A DMARC aggregate report (.xml, .xml.gz, .zip): the selectors in it are asked for. Repeats.")
    var dmarcReports: [String] = []

    @Flag(
        name: .customLong("fetch-crl"),
        help:
            "Ask the authorities of mark certificates (BIMI) for their revocation lists, which tells them of the audit."
    )
    var fetchCRL = false

    @Flag(name: .customLong("walk-nsec"), help: "Follow NSEC records below _domainkey to find selectors.")
    var walkNSEC = false

    @Option(help: "The public suffix list to use, in place of the system's.")
    var psl: String?

    @Option(help: "What the domain is for: sending, receiving, parked, auto (default: auto).")
    var role: String?

    @Option(help: "The name to say in EHLO.")
    var ehlo: String?

    @Option(help: "Seconds for one domain.")
    var timeout = 60

    @Option(help: "Seconds between further connections to an address.")
    var pace = 0.5

    @Option(help: "Connections to one address, of all checkers together (default: 12, with --tls full 60).")
    var connections: Int?

    @Option(help: "What to learn of TLS: basic (every finding), full (every suite and group, with their order).")
    var tls = "basic"

    @Flag(help: "Allow probes that could disturb a server. None of the basic tier does.")
    var active = false

    @Flag(name: .customLong("no-smtp"), help: "Make no SMTP connection.")
    var noSMTP = false

    @Option(name: .customLong("root-hints"), help: "Root name servers, in zone-file form.")
    var rootHints: String?

    @Option(name: .customLong("trust-anchor"), help: "DS or DNSKEY lines of the root, in zone-file form.")
    var trustAnchor: String?

    @Option(help: "Forward DNS questions to ADDR[@PORT]; answers are validated here.")
    var resolver: String?

    @Option(name: .customLong("ca-file"), help: "PEM certificates to trust instead of the system's.")
    var caFile: String?

    @Option(
        name: .customLong("vmc-roots"),
        help: "PEM certificates to trust for mark certificates (BIMI) instead of the known ones.")
    var vmcRoots: String?

    @Option(
        name: .customLong("ct-logs"),
        help: "PEM public keys of transparency logs, by which the timestamps in mark certificates (BIMI) are judged.")
    var ctLogs: String?

    @Flag(name: .customLong("allow-private"), help: "Allow loopback and private targets.")
    var allowPrivate = false

    /// Checks every value; the error names the option and what is wrong. What the command line leaves open, a policy file
    /// settles.
    func request(_ policy: AuditPolicy? = nil) throws -> AuditRequest {
        var request = AuditRequest()
        let tier = tier ?? policy?.tier ?? "basic"
        let role = role ?? policy?.role ?? "auto"
        guard let tier = Tier(rawValue: tier) else {
            throw AuditError("--tier \(ScanCommand.quoted(tier)): use basic or extended")
        }
        guard ["sending", "receiving", "parked", "auto"].contains(role) else {
            throw AuditError("--role \(ScanCommand.quoted(role)): use sending, receiving, parked or auto")
        }
        guard (2...3600).contains(timeout) else { throw AuditError("--timeout \(timeout): use 2 to 3600 seconds") }
        guard pace >= 0, pace <= 60 else { throw AuditError("--pace \(pace): use 0 to 60 seconds") }
        if let connections, !(1...200).contains(connections) {
            throw AuditError("--connections \(connections): use 1 to 200")
        }
        guard ["basic", "full"].contains(tls) else {
            throw AuditError("--tls \(ScanCommand.quoted(tls)): use basic or full")
        }
        if let ehlo, !HostIdentity.isValidEHLOName(ehlo) {
            throw AuditError("--ehlo \(ScanCommand.quoted(ehlo)): not a host name or address literal")
        }
        if let resolver {
            guard let forwarder = AuditRequest.Forwarder(resolver) else {
                throw AuditError("--resolver \(ScanCommand.quoted(resolver)): use ADDR or ADDR@PORT")
            }
            request.resolver = forwarder
        }
        request.tier = tier
        request.checkers = checker
        request.role = role
        request.timeoutSeconds = timeout
        request.paceSeconds = pace
        request.ehloName = ehlo
        request.connectionsPerAddress = connections
        request.listsEveryTLS = tls == "full"
        request.asksSMTP = !noSMTP
        request.isActive = active
        request.allowsPrivate = allowPrivate
        request.rootHintsPath = rootHints
        request.trustAnchorPath = trustAnchor
        request.caFilePath = caFile
        request.suffixListPath = psl
        request.markRootsPath = vmcRoots
        request.logKeysPath = ctLogs
        request.programPath = LogoCommand.ownProgram
        request.selectors = try selector.map(Self.selector)
        if let message { request.message = try WholeFile.read(message, limit: AuditRequest.messageOctets) }
        for path in dmarcReports { request.reportedSelectors += try AggregateReport.selectors(path: path) }
        request.walksNSEC = walkNSEC
        request.fetchesRevocationLists = fetchCRL
        request.rulePaths = rules + (policy?.rulePaths ?? [])
        request.tablePaths = tables
        request.profiles = profile.isEmpty ? policy?.profiles ?? [] : profile
        request.policy = policy
        return request
    }

    /// `name` or `name.sub`, lower-case A-labels (RFC 6376 section 3.1).
    private static func selector(_ text: String) throws -> String {
        guard let name = DomainName(text), name.hostNameFault == nil || text.utf8.contains(UInt8(ascii: "_")) else {
            throw AuditError(
                "--selector \(ScanCommand.quoted(text)): not a selector (labels of letters, digits, hyphens)")
        }
        return "\(name)"
    }
}
