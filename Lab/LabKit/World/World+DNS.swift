/// Name servers and records that are no good, whatever they serve.
extension World {
    private static func zone(
        _ name: String, _ note: String, servers: [String], _ change: (inout LabDomain) -> Void = { _ in }
    ) -> LabDomain {
        make(name, note) { domain in
            domain.delegation = .unsigned
            domain.nameServers = servers
            change(&domain)
        }
    }

    private static func faulty(_ name: String, _ note: String, _ fault: FaultyNameServer.Fault) -> LabDomain {
        zone(name, note, servers: ["ns.lab.", "ns2.lab.", fault.hostName])
    }

    static let hygiene: [LabDomain] = [
        faulty("dnsnotcp.lab", "a name server that does not answer over TCP", .withoutTCP),
        make("dnsnotcpsigned.lab", "the same of a signed zone") { domain in
            domain.delegation = .signed(.init())
            domain.nameServers = ["ns.lab.", "ns2.lab.", FaultyNameServer.Fault.withoutTCP.hostName]
        },
        faulty("dnsnoedns.lab", "a name server that refuses EDNS", .withoutEDNS),
        faulty("dnsoptions.lab", "a name server that refuses EDNS options", .strictEDNS),
        faulty("dnsletters.lab", "a name server that turns capitals into small letters", .smallLetters),
        faulty("dnsalias.lab", "a name server with an alias beside a policy", .aliasBeside),
        faulty("dnsanswers.lab", "a name server with a record more", .otherTexts),
        zone("dnsparent.lab", "a zone whose server refers", servers: [FaultyNameServer.Fault.referring.hostName]),
        zone("zone.dnsparent.lab", "the zone above lists other servers", servers: ["ns.lab.", "ns2.lab."]) {
            $0.records.append("ns1 A 193.17.254.1")
        },
        zone(
            "dnsexpired.lab", "the registrar has taken the domain away",
            servers: ["ns1.renewyourname.net.", "ns2.renewyourname.net."]),
        make("dnstexts.lab", "two dozen TXT records") { domain in
            domain.records += (1...24).map {
                "@ TXT \"service-\($0)-verification=\(String(repeating: "abcdefgh", count: 6))\""
            }
        },
        make("dnsquotes.lab", "quotes inside the quotes") { domain in
            domain.records[0] = #"@ TXT "\"v=spf1 mx -all\"""#
            domain.records.append(#"@ TXT "google-\226\128\139verification=abc""#)
        },
        make("dnssmart.lab", "what a word processor makes of a record") { domain in
            domain.records[1] =
                #"_dmarc TXT "\226\128\156v=DMARC1;\194\160p=reject; rua=mailto:dmarc@dnssmart.lab\226\128\157""#
        },
        make("dnsastray.lab", "policies at names where nobody looks") { domain in
            domain.records.removeAll { $0.hasPrefix("_mta-sts ") || $0.hasPrefix("_dmarc ") }
            domain.records += [
                "_mta_sts TXT \"v=STSv1; id=20261101\"",
                "_dmarc.dnsastray.lab TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@dnsastray.lab\"",
            ]
        },
        make("dnsreports.lab", "reports go to a domain without DNSSEC, and to one that fails") { domain in
            domain.records[3] = "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@unsigned.lab\""
            domain.records[1] = "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@bogusmx.lab\""
        },
    ]
}
