import AssayModel

/// The report for a terminal: readable at 80 columns, worst first, with what was not told as large as what failed.
struct TextReport {
    private let report: Report
    private let width: Int
    private let style: TextStyle
    private let words: Wording

    init(_ report: Report, _ options: RenderOptions) {
        words = Wording(options.catalogue)
        self.report = report
        width = max(40, options.width)
        style = TextStyle(isOn: options.color)
    }

    func render() -> String {
        var lines: [String] = []
        lines += head()
        let grave = report.findings.filter { $0.severity != .info }
        for group in Self.groups(grave) { lines += [""] + finding(group) }
        let notes = report.findings.filter { $0.severity == .info }
        if !notes.isEmpty {
            lines += ["", heading("title.notes")]
            for group in Self.groups(notes) { lines += note(group) }
        }
        lines += forgers()
        lines += senders()
        lines += untold()
        lines += foot()
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Parts

    private func head() -> [String] {
        var lines = Self.headline(report, width, style)
        lines += wrap(words.verdict(report), indent: 0)
        if let score = report.score {
            let label = words("score.label", ["score": "\(score.value)", "grade": score.grade])
            lines += wrap("\(label): \(words.counts(report.findings)).", indent: 0)
            lines += first(score)
        } else {
            let state = report.complete ? "" : " " + words("scan.incomplete")
            lines += wrap("\(words.counts(report.findings)).\(state)", indent: 0)
        }
        let hosts = Hosts(words: words).lines(report)
        if !hosts.isEmpty {
            lines += ["", heading("title.hosts")]
            for row in hosts { lines += wrap(row, indent: 2, hanging: 4) }
        }
        return lines
    }

    /// The domain at the left, the moment at the right.
    static func headline(_ report: Report, _ width: Int, _ style: TextStyle) -> [String] {
        let when = "\(report.startedAt)"
        let name = Wording.plain(Wording.domain(report))
        let gap = width - TextLayout.columns(name) - when.utf8.count
        return gap < 2
            ? TextLayout.wrap(style.bold(name), width: width, indent: 0, hanging: 0) + [style.dim(when)]
            : [style.bold(name) + String(repeating: " ", count: gap) + style.dim(when)]
    }

    /// The fixes that gain most, where there is something grave.
    private func first(_ score: Score) -> [String] {
        let fixes = score.fixes.compactMap { fix in
            report.findings.first { $0.id == fix.finding }.map { (finding: $0, fix: fix) }
        }.filter { $0.finding.severity >= .medium }
        guard !fixes.isEmpty else { return [] }
        var lines = ["", heading("title.first")]
        for (number, item) in fixes.enumerated() {
            let after = words("first.after", ["score": "\(item.fix.score)", "grade": item.fix.grade])
            lines += wrap("\(number + 1). \(Wording.plain(item.finding.title)) -> \(after)", indent: 2, hanging: 5)
        }
        return lines
    }

    private func heading(_ key: String) -> String { style.bold(words(key).uppercased()) }

    private func finding(_ group: [Finding]) -> [String] {
        let first = group[0]
        let label = words.title(of: first.severity)
        var lines = wrap(
            "\(style.color(label, first.severity))\(first.masked == true ? " (\(words("finding.masked")))" : "")  \(Wording.plain(first.title))",
            indent: 0, hanging: 4)
        lines += wrap(Wording.plain(first.text), indent: 4)
        lines += also(group, indent: 4)
        lines += wrap("\(words("finding.do")) \(Wording.plain(first.remedy))", indent: 4, hanging: 8)
        if first.masked == true {
            lines += wrap(words("finding.masked.why"), indent: 4)
        }
        if let accepted = first.accepted { lines += wrap(Wording.plain(words.accepted(accepted)), indent: 4) }
        lines += wrap(style.dim("\(first.id)  \(first.references.joined(separator: "; "))"), indent: 4, hanging: 8)
        return lines
    }

    private func note(_ group: [Finding]) -> [String] {
        var lines = wrap("i  \(Wording.plain(group[0].title))", indent: 2, hanging: 5)
        lines += wrap(Wording.plain(group[0].text), indent: 5)
        lines += also(group, indent: 5)
        lines += wrap(style.dim(group[0].id), indent: 5)
        return lines
    }

    private func also(_ group: [Finding], indent: Int) -> [String] {
        guard group.count > 1 else { return [] }
        let others = group.dropFirst().map { Wording.plain(Wording.subject($0.subject)) }.joined(separator: ", ")
        return wrap(words("finding.same", ["subjects": others]), indent: indent)
    }

    /// A line for each identity that is abused.
    private func forgers() -> [String] {
        let rows = ForgeryTable(words: words).rows(report)
        guard !rows.isEmpty else { return [] }
        var lines = ["", heading("title.forge")]
        for row in rows {
            let cells = row.cells.map {
                "\(words("forge.receiver.\($0.receiver.rawValue)").lowercasedFirst) \(words("forge.outcome.\($0.outcome.rawValue)"))"
            }
            lines += wrap(
                "\(words("forge.identity.\(row.identity.rawValue)")): \(cells.joined(separator: ", "))", indent: 2,
                hanging: 4)
        }
        return lines
    }

    private func senders() -> [String] {
        let table = SenderTable(words: words)
        let rows = table.rows(report)
        guard !rows.isEmpty else { return [] }
        var lines = ["", heading("title.cannot")]
        let stopped = rows.filter(\.isStopped)
        if stopped.isEmpty { lines += wrap(words("sender.all"), indent: 2) }
        if stopped.count == rows.count, Set(stopped.map(\.now)).count == 1 {
            return lines + wrap(words("sender.nobody", ["why": stopped[0].now]), indent: 2)
        }
        for row in stopped { lines += wrap("\(row.title): \(row.now)", indent: 2, hanging: 4) }
        lines += ["", heading("title.reads")]
        let attacks = SenderTable.attacks.dropFirst()
        let titleColumns = (rows.map { TextLayout.columns($0.title) }.max() ?? 0) + 1
        func line(_ title: String, _ cells: [String]) -> String {
            let gap = String(repeating: " ", count: max(1, titleColumns - TextLayout.columns(title)))
            return "  \(title)\(gap)"
                + cells.map { String(repeating: " ", count: max(1, 5 - TextLayout.columns($0))) + $0 }.joined()
        }
        lines.append(style.dim(line("", Array(attacks))))
        for row in rows {
            let cells = attacks.map { attack in
                guard let cell = row.cells.first(where: { $0.attack == attack }) else { return words("sender.unknown") }
                let isStopped = cell.outcome == "defer" || cell.outcome == "bounce"
                if cell.isRead { return words("sender.read") }
                return words(isStopped ? "sender.waits" : "sender.safe") + (cell.dependsOnCache ? "*" : "")
            }
            lines.append(line(row.title, cells))
        }
        let legend = attacks.map { "\($0) \(table.title(ofAttack: $0).lowercasedFirst)" }.joined(separator: ", ")
        lines += wrap(style.dim(words("sender.legend", ["attacks": legend])), indent: 2)
        if rows.contains(where: { $0.cells.contains { $0.dependsOnCache && !$0.isRead } }) {
            lines += wrap(style.dim(words("sender.star")), indent: 2)
        }
        return lines + ways(table.ways(rows))
    }

    /// Why cells are read, where a change at the domain would help.
    private func ways(_ ways: [SenderTable.Way]) -> [String] {
        guard !ways.isEmpty else { return [] }
        var lines = ["", heading("title.ways")]
        for way in ways {
            let place = way.hosts.isEmpty ? "" : " (\(way.hosts.map(Wording.plain).joined(separator: ", ")))"
            lines += wrap("\(way.attacks.joined(separator: " ")): \(way.reason)\(place)", indent: 2, hanging: 4)
            let fix = words("sender.fix", ["finding": way.fix])
            lines += wrap("\(way.senders.joined(separator: ", ")): \(fix)", indent: 4, hanging: 6)
        }
        return lines + wrap(style.dim(words("sender.rest")), indent: 2)
    }

    private func untold() -> [String] {
        let rows = words.untold(report)
        guard !rows.isEmpty else { return ["", heading("title.untold")] + wrap(words("untold.none"), indent: 2) }
        let count = report.summary.undetermined
        var lines = ["", heading("title.untold")]
        for row in rows {
            lines += wrap("?  \(Wording.plain(row.cause))", indent: 2, hanging: 5)
            for part in row.rows {
                let subjects = part.subjects.map(Wording.plain).joined(separator: ", ")
                lines += wrap("\(subjects): \(part.facts.joined(separator: ", "))", indent: 5, hanging: 7)
            }
        }
        if count > 0 { lines += wrap(words("untold.checks", ["checks": words.count(count, "check")]), indent: 2) }
        return lines
    }

    private func foot() -> [String] {
        let passed = report.checks.count { $0.result == .pass }
        let connections = report.connections.reduce(0) { $0 + $1.made }
        let text = words(
            "foot.text",
            [
                "checks": words.count(passed, "check"), "connections": words.count(connections, "connection"),
                "seconds": "\(report.finishedAt.seconds(since: report.startedAt))", "tool": Wording.tool(report),
                "profiles": Wording.profiles(report),
            ])
        return [""] + wrap(style.dim(text), indent: 0)
    }

    /// Findings of one id and severity side by side, where they say the same.
    static func groups(_ findings: [Finding]) -> [[Finding]] {
        var groups: [[Finding]] = []
        for finding in findings {
            if let last = groups.last?.first, last.id == finding.id, last.severity == finding.severity,
                last.masked == finding.masked
            {
                groups[groups.count - 1].append(finding)
            } else {
                groups.append([finding])
            }
        }
        return groups
    }

    private func wrap(_ text: String, indent: Int, hanging: Int? = nil) -> [String] {
        TextLayout.wrap(text, width: width, indent: indent, hanging: hanging ?? indent)
    }
}

/// Breaks lines at spaces; escape sequences take no columns.
enum TextLayout {
    static func wrap(_ text: String, width: Int, indent: Int, hanging: Int) -> [String] {
        var lines: [String] = []
        var line = String(repeating: " ", count: indent)
        var column = indent
        var isEmpty = true
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let length = columns(String(word))
            if !isEmpty, column + 1 + length > width {
                lines.append(line)
                line = String(repeating: " ", count: hanging)
                column = hanging
                isEmpty = true
            }
            if !isEmpty {
                line += " "
                column += 1
            }
            line += word
            column += length
            isEmpty = false
        }
        lines.append(line)
        return lines
    }

    /// Columns on a terminal: escape sequences take none, wide characters two.
    static func columns(_ text: String) -> Int {
        var count = 0
        var isEscape = false
        for scalar in text.unicodeScalars {
            if isEscape {
                if scalar == "m" { isEscape = false }
            } else if scalar == "\u{1B}" {
                isEscape = true
            } else if scalar.properties.generalCategory == .nonspacingMark {
                continue
            } else {
                count += isWide(scalar) ? 2 : 1
            }
        }
        return count
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

/// Colours of a terminal, or none.
struct TextStyle {
    let isOn: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }

    func color(_ text: String, _ severity: Severity) -> String {
        switch severity {
        case .critical: wrap(text, "1;97;41")
        case .high: wrap(text, "1;31")
        case .medium: wrap(text, "1;33")
        case .low: wrap(text, "1;36")
        case .info: wrap(text, "1;34")
        }
    }

    /// Each word by itself, so that a line break never splits a coloured run.
    private func wrap(_ text: String, _ code: String) -> String {
        guard isOn else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "\u{1B}[\(code)m\($0)\u{1B}[0m" }.joined(separator: " ")
    }
}
