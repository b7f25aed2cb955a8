import AssayModel

/// The mail hosts and what was seen at each of their addresses, for the overview of every format.
struct Hosts {
    struct Cell {
        let words: String
        /// nil where it could not be told or does not apply.
        let severity: Severity?
        let isTold: Bool
    }

    struct Row {
        let host: String
        let preference: Int
        let address: String
        let reach: Cell
        let starttls: Cell
        let tls: Cell
        let certificate: Cell
        let dane: Cell
        let policy: Cell

        var cells: [Cell] { [reach, starttls, tls, certificate, dane, policy] }
    }

    let words: Wording

    /// A line per address for the terminal.
    func lines(_ report: Report) -> [String] {
        table(report).map { row in
            let labels = [
                (words("host.label.reach"), row.reach), ("", row.tls),
                (words("host.label.certificate"), row.certificate),
                (words("host.label.dane"), row.dane), (words("host.label.policy"), row.policy),
            ]
            let cells = labels.filter { !$0.1.words.isEmpty }.map { $0.0 + $0.1.words }
            return "\(row.preference) \(row.host) [\(row.address)]\(cells.isEmpty ? "" : ": ")"
                + cells.joined(separator: ", ")
        }
    }

    func table(_ report: Report) -> [Row] {
        let facts = Dictionary(grouping: report.observations, by: \.fact)
        let hosts = facts["mx.hosts"]?.first?.outcome.value?[path: "hosts"]?.listValue ?? []
        return hosts.flatMap { host -> [Row] in
            let name = host[path: "name"]?.stringValue ?? ""
            let preference = host[path: "preference"]?.intValue ?? 0
            let addresses = host[path: "addresses"]?.listValue?.compactMap(\.stringValue) ?? []
            return addresses.map { address in
                let here = Here(name: name, address: address, facts: facts, findings: report.findings)
                return Row(
                    host: name, preference: preference, address: address, reach: reach(here), starttls: starttls(here),
                    tls: tls(here), certificate: certificate(here), dane: dane(here), policy: policy(here))
            }
        }
    }

    private struct Here {
        let name: String
        let address: String
        let facts: [String: [Observation]]
        let findings: [Finding]

        func outcome(_ fact: String) -> Outcome<FactValue>? {
            let all = facts[fact]?.filter { $0.subject.name == name } ?? []
            return (all.first { $0.subject.address == address } ?? all.first { $0.subject.address == nil })?.outcome
        }

        func worst(_ families: [String]) -> Severity? {
            findings.filter { finding in
                finding.subject.name == name && (finding.subject.address == nil || finding.subject.address == address)
                    && finding.severity != .info
                    && families.contains { finding.id.utf8.starts(with: "email.\($0)".utf8) }
            }.map(\.severity).max()
        }

        func cell(_ words: String, _ families: [String]) -> Cell {
            Cell(words: words, severity: worst(families), isTold: true)
        }
    }

    private func reach(_ here: Here) -> Cell {
        switch here.outcome("smtp.connection") {
        case .observed(let value):
            let state = value[path: "state"]?.stringValue ?? ""
            return here.cell(words.optional("host.\(state)") ?? state, ["smtp_connect"])
        case .undetermined: return untold
        case .absent, .notApplicable, nil: return Self.empty
        }
    }

    private func starttls(_ here: Here) -> Cell {
        switch here.outcome("starttls.offer") {
        case .observed(let value):
            return here.cell(
                words(value[path: "is_offered"]?.boolValue == true ? "host.starttls" : "host.starttls.no"),
                ["starttls_"])
        case .undetermined: return untold
        case .absent, .notApplicable, nil: return Self.empty
        }
    }

    private func tls(_ here: Here) -> Cell {
        switch here.outcome("starttls.handshake") {
        case .observed(let value):
            if let version = value[path: "version"]?.stringValue {
                return here.cell(version, ["starttls_handshake", "mta_sts_mx_tls"])
            }
            return here.cell(words("host.tls.failed"), ["starttls_handshake", "starttls_no_response"])
        case .undetermined: return Cell(words: words("host.tls.untold"), severity: nil, isTold: false)
        case .notApplicable("no_starttls"):
            return here.cell(words("host.tls.no_starttls"), ["starttls_", "smtp_ehlo_rejected"])
        case .notApplicable("no_tls"): return here.cell(words("host.tls.none"), ["starttls_"])
        case .absent, .notApplicable, nil: return Self.empty
        }
    }

    private func certificate(_ here: Here) -> Cell {
        switch here.outcome("cert.leaf") {
        case .observed(let value):
            guard let left = value[path: "seconds_left"]?.intValue else {
                return here.cell(words("host.certificate.undated"), ["cert_"])
            }
            let days = left / 86_400
            return here.cell(
                left < 0
                    ? words("host.certificate.expired")
                    : words("host.certificate.left", ["days": words.count(days, "day")]), ["cert_"]
            )
        case .undetermined: return untold
        case .absent, .notApplicable, nil: return Self.empty
        }
    }

    private func dane(_ here: Here) -> Cell {
        switch here.outcome("dane.verdict") {
        case .observed(let value):
            switch value[path: "kind"]?.stringValue {
            case "verified": return here.cell(words("host.dane.match"), ["dane_"])
            case "unusable": return here.cell(words("host.dane.unusable"), ["dane_"])
            case "no_starttls": return here.cell(words("host.tls.no_starttls"), ["dane_"])
            case "no_tls": return here.cell(words("host.tls.none"), ["dane_"])
            default: return here.cell(words("host.dane.mismatch"), ["dane_"])
            }
        case .undetermined: return untold
        case .absent: return here.cell(words("host.dane.none"), ["dane_"])
        case .notApplicable, nil: return Self.empty
        }
    }

    private func policy(_ here: Here) -> Cell {
        switch here.outcome("mta_sts.mx_match") {
        case .observed(let value):
            let isMatched = value[path: "is_matched"]?.boolValue == true
            return here.cell(words(isMatched ? "host.policy.in" : "host.policy.out"), ["mta_sts_"])
        case .undetermined: return untold
        case .absent, .notApplicable, nil: return Self.empty
        }
    }

    private var untold: Cell { Cell(words: words("status.untold"), severity: nil, isTold: false) }

    private static let empty = Cell(words: "", severity: nil, isTold: false)
}
