import AssayModel

/// iCalendar (RFC 5545): a day for each certificate and signature that ends, with a reminder two weeks earlier.
enum CalendarReport {
    static func write(_ reports: [Report], _ words: Wording) -> [UInt8] {
        var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mailassay//mailassay//EN", "CALSCALE:GREGORIAN"]
        for report in reports {
            for expiry in Expiry.all(report) { lines += event(expiry, in: report, words) }
        }
        lines.append("END:VCALENDAR")
        return lines.flatMap(folded)
    }

    private static func event(_ expiry: Expiry, in report: Report, _ words: Wording) -> [String] {
        let summary = "\(words("expiry.\(expiry.kind.rawValue)")) \(expiry.name)"
        return [
            "BEGIN:VEVENT",
            // The same through all scans until another certificate is there, so that a calendar updates in place.
            "UID:\(escaped("\(expiry.kind.rawValue)-\(expiry.name)-\(compact(expiry.at))@\(report.domain)"))",
            "DTSTAMP:\(compact(report.finishedAt))", "DTSTART;VALUE=DATE:\(compact(expiry.at).prefix(8))",
            "SUMMARY:\(escaped(summary))", "DESCRIPTION:\(escaped("\(expiry.at)"))", "TRANSP:TRANSPARENT",
            "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P14D", "DESCRIPTION:\(escaped(summary))", "END:VALARM",
            "END:VEVENT",
        ]
    }

    /// `20261224T120000Z`.
    private static func compact(_ moment: Timestamp) -> String {
        String(decoding: "\(moment)".utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }, as: UTF8.self)
    }

    /// TEXT (RFC 5545 section 3.3.11).
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in Wording.plain(text).unicodeScalars {
            if scalar == "\\" || scalar == ";" || scalar == "," { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// At most 75 octets a line, never within a character (RFC 5545 section 3.1).
    private static func folded(_ line: String) -> [UInt8] {
        var result: [UInt8] = []
        var length = 0
        for scalar in line.unicodeScalars {
            let octets = Array(String(scalar).utf8)
            if length + octets.count > 75 {
                result += [0x0D, 0x0A, 0x20]
                length = 1
            }
            result += octets
            length += octets.count
        }
        return result + [0x0D, 0x0A]
    }
}
