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
