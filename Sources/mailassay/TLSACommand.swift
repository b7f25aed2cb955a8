import ArgumentParser
import AssayCrypto
import AssayKit
import AssayModel
import Glibc

/// `mailassay tlsa`: TLSA records for a certificate, a check of what is published, and a plan for the change of a key.
struct TLSACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tlsa", abstract: "Make, check and change TLSA records (DANE).",
        subcommands: [GenerateCommand.self, CheckCommand.self, PlanCommand.self])
}

/// The options that say how to reach a host.
private struct HostOptionGroup: ParsableArguments {
    @Option(help: "The port; STARTTLS of SMTP is spoken there.")
    var port: UInt16 = 25

    @Option(help: "The name to say in EHLO.")
    var ehlo: String?

    @Option(help: "Seconds for all of it.")
    var timeout = 60

    @Option(help: "Seconds between further connections to an address.")
    var pace = 0.5

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

    @Option(help: "Language of what is told: \(ReportLanguage.all.joined(separator: ", ")).")
    var lang = "en"

    // So that one set of options serves every command.
    @Option(help: .hidden)
    var tables: [String] = []

    @Option(name: .customLong("vmc-roots"), help: .hidden)
    var vmcRoots: String?

    @Option(name: .customLong("ct-logs"), help: .hidden)
    var ctLogs: String?

    func bench(_ host: String) throws -> TLSAWorkbench {
        var scan = try ScanOptionGroup.parse([])
        scan.tier = "extended"
        scan.ehlo = ehlo
        scan.timeout = timeout
        scan.pace = pace
        scan.rootHints = rootHints
        scan.trustAnchor = trustAnchor
        scan.resolver = resolver
        scan.caFile = caFile
        scan.allowPrivate = allowPrivate
        scan.tables = tables
        let input: DomainInput
        do { input = try DomainInput(host) } catch { throw AuditError("\(ScanCommand.quoted(host)): \(error)") }
        guard port > 0 else { throw AuditError("--port 0: use 1 to 65535") }
        if [465, 993, 995, 443].contains(port) {
            throw AuditError("--port \(port): TLS without STARTTLS is not spoken here; give the certificate's file")
        }
        let words = try OutputOptionGroup.language(lang).catalogue
        return try TLSAWorkbench(try scan.request(), host: input, port: port, words: words)
    }
}

private func read(_ path: String) throws -> KeyMaterial {
    let bytes = try WholeFile.read(path == "-" ? "/dev/stdin" : path, limit: 1 << 20)
    do { return try KeyMaterial(bytes, fileName: path) } catch { throw AuditError("\(path): \(error)") }
}

private func write(_ text: String) throws {
    guard WholeFile.write(Array(text.utf8), to: 1) else {
        throw AuditError("standard output: \(String(cString: strerror(errno)))")
    }
}

struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make the TLSA record of a certificate, chain, key or request, or of what a host shows.")

    @Argument(help: "A PEM or DER file (- for standard input), or a host to connect to.")
    var source: String

    @Option(help: "The mail host that the record is for.")
    var mx: String?

    @Option(help: "3 (DANE-EE: the server's key) or 2 (DANE-TA: its issuer).")
    var usage: UInt8 = 3

    @Option(help: "1 (the public key) or 0 (the whole certificate).")
    var selector: UInt8 = 1

    @Option(help: "1 (SHA-256), 2 (SHA-512) or 0 (the octets themselves).")
    var matching: UInt8 = 1

    @Option(help: "Seconds.")
    var ttl = 3600

    @Option(help: "zone, nsupdate or json.")
    var format = "zone"

    @OptionGroup fileprivate var host: HostOptionGroup

    mutating func run() async throws {
        guard let format = TLSAGenerator.Format(rawValue: format) else {
            throw AuditError("--format \(ScanCommand.quoted(format)): use zone, nsupdate or json")
        }
        guard (2...3).contains(usage) else {
            throw AuditError(
                "--usage \(usage): mail uses 3 (DANE-EE) and 2 (DANE-TA) alone, RFC 7672 section 3.1.3")
        }
        guard selector <= 1 else { throw AuditError("--selector \(selector): use 0 or 1") }
        guard matching <= 2 else { throw AuditError("--matching \(matching): use 0, 1 or 2") }
        guard (0...604_800).contains(ttl) else { throw AuditError("--ttl \(ttl): use 0 to 604800 seconds") }
        let name = try mx.map { text in
            do { return try DomainInput(text).name } catch {
                throw AuditError("--mx \(ScanCommand.quoted(text)): \(error)")
            }
        }
        var parameters = TLSAGenerator.Parameters()
        (parameters.usage, parameters.selector, parameters.matching) = (usage, selector, matching)
        (parameters.port, parameters.ttl) = (host.port, ttl)
        if source == "-" || source.contains("/") || access(source, F_OK) == 0 {
            let material = try read(source)
            let made = try TLSAGenerator.file(material, path: source, mx: name, parameters: parameters)
            try write(made.text(format))
            if made.host == nil { Console.error(Self.hint(material)) }
        } else {
            let ending = source.split(separator: ".").last?.lowercased() ?? ""
            guard source.contains("."), !["pem", "crt", "cer", "der", "key", "csr", "p12", "pfx"].contains(ending)
            else {
                throw AuditError("\(ScanCommand.quoted(source)): no such file, and no host name with a dot")
            }
            let bench = try host.bench(source)
            let made = try await TLSAGenerator.live(bench, parameters: parameters)
            try write(made.text(format))
            await bench.shutdown()
        }
    }

    private static func hint(_ material: KeyMaterial) -> String {
        let names = TLSAGenerator.names(material).prefix(5).map(\.description).joined(separator: ", ")
        return "mailassay: the owner has no host; give --mx NAME"
            + (names.isEmpty ? "" : " (the certificate is for \(names))")
    }
}

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a host's certificates, or a new one before it is deployed, against the TLSA records.",
        discussion: """
            Exit status: 0 all match, or nothing is published (see --require); 1 one does not match; 2 could not tell; 3 bad \
            input. With --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
            """)

    @Argument(help: "The mail host.")
    var name: String

    @Option(help: "A new certificate with its chain: would it match what every authoritative server publishes now?")
    var cert: String?

    @Flag(help: "Fail where no TLSA records are published.")
    var require = false

    @Option(help: "text, json or nagios.")
    var format = "text"

    @OptionGroup fileprivate var host: HostOptionGroup

    mutating func run() async throws {
        guard ["text", "json", "nagios"].contains(format) else {
            throw AuditError("--format \(ScanCommand.quoted(format)): use text, json or nagios")
        }
        let material = try cert.map { try read($0) }
        if let cert, let material, material.certificates.isEmpty {
            throw AuditError("\(cert): a \(material.kind.rawValue), and --cert asks for a certificate")
        }
        let bench = try host.bench(name)
        let check: TLSACheck
        if let material { check = try await .preflight(material, bench) } else { check = try await .host(bench) }
        await bench.shutdown()
        switch format {
        case "nagios":
            let (line, status) = check.nagios(isRequired: require)
            try write(line)
            if status != 0 { Glibc.exit(status) }
            return
        case "json": try write(check.json)
        default: try write(check.text)
        }
        if check.result == .unknown { Console.error("mailassay: could not tell: \(check.note)") }
        let status = check.status(isRequired: require)
        if status != .clean { throw StatusExit(status: status) }
    }
}

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Plan the change to a next key as dated steps, or say which step is due.",
        discussion: """
            With --verify the exit status says whether a step may be taken now: 0 yes, or all is done; 1 not yet; 2 could not \
            tell; 3 bad input.
            """)

    @Argument(help: "The mail host.")
    var name: String

    @Option(name: .customLong("next-key"), help: "The next key, or a request or certificate for it.")
    var nextKey: String

    @Flag(help: "Say which step may be taken now.")
    var verify = false

    @Option(help: "When every server had the record of the next key, as 2026-11-24T12:00:00Z.")
    var since: String?

    @Option(help: "text, json, or with --verify nsupdate: what the step that is due has to send.")
    var format = "text"

    @OptionGroup fileprivate var host: HostOptionGroup

    mutating func run() async throws {
        guard ["text", "json"].contains(format) || format == "nsupdate" && verify else {
            throw AuditError("--format \(ScanCommand.quoted(format)): use text or json, with --verify nsupdate too")
        }
        let moment = try since.map { text in
            guard let moment = Timestamp(parsing: text) else {
                throw AuditError("--since \(ScanCommand.quoted(text)): use 2026-11-24T12:00:00Z")
            }
            return moment
        }
        let material = try read(nextKey)
        let bench = try host.bench(name)
        let plan = try await TLSAPlan.make(bench, nextKey: material, keyPath: nextKey)
        await bench.shutdown()
        guard verify else { return try write(format == "json" ? plan.json : plan.text) }
        let state = plan.state(since: moment)
        switch format {
        case "json": try write(state.json(plan))
        case "nsupdate": try write(plan.update(for: state))
        default: try write(state.text)
        }
        if state.status != .clean { throw StatusExit(status: state.status) }
    }
}
