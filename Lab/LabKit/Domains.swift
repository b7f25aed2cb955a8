/// The world: each domain and what is wrong with it. What it must give stands in Lab/expected.txt.
public enum World {
    public static let domains: [LabDomain] =
        clean + mx + smtp + starttls + certificates + policies + reports + names + dane + dnssec

    // MARK: Building

    /// A domain in good order; `change` spoils it.
    private static func make(_ name: String, _ note: String, _ change: (inout LabDomain) -> Void = { _ in })
        -> LabDomain
    {
        var domain = LabDomain(name: name, note: note)
        domain.records = [
            "@ TXT \"v=spf1 mx -all\"", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@\(name)\"",
            "_mta-sts TXT \"v=STSv1; id=20261101\"", "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@\(name)\"",
        ]
        domain.hosts = [MailHost(label: "mx1"), MailHost(label: "mx2")]
        domain.policy = PolicyHost(lines: policy("enforce", ["mx1.\(name)", "mx2.\(name)"]))
        change(&domain)
        return domain
    }

    private static func policy(_ mode: String, _ hosts: [String], maxAge: String = "2419200") -> [String] {
        ["version: STSv1", "mode: \(mode)"] + hosts.map { "mx: \($0)" } + ["max_age: \(maxAge)"]
    }

    // MARK: Clean

    private static let clean: [LabDomain] = [
        make("exemplary.lab", "in good order: two hosts, DANE, MTA-STS enforced, reports") { domain in
            domain.isDemo = true
            for index in domain.hosts.indices { domain.hosts[index].tlsa = [.daneEE] }
        },
        make("nodane.lab", "in good order, without DANE"),
        make("rsa.lab", "in good order, with RSA keys of 3072 bits") { domain in
            for index in domain.hosts.indices { domain.hosts[index].certificate?.key = .rsa(3072) }
        },
        make("wildcardcert.lab", "in good order, with wildcard certificates and patterns") { domain in
            for index in domain.hosts.indices { domain.hosts[index].certificate?.names = ["*.wildcardcert.lab"] }
            domain.policy?.lines = policy("enforce", ["*.wildcardcert.lab"])
        },
        make("intermediate.lab", "in good order, with an intermediate authority") { domain in
            for index in domain.hosts.indices { domain.hosts[index].certificate?.issuer = .intermediate }
            domain.policy?.certificate?.issuer = .intermediate
        },
        make("postfix.lab", "a real Postfix with DANE, its policy on a real nginx") { domain in
            domain.hosts = [MailHost(label: "mx", hasIPv6: false, tlsa: [.daneEE], service: .postfix)]
            // Short, so that a change of key can be watched.
            domain.ttls["TLSA"] = 2
            domain.policy?.lines = policy("enforce", ["mx.postfix.lab"])
            domain.policy?.isNginx = true
        },
        make("exim.lab", "a real Exim") { domain in
            domain.hosts = [MailHost(label: "mx", hasIPv6: false, service: .exim)]
            domain.policy?.lines = policy("enforce", ["mx.exim.lab"])
        },
        make("lfpolicy.lab", "in good order, the policy's lines end in LF") { $0.policy?.lineEnd = "\n" },
    ]

    // MARK: MX

    private static let mx: [LabDomain] = [
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

    private static func bare(_ name: String, _ note: String, _ records: [String]) -> LabDomain {
        var domain = LabDomain(name: name, note: note)
        domain.records = records
        return domain
    }

    private static func bogus(_ name: String, _ note: String, _ how: LabDomain.Delegation) -> LabDomain {
        var domain = bare(name, note, ["@ MX 10 mx", "mx A 193.17.9.9"])
        domain.delegation = how
        return domain
    }

    // MARK: SMTP

    /// One good host, and one of the same preference that is spoilt.
    private static func second(_ name: String, _ note: String, _ change: @escaping (inout MailHost) -> Void)
        -> LabDomain
    {
        make(name, note) { domain in
            domain.hosts[1].hasIPv6 = false
            change(&domain.hosts[1])
        }
    }

    /// All hosts spoilt, without MTA-STS.
    private static func both(_ name: String, _ note: String, _ change: @escaping (inout MailHost) -> Void) -> LabDomain
    {
        make(name, note) { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                change(&domain.hosts[index])
            }
            domain.policy = nil
            domain.records.remove(at: 2)
        }
    }

    private static let smtp: [LabDomain] = [
        second("refusing.lab", "one host refuses connections") { $0.service = .closed },
        second("silentmx.lab", "one host never answers") { $0.service = .silent },
        both("banner554.lab", "the hosts turn everybody away") { $0.script.greeting = "554 5.7.1 go away" },
        both("banner421.lab", "the hosts are too busy") { $0.script.greeting = "421 4.3.2 try again later" },
        both("barelf.lab", "lines end in LF alone") { $0.script.lineEnd = "\n" },
        both("control.lab", "control characters in the greeting") {
            $0.script.greeting = "220 {name} \u{1B}[31mESMTP\u{0} ready"
        },
        both("http.lab", "a web server on port 25") {
            $0.script.rawGreeting = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
        },
        second("endless.lab", "one host sends a line without an end") {
            $0.script.rawGreeting = Array("220 ".utf8) + [UInt8](repeating: 0x78, count: 1_000_000)
        },
        both("slow.lab", "a greeting after six seconds") { $0.script.greetingDelay = 6 },
        both("manylines.lab", "an endless reply to EHLO") { $0.script.keywords = (1...200).map { "X\($0)" } },
        both("noehlo.lab", "EHLO is refused") { $0.script.ehlo = "502 5.5.1 what is that" },
        both("vrfy.lab", "VRFY and EXPN answer") { host in
            host.script.vrfy = "252 2.0.0 postmaster"
            host.script.expn = "250 2.0.0 postmaster"
            host.script.keywords.append("EXPN")
            host.script.keywordsAfterTLS.append("EXPN")
        },
        both("auth.lab", "AUTH without TLS") { $0.script.keywords.append("AUTH PLAIN LOGIN") },
        both("norequiretls.lab", "no REQUIRETLS") { $0.script.keywordsAfterTLS = [] },
        make("noutf8.lab", "one host without SMTPUTF8") { $0.hosts[1].script.keywords = ["PIPELINING", "8BITMIME"] },
        both("othername.lab", "the hosts call themselves otherwise") {
            $0.script.ehlo = "250-elsewhere.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 STARTTLS"
        },
        second("hangsup.lab", "one host hangs up after the greeting") { $0.script.closesAfterGreeting = true },
    ]

    // MARK: STARTTLS

    private static let starttls: [LabDomain] = [
        both("cleartext.lab", "no STARTTLS") { $0.script.offersSTARTTLS = false },
        make("enforcedclear.lab", "no STARTTLS under an enforced policy") { domain in
            for index in domain.hosts.indices { domain.hosts[index].script.offersSTARTTLS = false }
        },
        make("daneclear.lab", "no STARTTLS although TLSA records promise it") { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].script.offersSTARTTLS = false
                domain.hosts[index].tlsa = [.daneEE]
            }
            domain.policy = nil
            domain.records.remove(at: 2)
        },
        second("halfclear.lab", "one of two hosts without STARTTLS") { $0.script.offersSTARTTLS = false },
        make("maskedclear.lab", "the backup host without STARTTLS") { domain in
            domain.hosts[1].preference = 20
            domain.hosts[1].script.offersSTARTTLS = false
        },
        both("mangled.lab", "STARTTLS is overwritten on the way") { host in
            host.script.offersSTARTTLS = false
            host.script.keywords.append("XXXXXXXA")
        },
        both("tls454.lab", "454 to STARTTLS") { $0.script.starttls = "454 4.7.0 TLS not available" },
        both("tls554.lab", "554 to STARTTLS") { $0.script.starttls = "554 5.7.0 no" },
        both("tlscloses.lab", "hangs up after STARTTLS") { $0.script.afterSTARTTLS = .close },
        second("tlssilent.lab", "one host says nothing more after STARTTLS") { $0.script.afterSTARTTLS = .silence },
        both("tlsgarbage.lab", "talks nonsense after STARTTLS") {
            $0.script.afterSTARTTLS = .octets(Array("\u{7}garbage garbage garbage\r\n".utf8))
        },
        both("injection.lab", "plaintext behind the answer to STARTTLS") {
            $0.script.afterSTARTTLS = .octets(Array("250 injected\r\n".utf8))
        },
        both("twice.lab", "STARTTLS inside TLS") { $0.script.keywordsAfterTLS.append("STARTTLS") },
        make("oldtls.lab", "TLS 1.1 at best under an enforced policy") { domain in
            for index in domain.hosts.indices { domain.hosts[index].script.maximumTLS = 0x0302 }
        },
    ]

    // MARK: Certificates

    /// All hosts with this certificate, the policy as given.
    private static func cert(
        _ name: String, _ note: String, enforced: Bool = false, _ change: @escaping (inout CertificateSpec) -> Void
    ) -> LabDomain {
        make(name, note) { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                var spec = CertificateSpec()
                change(&spec)
                domain.hosts[index].certificate = spec
            }
            if !enforced {
                domain.policy = nil
                domain.records.remove(at: 2)
            }
        }
    }

    private static let certificates: [LabDomain] = [
        cert("expired.lab", "expired certificates") { ($0.from, $0.to) = (-100, -2) },
        cert("expiredsts.lab", "expired certificates under an enforced policy", enforced: true) {
            ($0.from, $0.to) = (-100, -2)
        },
        cert("future.lab", "certificates not valid yet") { ($0.from, $0.to) = (5, 60) },
        cert("soon.lab", "certificates that expire soon") { ($0.from, $0.to) = (-80, 10) },
        cert("tomorrow.lab", "certificates that expire tomorrow, under an enforced policy", enforced: true) {
            ($0.from, $0.to) = (-80, 1)
        },
        cert("unknownca.lab", "an unknown authority") { $0.issuer = .unknown },
        cert("incomplete.lab", "the intermediate is not sent") { $0.issuer = .missingIntermediate },
        cert("incompletests.lab", "the intermediate is not sent, under an enforced policy", enforced: true) {
            $0.issuer = .missingIntermediate
        },
        cert("selfsigned.lab", "self-signed") { $0.issuer = .itself },
        cert("selfsignedsts.lab", "self-signed under an enforced policy", enforced: true) { $0.issuer = .itself },
        make("selfsigneddane.lab", "self-signed with TLSA under an enforced policy") { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                domain.hosts[index].certificate?.issuer = .itself
                domain.hosts[index].tlsa = [.daneEE]
            }
        },
        cert("wrongname.lab", "certificates for another name") { $0.names = ["www.wrongname.lab"] },
        cert("wrongnamests.lab", "certificates for another name under an enforced policy", enforced: true) {
            $0.names = ["www.wrongnamests.lab"]
        },
        cert("nosan.lab", "no subjectAltName") { $0.names = [] },
        cert("rsa1024.lab", "RSA with 1024 bits") { $0.key = .rsa(1024) },
        cert("rsa2048.lab", "RSA with 2048 bits") { $0.key = .rsa(2048) },
        cert("exponent3.lab", "RSA with the exponent 3") { $0.key = .weak(.smallExponent) },
        cert("roca.lab", "RSA from broken hardware (ROCA)") { $0.key = .weak(.roca) },
        cert("smallfactor.lab", "RSA with a prime factor of 997") { $0.key = .weak(.smallFactor) },
        cert("ballast.lab", "a chain of more than 100 KB") { $0.ballast = 300 },
        cert("oddcurve.lab", "an unusual curve") { $0.key = .ec("secp256k1") },
        cert("sha1.lab", "signed with SHA-1") { $0.isSHA1 = true },
        cert("overlong.lab", "valid for two years") { ($0.from, $0.to) = (-30, 700) },
        cert("clientonly.lab", "without serverAuth") { $0.usage = "clientAuth" },
        cert("caleaf.lab", "an authority's certificate") { $0.isCA = true },
        cert("keyusage.lab", "the key may not sign") { $0.keyUsage = "keyAgreement" },
        cert("muststaple.lab", "promises a staple") { $0.mustStaple = true },
        // SEQUENCE { [2] "mx1.nulname.lab\0.x" }
        cert("nulname.lab", "a NUL in the name") {
            $0.alternativeNamesDER = "301482126d78312e6e756c6e616d652e6c6162002e78"
        },
    ]

    // MARK: DANE

    /// In good order but for the TLSA records, the same at both hosts, and their certificates.
    private static func dane(
        _ name: String, _ note: String, _ records: [MailHost.TLSASpec],
        _ change: @escaping (inout CertificateSpec) -> Void = { _ in }
    ) -> LabDomain {
        make(name, note) { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                var spec = CertificateSpec()
                change(&spec)
                domain.hosts[index].certificate = spec
                domain.hosts[index].tlsa = records
            }
            domain.policy = nil
            domain.records.remove(at: 2)
        }
    }

    private static func record(_ usage: Int, _ selector: Int, _ matching: Int, _ element: Int = 0) -> MailHost.TLSASpec
    {
        .of(usage: usage, selector: selector, matching: matching, element: element)
    }

    private static let noDigest = "0000000000000000000000000000000000000000000000000000000000000000"
    /// The SHA-256 of no octets, as RFC 7672 prints it.
    private static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private static let dane: [LabDomain] = [
        dane("dane310.lab", "a TLSA record with a whole key", [record(3, 1, 0)]),
        dane("dane312.lab", "a TLSA record with SHA-512", [record(3, 1, 2)]),
        dane("dane301.lab", "a TLSA record that binds the certificate", [record(3, 0, 1)]),
        dane("dane300.lab", "a TLSA record with a whole certificate", [record(3, 0, 0)]),
        dane("dane211.lab", "a trust anchor by its key", [record(2, 1, 1, 1)]) { $0.issuer = .intermediate },
        dane("dane201.lab", "a trust anchor by its certificate", [record(2, 0, 1, 1)]) { $0.issuer = .intermediate },
        dane("dane200.lab", "a trust anchor in the DNS, not sent", [record(2, 0, 0, 1)]),
        dane("danetamissing.lab", "a trust anchor that is not sent", [record(2, 1, 1, 1)]),
        dane("danetaname.lab", "a trust anchor, and a certificate for another name", [record(2, 1, 1, 1)]) {
            $0.issuer = .intermediate
            $0.names = ["www.danetaname.lab"]
        },
        dane("danetanexthop.lab", "a trust anchor, and a certificate for the mail domain", [record(2, 1, 1, 1)]) {
            $0.issuer = .intermediate
            $0.names = ["danetanexthop.lab"]
        },
        dane("danetaexpired.lab", "a trust anchor, and an expired certificate", [record(2, 1, 1, 1)]) {
            $0.issuer = .intermediate
            ($0.from, $0.to) = (-100, -3)
        },
        dane("danetapurpose.lab", "a trust anchor, and a certificate for clients", [record(2, 1, 1, 1)]) {
            $0.issuer = .intermediate
            $0.usage = "clientAuth"
        },
        dane("daneeeexpired.lab", "the key is bound, the certificate expired and for another name", [.daneEE]) {
            ($0.from, $0.to) = (-100, -3)
            $0.names = ["www.daneeeexpired.lab"]
        },
        dane("daneselfsigned.lab", "the key is bound, the certificate self-signed", [.daneEE]) { $0.issuer = .itself },
        dane(
            "danewrong.lab", "a TLSA record of another key",
            [.raw("3 1 1 \(emptyDigest.reversed().map { "\($0)" }.joined())")]),
        dane("danenext.lab", "the present key and the next", [.daneEE, .raw("3 1 1 ab\(emptyDigest.dropFirst(2))")]),
        dane("daneissuer.lab", "the present key and the issuer", [.daneEE, record(2, 1, 1, 1)]) {
            $0.issuer = .intermediate
        },
        dane(
            "danestale512.lab", "a stale SHA-512 outranks a good SHA-256",
            [.daneEE, .raw("3 1 2 ab\(emptyDigest.dropFirst(2))\(emptyDigest)")]),
        dane("danepkix.lab", "TLSA records for PKIX alone", [record(1, 1, 1), record(0, 0, 1, 1)]),
        dane("danepkixtoo.lab", "a TLSA record for PKIX beside a good one", [.daneEE, record(1, 1, 1)]),
        dane("daneusage.lab", "an unknown usage", [.daneEE, record(4, 1, 1)]),
        dane("daneselector.lab", "an unknown selector", [.daneEE, .raw("3 2 1 \(noDigest)")]),
        dane("danematching.lab", "an unknown matching type", [.daneEE, .raw("3 1 3 \(noDigest)")]),
        dane("danelength.lab", "a digest that is too short", [.daneEE, .raw("3 1 1 abcdef")]),
        dane("daneempty.lab", "the digest of nothing", [.raw("3 1 1 \(emptyDigest)")]),
        dane("danezeros.lab", "a placeholder beside a good record", [.daneEE, .raw("3 1 1 \(noDigest)")]),
        dane(
            "daneselectors.lab", "selector and data do not belong together",
            [.of(usage: 3, selector: 1, matching: 1, element: 1)]
        ) {
            $0.issuer = .intermediate
        },
        make("danenotls.lab", "TLSA records, and no STARTTLS") { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                domain.hosts[index].tlsa = [.daneEE]
            }
            domain.hosts[1].script.offersSTARTTLS = false
        },
        make("danepartial.lab", "TLSA records at one of two equal hosts") { $0.hosts[0].tlsa = [.daneEE] },
        make("danebackup.lab", "no TLSA records at the backup") { domain in
            domain.hosts[0].tlsa = [.daneEE]
            domain.hosts[1].preference = 20
        },
        make("daneunsigned.lab", "TLSA records in a zone without DNSSEC") { domain in
            domain.delegation = .unsigned
            for index in domain.hosts.indices { domain.hosts[index].tlsa = [.daneEE] }
        },
        make("danealias.lab", "TLSA records by an alias") { domain in
            domain.hosts[0].tlsa = [.daneEE]
            domain.records.append("_25._tcp.mx2 CNAME _25._tcp.mx1")
        },
        make("danealiasunsigned.lab", "TLSA records by an alias into a zone without DNSSEC") { domain in
            domain.hosts[0].tlsa = [.daneEE]
            domain.records.append("_25._tcp.mx2 CNAME _25._tcp.mx1.daneunsigned.lab.")
        },
        make("danebogus.lab", "the answer for TLSA records does not validate") { domain in
            domain.hosts[0].tlsa = [.daneEE]
            domain.records.append("_tcp.mx2 NS ns-bogus.lab.")
        },
        make("daneservfail.lab", "the name servers fail on TLSA records") { domain in
            domain.hosts[0].tlsa = [.daneEE]
            domain.records.append("_tcp.mx2 NS ns-servfail.lab.")
        },
        make("danewildcard.lab", "TLSA records by a wildcard, at the domain too") { domain in
            domain.records += ["*._tcp.mx1 TLSA 3 1 1 \(noDigest)", "_25._tcp TLSA 3 1 1 \(noDigest)"]
        },
        make("danettl.lab", "TLSA records with a long TTL") { domain in
            domain.ttls["TLSA"] = 172_800
            for index in domain.hosts.indices { domain.hosts[index].tlsa = [.daneEE] }
        },
        make("danemany.lab", "many TLSA records") { domain in
            let others = (0..<30).map { MailHost.TLSASpec.raw("3 1 1 \($0 + 10)\(emptyDigest.dropFirst(2))") }
            for index in domain.hosts.indices { domain.hosts[index].tlsa = [.daneEE] + others }
        },
        make("daneatdomain.lab", "TLSA records at the domain, where nobody looks") {
            $0.records.append("_25._tcp TLSA 3 1 1 \(noDigest)")
        },
        make("danedual.lab", "two certificates, both bound by TLSA records") { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].secondCertificate = CertificateSpec(key: .rsa(2048))
                domain.hosts[index].tlsa = [.daneEE, .second]
            }
        },
        make("danedualone.lab", "two certificates, one TLSA record") { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].secondCertificate = CertificateSpec(key: .rsa(2048))
                domain.hosts[index].tlsa = [.daneEE]
            }
        },
        make("danebackend.lab", "a server behind the same address with a certificate that no TLSA record is for") {
            for index in $0.hosts.indices {
                $0.hosts[index].hasIPv6 = false
                $0.hosts[index].secondCertificate = CertificateSpec(key: .rsa(2048))
                $0.hosts[index].backendCertificate = CertificateSpec(key: .ec("P-384"))
                $0.hosts[index].tlsa = [.daneEE, .second]
            }
        },
        make("daneipv6.lab", "another certificate at the IPv6 address") { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].ipv6Certificate = CertificateSpec(key: .ec("P-384"))
                domain.hosts[index].tlsa = [.daneEE]
            }
        },
        make("daneselective.lab", "STARTTLS for those who come back") { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                domain.hosts[index].script.isSelective = true
                domain.hosts[index].tlsa = [.daneEE]
            }
        },
        make("danesni.lab", "the right certificate for those who do not name the server") { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                domain.hosts[index].namedCertificate = CertificateSpec(key: .ec("P-384"))
                domain.hosts[index].tlsa = [.daneEE]
            }
        },
        make("daneduplicate.lab", "two TLSA records of one key") { domain in
            for index in domain.hosts.indices { domain.hosts[index].tlsa = [.daneEE, record(3, 1, 2)] }
        },
        make("danetwonames.lab", "TLSA records at an alias and at its target that differ") { domain in
            domain.hosts = [MailHost(label: "mx1", isInMX: false, tlsa: [.daneEE])]
            domain.hosts[0].certificate?.names = ["mx1.danetwonames.lab", "mx.danetwonames.lab"]
            domain.records += [
                "@ MX 10 mx", "mx CNAME mx1", "_25._tcp.mx TLSA 3 1 1 \(noDigest)",
            ]
            domain.policy?.lines = policy("enforce", ["mx.danetwonames.lab"])
        },
        make("danenothing.lab", "a TLSA record without data") { domain in
            for index in domain.hosts.indices { domain.hosts[index].tlsa = [.daneEE, .raw("\\# 3 030101")] }
        },
        make("in.daneaddress.lab", "a zone without DNSSEC below a signed one") { domain in
            domain.delegation = .unsigned
            for index in domain.hosts.indices { domain.hosts[index].tlsa = [.daneEE] }
        },
        make("daneaddress.lab", "the mail hosts lie in a zone without DNSSEC below the domain") { domain in
            domain.hosts = []
            domain.records += ["@ MX 10 mx1.in", "@ MX 10 mx2.in"]
            domain.policy?.lines = policy("enforce", ["*.in.daneaddress.lab"])
        },
        make("danefirstalias.lab", "a signed alias into a zone without DNSSEC, and TLSA records at the alias") {
            domain in
            domain.hosts = []
            domain.records += [
                "@ MX 10 mx1", "mx1 CNAME mx1.daneunsigned.lab.", "_25._tcp.mx1 TLSA 3 1 1 \(noDigest)",
            ]
        },
        make("daneinsecuremx.lab", "the MX records are not signed, the mail hosts are") { domain in
            domain.delegation = .unsigned
            domain.hosts = []
            domain.records += ["@ MX 10 mx1.exemplary.lab.", "@ MX 10 mx2.exemplary.lab."]
            domain.policy?.lines = policy("enforce", ["mx1.exemplary.lab", "mx2.exemplary.lab"])
        },
        dane("danelate.lab", "one TLSA record, and a certificate that ends before a new one is known", [.daneEE]) {
            $0.to = 1
        },
    ].map { domain in
        var domain = domain
        if domain.name == "danelate.lab" { domain.ttls["TLSA"] = 86_400 }
        return domain
    }

    // MARK: MTA-STS

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

    private static let policies: [LabDomain] = [
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

    // MARK: TLS-RPT

    private static func rpt(_ name: String, _ note: String, _ records: String...) -> LabDomain {
        make(name, note) { domain in
            domain.records.removeLast()
            domain.records += records.map { "_smtp._tls \($0)" }
        }
    }

    private static let reports: [LabDomain] = [
        rpt(
            "tworpt.lab", "two records", "TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab\"",
            "TXT \"v=TLSRPTv1; rua=mailto:b@nodane.lab\""),
        rpt("rptversion.lab", "the version in other case", "TXT \"v=TLSRPTV1; rua=mailto:a@nodane.lab\""),
        rpt("rptnorua.lab", "no rua", "TXT \"v=TLSRPTv1;\""),
        rpt("rptempty.lab", "an empty rua", "TXT \"v=TLSRPTv1; rua=\""),
        rpt("rptscheme.lab", "a bare address", "TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab,tls@nodane.lab\""),
        rpt(
            "rptseparator.lab", "a semicolon between addresses",
            "TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab; mailto:b@nodane.lab\""),
        rpt("rptsize.lab", "a size limit", "TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab!10m\""),
        rpt("rptextension.lab", "a malformed extension", "TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab; x\""),
        rpt(
            "rptgone.lab", "an address in a domain that does not exist",
            "TXT \"v=TLSRPTv1; rua=mailto:a@gone.rptgone.lab\""),
        rpt("rptnull.lab", "an address in a domain with a null MX", "TXT \"v=TLSRPTv1; rua=mailto:a@nullmx.lab\""),
        rpt(
            "rpthttps.lab", "a web destination that does not exist",
            "TXT \"v=TLSRPTv1; rua=https://gone.rpthttps.lab/v1\""),
        rpt("rptalias.lab", "a delegated record", "CNAME _smtp._tls.nodane.lab."),
        make("rptowner.lab", "a record at the wrong name") { domain in
            domain.records.removeLast()
            domain.records.append("_tlsrpt TXT \"v=TLSRPTv1; rua=mailto:a@nodane.lab\"")
        },
    ]

    // MARK: Names

    private static let names: [LabDomain] = [
        make("xn--bcher-kva.lab", "an internationalised name in good order"),
        make("xn--strae-oqa.lab", "a name that older software writes otherwise"),
        make("strasse.lab", "what older software makes of it"),
        make("xn--pypal-4ve.lab", "a name of mixed scripts"),
        make("xn--zca-abc.lab", "a label that encodes nothing"),
        make("ulabel.lab", "octets outside ASCII in SPF") {
            $0.records[0] = "@ TXT \"v=spf1 include:b\\195\\188cher.lab -all\""
        },
        bare("cname.lab", "the domain is an alias", ["@ CNAME nodane.lab."]),
    ]

    // MARK: DNSSEC

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

    private static let dnssec: [LabDomain] = [
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
