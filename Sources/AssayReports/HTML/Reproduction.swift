import AssayModel

/// The command with which a reader sees for himself what a finding speaks of. Everything in it is a name or an address; what
/// is neither is left out, so that nothing from outside reaches a shell.
enum Reproduction {
    static func command(for finding: Finding) -> String? {
        let subject = finding.subject
        guard isSafe(subject.name) else { return nil }
        let family = String(Substring(finding.id.utf8.dropFirst(6)))
        switch subject.kind {
        case .record: return dig(recordType(subject), subject.name)
        case .domain: return domain(subject.name, family)
        case .mx:
            return family.utf8.starts(with: "dane_".utf8)
                ? dig("TLSA", "_25._tcp.\(subject.name)") : dig("A", subject.name)
        case .address, .certificate: return address(subject, family)
        case .policyHost: return "curl -v https://\(subject.name)/.well-known/mta-sts.txt"
        case .zone: return dig("DNSKEY", subject.name)
        case .nameserver:
            guard let address = subject.address, let zone = subject.object, isSafe(zone), isSafe(address) else {
                return nil
            }
            return "dig @\(address) +norecurse +dnssec SOA \(zone)"
        case .selector:
            guard let object = subject.object else { return dig("TXT", subject.name) }
            return isSafe(object) ? dig("TXT", "\(object)._domainkey.\(subject.name)") : nil
        case .reportDestination: return dig("MX", subject.name)
        case .logo: return "curl -v https://\(subject.name)/"
        }
    }

    private static func dig(_ type: String, _ name: String) -> String { "dig +dnssec \(type) \(name)" }

    /// `TXT` of an object that begins with a type, TLSA for the parameters of one.
    private static func recordType(_ subject: Subject) -> String {
        let first = subject.object?.utf8.split(separator: UInt8(ascii: " ")).first.map { String(Substring($0)) } ?? ""
        if types.contains(first) { return first }
        return subject.name.utf8.starts(with: "_25._tcp".utf8) ? "TLSA" : "TXT"
    }

    private static func domain(_ name: String, _ family: String) -> String {
        for (prefix, type, owner) in owners where family.utf8.starts(with: prefix.utf8) {
            return dig(type, owner + name)
        }
        return dig("MX", name)
    }

    private static func address(_ subject: Subject, _ family: String) -> String? {
        guard let address = subject.address, isSafe(address) else { return nil }
        if family.utf8.starts(with: "mx_ptr".utf8) { return "dig -x \(address)" }
        let host = address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
        return "openssl s_client -starttls smtp -connect '\(host):25' -servername \(subject.name) -showcerts </dev/null"
    }

    /// Letters, digits, dots, hyphens, underscores, colons.
    private static func isSafe(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { octet in
                let lower = octet | 0x20
                return (0x61...0x7A).contains(lower) || (0x30...0x39).contains(octet) || ".-_:".utf8.contains(octet)
            }
    }

    private static let types: Set<String> = [
        "TXT", "MX", "A", "AAAA", "TLSA", "DNSKEY", "DS", "CNAME", "CAA", "SOA", "NS", "SPF",
    ]

    private static let owners = [
        ("spf_", "TXT", ""), ("dmarc_", "TXT", "_dmarc."), ("mta_sts_", "TXT", "_mta-sts."),
        ("tlsrpt_", "TXT", "_smtp._tls."), ("bimi_", "TXT", "default._bimi."), ("caa_", "CAA", ""),
        ("dkim", "TXT", "_domainkey."), ("dnssec_", "DNSKEY", ""), ("dns_", "SOA", ""),
    ]
}
