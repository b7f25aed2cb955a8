import AssayGzip
import AssayModel
import FoundationEssentials

/// The reports inside the page, so that `mailassay report FILE.html` reads them back: their JSON, compressed, in base64.
///
/// Raw packets and certificates are left out; what refers to them stays.
enum EmbeddedReport {
    static func write(_ reports: [Report], _ html: inout HTML) {
        html.raw("<script type=\"application/json+gzip\" id=\"mailassay-report\">")
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
        html.ours(Data(Gzip.compressed(JSONReport.compact(lean))).base64EncodedString())
        html.raw("</script>\n")
    }

    /// Why a page's report cannot be read.
    enum Fault: Error, Equatable {
        case none
        case damaged(String)
    }

    /// The JSON out of a page of this program's; older pages hold it as it is.
    static func json(in page: [UInt8]) throws(Fault) -> [UInt8] {
        let head = Array("id=\"mailassay-report\">".utf8)
        guard let start = page.place(of: head).map({ $0 + head.count }),
            let end = page[start...].place(of: Array("</script>".utf8))
        else { throw .none }
        let inside = page[start..<end]
        guard let first = inside.first, first != UInt8(ascii: "{"), first != UInt8(ascii: "[") else {
            return Array(inside)
        }
        guard let file = Data(base64Encoded: Data(inside)) else { throw .damaged("base64") }
        do {
            return try Gzip.inflated(Array(file), within: ReportLimits.embedded)
        } catch {
            throw .damaged("gzip: \(error.rawValue)")
        }
    }
}
