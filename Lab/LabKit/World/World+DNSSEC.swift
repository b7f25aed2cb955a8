/// Signed zones, and zones that should be.
extension World {
    private static func signed(
        _ name: String, _ note: String,
        _ change: @escaping (inout LabDomain, inout LabDomain.Signing) -> Void = { _, _ in }
    ) -> LabDomain {
        make(name, note) { domain in
            var signing = LabDomain.Signing()
            for index in domain.hosts.indices { domain.hosts[index].tlsa = [.daneEE] }
            change(&domain, &signing)
            domain.delegation = .signed(signing)
        }
    }

    static let dnssec: [LabDomain] = [
        signed("dnssec.lab", "a zone of its own, signed with algorithm 13"),
        signed("dnssec14.lab", "signed with algorithm 14") { $1.algorithm = "ecdsap384sha384" },
        signed("dnssec15.lab", "signed with algorithm 15") { $1.algorithm = "ed25519" },
        signed("dnssec8.lab", "signed with algorithm 8") { ($1.algorithm, $1.bits) = ("rsasha256", 2048) },
        signed("dnssecrsa1024.lab", "signed with an RSA key of 1024 bits") {
            ($1.algorithm, $1.bits) = ("rsasha256", 1024)
        },
        signed("dnssec10.lab", "signed with algorithm 10") { ($1.algorithm, $1.bits) = ("rsasha512", 2048) },
        signed("dnssec7.lab", "signed with SHA-1") { ($1.algorithm, $1.bits) = ("rsasha1-nsec3-sha1", 2048) },
        signed("dnssecnsec3.lab", "NSEC3 as it should be") { $1.iterations = 0 },
        signed("dnssecnsec3old.lab", "NSEC3 with iterations, salt and opt-out") {
            ($1.iterations, $1.salt, $1.isOptOut) = (10, 8, true)
        },
        signed("dnssecdangling.lab", "a DS record too many") { $1.otherDS = ["4711 13 2 \(noDigest)"] },
        signed("dnssecdangling8.lab", "a DS record of an algorithm that signs nothing") {
            $1.otherDS = ["4711 8 2 \(noDigest)"]
        },
        signed("dnssecsha1ds.lab", "a DS record with SHA-1 beside one with SHA-256") { $1.digests = [1, 2] },
        signed("dnssecsha1dsonly.lab", "a DS record with SHA-1 alone") { $1.digests = [1] },
        signed("dnssecunknown.lab", "a DS record of a private algorithm") {
            ($1.digests, $1.otherDS) = ([], ["4711 253 2 \(noDigest)"])
        },
        signed("dnssecwrongds.lab", "a DS record of no key") {
            ($1.digests, $1.otherDS) = ([], ["4711 13 2 \(noDigest)"])
        },
        signed("dnssecnods.lab", "signed, without a DS record above") { $1.digests = [] },
        signed("dnssecday.lab", "signatures of twelve hours") { ($1.lifetime, $1.refresh) = ("12h", "2h") },
        signed("dnssectwodays.lab", "signatures of two days") { ($1.lifetime, $1.refresh) = ("2d", "6h") },
        signed("dnsseclong.lab", "signatures of two months") { $1.lifetime = "60d" },
        signed("dnssecremoval.lab", "a CDS record that asks for the end of DNSSEC") { $1.asksForRemoval = true },
        signed("dnssecexpire.lab", "a secondary may serve longer than signatures last") { domain, signing in
            domain.times = "3600 900 3600000 300"
        },
        make("dnsnegative.lab", "denials are cached for a day") { domain in
            domain.delegation = .unsigned
            domain.times = "3600 900 604800 86400"
            domain.ttls["SOA"] = 86_400
        },
        signed("dnssingle.lab", "one name server") { domain, _ in domain.nameServers = ["ns.lab."] },
        signed("dnslame.lab", "a name server that does not serve the zone") { domain, _ in
            domain.nameServers = ["ns.lab.", "ns2.lab.", "ns-refusing.lab."]
        },
        faulty("dnsseclag.lab", "a name server that lags behind", .lagging),
        faulty("dnssecnosig.lab", "a name server without signatures", .unsigned),
        faulty("dnssecnodenial.lab", "a name server that denies without proof", .withoutDenial),
        faulty("dnssecnotlsa.lab", "a name server that fails on TLSA", .withoutTLSA),
        faulty("dnssecnoent.lab", "a name server that denies empty non-terminals", .withoutNonTerminals),
    ]

    private static func faulty(_ name: String, _ note: String, _ fault: FaultyNameServer.Fault) -> LabDomain {
        signed(name, note) { domain, _ in domain.nameServers = ["ns.lab.", "ns2.lab.", fault.hostName] }
    }
}
