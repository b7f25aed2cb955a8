import AssayModel

/// The way of a message to the domain: sender, DNS, mail hosts, TLS, and what vouches for the right host. Where it would break
/// the line is dashed. The table of hosts says the same.
struct PathPicture {
    let words: Wording

    func write(_ report: Report, _ rows: [Hosts.Row], _ html: inout HTML) {
        var hosts: [(name: String, rows: [Hosts.Row])] = []
        for row in rows {
            if hosts.last?.name == row.host {
                hosts[hosts.count - 1].rows.append(row)
            } else {
                hosts.append((row.host, [row]))
            }
        }
        guard !hosts.isEmpty else { return }
        let lanes = hosts.prefix(ReportLimits.pathHosts).map { lane($0.rows) }
        let start = [
            Picture.Box(lines: [words("path.sender")], tone: .untold, isLinked: true),
            dns(report, hosts.count),
        ]
        html.element("h3", words("title.path"))
        draw(start, lanes, &html)
        if hosts.count > lanes.count {
            html.element("p", class: "meta", words("path.more", ["n": "\(hosts.count - lanes.count)"]))
        }
    }

    private func dns(_ report: Report, _ hosts: Int) -> Picture.Box {
        let links = report.observations.first { $0.fact == "dnssec.chain" }?.outcome.value?[path: "links"]?.listValue
        let isSecure = links.map { $0.allSatisfy { $0[path: "is_secure"]?.boolValue == true } }
        let state = isSecure.map { words($0 ? "path.signed" : "trust.unsigned") } ?? words("status.untold")
        return Picture.Box(
            lines: ["DNS, MX", words.count(hosts, "host"), "DNSSEC: \(state)"],
            tone: isSecure == true ? .pass : .untold,
            isLinked: true)
    }

    /// Boxes of one host: itself, TLS, and the badges.
    private func lane(_ rows: [Hosts.Row]) -> [Picture.Box] {
        let addresses = rows.map(\.address)
        let host = Self.worst(rows.map(\.reach))
        var boxes = [
            Picture.Box(
                lines: ["\(rows[0].preference) \(rows[0].host)"] + addresses.prefix(2) + [
                    words("host.label.reach") + host.words
                ],
                tone: Self.tone(host), isLinked: host.severity == nil)
        ]
        let tls = Self.worst(rows.map(\.tls))
        let certificate = Self.worst(rows.map(\.certificate))
        if !tls.words.isEmpty {
            let isGood = tls.severity == nil && certificate.severity == nil && tls.isTold
            boxes.append(
                Picture.Box(
                    lines: ["TLS", tls.words]
                        + (certificate.words.isEmpty ? [] : [words("host.label.certificate") + certificate.words]),
                    tone: isGood ? .pass : tls.isTold ? .bad : .untold, isLinked: tls.severity == nil))
        }
        for (name, cells) in [("DANE", rows.map(\.dane)), ("MTA-STS", rows.map(\.policy))] {
            let cell = Self.worst(cells)
            guard !cell.words.isEmpty else { continue }
            // In the policy, and yet refused for its certificate.
            let isRefused = cell.words == words("host.policy.in") && Self.tone(cell) == .bad
            boxes.append(
                Picture.Box(
                    lines: [name, isRefused ? words("trust.policy.fails") : cell.words], tone: Self.tone(cell),
                    isLinked: cell.severity == nil && cell.isTold))
        }
        return boxes
    }

    private static func tone(_ cell: Hosts.Cell) -> Picture.Tone {
        !cell.isTold ? .untold : cell.severity.map { $0 >= .medium } == true ? .bad : .pass
    }

    private static func worst(_ cells: [Hosts.Cell]) -> Hosts.Cell {
        cells.max { rank($0) < rank($1) } ?? Hosts.Cell(words: "", severity: nil, isTold: false)
    }

    private static func rank(_ cell: Hosts.Cell) -> Int {
        cell.words.isEmpty ? 0 : cell.severity.map { 7 - $0.rank } ?? (cell.isTold ? 1 : 2)
    }

    // MARK: Drawing

    private func draw(_ start: [Picture.Box], _ lanes: [[Picture.Box]], _ html: inout HTML) {
        let gap = Picture.gap
        let columns = (0..<(lanes.map(\.count).max() ?? 0)).map { column in
            lanes.compactMap { column < $0.count ? Picture.width($0[column]) : nil }.max() ?? 0
        }
        let startWidths = start.map(Picture.width)
        let laneHeights = lanes.map { ($0.map(\.lines.count).max() ?? 1) * 17 + 18 }
        let height = laneHeights.reduce(0, +) + (lanes.count - 1) * 14 + 4
        let width = (startWidths + columns).reduce(0, +) + (startWidths.count + columns.count - 1) * gap + 4
        let text = (start + lanes.flatMap(\.self)).map { $0.lines.joined(separator: ", ") }.joined(separator: "; ")
        let label = words("title.path")
        Picture.frame(label: label, text: "\(label): \(text)", width: width, height: height, &html) { html in
            let middle = height / 2
            var x = 2
            for (index, box) in start.enumerated() {
                let tall = box.lines.count * 17 + 18
                if index > 0 { Picture.link(from: (x - gap, middle), to: (x, middle), isWhole: true, &html) }
                Picture.draw(box, x: x, y: middle - tall / 2, width: startWidths[index], height: tall, &html)
                x += startWidths[index] + gap
            }
            var y = 2
            for (lane, tall) in zip(lanes, laneHeights) {
                var left = x
                for (index, box) in lane.enumerated() {
                    let from = index == 0 ? middle : y + tall / 2
                    Picture.link(from: (left - gap, from), to: (left, y + tall / 2), isWhole: box.isLinked, &html)
                    Picture.draw(box, x: left, y: y, width: columns[index], height: tall, &html)
                    left += columns[index] + gap
                }
                y += tall + 14
            }
        }
    }
}
