import AssayModel

/// The two tables about senders: who cannot deliver now, and who reads the mail under which attack.
enum SenderTable {
    struct Cell {
        let attack: String
        let outcome: String
        let isRead: Bool
        let words: String
        let dependsOnCache: Bool
        let fix: String?
    }

    struct Row {
        let title: String
        /// Senders of that kind by name.
        let names: [String]
        let cells: [Cell]
        let isStopped: Bool
        /// What happens without an attack.
        let now: String
        /// Who reads, in a sentence.
        let reading: String
    }

    static let attacks: [(code: String, title: String, words: String)] = [
        ("none", "Nobody attacks", "nobody attacks"),
        ("P", "Listens", "somebody who listens"),
        ("S", "Strips STARTTLS", "somebody who strips STARTTLS"),
        ("C1", "Own certificate", "somebody in between with a certificate of his own"),
        ("C2", "Valid certificate, other name", "somebody in between with a valid certificate of another name"),
        ("C3", "Mis-issued certificate", "somebody in between with a mis-issued certificate"),
        ("M", "Forges DNS", "somebody who forges DNS answers"),
        ("M+C2", "Forges DNS, valid certificate", "somebody who forges DNS answers and has a certificate"),
        ("B", "Hides the policy at first contact", "somebody who hides the MTA-STS policy at first contact"),
        ("B'", "Hides a cached policy", "somebody who hides the MTA-STS policy later"),
        ("D", "Drops packets", "somebody who blocks the better mail hosts"),
        ("K", "Took over DNSSEC", "somebody who took over DNSSEC of the domain"),
    ]

    private static let models: [(id: String, title: String)] = [
        ("opportunistic", "Opportunistic TLS"), ("mta_sts", "MTA-STS"), ("dane", "DANE (Postfix)"),
        ("dane_only", "DANE only"), ("exim", "Exim"), ("exchange_online", "Exchange Online"),
        ("dane_mta_sts", "DANE and MTA-STS"), ("requiretls", "REQUIRETLS messages"),
    ]

    private static let reasons: [String: String] = [
        "delivered": "", "no_connection": "no connection", "no_tls": "no TLS there",
        "tlsa_mismatch": "no TLSA record matches the certificate", "tlsa_error": "the TLSA lookup fails",
        "not_in_policy": "the mail host is not in the MTA-STS policy", "certificate": "the certificate is not valid",
        "no_dane": "no usable TLSA records", "insecure_mx": "the MX records are not signed",
        "no_requiretls": "the server does not offer REQUIRETLS", "null_mx": "the domain takes no mail",
        "nowhere": "the domain has no mail host", "lookup_error": "the MX lookup fails",
        "forged_dns": "DNS answers can be forged", "no_protection": "nothing tells whose certificate is right",
        "partial_dane": "a mail host has no TLSA records", "dnssec_lost": "DNSSEC is what everything hangs on",
        "authority_trusted": "the authority that was tricked is trusted", "policy_hidden": "the policy was never seen",
    ]

    private static let outcomes: [String: String] = [
        "auth": "delivered, encrypted and authenticated", "unauth": "delivered, encrypted to whoever answers",
        "clear": "delivered in clear", "defer": "not delivered, tried again for days",
        "bounce": "returned to the sender",
    ]

    static func rows(_ report: Report) -> [Row] {
        models.compactMap { model in
            let own = report.senders.filter { $0.sender == model.id }
            guard let plain = own.first(where: { $0.attack == "none" }) else { return nil }
            let cells = attacks.compactMap { attack in
                own.first { $0.attack == attack.code }.map { row in
                    Cell(
                        attack: attack.code, outcome: row.outcome, isRead: row.read, words: words(row),
                        dependsOnCache: row.dependsOnCache, fix: row.fix)
                }
            }
            let names = (report.senderDirectory?.senders ?? []).filter { $0.model == model.id }.map { entry in
                let open = [("DANE", entry.dane), ("MTA-STS", entry.mtaSTS)].filter { $0.1 == "unverified" }.map(\.0)
                return entry.name + (open.isEmpty ? "" : " (\(open.joined(separator: ", ")) unverified)")
            }
            return Row(
                title: model.title, names: names, cells: cells,
                isStopped: plain.outcome == "defer" || plain.outcome == "bounce", now: words(plain),
                reading: reading(cells))
        }
    }

    private static func words(_ row: Report.Sender) -> String {
        var words = outcomes[row.outcome] ?? row.outcome
        let reason = reasons[row.decidedBy.rule] ?? row.decidedBy.rule
        let place = row.decidedBy.host.map { " (\($0))" } ?? ""
        if !reason.isEmpty { words += ": \(reason)\(place)" }
        if let fix = row.fix { words += "; see \(fix)" }
        return words
    }

    private static func reading(_ cells: [Cell]) -> String {
        let readers = cells.filter(\.isRead).compactMap { cell in attacks.first { $0.code == cell.attack }?.words }
        return readers.isEmpty ? "nobody" : readers.joined(separator: ", ")
    }
}

extension String {
    /// `listens` for `Listens`, and `DNSSEC` as it is.
    var lowercasedFirst: String {
        let second = utf8.dropFirst().first ?? 0
        guard let first = utf8.first, (0x41...0x5A).contains(first), !(0x41...0x5A).contains(second) else {
            return self
        }
        return String(decoding: [first | 0x20] + Array(utf8.dropFirst()), as: UTF8.self)
    }
}
