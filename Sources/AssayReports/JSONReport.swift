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

    /// What is wrong with a stored report.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// Reads what `write` wrote; unknown keys are ignored.
    package static func read(_ bytes: [UInt8]) throws(Fault) -> [Report] {
        let data = Data(bytes)
        let decoder = JSONDecoder()
        let isList = bytes.first { $0 > 0x20 } == UInt8(ascii: "[")
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
