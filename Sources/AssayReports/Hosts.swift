import AssayModel

/// The mail hosts and what was seen at each of their addresses, for the overview of every format.
enum Hosts {
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
        let policy: Cell
    }

    /// A line per address for the terminal.
    static func rows(_ report: Report) -> [String] {
        table(report).map { row in
            let labels = [
                ("port 25 ", row.reach), ("", row.tls), ("certificate ", row.certificate), ("MTA-STS: ", row.policy),
            ]
            let cells = labels.filter { !$0.1.words.isEmpty }.map { $0.0 + $0.1.words }
            return "\(row.preference) \(row.host) [\(row.address)]\(cells.isEmpty ? "" : ": ")"
                + cells.joined(separator: ", ")
        }
    }

    static func table(_ report: Report) -> [Row] {
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
                    tls: tls(here), certificate: certificate(here), policy: policy(here))
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

    private static func reach(_ here: Here) -> Cell {
        switch here.outcome("smtp.connection") {
        case .observed(let value):
            let state = value[path: "state"]?.stringValue ?? ""
            let words = ["connected": "open", "refused": "refused", "timed_out": "silent"][
                state]
            return here.cell(words ?? state, ["smtp_connect"])
        case .undetermined: return Cell(words: "not told", severity: nil, isTold: false)
        case .absent, .notApplicable, nil: return Cell(words: "", severity: nil, isTold: false)
        }
    }

    private static func starttls(_ here: Here) -> Cell {
        switch here.outcome("starttls.offer") {
        case .observed(let value):
            return here.cell(value[path: "is_offered"]?.boolValue == true ? "offered" : "not offered", ["starttls_"])
        case .undetermined: return Cell(words: "not told", severity: nil, isTold: false)
        case .absent, .notApplicable, nil: return Cell(words: "", severity: nil, isTold: false)
        }
    }

    private static func tls(_ here: Here) -> Cell {
        switch here.outcome("starttls.handshake") {
        case .observed(let value):
            if let version = value[path: "version"]?.stringValue {
                return here.cell(version, ["starttls_handshake", "mta_sts_mx_tls"])
            }
            return here.cell("TLS failed", ["starttls_handshake", "starttls_no_response"])
        case .undetermined: return Cell(words: "TLS not told", severity: nil, isTold: false)
        case .notApplicable("no_starttls"): return here.cell("no STARTTLS", ["starttls_", "smtp_ehlo_rejected"])
        case .notApplicable("no_tls"): return here.cell("no TLS", ["starttls_"])
        case .absent, .notApplicable, nil: return Cell(words: "", severity: nil, isTold: false)
        }
    }

    private static func certificate(_ here: Here) -> Cell {
        switch here.outcome("cert.leaf") {
        case .observed(let value):
            guard let left = value[path: "seconds_left"]?.intValue else {
                return here.cell("without dates", ["cert_"])
            }
            let days = left / 86_400
            return here.cell(
                left < 0 ? "expired" : "\(Wording.counted(days, "day", "days")) left", ["cert_"]
            )
        case .undetermined: return Cell(words: "not told", severity: nil, isTold: false)
        case .absent, .notApplicable, nil: return Cell(words: "", severity: nil, isTold: false)
        }
    }

    private static func policy(_ here: Here) -> Cell {
        switch here.outcome("mta_sts.mx_match") {
        case .observed(let value):
            let isMatched = value[path: "is_matched"]?.boolValue == true
            return here.cell(isMatched ? "in the policy" : "not in the policy", ["mta_sts_"])
        case .undetermined: return Cell(words: "not told", severity: nil, isTold: false)
        case .absent, .notApplicable, nil: return Cell(words: "", severity: nil, isTold: false)
        }
    }
}
