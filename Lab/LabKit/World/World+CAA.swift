/// CAA records, good and bad.
extension World {
    /// In good order but for the CAA records at the domain.
    private static func caa(
        _ name: String, _ note: String, _ records: [String], _ change: (inout LabDomain) -> Void = { _ in }
    ) -> LabDomain {
        make(name, note) { domain in
            domain.authorizations = records
            change(&domain)
        }
    }

    private static let issue = "0 issue \"ca.lab\""
    private static let mail = "0 issuemail \";\""

    /// As octets, for what name servers refuse to read in words (RFC 3597 section 5).
    private static func raw(_ flags: UInt8, _ tag: String, _ value: String) -> String {
        let data = [flags, UInt8(tag.utf8.count)] + Array(tag.utf8) + Array(value.utf8)
        let digits = data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "\\# \(data.count) \(digits)"
    }

    static let authorization: [LabDomain] = [
        caa("caanone.lab", "no CAA record", []),
        caa("caaiodefonly.lab", "CAA records that name no issuer", ["0 iodef \"mailto:a@nodane.lab\"", mail]),
        caa("caamalformed.lab", "a URL in place of an issuer", ["0 issue \"https://ca.lab/\"", mail]),
        caa("caamalformedbeside.lab", "a malformed record beside a sound one", [issue, "0 issue \"%%%%%\"", mail]),
        caa("caawildonly.lab", "issuewild alone", ["0 issuewild \"ca.lab\"", mail]),
        caa("caacritical.lab", "a critical property that nobody knows", [issue, mail, "128 tbs \"Unknown\""]),
        caa("caaunknown.lab", "in good order, with a property that nobody knows", [issue, mail, "0 tbs \"Unknown\""]),
        caa("caaflagone.lab", "the reserved bit in place of the critical one", ["1 issue \"ca.lab\"", mail]),
        caa("caatag.lab", "a hyphen in a tag", [issue, mail, raw(0, "is-sue", "ca.lab")]),
        caa("caauppercase.lab", "a tag in capitals", [mail, raw(0, "ISSUE", "ca.lab")]),
        caa("caatypo.lab", "a typing error in the issuer", ["0 issue \"authorty.lab\"", mail]),
        caa("caamistaken.lab", "the issuer's web site in place of its identifier", ["0 issue \"www.ca.lab\"", mail]),
        caa("caaotherissuer.lab", "an issuer in no table", [issue, "0 issue \"somebody.example\"", mail]),
        caa("caablocked.lab", "the authority in use is not allowed", ["0 issue \"letsencrypt.org\"", mail]),
        caa("caadenied.lab", "nobody may issue", ["0 issue \";\"", mail]),
        caa(
            "caawildcert.lab", "wildcard certificates, and no issuer for wildcards", [issue, "0 issuewild \";\"", mail]
        ) {
            wildcards(&$0)
        },
        caa(
            "caawildother.lab", "in good order, another issuer for wildcards",
            ["0 issue \"letsencrypt.org\"", "0 issuewild \"ca.lab\"", mail]
        ) { wildcards(&$0) },
        caa("caaaccount.lab", "bound to an account", ["0 issue \"ca.lab; accounturi=https://ca.lab/acct/1\"", mail]),
        caa("caaaccountbad.lab", "bound to an account that is none", ["0 issue \"ca.lab; accounturi=12345\"", mail]),
        caa(
            "caamethods.lab", "bound to a method and to one that is none",
            ["0 issue \"ca.lab; validationmethods=dns-01,dns\"", mail]),
        caa("caamethodsbad.lab", "bound to no method", ["0 issue \"ca.lab; validationmethods=dns\"", mail]),
        caa("caaiodefhttp.lab", "reports in clear", [issue, mail, "0 iodef \"http://caaiodefhttp.lab/\""]),
        caa("caaiodefbare.lab", "reports to a bare address", [issue, mail, "0 iodef \"a@caaiodefbare.lab\""]),
        caa("caanomail.lab", "nothing about S/MIME", [issue]),
        caa("caacontact.lab", "a telephone number that is none", [issue, mail, "0 contactphone \"555\""]),
        caa("caavmc.lab", "a logo, and nothing about mark certificates", [issue, mail]) {
            $0.records.insert("default._bimi TXT \"v=BIMI1; l=https://logo.caavmc.lab/logo.svg\"", at: 0)
        },
        caa("caaunsigned.lab", "an unsigned zone", [issue, mail]) { $0.delegation = .unsigned },
        caa("caahost.lab", "one mail host forbids its authority", [issue, mail]) {
            $0.records.append("mx1 CAA 0 issue \"letsencrypt.org\"")
        },
        caa("caaalias.lab", "the policy host is an alias whose target forbids its authority", [issue, mail]) {
            $0.policy?.alias = "policies.caaalias.lab"
            $0.records.append("policies CAA 0 issue \"letsencrypt.org\"")
        },
        caa("caata.lab", "the pinned authority is not allowed", ["0 issue \"letsencrypt.org\"", mail]) { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].certificate?.issuer = .intermediate
                domain.hosts[index].tlsa = [.of(usage: 2, selector: 1, matching: 1, element: 1)]
            }
        },
        caa("caaselfsigned.lab", "self-signed certificates concern no authority", ["0 issue \";\"", mail]) { domain in
            for index in domain.hosts.indices {
                domain.hosts[index].certificate?.issuer = .itself
                domain.hosts[index].tlsa = [.daneEE]
            }
            domain.policy = nil
            domain.records.remove(at: 2)
        },
        caa("caaservfail.lab", "name servers that fail on CAA", [issue, mail]) { domain in
            domain.delegation = .unsigned
            domain.nameServers = [FaultyNameServer.Fault.withoutCAA.hostName]
        },
        caa("caasilent.lab", "name servers that are silent on CAA", [issue, mail]) { domain in
            domain.delegation = .unsigned
            domain.nameServers = [FaultyNameServer.Fault.silentCAA.hostName]
        },
    ]

    private static func wildcards(_ domain: inout LabDomain) {
        for index in domain.hosts.indices { domain.hosts[index].certificate?.names = ["*.\(domain.name)"] }
        domain.policy?.certificate?.names = ["*.\(domain.name)"]
    }
}
