import ArgumentParser
import AssayEngine
import AssayKit
import AssayModel
import AssayReports

/// `mailassay scan DOMAIN...`
struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Audit one or several domains.")

    @Argument(help: "Domains to audit, in U-labels or A-labels.")
    var domains: [String]

    @OptionGroup var scan: ScanOptionGroup

    @Option(help: "Format on standard output: text, json, html.")
    var format: String?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: "Write a file too; its extension gives the format. Repeats.")
    var outputs: [String] = []

    @Option(
        name: .customLong("fail-on"), help: "Exit 1 from this severity on: critical, high, medium, low, info, none.")
    var failOn = "high"

    mutating func run() async throws {
        let threshold = try Self.threshold(failOn)
        let outputPlan = try OutputPlan(format: format, outputs: outputs, domainCount: domains.count)
        let request = try scan.request()
        let inputs = try domains.map { text in
            do { return try DomainInput(text) } catch { throw AuditError("\(Self.quoted(text)): \(error)") }
        }
        let auditor = try Auditor(request)
        if !request.rulePaths.isEmpty || !request.profiles.isEmpty { try await auditor.checkRules() }
        let progress = Progress(total: inputs.count)
        let interruption = Interruption()
        var reports: [Report] = []
        var statuses: [ExitStatus] = []
        for input in inputs {
            progress.begin(input)
            let task = Task { () async throws(AuditError) -> Auditor.Outcome in try await auditor.audit(input) }
            interruption.watch(task)
            let outcome = try await task.value
            reports.append(outcome.report)
            statuses.append(
                outcome.wasInterrupted
                    ? .interrupted
                    : ExitStatus(isComplete: outcome.report.complete, worst: outcome.decisive, failOn: threshold))
            progress.end(outcome.report)
            if outcome.wasInterrupted { break }
        }
        try outputPlan.write(reports)
        for report in reports where !report.complete {
            Console.error("mailassay: \(report.domain): \(Incompleteness.words(for: report))")
        }
        let status = ExitStatus.worst(statuses)
        if status != .clean { throw StatusExit(status: status) }
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

/// The options that say how to scan, shared by commands that do.
struct ScanOptionGroup: ParsableArguments {
    @Option(help: "basic or extended.")
    var tier = "basic"

    @Option(help: "Run this checker only, whatever the tier. Repeats.")
    var checker: [String] = []

    @Option(help: "A file or folder of further rules. Repeats.")
    var rules: [String] = []

    @Option(help: "A severity profile. Repeats; the first decides the exit status.")
    var profile: [String] = []

    @Option(help: "A DKIM selector that is in use. Repeats.")
    var selector: [String] = []

    @Option(help: "What the domain is for: sending, receiving, parked, auto.")
    var role = "auto"

    @Option(help: "The name to say in EHLO.")
    var ehlo: String?

    @Option(help: "Seconds for one domain.")
    var timeout = 60

    @Option(help: "Seconds between further connections to an address.")
    var pace = 0.5

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

    @Flag(name: .customLong("allow-private"), help: "Allow loopback and private targets.")
    var allowPrivate = false

    @Option(help: "Language of the report: en.")
    var lang = "en"

    /// Checks every value; the error names the option and what is wrong.
    func request() throws -> AuditRequest {
        var request = AuditRequest()
        guard let tier = Tier(rawValue: tier) else {
            throw AuditError("--tier \(ScanCommand.quoted(tier)): use basic or extended")
        }
        guard ["sending", "receiving", "parked", "auto"].contains(role) else {
            throw AuditError("--role \(ScanCommand.quoted(role)): use sending, receiving, parked or auto")
        }
        guard (2...3600).contains(timeout) else { throw AuditError("--timeout \(timeout): use 2 to 3600 seconds") }
        guard pace >= 0, pace <= 60 else { throw AuditError("--pace \(pace): use 0 to 60 seconds") }
        guard lang == "en" else { throw AuditError("--lang \(ScanCommand.quoted(lang)): only en is there") }
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
        request.asksSMTP = !noSMTP
        request.isActive = active
        request.allowsPrivate = allowPrivate
        request.rootHintsPath = rootHints
        request.trustAnchorPath = trustAnchor
        request.caFilePath = caFile
        request.rulePaths = rules
        request.profiles = profile
        return request
    }
}
