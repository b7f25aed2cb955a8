/// Domains in good order.
extension World {
    static let clean: [LabDomain] = [
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
}
