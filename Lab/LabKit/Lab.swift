import Foundation

/// A running mail world.
public final class Lab {
    /// What a scan has to be told to live in this world.
    public let options: [String]
    /// A public suffix list, for `--psl`, which only scans take.
    public let suffixes: String
    private let plan: Plan
    private let nameServer: LabProcess
    private let folder: String
    private var held: [Int32] = []
    private var processes: [LabProcess] = []

    /// Starts the world on loopback addresses, or on public ones (in a network namespace of its own).
    public init(_ domains: [LabDomain], folder: String, isNamespace: Bool, packages: String = "") throws {
        signal(SIGPIPE, SIG_IGN)
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let maker = CertificateMaker()
        let marks = MarkMaker(web: maker.authority)
        plan = Plan(domains, place: isNamespace ? .publicAddresses : .loopback, maker: maker, marks: marks)
        if isNamespace { try Namespace.addAddresses(plan.addresses, folder: folder) }
        let listeners = Listeners()
        var nginx: [RealServers.PolicyService] = []
        var mail: [(isPostfix: Bool, service: RealServers.MailService)] = []
        for endpoint in plan.endpoints {
            switch endpoint.serve {
            case .smtp(let server): listeners.add(try Self.listen(endpoint)) { server.serve($0) }
            case .policy(let server): listeners.add(try Self.listen(endpoint)) { server.serve($0) }
            case .web(let server): listeners.add(try Self.listen(endpoint)) { server.serve($0) }
            case .silence: held += [try Self.listen(endpoint, backlog: 0)] + Self.fill(endpoint.address, endpoint.port)
            case .postfix(let identity, let name):
                mail.append((true, .init(name: name, address: endpoint.address, identity: identity)))
            case .exim(let identity, let name):
                mail.append((false, .init(name: name, address: endpoint.address, identity: identity)))
            case .nginx(let identity, let name, let policy):
                if let index = nginx.firstIndex(where: { $0.name == name }) {
                    let old = nginx[index]
                    nginx[index] = .init(
                        name: name, addresses: old.addresses + [endpoint.address], identity: old.identity,
                        policy: policy)
                } else {
                    nginx.append(.init(name: name, addresses: [endpoint.address], identity: identity, policy: policy))
                }
            }
        }
        let real = RealServers(folder: "\(folder)/real", packages: packages)
        if !mail.isEmpty { try real.prepareAccounts() }
        for (isPostfix, service) in mail {
            processes.append(isPostfix ? try real.startPostfix(service) : try real.startExim(service))
        }
        for (program, identity, port) in plan.tlsPrograms {
            processes.append(
                try real.start(program, identity, port: port))
        }
        if !nginx.isEmpty { processes.append(try real.startNginx(nginx)) }
        held += try [Self.answerless(plan.deadServer), Self.refusing(plan.refusingServer)]
        let server = NameServer(folder: folder, plan: plan)
        let anchor = try server.prepare()
        try anchor.write(toFile: "\(folder)/root.key", atomically: true, encoding: .utf8)
        try plan.rootHints.write(toFile: "\(folder)/root.hints", atomically: true, encoding: .utf8)
        try Plan.issuers.write(toFile: "\(folder)/issuers.yaml", atomically: true, encoding: .utf8)
        maker.writeAuthority(to: "\(folder)/ca.pem")
        marks.writeAuthority(to: "\(folder)/mark-ca.pem")
        marks.writeLog(to: "\(folder)/ct-logs.pem")
        listeners.run()
        var faulty: [FaultyNameServer] = []
        for fault in FaultyNameServer.Fault.allCases {
            faulty.append(try FaultyNameServer(fault, at: plan.address(of: fault), upstream: plan.nameServer))
        }
        nameServer = try server.start()
        try server.outrun(faulty)
        for server in faulty { server.run() }
        var options = [
            "--root-hints", "\(folder)/root.hints", "--trust-anchor", "\(folder)/root.key", "--ca-file",
            "\(folder)/ca.pem", "--tables", "\(folder)/issuers.yaml",
            "--vmc-roots", "\(folder)/mark-ca.pem", "--ct-logs", "\(folder)/ct-logs.pem", "--ehlo", "scanner.lab",
            "--pace", "0",
        ]
        if !isNamespace { options.append("--allow-private") }
        self.options = options
        suffixes = try Self.writePublicSuffixes("\(folder)/suffixes")
    }

    /// The system's public suffix list, where there is one, and a domain of the lab under which others have theirs.
    private static func writePublicSuffixes(_ path: String) throws -> String {
        let system = (try? String(contentsOfFile: "/usr/share/publicsuffix/public_suffix_list.dat", encoding: .utf8))
        try ((system ?? "com\nnet\n") + "\n// the lab's\nlab\n\(World.publicSuffix)\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// MAIL, RCPT and DATA commands that servers saw.
    public var mailCommands: [String] { plan.log.all }

    public func stop() {
        nameServer.end()
        // Nobody waits for these: the process namespace that they live in ends with us.
        for process in processes { process.signal() }
        for descriptor in held { close(descriptor) }
    }

    /// A name server that takes questions and never answers.
    private static func answerless(_ address: String) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard Socket.with(address, 53, { bind(descriptor, $0, $1) }) == 0 else {
            throw LabError("port 53 of \(address): \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// A name server that refuses every question (RFC 1035 section 4.1.1, code 5).
    private static func refusing(_ address: String) throws -> Int32 {
        let descriptor = try answerless(address)
        detach {
            var packet = [UInt8](repeating: 0, count: 2048)
            var client = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            while true {
                let count = withUnsafeMutablePointer(to: &client) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        recvfrom(descriptor, &packet, packet.count, 0, $0, &length)
                    }
                }
                guard count >= 12 else { return }
                // Header and question come back; nothing is counted behind the question.
                var end = 12
                while end < count, packet[end] != 0 { end += Int(packet[end]) + 1 }
                end = min(count, end + 5)
                packet[2] = 0x80 | packet[2] & 0x79
                packet[3] = 5
                for index in 6..<12 { packet[index] = 0 }
                _ = withUnsafePointer(to: &client) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        sendto(descriptor, packet, end, 0, $0, length)
                    }
                }
            }
        }
        return descriptor
    }

    private static func listen(_ endpoint: Plan.Endpoint, backlog: Int32 = 64) throws -> Int32 {
        guard let descriptor = Socket.listen(endpoint.address, endpoint.port, backlog: backlog) else {
            throw LabError("port \(endpoint.port) of \(endpoint.address): \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// The domains that can be played here, and why others cannot.
    public static func playable(
        _ domains: [LabDomain], isNamespace: Bool, packages: String
    ) -> ([LabDomain], obstacle: String?) {
        guard domains.contains(where: \.needsRealServers) else { return (domains, nil) }
        let obstacle = isNamespace ? RealServers.obstacle(packages: packages) : "real servers run in a namespace only"
        return obstacle == nil ? (domains, nil) : (domains.filter { !$0.needsRealServers }, obstacle)
    }

    /// Fills the queue of a socket that never accepts: further connections stay unanswered.
    private static func fill(_ address: String, _ port: UInt16) -> [Int32] {
        (0..<4).map { _ in
            let isIPv6 = address.contains(":")
            let descriptor = socket(
                isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            _ = Socket.with(address, port) { connect(descriptor, $0, $1) }
            return descriptor
        }
    }
}

/// The network namespace that the lab lives in.
public enum Namespace {
    /// The arguments of unshare(1) for whom we are.
    public static var arguments: [String] {
        // A process namespace, too: when the lab ends, nothing that it started lives on.
        let own = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        return geteuid() == 0 ? own : ["--user", "--map-root-user", "--keep-caps"] + own
    }

    static func addAddresses(_ addresses: [String], folder: String) throws {
        var batch = "link set lo up\n"
        for address in Set(addresses).sorted() {
            batch +=
                address.contains(":") ? "-6 addr add \(address)/128 dev lo nodad\n" : "addr add \(address)/32 dev lo\n"
        }
        let file = "\(folder)/addresses"
        try batch.replacingOccurrences(of: "-6 addr", with: "addr").write(
            toFile: file, atomically: true, encoding: .utf8)
        _ = try LabProcess.output("ip", ["-batch", file])
    }
}
