import Foundation

/// A Knot DNS that signs the world's zones.
struct NameServer {
    let folder: String
    let plan: Plan

    private var configuration: String { "\(folder)/knot.conf" }

    /// Writes zones and keys; gives the root's DS records.
    func prepare() throws -> String {
        // Keys of an earlier lab in this folder would sign beside the new ones.
        try? FileManager.default.removeItem(atPath: "\(folder)/db")
        try FileManager.default.createDirectory(atPath: "\(folder)/zones", withIntermediateDirectories: true)
        for name in ["run", "db"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try text.write(toFile: configuration, atomically: true, encoding: .utf8)
        for zone in plan.zones where zone.isSigned {
            _ = try LabProcess.output(
                "keymgr",
                ["-c", configuration, zone.name, "generate", "algorithm=ECDSAP256SHA256", "ksk=yes", "zsk=yes"])
        }
        let labDS = try ds("lab.")
        for zone in plan.zones where !zone.isMissing {
            let extra = zone.name == "." ? labDS : ""
            try (zone.text + extra).write(toFile: file(zone), atomically: true, encoding: .utf8)
        }
        return try ds(".")
    }

    /// Starts the server and waits until it answers with signatures.
    func start() throws -> LabProcess {
        let process = try LabProcess.start("knotd", ["-c", configuration], log: "\(folder)/knot.log")
        let deadline = Date().addingTimeInterval(15)
        while Date() < deadline {
            let answer = try LabProcess.output(
                "kdig", ["@\(plan.nameServer)", "+dnssec", "+timeout=1", "+retry=0", "lab.", "SOA"], isLenient: true)
            if answer.contains("RRSIG") { return process }
            guard process.isRunning else { break }
            usleep(50_000)
        }
        process.end()
        throw LabError("knotd does not answer at \(plan.nameServer): see \(folder)/knot.log")
    }

    private func ds(_ zone: String) throws -> String {
        try LabProcess.output("keymgr", ["-c", configuration, zone, "ds"]).split(separator: "\n")
            .filter { $0.contains(" 13 2 ") }
            .map { $0.replacingOccurrences(of: " DS ", with: " IN DS ") + "\n" }.joined()
    }

    private func file(_ zone: Plan.Zone) -> String {
        "\(folder)/zones/\(zone.name == "." ? "root" : String(zone.name.dropLast())).zone"
    }

    private var text: String {
        let addresses = [plan.nameServer] + (plan.nameServerIPv6.map { [$0] } ?? [])
        var text = """
            server:
                rundir: "\(folder)/run"
                udp-workers: 1
                tcp-workers: 2
                background-workers: 2
                listen: [\(addresses.map { "\($0)@53" }.joined(separator: ", "))]
            log:
              - target: stderr
                any: warning
            database:
                storage: "\(folder)/db"
                journal-db-max-size: 16M
                kasp-db-max-size: 16M
                timer-db-max-size: 16M
            acl:
              - id: lab
                address: [\(addresses.joined(separator: ", "))]
                action: update
            policy:
              - id: lab
                algorithm: ecdsap256sha256
                single-type-signing: on
                ksk-lifetime: 0
                rrsig-lifetime: 30d
            template:
              - id: default
                storage: "\(folder)/zones"
                zonefile-sync: -1
                zonefile-load: whole
                journal-content: none
                semantic-checks: off
            zone:

            """
        for zone in plan.zones {
            text += "  - domain: \"\(zone.name)\"\n    file: \"\(file(zone))\"\n"
            if zone.isSigned { text += "    dnssec-signing: on\n    dnssec-policy: lab\n    acl: lab\n" }
        }
        return text
    }
}

/// What keeps the lab from starting.
public struct LabError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
