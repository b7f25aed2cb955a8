import AssayDNS
import COpenSSL
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
            // The algorithm is the policy's.
            let size = zone.signing.bits.map { ["size=\($0)"] } ?? []
            _ = try LabProcess.output(
                "keymgr", ["-c", configuration, zone.name, "generate", "ksk=yes", "zsk=yes"] + size)
        }
        for zone in plan.zones where !zone.isMissing {
            var text = zone.text
            // The zones of the lab are the root's child `lab.` and children of that.
            for child in plan.zones
            where child.isSecure && (zone.name == "." ? child.name == "lab." : zone.name == "lab.") {
                if child.name != zone.name {
                    text += try child.signing.digests.map { try ds(child, digest: $0) }.joined()
                }
            }
            try text.write(toFile: file(zone), atomically: true, encoding: .utf8)
        }
        guard let root = plan.zones.first(where: { $0.name == "." }) else { throw LabError("no root zone") }
        return try ds(root, digest: 2)
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

    /// Changes a zone when the lagging server has seen the old one.
    func outrun(_ servers: [FaultyNameServer]) throws {
        let zone = "dnsseclag.lab"
        guard plan.zones.contains(where: { $0.name == "\(zone)." }) else { return }
        var names: [(String, RecordType)] = []
        for host in ["mx1", "mx2"] {
            names += [
                ("_25._tcp.\(host).\(zone)", .tlsa), ("_25._tcp.\(host).\(zone)", .a), ("_tcp.\(host).\(zone)", .a),
            ]
        }
        for server in servers { server.remember(zone, names) }
        let script = "server \(plan.nameServer)\nzone \(zone).\nupdate add new.\(zone). 300 TXT \"new\"\nsend\n"
        try script.write(toFile: "\(folder)/update", atomically: true, encoding: .utf8)
        _ = try LabProcess.output("knsupdate", ["\(folder)/update"])
    }

    private func ds(_ zone: Plan.Zone, digest: Int) throws -> String {
        if digest == 1 { return try sha1DS(zone) }
        return try LabProcess.output("keymgr", ["-c", configuration, zone.name, "ds"]).split(separator: "\n")
            .filter { $0.split(separator: " ").dropFirst(4).first == "\(digest)" }
            .map { $0.replacingOccurrences(of: " DS ", with: " IN DS ") + "\n" }.joined()
    }

    /// Knot makes no DS record with SHA-1 any more.
    private func sha1DS(_ zone: Plan.Zone) throws -> String {
        let line = try LabProcess.output("keymgr", ["-c", configuration, zone.name, "dnskey"])
        let fields = line.split(separator: " ").map(String.init)
        guard let start = fields.firstIndex(of: "DNSKEY"), fields.count > start + 4,
            let flags = UInt16(fields[start + 1]), let algorithm = UInt8(fields[start + 3]),
            let key = Data(
                base64Encoded: fields[(start + 4)...].joined().trimmingCharacters(in: .whitespacesAndNewlines))
        else { throw LabError("keymgr says of \(zone.name): \(line)") }
        var data: [UInt8] = []
        for label in zone.name.split(separator: ".") { data += [UInt8(label.utf8.count)] + Array(label.utf8) }
        data += [0, UInt8(flags >> 8), UInt8(flags & 255), 3, algorithm] + Array(key)
        var digest = [UInt8](repeating: 0, count: 20)
        EVP_Digest(data, data.count, &digest, nil, EVP_sha1(), nil)
        let tag =
            try LabProcess.output("keymgr", ["-c", configuration, zone.name, "ds"]).split(separator: " ").dropFirst(2)
            .first ?? ""
        let hex = digest.map { String(format: "%02x", $0) }.joined()
        return "\(zone.name) 300 IN DS \(tag) \(algorithm) 1 \(hex)\n"
    }

    private func file(_ zone: Plan.Zone) -> String {
        "\(folder)/zones/\(zone.name == "." ? "root" : String(zone.name.dropLast())).zone"
    }

    private func policy(_ zone: Plan.Zone) -> String {
        let signing = zone.signing
        var lines = [
            "  - id: \"\(zone.name)\"", "    algorithm: \(signing.algorithm)", "    single-type-signing: on",
            "    ksk-lifetime: 0", "    rrsig-lifetime: \(signing.lifetime)", "    rrsig-refresh: \(signing.refresh)",
        ]
        if let bits = signing.bits { lines.append("    ksk-size: \(bits)") }
        if let iterations = signing.iterations {
            lines += [
                "    nsec3: on", "    nsec3-iterations: \(iterations)", "    nsec3-salt-length: \(signing.salt)",
                "    nsec3-opt-out: \(signing.isOptOut ? "on" : "off")",
            ]
        }
        // Where it publishes none, mod-onlinesign says without proof that there is none.
        if signing.isOnline { lines.append("    cds-cdnskey-publish: always") }
        if signing.asksForRemoval { lines.append("    cds-cdnskey-publish: delete-dnssec") }
        return lines.joined(separator: "\n")
    }

    private func online(_ zone: Plan.Zone) -> String {
        "  - id: \"\(zone.name)\"\n    policy: \"\(zone.name)\"\n    nsec-bitmap: [NSEC\(zone.signing.saysNXNAME ? ", TYPE128" : "")]"
    }

    private var text: String {
        let addresses = [plan.nameServer, plan.secondNameServer] + (plan.nameServerIPv6.map { [$0] } ?? [])
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
            \(plan.zones.filter(\.isSigned).map(policy).joined(separator: "\n"))
            template:
              - id: default
                storage: "\(folder)/zones"
                zonefile-sync: -1
                zonefile-load: whole
                journal-content: none
                semantic-checks: off
                global-module: mod-stats
            mod-onlinesign:
            \(plan.zones.filter { $0.isSigned && $0.signing.isOnline }.map(online).joined(separator: "\n"))
            zone:

            """
        for zone in plan.zones {
            text += "  - domain: \"\(zone.name)\"\n    file: \"\(file(zone))\"\n"
            if zone.isSigned, zone.signing.isOnline {
                text += "    dnssec-policy: \"\(zone.name)\"\n    module: \"mod-onlinesign/\(zone.name)\"\n"
            } else if zone.isSigned {
                text += "    dnssec-signing: on\n    dnssec-policy: \"\(zone.name)\"\n    acl: lab\n"
            }
        }
        return text
    }
}

/// What keeps the lab from starting.
public struct LabError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
