/// MTA-STS records, policies and policy hosts.
extension World {
    private static func txt(_ name: String, _ note: String, _ record: String) -> LabDomain {
        make(name, note) { $0.records[2] = "_mta-sts TXT \"\(record)\"" }
    }

    private static func body(_ name: String, _ note: String, _ change: @escaping (inout [String]) -> Void) -> LabDomain
    {
        make(name, note) { domain in
            guard var policy = domain.policy else { return }
            change(&policy.lines)
            domain.policy = policy
        }
    }

    private static func host(_ name: String, _ note: String, _ change: @escaping (inout PolicyHost) -> Void)
        -> LabDomain
    {
        make(name, note) { domain in
            guard var policy = domain.policy else { return }
            change(&policy)
            domain.policy = policy
        }
    }

    static let policies: [LabDomain] = [
        make("nosts.lab", "no MTA-STS") { domain in
            domain.policy = nil
            domain.records.remove(at: 2)
        },
        make("unannounced.lab", "a policy without a record") { $0.records.remove(at: 2) },
        make("twotxt.lab", "two MTA-STS records") { $0.records.append("_mta-sts TXT \"v=STSv1; id=2\"") },
        make("prefix.lab", "a record that is overlooked among others") { domain in
            domain.records[2] = "_mta-sts TXT \"v=STSv1 ; id=1\""
            domain.records.append("_mta-sts TXT \"something else\"")
        },
        txt("version.lab", "a version in lower case", "v=stsv1; id=1"),
        txt("noid.lab", "no id", "v=STSv1;"),
        txt("emptyid.lab", "an empty id", "v=STSv1; id=;"),
        txt("longid.lab", "an id of 33 characters", "v=STSv1; id=123456789012345678901234567890123"),
        txt("badid.lab", "an id with hyphens", "v=STSv1; id=2026-11-01"),
        txt("twoids.lab", "two ids", "v=STSv1; id=1; id=2"),
        txt("extension.lab", "a malformed extension", "v=STSv1; id=1; x"),
        txt("nonascii.lab", "octets outside ASCII", "v=STSv1; id=1; x=\\195\\164"),
        make("stsalias.lab", "the record is delegated") { domain in
            domain.records[2] = "_mta-sts CNAME _mta-sts.nodane.lab."
        },
        make("stsdangling.lab", "the record's alias leads nowhere") {
            $0.records[2] = "_mta-sts CNAME _mta-sts.gone-provider.lab."
        },
        make("stswildcard.lab", "a wildcard TXT answers at _mta-sts") { domain in
            domain.records.remove(at: 2)
            domain.records.append("* TXT \"v=spf1 -all\"")
            domain.policy = nil
        },
        make("stsbogus.lab", "the record does not validate") { $0.records[2] = "_mta-sts NS ns-bogus.lab." },
        make("stsservfail.lab", "the record's servers fail") { $0.records[2] = "_mta-sts NS ns-servfail.lab." },
        make("ststtl.lab", "a record with a long TTL") { $0.ttls["_mta-sts"] = 172_800 },
        host("noaddress.lab", "the policy host has no address") { $0.hasAddress = false },
        host("stsipv6.lab", "the policy host is dead over IPv6") { $0.listensIPv6 = false },
        host("stsclosed.lab", "nobody listens at the policy host") { $0.isListening = false },
        make("stsgarbage.lab", "no TLS at the policy host, no reports") { domain in
            domain.policy?.garbage = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
            domain.records.removeLast()
        },
        make("stsoldtls.lab", "the policy host speaks TLS 1.1 at best, no IPv6") { domain in
            domain.policy?.maximumTLS = 0x0302
            for index in domain.hosts.indices { domain.hosts[index].hasIPv6 = false }
        },
        host("stsexpired.lab", "the policy host's certificate has expired") {
            $0.certificate = CertificateSpec(from: -100, to: -2)
        },
        make("stsname.lab", "the policy host's certificate is for another name, no IPv6") { domain in
            domain.policy?.certificate?.names = ["www.stsname.lab"]
            for index in domain.hosts.indices { domain.hosts[index].hasIPv6 = false }
        },
        host("stsprovider.lab", "the policy host shows its provider's certificate") { host in
            host.alias = "sts-provider.lab"
            host.certificate?.names = ["sts-provider.lab"]
        },
        host("stssoon.lab", "the policy host's certificate expires soon") {
            $0.certificate = CertificateSpec(from: -80, to: 10)
        },
        host("sts404.lab", "404 for the policy") { ($0.status, $0.lines) = ("404 Not Found", []) },
        host("sts403.lab", "403 for the policy") { ($0.status, $0.lines) = ("403 Forbidden", []) },
        host("stsredirect.lab", "a redirect") { host in
            (host.status, host.lines) = ("301 Moved Permanently", [])
            host.headers.append("Location: https://www.stsredirect.lab/policy.txt")
        },
        host("ststype.lab", "the wrong media type") { $0.headers = ["Content-Type: application/octet-stream"] },
        host("stsgzip.lab", "a content encoding nobody asked for") { $0.headers.append("Content-Encoding: gzip") },
        host("stslarge.lab", "a policy beyond 64 KiB") { host in
            host.body = Array(
                (host.lines.map { $0 + "\r\n" }.joined() + String(repeating: "x: y\r\n", count: 12_000)).utf8)
        },
        host("stsslow.lab", "a slow policy host") { $0.delay = 11 },
        body("polversion.lab", "no version in the policy") { $0.removeFirst() },
        body("pollate.lab", "the version comes late") { $0.swapAt(0, 1) },
        body("polmode.lab", "an unknown mode") { $0[1] = "mode: Enforce" },
        body("polage.lab", "a max_age that is no number") { $0[$0.count - 1] = "max_age: four weeks" },
        body("polhuge.lab", "a max_age beyond the maximum") { $0[$0.count - 1] = "max_age: 99999999" },
        body("polshort.lab", "a max_age of an hour") { $0[$0.count - 1] = "max_age: 3600" },
        body("polminute.lab", "a max_age of a minute") { $0[$0.count - 1] = "max_age: 60" },
        body("polnomx.lab", "no mx in the policy") { $0.removeAll { $0.hasPrefix("mx:") } },
        body("polsyntax.lab", "malformed patterns") { $0.insert("mx: mx*.polsyntax.lab", at: 2) },
        body("polscope.lab", "a wildcard one label short") { lines in
            lines.removeAll { $0.hasPrefix("mx:") }
            lines.insert("mx: *.lab", at: 2)
        },
        body("polbroad.lab", "a pattern that covers strangers") { $0.insert("mx: *.co.uk", at: 2) },
        body("poltwice.lab", "two modes") { $0.append("mode: testing") },
        body("polunknown.lab", "a key that nobody knows") { $0.append("contact: nobody") },
        host("polbom.lab", "a byte order mark") { host in
            host.body = [0xEF, 0xBB, 0xBF] + Array(host.lines.map { $0 + "\r\n" }.joined().utf8)
        },
        make("polhtml.lab", "HTML in place of a policy, no IPv6") { domain in
            domain.policy?.body = Array("<!doctype html><p>mode: enforce</p>\r\n".utf8)
            for index in domain.hosts.indices { domain.hosts[index].hasIPv6 = false }
        },
        make("polblank.lab", "a blank line, no reports") { domain in
            domain.policy?.lines.insert("", at: 1)
            domain.records.removeLast()
        },
        host("polend.lab", "no new line at the end") { host in
            host.body = Array(host.lines.joined(separator: "\r\n").utf8)
        },
        body("modenone.lab", "mode none") { $0 = ["version: STSv1", "mode: none", "max_age: 86400"] },
        body("testing.lab", "mode testing") { $0[1] = "mode: testing" },
        make("testingblind.lab", "mode testing without reports") { domain in
            domain.policy?.lines[1] = "mode: testing"
            domain.records.removeLast()
        },
        make("enforceblind.lab", "mode enforce without reports") { $0.records.removeLast() },
        body("uncovered.lab", "no host in the policy") { lines in
            lines.removeAll { $0.hasPrefix("mx:") }
            lines.insert("mx: mail.elsewhere.lab", at: 2)
        },
        make("backupuncovered.lab", "the backup host is not in the policy") { domain in
            domain.hosts[1].preference = 20
            domain.policy?.lines.removeAll { $0 == "mx: mx2.backupuncovered.lab" }
        },
        body("deadpattern.lab", "a pattern without a host") { $0.insert("mx: old.deadpattern.lab", at: 2) },
        make("nullsts.lab", "a policy for a null MX") { domain in
            domain.hosts = []
            domain.records = [
                "@ MX 0 .", "@ TXT \"v=spf1 -all\"", domain.records[2],
                "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@nodane.lab\"",
            ]
        },
    ]
}
