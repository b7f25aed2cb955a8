/// What servers say on port 25.
extension World {
    /// One good host, and one of the same preference that is spoilt.
    static func second(_ name: String, _ note: String, _ change: @escaping (inout MailHost) -> Void)
        -> LabDomain
    {
        make(name, note) { domain in
            domain.hosts[1].hasIPv6 = false
            change(&domain.hosts[1])
        }
    }

    /// All hosts spoilt, without MTA-STS.
    static func both(_ name: String, _ note: String, _ change: @escaping (inout MailHost) -> Void) -> LabDomain {
        make(name, note) { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].hasIPv6 = false
                change(&domain.hosts[index])
            }
            domain.policy = nil
            domain.records.remove(at: 2)
        }
    }

    static let smtp: [LabDomain] = [
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
}
