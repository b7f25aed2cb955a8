import AssayModel

/// The evidence, and how the report was made.
struct AppendixSection {
    let words: Wording

    func write(_ report: Report, _ html: inout HTML) {
        html.element("section", class: "appendix", [("id", "\(report.domain)-seen")]) { html in
            if !report.evidence.isEmpty {
                html.element("h2", words("title.seen"))
                for item in report.evidence { evidence(item, report, &html) }
            }
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
                        lines.map { "\($0.from == .us ? ">" : "<") \(Wording.plain($0.text))" }.joined(separator: "\n"))
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
