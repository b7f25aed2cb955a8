import AssayModel

/// The evidence, and how the report was made.
struct AppendixSection {
    let words: Wording

    func write(_ report: Report, _ html: inout HTML) {
        html.element("section", class: "appendix", [("id", "\(report.domain)-seen")]) { html in
            if !report.evidence.isEmpty { seen(report, &html) }
            html.element("h2", words("title.made"))
            let made = report.connections.reduce(0) { $0 + $1.made }
            html.element(
                "p",
                words(
                    "made.text",
                    [
                        "start": "\(report.startedAt)", "end": "\(report.finishedAt)",
                        "connections": words.count(made, "connection"), "sha256": report.ruleset.sha256,
                    ]))
            html.element("p") { $0.prose(words("made.json")) }
        }
    }

    /// What findings rest on is shown; of the rest only what it was.
    private func seen(_ report: Report, _ html: inout HTML) {
        html.element("h2", words("title.seen"))
        let linked = linked(report)
        for item in report.evidence where linked.contains(item.id) { evidence(item, report, &html) }
        let rest = report.evidence.filter { !linked.contains($0.id) }
        guard !rest.isEmpty else { return }
        html.element("details", class: "evidence") { html in
            html.element("summary", words("evidence.rest", ["n": "\(rest.count)"]))
            html.element("ul", class: "columns") { html in
                for item in rest {
                    html.element("li") { html in
                        html.element("code", [("id", "\(report.domain)-\(item.id)")]) { $0.text(item.id) }
                        html.text(
                            " " + words("evidence.item", ["kind": item.record.kind.rawValue, "name": item.record.name]))
                    }
                }
            }
        }
    }

    /// Those behind findings, in the findings' order, as many as are shown.
    private func linked(_ report: Report) -> Set<String> {
        let facts = Dictionary(report.observations.map { ($0.id, $0.evidence) }) { first, _ in first }
        var linked: Set<String> = []
        for finding in report.findings where finding.accepted == nil {
            for id in finding.facts.flatMap({ facts[$0] ?? [] }).prefix(ReportLimits.evidenceLinks)
            where linked.count < ReportLimits.dumps { linked.insert(id) }
        }
        return linked
    }

    private func evidence(_ item: Report.Evidence, _ report: Report, _ html: inout HTML) {
        html.element("details", class: "evidence", [("id", "\(report.domain)-\(item.id)")]) { html in
            html.element("summary") { html in
                html.element("code", item.id)
                var values = ["kind": item.record.kind.rawValue, "name": item.record.name]
                values["server"] = item.record.server
                html.text(" " + words(item.record.server == nil ? "evidence.item" : "evidence.from", values))
            }
            html.element("pre") { html in
                switch item.record.body {
                case .octets(let octets): html.preformatted(dump(octets))
                case .lines(let lines):
                    html.preformatted(
                        lines.prefix(ReportLimits.dumpLines).map {
                            "\($0.from == .us ? ">" : "<") \(Wording.plain($0.text))"
                        }.joined(separator: "\n"))
                }
            }
        }
    }

    /// Sixteen octets a line.
    private func dump(_ octets: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let shown = octets.prefix(ReportLimits.dumpOctets)
        var lines: [String] = []
        var start = shown.startIndex
        while start < shown.endIndex {
            let row = shown[start..<min(start + 16, shown.endIndex)]
            let hex = row.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)], 0x20] }
            let text = row.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") }
            let padding = String(repeating: " ", count: 48 - hex.count)
            lines.append(String(decoding: hex, as: UTF8.self) + padding + " " + String(decoding: text, as: UTF8.self))
            start += 16
        }
        if octets.count > shown.count { lines.append(words("evidence.more", ["n": "\(octets.count - shown.count)"])) }
        return lines.joined(separator: "\n")
    }
}
