import AssayCrypto
import FoundationEssentials

/// The JSON forms of the `tlsa` commands.
enum TLSADocument {
    struct Record: Encodable {
        let usage: Int
        let selector: Int
        let matching: Int
        let dataHex: String
        let source: String?

        init(_ record: TLSARecord, source: String? = nil) {
            usage = Int(record.usage)
            selector = Int(record.selector)
            matching = Int(record.matching)
            dataHex = Digest.hex(record.data)
            self.source = source
        }
    }

    struct Generated: Encodable {
        let schema: String
        let owner: String
        let ttl: Int
        let records: [Record]
    }

    struct Checked: Encodable {
        struct Row: Encodable {
            let place: String
            let key: String?
            let result: String
            let words: String
            let notAfter: String?
        }

        let schema: String
        let at: String
        let owner: String
        let ttl: Int?
        let result: String
        let note: String?
        let records: [Record]
        let rows: [Row]
    }

    struct Planned: Encodable {
        struct Step: Encodable {
            let number: Int
            let title: String
            let notBefore: String
            let lines: [String]
            let check: String?
        }

        let schema: String
        let at: String
        let owner: String
        let ttl: Int
        let waitSeconds: Int
        let current: [Record]
        let next: [Record]
        let notes: [String]
        let steps: [Step]
    }

    struct Verified: Encodable {
        let schema: String
        let at: String
        let owner: String
        let step: Int?
        let mayBeTaken: Bool?
        let words: [String]
    }
}

enum JSONText {
    /// Pretty, keys snake_case and sorted; ends with a new line.
    static func of(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Values of our own types always encode.
        let data = (try? encoder.encode(value)) ?? Data()
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

extension TLSACheck {
    package var json: String {
        JSONText.of(
            TLSADocument.Checked(
                schema: "mailassay.tlsa-check/1", at: "\(at)", owner: owner, ttl: ttl, result: result.rawValue,
                note: note.isEmpty ? nil : note, records: records.map { .init($0) },
                rows: rows.map {
                    .init(
                        place: $0.place, key: $0.key, result: $0.result.rawValue, words: $0.words,
                        notAfter: $0.notAfter.map { "\($0)" })
                }))
    }
}
