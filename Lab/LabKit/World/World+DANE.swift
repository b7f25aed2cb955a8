/// TLSA records, good and bad.
extension World {
    /// In good order but for the TLSA records, the same at both hosts, and their certificates.
    static func dane(
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

    static let noDigest = "0000000000000000000000000000000000000000000000000000000000000000"
    /// The SHA-256 of no octets, as RFC 7672 prints it.
    private static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    static let dane: [LabDomain] = [
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
}
