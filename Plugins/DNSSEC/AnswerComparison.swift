import AssayDNS
import AssayModel

/// Compares what the servers of a zone say to the same questions, signatures left out.
struct AnswerComparison {
    struct Difference: Equatable {
        let question: String
        /// Those that answer otherwise than most.
        let servers: [String]
    }

    private(set) var compared = 0
    private(set) var differences: [Difference] = []

    /// The answers of servers to one question; nothing is said of fewer than two.
    mutating func add(_ question: String, _ answers: [(server: String, records: Set<[UInt8]>)]) {
        guard answers.count > 1 else { return }
        compared += 1
        var counts: [Set<[UInt8]>: Int] = [:]
        for answer in answers { counts[answer.records, default: 0] += 1 }
        guard counts.count > 1, let most = counts.values.max() else { return }
        // Among equals the set of the first server counts, so that the same is said each time.
        let reference = answers.first { counts[$0.records] == most }?.records
        differences.append(
            Difference(question: question, servers: answers.filter { $0.records != reference }.map(\.server)))
    }

    /// `MX example.com: ns2.example.com [192.0.2.53], ...`.
    var lines: [String] {
        differences.map { "\($0.question): \($0.servers.joined(separator: ", "))" }.sorted()
    }
}

extension DNSMessage {
    /// Owner, type and contents of the answers, in canonical form, without signatures.
    var answerRecords: Set<[UInt8]> {
        Set(
            answers.filter { $0.type != RecordType.rrsig.rawValue }.map { record in
                record.owner.wireFormat + [UInt8(record.type >> 8), UInt8(record.type & 255)] + record.canonicalData
            })
    }
}
