import ArgumentParser
import Foundation
import LabKit

/// `mailassay-lab`: a mail world in a box.
@main
struct MailassayLab: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mailassay-lab", abstract: "A signed DNS tree, mail hosts and policy hosts, good and broken.",
        subcommands: [Exec.self, Up.self, Down.self, List.self, Inside.self])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as LabError {
            FileHandle.standardError.write(Data("mailassay-lab: \(error)\n".utf8))
            Foundation.exit(2)
        } catch {
            exit(withError: error)
        }
    }
}

/// Where the lab keeps its files, and which domains it has.
struct WorldOptions: ParsableArguments {
    @Option(help: "A folder for the lab's files; else one under /tmp, which exec removes at the end.")
    var dir: String?

    @Option(help: "Where Debian's Postfix and Exim are unpacked.")
    var packages = ProcessInfo.processInfo.environment["MAILASSAY_LAB_PACKAGES"] ?? ".build/lab-packages"

    @Flag(help: "The demo domains alone.")
    var demo = false

    @Option(help: "A file of records to publish besides: domain, owner below it and record, with tabs between them.")
    var amend: String?

    /// `up` and `down` of one user find each other by it.
    var folder: String { dir ?? "/tmp/mailassay-lab.\(geteuid())" }

    /// Absolute, for servers that change their folder.
    var packagesFolder: String {
        packages.hasPrefix("/") ? packages : FileManager.default.currentDirectoryPath + "/" + packages
    }

    /// What can be played here; what cannot is named on standard error.
    func domains(isNamespace: Bool) throws -> [LabDomain] {
        var wanted = World.domains.filter { !demo || $0.isDemo }
        let amendments = Dictionary(grouping: try amend.map(Amendment.read) ?? [], by: \.domain)
        for index in wanted.indices { wanted[index].publish(amendments[wanted[index].name] ?? []) }
        let (domains, obstacle) = Lab.playable(wanted, isNamespace: isNamespace, packages: packagesFolder)
        if let obstacle {
            let missing = wanted.filter(\.needsRealServers).map(\.name).joined(separator: ", ")
            FileHandle.standardError.write(Data("mailassay-lab: left out \(missing): \(obstacle)\n".utf8))
        }
        return domains
    }
}

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the domains and what is wrong with them.")

    mutating func run() throws {
        for domain in World.domains { print("\(domain.name)\t\(domain.note)") }
    }
}

struct Exec: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command inside the lab, in a network namespace of its own, with MAILASSAY_LAB_OPTIONS set.")

    @OptionGroup var world: WorldOptions

    @Option(help: "A round-trip time between the command and the lab, in milliseconds; needs /dev/net/tun.")
    var rtt: Int?

    @Argument(parsing: .postTerminator, help: "The command and its arguments.")
    var command: [String]

    mutating func run() throws {
        guard !command.isEmpty else { throw ValidationError("give a command behind --") }
        let own = Bundle.main.executablePath ?? CommandLine.arguments[0]
        let arguments =
            ["unshare"] + Namespace.arguments + [own, "inside", "--packages", world.packages]
            // Several may run beside each other.
            + (world.dir.map { ["--dir", $0] } ?? ["--dir", "\(world.folder).\(getpid())", "--discards"])
            + (world.amend.map { ["--amend", $0] } ?? []) + (world.demo ? ["--demo"] : [])
            + (rtt.map { ["--rtt", "\($0)"] } ?? [])
            + ["--"] + command
        var pointers = arguments.map { strdup($0) } + [nil]
        execvp("unshare", &pointers)
        FileHandle.standardError.write(Data("mailassay-lab: unshare: \(String(cString: strerror(errno)))\n".utf8))
        throw ExitCode(2)
    }
}

/// The other half of `exec`, already in the namespace.
struct Inside: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Internal.", shouldDisplay: false)

    @OptionGroup var world: WorldOptions

    @Option var rtt: Int?

    /// The folder goes at the end.
    @Flag var discards = false

    @Argument(parsing: .postTerminator)
    var command: [String]

    mutating func run() throws {
        defer { if discards { try? FileManager.default.removeItem(atPath: world.folder) } }
        let began = Date()
        let domains = try world.domains(isNamespace: true)
        let lab = try Lab(domains, folder: world.folder, isNamespace: true, packages: world.packagesFolder)
        let seconds = (Date().timeIntervalSince(began) * 10).rounded() / 10
        FileHandle.standardError.write(Data("mailassay-lab: \(domains.count) domains up in \(seconds) s\n".utf8))
        let link = try rtt.map { try DelayedLink(roundTrip: $0, folder: world.folder) }
        defer { withExtendedLifetime(link) {} }
        let process = try LabProcess.start(
            command[0], Array(command.dropFirst()),
            environment: [
                "MAILASSAY_LAB_OPTIONS": lab.options.joined(separator: " "), "MAILASSAY_LAB_SUFFIXES": lab.suffixes,
            ])
        let status = process.wait()
        lab.stop()
        for line in lab.mailCommands {
            FileHandle.standardError.write(Data("mailassay-lab: somebody sent mail: \(line)\n".utf8))
        }
        if !lab.mailCommands.isEmpty { throw ExitCode(70) }
        throw ExitCode(status)
    }
}

struct Up: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve an IPv4 copy of the world on 127.0.0.0/8 until interrupted, and print the options for a scan.")

    @OptionGroup var world: WorldOptions

    mutating func run() throws {
        let lab = try Lab(world.domains(isNamespace: false), folder: world.folder, isNamespace: false)
        try "\(getpid())".write(toFile: "\(world.folder)/pid", atomically: true, encoding: .utf8)
        print(lab.options.joined(separator: " "))
        fflush(nil)
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var number: Int32 = 0
        sigwait(&signals, &number)
        lab.stop()
        unlink("\(world.folder)/pid")
    }
}

struct Down: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End what `up` started.")

    @OptionGroup var world: WorldOptions

    mutating func run() throws {
        guard let text = try? String(contentsOfFile: "\(world.folder)/pid", encoding: .utf8), let number = pid_t(text)
        else {
            print("no lab is up in \(world.folder)")
            return
        }
        kill(number, SIGTERM)
        while kill(number, 0) == 0 { usleep(50_000) }
    }
}
