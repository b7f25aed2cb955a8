import AssayModel

/// One finding, or the same one at several subjects: what we saw, why it matters, the fix, and how to see it oneself.
struct FindingView {
    let words: Wording
    let report: Report
    /// Observations by id.
    let facts: [String: Observation]

    /// Of the first finding of an id; links lead there.
    static func anchor(_ finding: Finding, in report: Report) -> String { "\(report.domain)-\(finding.id)" }

    func write(_ group: [Finding], _ html: inout HTML) {
        let first = group[0]
        let isOpen = first.severity >= .medium && first.accepted == nil
        let isFirst = report.findings.first { $0.id == first.id } == first
        var attributes: [(StaticString, String)] = [("data-severity", first.severity.rawValue)]
        if isOpen { attributes.append(("open", "")) }
        if isFirst { attributes.append(("id", Self.anchor(first, in: report))) }
        html.element(
            "details", class: "finding \(first.accepted == nil ? first.severity.rawValue : "untold")", attributes
        ) { html in
            summary(group, &html)
            if let accepted = first.accepted { html.element("p", class: "masked", words.accepted(accepted)) }
            if first.masked == true { html.element("p", class: "masked", words("finding.masked.why")) }
            for finding in group { html.element("p") { $0.prose(finding.text) } }
            html.element("div", class: "remedy") { html in
                html.element("h3", words("finding.fix"))
                html.element("p") { $0.prose(first.remedy) }
                if group.count > 1 {
                    let subjects = group.dropFirst().map { Wording.subject($0.subject) }.joined(separator: ", ")
                    html.element("p", class: "also", words("finding.same.fix", ["subjects": subjects]))
                }
            }
            seen(group, &html)
            foot(group, &html)
        }
    }

    private func summary(_ group: [Finding], _ html: inout HTML) {
        let first = group[0]
        html.element("summary") { html in
            html.element("span", class: "badge") { html in
                html.glyph(Wording.glyph(of: first.severity))
                html.text(" " + words.name(of: first.severity))
            }
            html.element("span", class: "title", first.title)
            if group.count > 1 { html.element("span", class: "count", words.count(group.count, "time")) }
            if first.masked == true { html.element("span", class: "count", words("finding.masked")) }
        }
    }

    /// The facts that it rests on, and the command that shows them.
    private func seen(_ group: [Finding], _ html: inout HTML) {
        var ids: [String] = []
        for id in group.flatMap(\.facts) where !ids.contains(id) { ids.append(id) }
        let observations = ids.prefix(ReportLimits.seenObservations).compactMap { facts[$0] }
        let command = Reproduction.command(for: group[0])
        guard !observations.isEmpty || command != nil else { return }
        html.element("details", class: "seen") { html in
            html.element("summary", words("finding.seen"))
            for observation in observations {
                html.element("p") { html in
                    html.element("code", observation.fact)
                    html.text(" \(Wording.subject(observation.subject)): ")
                    html.element("span", class: "mono", Self.values(observation))
                }
            }
            let evidence = evidence(ids)
            if !evidence.isEmpty {
                html.element("p") { html in
                    for id in evidence {
                        html.element("a", [("href", "#\(report.domain)-\(id)")]) { $0.text(id) }
                        html.text(" ")
                    }
                }
            }
            if let command {
                html.element("p") { html in
                    html.text(words("finding.verify") + ": ")
                    html.element("code", class: "command", command)
                }
            }
        }
    }

    private func evidence(_ ids: [String]) -> [String] {
        var seen: Set<String> = []
        let all = ids.compactMap { facts[$0] }.flatMap(\.evidence)
        return Array(all.filter { seen.insert($0).inserted }.prefix(ReportLimits.evidenceLinks))
    }

    private func foot(_ group: [Finding], _ html: inout HTML) {
        html.element("p", class: "meta") { html in
            html.element("code", group[0].id)
            for reference in group[0].references { html.text(" · " + reference) }
        }
    }

    /// `key_bits 1024, key_kind rsa`: fields that are there, simple ones first.
    private static func values(_ observation: Observation) -> String {
        guard case .observed(let value) = observation.outcome, case .object(let members) = value else {
            return observation.outcome.kind.rawValue
        }
        let fields = members.sorted { ($0.value.isPlain ? 0 : 1, $0.key) < ($1.value.isPlain ? 0 : 1, $1.key) }
            .filter { $0.value != .null && $0.value != .list([]) }.prefix(ReportLimits.seenFields)
        return cut(fields.map { "\($0.key) \($0.value.shown)" }.joined(separator: ", "))
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > ReportLimits.seenOctets else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(ReportLimits.seenOctets))) + " …"
    }
}

extension FactValue {
    fileprivate var isPlain: Bool {
        switch self {
        case .list, .object: false
        default: true
        }
    }

    /// For people who look closer; programs read the JSON.
    fileprivate var shown: String {
        switch self {
        case .null: "-"
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): text
        case .list(let items):
            "[" + items.prefix(6).map(\.shown).joined(separator: ", ") + (items.count > 6 ? ", …]" : "]")
        case .object(let members):
            "("
                + members.sorted { $0.key < $1.key }.prefix(6).map { "\($0.key) \($0.value.shown)" }.joined(
                    separator: ", ")
                + ")"
        }
    }
}
