import AssayModel

/// Pictures of what a delivery hangs on: the DNSSEC chain of trust, and each host's certificate with what vouches for it.
struct ChainPicture {
    let words: Wording

    func write(_ report: Report, _ html: inout HTML) {
        let facts = Dictionary(grouping: report.observations, by: \.fact)
        let zones = zoneBoxes(facts, report)
        if zones.count > 1 {
            html.element("h3", words("title.trust"))
            Picture.row(zones, label: words("title.trust"), &html)
        }
        let chains = (facts["cert.leaf"] ?? []).prefix(ReportLimits.chains)
        guard !chains.isEmpty else { return }
        html.element("h3", words("title.certificates"))
        var seen: Set<[String]> = []
        for leaf in chains {
            let boxes = certificateBoxes(leaf, facts)
            // Addresses of a host that show the same certificate are one picture.
            guard !boxes.isEmpty, seen.insert(boxes.flatMap(\.lines)).inserted else { continue }
            Picture.row(boxes, label: leaf.subject.name, &html)
        }
    }

    // MARK: Zones

    private func zoneBoxes(_ facts: [String: [Observation]], _ report: Report) -> [Picture.Box] {
        guard let chain = facts["dnssec.chain"]?.first?.outcome.value?[path: "links"]?.listValue else { return [] }
        return chain.prefix(ReportLimits.zones).map { link in
            let zone = link[path: "zone"]?.stringValue ?? ""
            let isSecure = link[path: "is_secure"]?.boolValue == true
            let keys = link[path: "keys"]?.listValue?.compactMap(\.stringValue) ?? []
            let ds = link[path: "ds"]?.listValue?.compactMap(\.stringValue) ?? []
            var lines = [zone]
            lines += ds.prefix(2).map { "DS \($0)" } + keys.prefix(2).map { "DNSKEY \($0)" }
            if !isSecure { lines.append(words("trust.unsigned")) }
            return Picture.Box(lines: lines, tone: isSecure ? .pass : .untold, isLinked: isSecure)
        }
    }

    // MARK: Certificates

    private func certificateBoxes(_ leaf: Observation, _ facts: [String: [Observation]]) -> [Picture.Box] {
        guard let value = leaf.outcome.value else { return [] }
        func same(_ fact: String) -> FactValue? {
            facts[fact]?.first {
                $0.subject.name == leaf.subject.name && $0.subject.address == leaf.subject.address
                    && ($0.subject.object == nil || $0.subject.object == leaf.subject.object)
            }?.outcome.value
        }
        let chain = same("cert.chain")
        let isValid = chain?[path: "is_valid"]?.boolValue == true
        let key = [
            value[path: "key_kind"]?.stringValue?.uppercased(), value[path: "key_bits"]?.intValue.map { "\($0)" },
        ]
        var boxes = [
            Picture.Box(
                lines: [
                    leaf.subject.name, key.compactMap(\.self).joined(separator: " "),
                    words(
                        "trust.until",
                        ["date": String((value[path: "not_after"]?.stringValue ?? "?").prefix { $0 != "T" })]),
                ], tone: isValid ? .pass : .bad, isLinked: true)
        ]
        let issuer = Self.commonName(value[path: "issuer"]?.stringValue ?? "")
        let path = chain?[path: "path"]?.stringValue ?? ""
        boxes.append(
            Picture.Box(
                lines: [issuer, words.optional("trust.path.\(path)") ?? path],
                tone: path == "trusted" ? .pass : .untold,
                isLinked: path == "trusted"))
        if let verdict = same("dane.verdict") {
            let isVerified = verdict[path: "kind"]?.stringValue == "verified"
            let wanted = verdict[path: "wanted"]?.stringValue ?? ""
            let parameters = wanted.split(separator: " ").prefix(3).joined(separator: " ")
            boxes.append(
                Picture.Box(
                    lines: ["DANE", words(isVerified ? "host.dane.match" : "host.dane.mismatch"), parameters],
                    tone: isVerified ? .pass : .bad, isLinked: isVerified))
        }
        if let match = facts["mta_sts.mx_match"]?.first(where: { $0.subject.name == leaf.subject.name })?.outcome.value
        {
            let isMatched = match[path: "is_matched"]?.boolValue == true && isValid
            boxes.append(
                Picture.Box(
                    lines: ["MTA-STS", words(isMatched ? "host.policy.in" : "trust.policy.fails")],
                    tone: isMatched ? .pass : .bad, isLinked: isMatched))
        }
        return boxes
    }

    /// `CN=...` of a distinguished name, else all of it.
    private static func commonName(_ name: String) -> String {
        let parts = name.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
        let common = parts.last { $0.utf8.starts(with: "CN=".utf8) }
        return common.map { String(Substring($0.utf8.dropFirst(3))) } ?? name
    }
}

/// Boxes in a row with lines between them, as inline SVG; the words are the picture's label too.
enum Picture {
    enum Tone: String { case pass, bad = "high", untold }

    struct Box {
        let lines: [String]
        let tone: Tone
        /// To the box before it; a broken link is dashed.
        let isLinked: Bool
    }

    static func row(_ boxes: [Box], label: String, _ html: inout HTML) {
        let widths = boxes.map {
            max(90, min(maximumColumns, ($0.lines.map(\.unicodeScalars.count).max() ?? 0)) * 7 + 20)
        }
        let rows = boxes.map(\.lines.count).max() ?? 1
        let height = rows * 17 + 18
        let width = widths.reduce(0, +) + (boxes.count - 1) * gap + 4
        let text = ([label] + boxes.map { $0.lines.joined(separator: ", ") }).joined(separator: "; ")
        html.element("div", class: "scroll", [("tabindex", "0"), ("role", "region"), ("aria-label", label)]) { html in
            html.element(
                "svg", class: "picture",
                [
                    ("viewBox", "0 0 \(width) \(height + 4)"), ("width", "\(width)"), ("height", "\(height + 4)"),
                    ("role", "img"), ("aria-label", text),
                ]
            ) { html in
                var x = 2
                for (index, box) in boxes.enumerated() {
                    if index > 0 { link(from: x - gap, to: x, y: height / 2, isWhole: box.isLinked, &html) }
                    draw(box, x: x, width: widths[index], height: height, &html)
                    x += widths[index] + gap
                }
            }
        }
    }

    private static func link(from: Int, to: Int, y: Int, isWhole: Bool, _ html: inout HTML) {
        html.element(
            "line", class: isWhole ? "link" : "link broken",
            [("x1", "\(from)"), ("x2", "\(to)"), ("y1", "\(y)"), ("y2", "\(y)")]
        ) { _ in }
    }

    private static func draw(_ box: Box, x: Int, width: Int, height: Int, _ html: inout HTML) {
        html.element("g", class: box.tone.rawValue) { html in
            html.element(
                "rect",
                [("x", "\(x)"), ("y", "2"), ("width", "\(width)"), ("height", "\(height)"), ("rx", "4")]
            ) { _ in }
            for (index, line) in box.lines.enumerated() {
                html.element(
                    "text", class: index == 0 ? "head" : nil,
                    [("x", "\(x + 10)"), ("y", "\(22 + index * 17)")]
                ) { $0.text(cut(line)) }
            }
        }
    }

    private static func cut(_ text: String) -> String {
        guard text.unicodeScalars.count > maximumColumns else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(maximumColumns - 1))) + "…"
    }

    private static let gap = 34
    private static let maximumColumns = 34
}
