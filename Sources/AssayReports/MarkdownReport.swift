import AssayModel

/// Markdown for issues and merge requests (CommonMark with GitHub's tables): short above, findings folded below.
struct MarkdownReport {
    private let report: Report
    private let words: Wording

    init(_ report: Report, _ words: Wording) {
        self.report = report
        self.words = words
    }

    func render() -> String {
        var lines = ["# \(Self.escaped(Wording.domain(report)))", ""]
        lines += [Self.escaped(words.verdict(report)), ""]
        let score = report.score.map { words("score.label", ["score": "\($0.value)", "grade": $0.grade]) }
        let state = report.complete ? "" : " " + words("scan.incomplete")
        lines += ["\(score.map { "\($0): " } ?? "")\(words.counts(report.findings)).\(state)", ""]
        let grave = report.findings.filter { $0.severity != .info }
        if !grave.isEmpty {
            lines += ["| | | |", "| --- | --- | --- |"]
            for group in TextReport.groups(grave) {
                let subjects = group.map { Wording.subject($0.subject) }.joined(separator: ", ")
                lines.append(
                    "| \(words.name(of: group[0].severity)) | \(Self.escaped(group[0].title)) | \(Self.escaped(subjects)) |"
                )
            }
            lines.append("")
        }
        for group in TextReport.groups(report.findings) { lines += details(group) }
        let untold = words.untold(report)
        if !untold.isEmpty {
            lines += ["## \(words("title.untold"))", ""]
            for row in untold {
                let subjects = row.rows.flatMap(\.subjects).joined(separator: ", ")
                lines.append("* \(Self.escaped(row.cause)): \(Self.escaped(subjects))")
            }
            lines.append("")
        }
        lines.append(Self.escaped("\(report.startedAt), \(Wording.tool(report)), \(Wording.profiles(report))"))
        return lines.joined(separator: "\n") + "\n"
    }

    private func details(_ group: [Finding]) -> [String] {
        let first = group[0]
        var lines = [
            "<details><summary>\(words.name(of: first.severity)): \(Self.markup(first.title))</summary>", "",
            Self.prose(first.text), "",
        ]
        if group.count > 1 {
            lines += group.dropFirst().map { "* \(Self.escaped(Wording.subject($0.subject)))" } + [""]
        }
        lines += [Self.prose(first.remedy), ""]
        if let accepted = first.accepted {
            lines += [Self.escaped(words.accepted(accepted)), ""]
        }
        lines += [Self.escaped("\(first.id); \(first.references.joined(separator: "; "))"), "", "</details>", ""]
        return lines
    }

    /// Our own text with `code` between back-ticks; the parts between are as hostile as any.
    private static func prose(_ text: String) -> String {
        let parts = Wording.plain(text).utf8.split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false)
        return parts.enumerated().map { index, part in
            let text = String(Substring(part))
            return index % 2 == 1 && index < parts.count - 1 && !text.utf8.allSatisfy({ $0 == 0x20 })
                ? "`\(text)`" : escaped(text)
        }.joined()
    }

    /// Every ASCII punctuation mark may be escaped (CommonMark section 2.4); `@` and `#` name people and issues to forges.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in Wording.plain(text).unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "@": result += "&#64;"
            case "\\", "`", "*", "_", "[", "]", "(", ")", "#", "|", "~", "!", "{", "}", "+", "$", "^", "=", "\"":
                result += "\\"
                result.unicodeScalars.append(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Within an HTML element Markdown's escapes would show.
    private static func markup(_ text: String) -> String {
        var html = HTML()
        html.text(text)
        return String(decoding: html.octets, as: UTF8.self)
    }
}
