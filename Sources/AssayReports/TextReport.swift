import AssayModel

/// The report for a terminal: readable at 80 columns, worst first, with what was not told as large as what failed.
struct TextReport {
    private let report: Report
    private let width: Int
    private let style: Style

    init(_ report: Report, _ options: RenderOptions) {
        self.report = report
        width = max(40, options.width)
        style = Style(isOn: options.color)
    }

    func render() -> String {
        var lines: [String] = []
        lines += head()
        let grave = report.findings.filter { $0.severity != .info }
        for group in Self.groups(grave) { lines += [""] + finding(group) }
        let notes = report.findings.filter { $0.severity == .info }
        if !notes.isEmpty {
            lines += ["", style.bold("WORTH KNOWING")]
            for group in Self.groups(notes) { lines += note(group) }
        }
        lines += senders()
        lines += untold()
        lines += foot()
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Parts

    private func head() -> [String] {
        let when = "\(report.startedAt)"
        let name = Wording.plain(Wording.domain(report))
        let gap = width - TextLayout.columns(name) - when.utf8.count
        var lines =
            gap < 2
            ? wrap(style.bold(name), indent: 0) + [style.dim(when)]
            : [style.bold(name) + String(repeating: " ", count: gap) + style.dim(when)]
        lines += wrap(Wording.verdict(report), indent: 0)
        let state = report.complete ? "" : " The scan is not complete."
        lines += wrap("\(report.tier) tier: \(Wording.counts(report)).\(state)", indent: 0)
        let hosts = Hosts.rows(report)
        if !hosts.isEmpty {
            lines += ["", style.bold("MAIL HOSTS")]
            for row in hosts { lines += wrap(row, indent: 2, hanging: 4) }
        }
        return lines
    }

    private func finding(_ group: [Finding]) -> [String] {
        let first = group[0]
        let label = Wording.title(of: first.severity)
        var lines = wrap(
            "\(style.color(label, first.severity))\(first.masked == true ? " (masked)" : "")  \(Wording.plain(first.title))",
            indent: 0, hanging: 4)
        lines += wrap(Wording.plain(first.text), indent: 4)
        lines += also(group, indent: 4)
        lines += wrap("Do: " + Wording.plain(first.remedy), indent: 4, hanging: 8)
        if first.masked == true {
            lines += wrap("A better mail host hides this today; it shows when that host fails.", indent: 4)
        }
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
        return wrap("The same at \(others).", indent: indent)
    }

    private func senders() -> [String] {
        let rows = SenderTable.rows(report)
        guard !rows.isEmpty else { return [] }
        var lines = ["", style.bold("WHO CANNOT DELIVER TO YOU NOW")]
        let stopped = rows.filter(\.isStopped)
        if stopped.isEmpty { lines += wrap("Every kind of sender delivers.", indent: 2) }
        if stopped.count == rows.count, Set(stopped.map(\.now)).count == 1 {
            return lines + wrap("Nobody can: \(stopped[0].now).", indent: 2)
        }
        for row in stopped { lines += wrap("\(row.title): \(row.now)", indent: 2, hanging: 4) }
        lines += ["", style.bold("WHO READS YOUR MAIL")]
        let attacks = SenderTable.attacks.dropFirst()
        func line(_ title: String, _ cells: [String]) -> String {
            let gap = String(repeating: " ", count: max(1, 20 - title.utf8.count))
            return "  \(title)\(gap)" + cells.map { String(repeating: " ", count: 5 - $0.utf8.count) + $0 }.joined()
        }
        lines.append(style.dim(line("", attacks.map(\.code))))
        for row in rows {
            let cells = attacks.map { attack in
                guard let cell = row.cells.first(where: { $0.attack == attack.code }) else { return "?" }
                return cell.isRead ? "READ" : cell.outcome == "defer" || cell.outcome == "bounce" ? "w" : "-"
            }
            lines.append(line(row.title, cells))
        }
        let legend = attacks.map { "\($0.code) \($0.title.lowercasedFirst)" }.joined(separator: ", ")
        lines += wrap(style.dim("READ by that attacker, w mail waits or returns, - safe. \(legend)."), indent: 2)
        return lines
    }

    private func untold() -> [String] {
        let rows = Wording.untold(report)
        guard !rows.isEmpty else { return ["", style.bold("NOT TOLD"), "  Everything that was asked could be told."] }
        let count = report.summary.undetermined
        var lines = ["", style.bold("NOT TOLD: neither good nor bad")]
        for row in rows {
            lines += wrap("?  \(Wording.plain(row.cause))", indent: 2, hanging: 5)
            for part in row.rows {
                let subjects = part.subjects.map(Wording.plain).joined(separator: ", ")
                lines += wrap("\(subjects): \(part.facts.joined(separator: ", "))", indent: 5, hanging: 7)
            }
        }
        if count > 0 {
            lines += wrap(
                "\(Wording.counted(count, "check", "checks")) could not be decided for want of that.", indent: 2)
        }
        return lines
    }

    private func foot() -> [String] {
        let passed = report.checks.count { $0.result == .pass }
        let connections = report.connections.reduce(0) { $0 + $1.made }
        let seconds = report.finishedAt.seconds(since: report.startedAt)
        return [""]
            + wrap(
                style.dim(
                    "\(Wording.counted(passed, "check", "checks")) passed, \(Wording.counted(connections, "connection", "connections")) made, \(seconds) s; \(report.tool.name) \(report.tool.version), rules \(report.ruleset.profiles.joined(separator: "+"))"
                ), indent: 0)
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
private struct Style {
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
