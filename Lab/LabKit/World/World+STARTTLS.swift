/// STARTTLS and what follows it.
extension World {
    private static let oldTLS: ServerTLS = {
        var tls = ServerTLS.everything
        tls.maximum = 0x0302
        return tls
    }()

    static let starttls: [LabDomain] = [
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
            for index in domain.hosts.indices { domain.hosts[index].script.tls = oldTLS }
        },
    ]
}
