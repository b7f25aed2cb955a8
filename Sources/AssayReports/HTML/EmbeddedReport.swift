import AssayModel

/// The reports as JSON inside the page, so that `mailassay report FILE.html` reads them back.
///
/// Raw packets and certificates are left out; what refers to them stays.
enum EmbeddedReport {
    static func write(_ reports: [Report], _ html: inout HTML) {
        html.raw("<script type=\"application/json\" id=\"mailassay-report\">")
        let lean = reports.map { report in
            var report = report
            report.evidence = report.evidence.map { item in
                guard case .octets = item.record.body else { return item }
                var record = item.record
                record.body = .octets([])
                return Report.Evidence(id: item.id, record: record)
            }
            return report
        }
        html.ours(escaped(String(decoding: JSONReport.compact(lean), as: UTF8.self)))
        html.raw("</script>\n")
    }

    /// `<` occurs within strings alone; escaped, nothing in them can end the element (HTML section 4.12.1.3). What turns writing
    /// round or hides is escaped, too, for whoever reads the source.
    private static func escaped(_ json: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var result: [UInt8] = []
        result.reserveCapacity(json.utf8.count + 1024)
        for scalar in json.unicodeScalars {
            if scalar != "<", !Wording.isUnsafe(scalar) {
                result += String(scalar).utf8
                continue
            }
            for unit in String(scalar).utf16 {
                result += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
                result += [12, 8, 4, 0].map { digits[Int(unit >> $0 & 15)] }
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The JSON out of a page of this program's; nil where there is none.
    static func json(in page: [UInt8]) -> [UInt8]? {
        guard let start = page.firstRange(of: Array("id=\"mailassay-report\">".utf8))?.upperBound,
            let end = page[start...].firstRange(of: Array("</script>".utf8))?.lowerBound
        else { return nil }
        return Array(page[start..<end])
    }
}
