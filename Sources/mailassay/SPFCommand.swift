import ArgumentParser
import AssayKit
import AssayModel
import SPF

/// `mailassay spf`: what a receiver makes of a message by SPF.
struct SPFCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spf", abstract: "Evaluate SPF as a receiver does.", subcommands: [SPFCheckCommand.self])
}

struct SPFCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say whether a client may send for a domain, and why, step by step.",
        discussion: """
            Exit status: 0 pass, neutral, none or softfail; 1 fail or permerror; 2 temperror; 3 bad input.
            """)

    @Argument(help: "The domain of MAIL FROM, or of HELO where there is no sender.")
    var domain: String

    @Option(help: "The address of the sending host.")
    var ip: String

    @Option(help: "The address in MAIL FROM (default: postmaster at the domain).")
    var from: String?

    @Option(help: "The name in HELO or EHLO (default: the domain).")
    var helo: String?

    @Option(help: "text or json.")
    var format = "text"

    @Option(help: "Language of the text: \(ReportLanguage.all.joined(separator: ", ")).")
    var lang = "en"

    @Option(help: "Seconds for all of it.")
    var timeout = 20

    @Option(name: .customLong("root-hints"), help: "Root name servers, in zone-file form.")
    var rootHints: String?

    @Option(name: .customLong("trust-anchor"), help: "DS or DNSKEY lines of the root, in zone-file form.")
    var trustAnchor: String?

    @Option(help: "Forward DNS questions to ADDR[@PORT]; answers are validated here.")
    var resolver: String?

    @Flag(name: .customLong("allow-private"), help: "Ask name servers on loopback and private addresses.")
    var allowPrivate = false

    // So that one set of options serves every command.
    @Option(help: .hidden)
    var tables: [String] = []

    @Option(name: .customLong("vmc-roots"), help: .hidden)
    var vmcRoots: String?

    @Option(name: .customLong("ct-logs"), help: .hidden)
    var ctLogs: String?

    @Option(name: .customLong("ca-file"), help: .hidden)
    var caFile: String?

    @Option(help: .hidden)
    var ehlo: String?

    @Option(help: .hidden)
    var pace: Double?

    mutating func run() async throws {
        guard ["text", "json"].contains(format) else {
            throw AuditError("--format \(ScanCommand.quoted(format)): use text or json")
        }
        guard let client = IPAddress(ip) else { throw AuditError("--ip \(ScanCommand.quoted(ip)): not an IP address") }
        let input: DomainInput
        do { input = try DomainInput(domain) } catch { throw AuditError("\(ScanCommand.quoted(domain)): \(error)") }
        var request = AuditRequest()
        guard (1...300).contains(timeout) else { throw AuditError("--timeout \(timeout): use 1 to 300 seconds") }
        request.timeoutSeconds = timeout
        request.rootHintsPath = rootHints
        request.trustAnchorPath = trustAnchor
        request.allowsPrivate = allowPrivate
        request.ehloName = ehlo
        if let resolver {
            guard let forwarder = AuditRequest.Forwarder(resolver) else {
                throw AuditError("--resolver \(ScanCommand.quoted(resolver)): use ADDR or ADDR@PORT")
            }
            request.resolver = forwarder
        }
        let name = Array("\(input.name)".utf8)
        let check = SPFCheck(
            client: client, mailFrom: try sender(at: input.name), helo: helo.map { Array($0.utf8) } ?? name,
            domain: name)
        let words = try OutputOptionGroup.language(lang).catalogue
        let inspection = try await SPFInspection.make(check, request)
        Console.output(format == "json" ? inspection.json : inspection.text(words))
        if inspection.status != .clean { throw StatusExit(status: inspection.status) }
    }

    /// The sender's octets; empty for `<>`. A local part alone belongs to the domain.
    private func sender(at domain: DomainName) throws -> [UInt8] {
        guard let from else { return Array("postmaster@\(domain)".utf8) }
        var octets = Array(from.utf8)
        if octets.first == UInt8(ascii: "<"), octets.last == UInt8(ascii: ">") {
            octets = Array(octets.dropFirst().dropLast())
        }
        guard octets.count <= 320, octets.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw AuditError("--from \(ScanCommand.quoted(from)): not an address")
        }
        if octets.isEmpty { return [] }
        return octets.contains(UInt8(ascii: "@")) ? octets : octets + Array("@\(domain)".utf8)
    }
}
