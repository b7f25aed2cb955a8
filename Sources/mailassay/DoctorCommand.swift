import ArgumentParser
import AssayKit
import AssayModel

/// `mailassay doctor`: can this machine audit at all?
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check what a scan needs: resolver, validation, port 25, IPv6, clock, rules.")

    @OptionGroup var scan: ScanOptionGroup

    @Option(help: "A signed name that must validate.")
    var good = "nlnetlabs.nl"

    @Option(help: "A name whose signatures are broken on purpose.")
    var bogus = "dnssec-failed.org"

    @Option(help: "An MX host to try port 25 with; without it that port is not tried.")
    var reference: String?

    mutating func run() async throws {
        let request = try scan.request()
        let doctor = try Doctor(request)
        let names = try [good, bogus].map { text in
            do { return try DomainInput(text).name } catch { throw AuditError("\(ScanCommand.quoted(text)): \(error)") }
        }
        let host = try reference.map { text in
            do { return try DomainInput(text).name } catch { throw AuditError("\(ScanCommand.quoted(text)): \(error)") }
        }
        let results = await doctor.examine(good: names[0], bogus: names[1], reference: host)
        for result in results {
            Console.output("\(result.mark)  \(result.name): \(result.words)\n")
        }
        await doctor.shutdown()
        if results.contains(where: { $0.isFailure }) { throw StatusExit(status: .incomplete) }
    }
}
