package import AssayModel
import FoundationEssentials

/// The JSON contract `mailassay.report/1` (reports/schema/report-1.json).
package enum JSONReport {
    /// One report as an object, several as an array; ends with a new line.
    package static func write(_ reports: [Report]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let documents = reports.map(ReportDocument.init)
        // Values of our own types always encode.
        let data = documents.count == 1 ? try? encoder.encode(documents[0]) : try? encoder.encode(documents)
        return Array(data ?? Data()) + [0x0A]
    }

    /// On one line: one report as an object, several as an array.
    static func compact(_ reports: [Report]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let documents = reports.map(ReportDocument.init)
        return Array(
            (documents.count == 1 ? try? encoder.encode(documents[0]) : try? encoder.encode(documents)) ?? Data())
    }

    /// One report on one line (NDJSON).
    package static func line(_ report: Report) -> [UInt8] { compact([report]) + [0x0A] }

    /// What is wrong with a stored report.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// Reads JSON, NDJSON or an HTML report of this program's; unknown keys are ignored.
    package static func read(_ file: [UInt8]) throws(Fault) -> [Report] {
        let isPage = file.first { $0 > 0x20 } == UInt8(ascii: "<")
        let bytes = isPage ? try inside(file) : file
        let data = Data(bytes)
        let decoder = JSONDecoder()
        let isList = bytes.first { $0 > 0x20 } == UInt8(ascii: "[")
        if let lines = lines(bytes) { return try lines.map(report(onLine:)) }
        do {
            return try isList
                ? decoder.decode([ReportDocument].self, from: data).map { $0.report }
                : [decoder.decode(ReportDocument.self, from: data).report]
        } catch let error as DecodingError {
            throw Fault(description: words(for: error))
        } catch {
            throw Fault(description: "not a report: \(error)")
        }
    }

    private static func inside(_ page: [UInt8]) throws(Fault) -> [UInt8] {
        do {
            return try EmbeddedReport.json(in: page)
        } catch .damaged(let what) {
            throw Fault(description: "the report inside the page is damaged (\(what))")
        } catch {
            throw Fault(description: "a page without a report of this program inside")
        }
    }

    /// Reports one a line; nil where the text is one document.
    private static func lines(_ bytes: [UInt8]) -> [(number: Int, octets: ArraySlice<UInt8>)]? {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
            .map { (number: $0.offset + 1, octets: $0.element) }.filter { !$0.octets.allSatisfy { $0 <= 0x20 } }
        guard lines.count > 1, lines.allSatisfy({ $0.octets.first == UInt8(ascii: "{") && $0.octets.count > 1 }) else {
            return nil
        }
        return lines
    }

    private static func report(onLine line: (number: Int, octets: ArraySlice<UInt8>)) throws(Fault) -> Report {
        do {
            return try JSONDecoder().decode(ReportDocument.self, from: Data(line.octets)).report
        } catch let error as DecodingError {
            throw Fault(description: "line \(line.number): \(words(for: error))")
        } catch {
            throw Fault(description: "line \(line.number): not a report")
        }
    }

    private static func words(for error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(path(context.codingPath))\(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(path(context.codingPath))has the wrong type"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "not JSON"
        case .dataCorrupted(let context): "\(path(context.codingPath))\(context.debugDescription)"
        @unknown default: "not a report"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined() + (keys.isEmpty ? "" : ": ")
    }
}
