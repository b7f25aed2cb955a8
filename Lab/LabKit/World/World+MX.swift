/// Mail hosts as the DNS names them.
extension World {
    static let mx: [LabDomain] = [
        make("faulty.lab", "many faults at once") { domain in
            domain.isDemo = true
            domain.hosts[0].certificate = CertificateSpec(from: -100, to: -3)
            domain.hosts[0].hasIPv6 = false
            domain.hosts[1].script.offersSTARTTLS = false
            domain.hosts[1].preference = 20
            domain.hosts[1].hasIPv6 = false
            domain.hosts[1].hasReverse = false
            domain.policy?.lines = policy("enforce", ["mx1.faulty.lab", "old.faulty.lab"], maxAge: "300")
            domain.policy?.headers = ["Content-Type: text/html"]
            domain.records.removeLast()
        },
        bare("nullmx.lab", "receives no mail, and says so", ["@ MX 0 .", "@ TXT \"v=spf1 -all\""]),
        bare("nullpref.lab", "a null MX with a preference", ["@ MX 10 .", "@ TXT \"v=spf1 -all\""]),
        make("nullothers.lab", "a null MX beside others") { $0.records.append("@ MX 0 .") },
        bare(
            "nullsends.lab", "a null MX on a domain that sends", ["@ MX 0 .", "@ TXT \"v=spf1 ip4:193.17.9.9 -all\""]),
        bare("nothing.lab", "exists and has neither MX nor address", ["@ TXT \"hello\""]),
        bare("parked.lab", "no MX, no address, never sends", ["@ TXT \"v=spf1 -all\""]),
        make("implicit.lab", "no MX, but a mail server at its address") { domain in
            domain.hosts = [MailHost(label: "@", isInMX: false)]
            domain.policy = nil
            domain.records.remove(at: 2)
        },
        make("implicitclosed.lab", "no MX, an address, and nobody listens") { domain in
            domain.hosts = [MailHost(label: "@", isInMX: false, service: .closed)]
            domain.policy = nil
            domain.records.remove(at: 2)
        },
        make("nonmail.lab", "never sends, no MX, an address without mail server") { domain in
            domain.hosts = [MailHost(label: "@", isInMX: false, service: .closed)]
            domain.policy = nil
            domain.records = ["@ TXT \"v=spf1 -all\""]
        },
        make("unusable.lab", "MX records whose hosts have no address") { domain in
            domain.hosts = []
            domain.policy = nil
            domain.records = ["@ MX 10 gone", "@ MX 20 empty", "empty TXT \"x\"", "@ TXT \"v=spf1 -all\""]
        },
        make("oneless.lab", "one of three MX hosts has no address") { $0.records.append("@ MX 30 gone") },
        make("dangling.lab", "an MX host in a domain that nobody registered") {
            $0.records.append("@ MX 30 mx.expired-long-ago.lab.")
        },
        make("alias.lab", "an MX host that is an alias") { domain in
            domain.records += ["@ MX 30 alias", "alias CNAME mx1"]
        },
        make("literal.lab", "an MX record with an address") { $0.records.append("@ MX 30 193.17.1.1.") },
        make("underscore.lab", "an MX host with an underscore") { domain in
            domain.records += ["@ MX 30 mx_3", "mx_3 A 193.99.0.1"]
        },
        make("hosted.lab", "one MX host is a provider's, in a zone without signatures") { domain in
            domain.hosts[1] = MailHost(label: "mx1.mail.ovh.net.")
            domain.policy?.lines = policy("enforce", ["mx1.hosted.lab", "mx1.mail.ovh.net"])
        },
        make("relative.lab", "a missing dot in an MX record") { $0.records.append("@ MX 30 mx.relative.lab") },
        make("private.lab", "an MX host with a private address") { domain in
            domain.records += ["@ MX 30 inside", "inside A 10.1.2.3"]
        },
        make("duplicate.lab", "the same host twice") { $0.records.append("@ MX 50 mx1") },
        make("single.lab", "one host with one address") { domain in
            domain.hosts = [MailHost(label: "mx1", hasIPv6: false)]
            domain.policy?.lines = policy("enforce", ["mx1.single.lab"])
        },
        make("longttl.lab", "MX records with a long TTL") { $0.ttls["MX"] = 172_800 },
        make("shortttl.lab", "MX records with a short TTL, no IPv6") { domain in
            domain.ttls["MX"] = 30
            for index in domain.hosts.indices { domain.hosts[index].hasIPv6 = false }
        },
        bare("nxdomain.lab", "does not exist", []),
        make("fcrdns.lab", "reverse names that do not lead back") { domain in
            for index in domain.hosts.indices { domain.hosts[index].reverseName = "mx1.nodane.lab" }
        },
        make("onenetwork.lab", "all hosts in one network") { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                domain.hosts[index].fixedAddress = "193.20.0.\(index + 1)"
            }
        },
        make("targetrefused.lab", "the name servers of an MX host refuse") { domain in
            domain.records += ["@ MX 30 mail.inner", "inner NS ns-refusing.lab."]
        },
        make("unsigned.lab", "a zone without DNSSEC") { $0.delegation = .unsigned },
        make("noipv6.lab", "no IPv6 at all") { domain in
            for index in domain.hosts.indices { domain.hosts[index].hasIPv6 = false }
        },
        make("deadipv6.lab", "IPv6 addresses where nobody listens") { domain in
            domain.hosts[0].ipv6Service = .closed
        },
        make("noptr.lab", "no reverse names") { domain in
            for index in domain.hosts.indices { domain.hosts[index].hasReverse = false }
        },
        make("wildcardmx.lab", "a wildcard MX") { $0.records.append("* MX 10 mx1") },
        bogus("bogusmx.lab", "DNSSEC is broken", .bogus),
        make("servfail.lab", "the name servers of the MTA-STS record and of an MX host have no data") { domain in
            domain.records[2] = "_mta-sts NS ns-servfail.lab."
            domain.records += ["@ MX 30 mail.inner", "inner NS ns-servfail.lab."]
        },
        bogus("refused.lab", "the name server refuses", .refused),
        bogus("silentns.lab", "the name server is silent", .silent),
        make("manymx.lab", "more MX hosts than a scan looks at") { domain in
            domain.hosts = (1...21).map { MailHost(label: "mx\($0)", hasIPv6: false) }
            domain.policy = nil
            domain.records = ["@ TXT \"v=spf1 mx -all\""]
        },
    ]
}
