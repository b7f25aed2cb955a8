package import AssayEngine
package import AssayModel
import FoundationEssentials

/// A recorded scan (`--save-evidence`): a header line, then one question with its answer a line, all JSON.
package struct EvidenceFile: Sendable {
    package struct Header: Codable, Sendable {
        package var schema = EvidenceFile.schema
        package var tool: String
        package var domain: String
        package var tier: String
        package var role: String
        package var startedAt: Timestamp
        package var finishedAt: Timestamp
        package var ehloName: String
        package var checkers: [String]
        package var asksSMTP: Bool
        package var allowsPrivate: Bool
        package var isActive: Bool
        package var wasInterrupted: Bool
        package var connections: [Report.Connection]
        /// The root certificates that verdicts were made with.
        package var rootsPEM: String
        /// Authorities of mark certificates, where they came from a file.
        package var markRootsPEM: String?
        /// Keys of transparency logs, where they were given.
        package var logKeysPEM: String?
        /// As given to that scan; missing in files of earlier versions.
        package var selectors: [String]?
        package var message: [UInt8]?
        /// The texts of `--tables`.
        package var tables: [String]?
        package var reportedSelectors: [ReportedSelector]?
        package var walksNSEC: Bool?
        package var fetchesRevocationLists: Bool?
        package var connectionsPerAddress: Int?
        package var listsEveryTLS: Bool?
        package var paceSeconds: Double?
    }

    package static let schema = "mailassay.evidence/1"
    /// Octets of a file, before and after it is unpacked, and lines.
    package static let octets = 64 << 20
    package static let lines = 100_000

    package let header: Header
    private let answers: [String: Data]

    // MARK: Writing

    package static func write(_ header: Header, _ records: [EvidenceStore.Record]) -> [UInt8] {
        let encoder = Self.encoder
        var lines: [[UInt8]] = []
        for record in records {
            guard let line = line(record, encoder) else { continue }
            lines.append(line)
        }
        let head = (try? encoder.encode(header)) ?? Data()
        let sorted = lines.sorted { $0.lexicographicallyPrecedes($1) }
        return Array(head) + [0x0A] + sorted.flatMap { $0 + [0x0A] }
    }

    private struct Line<P: Probe>: Codable {
        let probe: String
        let question: P
        let evidence: P.Evidence
    }

    private static func line(_ record: EvidenceStore.Record, _ encoder: JSONEncoder) -> [UInt8]? {
        func encode<P: Probe>(_ probe: P) -> [UInt8]? {
            guard let evidence = record.evidence as? P.Evidence else { return nil }
            let line = Line(probe: name(P.self), question: probe, evidence: evidence)
            return (try? encoder.encode(line)).map(Array.init)
        }
        return encode(record.probe)
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    private static func name<P: Probe>(_ type: P.Type) -> String { String(describing: type) }

    // MARK: Reading

    private struct Key: Decodable { let probe: String }

    /// Reads a file; what is wrong with it is an error that names the line.
    package init(path: String) throws(AuditError) {
        let bytes = try CompressedFile.read(path, limit: Self.octets)
        let rows = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard let first = rows.first, !first.isEmpty else { throw AuditError("\(path):1: no evidence file") }
        guard rows.count <= Self.lines else { throw AuditError("\(path): more than \(Self.lines) lines") }
        let decoder = JSONDecoder()
        struct Schema: Decodable { let schema: String }
        guard let schema = try? decoder.decode(Schema.self, from: Data(first)) else {
            throw AuditError("\(path):1: no evidence file")
        }
        guard schema.schema == Self.schema else {
            throw AuditError("\(path):1: schema \(Self.quoted(schema.schema)), this program reads \(Self.schema)")
        }
        do { header = try decoder.decode(Header.self, from: Data(first)) } catch {
            throw AuditError("\(path):1: the header is damaged")
        }
        guard rows.last?.isEmpty == true else {
            throw AuditError("\(path):\(rows.count): the file ends in the middle of a line")
        }
        var answers: [String: Data] = [:]
        for (number, row) in rows.enumerated().dropFirst().dropLast() {
            let data = Data(row)
            // The question is found again by its own octets: keys are sorted, so they are the same in every run.
            guard let key = try? decoder.decode(Key.self, from: data), let question = Self.question(row) else {
                throw AuditError("\(path):\(number + 1): no question with an answer")
            }
            answers["\(key.probe) \(question)"] = data
        }
        self.answers = answers
    }

    /// The octets of the question: the last member of a line, in front of the closing brace.
    private static func question(_ row: ArraySlice<UInt8>) -> String? {
        let mark = Array(",\"question\":".utf8)
        guard row.last == UInt8(ascii: "}"), row.count > mark.count else { return nil }
        var index = row.endIndex - mark.count
        while index >= row.startIndex {
            if row[index...].starts(with: mark) {
                return String(decoding: row[(index + mark.count)..<(row.endIndex - 1)], as: UTF8.self)
            }
            index -= 1
        }
        return nil
    }

    private static func quoted(_ text: String) -> String {
        "\"" + String(decoding: text.utf8.prefix(40).map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }, as: UTF8.self)
            + "\""
    }
}

extension EvidenceFile: EvidenceArchive {
    package func evidence<P: Probe>(for probe: P) -> P.Evidence? {
        guard let question = try? Self.encoder.encode(probe) else { return nil }
        let key = "\(Self.name(P.self)) \(String(decoding: question, as: UTF8.self))"
        guard let data = answers[key] else { return nil }
        return try? JSONDecoder().decode(Line<P>.self, from: data).evidence
    }
}
