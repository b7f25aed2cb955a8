import AssayModel

/// The two tables about senders: who cannot deliver now, and who reads the mail under which attack.
struct SenderTable {
    struct Cell {
        let attack: String
        let outcome: String
        let isRead: Bool
        let words: String
        let dependsOnCache: Bool
        let fix: String?
        /// Code of the rule that decides, and the host where it does; nil where none does.
        let rule: String
        let host: String?
    }

    /// A way to the mail that a change at the domain closes, with all attacks and senders that it is open for.
    struct Way {
        let reason: String
        let hosts: [String]
        let attacks: [String]
        let senders: [String]
        let fix: String
    }

    struct Row {
        let title: String
        /// Senders of that kind by name.
        let names: [String]
        let cells: [Cell]
        let isStopped: Bool
        /// What happens without an attack.
        let now: String
    }

    let words: Wording

    /// In the order of the columns; the first is nobody.
    static let attacks = ["none", "P", "S", "C1", "C2", "C3", "M", "M+C2", "B", "B'", "D", "K"]

    private static let models = [
        "opportunistic", "mta_sts", "dane", "dane_only", "exim", "exchange_online", "dane_mta_sts", "requiretls",
    ]

    func title(ofAttack code: String) -> String { words("attack.\(code)") }

    func rows(_ report: Report) -> [Row] {
        Self.models.compactMap { model in
            let own = report.senders.filter { $0.sender == model }
            guard let plain = own.first(where: { $0.attack == "none" }) else { return nil }
            let cells = Self.attacks.compactMap { attack in
                own.first { $0.attack == attack }.map { row in
                    Cell(
                        attack: attack, outcome: row.outcome, isRead: row.read, words: sentence(row),
                        dependsOnCache: row.dependsOnCache, fix: row.fix, rule: row.decidedBy.rule,
                        host: row.decidedBy.host)
                }
            }
            let names = (report.senderDirectory?.senders ?? []).filter { $0.model == model }.map { entry in
                let open = [("DANE", entry.dane), ("MTA-STS", entry.mtaSTS)].filter { $0.1 == "unverified" }.map(\.0)
                return open.isEmpty
                    ? entry.name
                    : words("sender.unverified", ["name": entry.name, "what": open.joined(separator: ", ")])
            }
            return Row(
                title: words("model.\(model)"), names: names, cells: cells,
                isStopped: plain.outcome == "defer" || plain.outcome == "bounce", now: sentence(plain))
        }
    }

    /// The ways to the mail that can be closed, in the order of the table.
    func ways(_ rows: [Row]) -> [Way] {
        var order: [String] = []
        var cells: [String: [(sender: String, cell: Cell)]] = [:]
        for row in rows {
            for cell in row.cells where cell.isRead {
                guard let fix = cell.fix else { continue }
                let key = "\(cell.rule) \(fix)"
                if cells[key] == nil { order.append(key) }
                cells[key, default: []].append((row.title, cell))
            }
        }
        return order.compactMap { key in
            guard let all = cells[key], let first = all.first?.cell, let fix = first.fix else { return nil }
            let (codes, senders) = (Set(all.map(\.cell.attack)), Set(all.map(\.sender)))
            return Way(
                reason: words.optional("reason.\(first.rule)") ?? words("outcome.\(first.outcome)"),
                hosts: Set(all.compactMap(\.cell.host)).sorted(), attacks: Self.attacks.filter(codes.contains),
                senders: rows.map(\.title).filter(senders.contains), fix: fix)
        }
    }

    private func sentence(_ row: Report.Sender) -> String {
        var sentence = words("outcome.\(row.outcome)")
        let reason = words.optional("reason.\(row.decidedBy.rule)") ?? ""
        let place = row.decidedBy.host.map { " (\($0))" } ?? ""
        if !reason.isEmpty { sentence += ": \(reason)\(place)" }
        if let fix = row.fix { sentence += "; " + words("sender.fix", ["finding": fix]) }
        return sentence
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
