import AssayModel

extension DMARCRecord {
    /// Something in a record that receivers do not read as it was meant.
    package struct Fault: Hashable, Sendable {
        package enum Kind: String, CaseIterable, Codable, Sendable {
            /// `v` is not first, or not exactly `DMARC1`.
            case version
            case policyMissing = "policy_missing"
            /// `p`, `sp` or `np` is none of the three policies.
            case policyInvalid = "policy_invalid"
            /// `p` is not the second tag.
            case order
            /// The value of another known tag is none that it may have.
            case value
            /// `fo` without `ruf`.
            case orphan
            /// An entry of `rua` or `ruf` that is no usable URI.
            case destination
            /// `;` between the entries of `rua` or `ruf`.
            case separator
            /// `pct`, `rf` and `ri` are no longer part of DMARC (RFC 9989 appendix C.7).
            case retired
            case unknown
            case duplicate
            /// The name of a tag is not in lower case.
            case nameCase = "name_case"
            /// Not `name=value`.
            case malformed
            /// Two semicolons in a row.
            case empty
            case nonASCII = "non_ascii"
            /// More octets, tags or destinations than are looked at; the value names the limit.
            case limit
        }

        package let kind: Kind
        /// The tag's name; empty where the record as a whole is meant.
        package let tag: String
        /// Printable, escaped.
        package let value: String

        package init(_ kind: Kind, tag: String, value: String) {
            self.kind = kind
            self.tag = tag
            self.value = value
        }
    }

    /// Reads the tags of a list, the first of each name, and collects faults.
    struct Reader {
        let list: TagList
        private(set) var faults: [Fault] = []
        private let first: [String: TagList.Tag]

        init(list: TagList) {
            self.list = list
            first = Dictionary(list.tags.map { (DMARCRecord.folded($0.name), $0) }) { first, _ in first }
        }

        mutating func add(_ kind: Fault.Kind, _ tag: String, _ value: [UInt8]) {
            faults.append(Fault(kind, tag: tag, value: printable(value, limit: Self.shownOctets)))
        }

        mutating func policy(_ tag: String, missing: Fault.Kind?, invalid: Fault.Kind) -> Policy? {
            guard let value = first[tag]?.value else {
                if let missing { add(missing, tag, []) }
                return nil
            }
            if let policy = Policy(rawValue: Self.lowered(value)) { return policy }
            add(invalid, tag, value)
            return nil
        }

        mutating func word(_ tag: String, of words: [String]) -> String? {
            guard let value = first[tag]?.value else { return nil }
            let word = Self.lowered(value)
            if words.contains(word) { return word }
            add(.value, tag, value)
            return nil
        }

        /// `1*3DIGIT`, 0 to 100 (RFC 7489 section 6.4).
        mutating func percentage(_ tag: String) -> Int? {
            guard let value = first[tag]?.value else { return nil }
            add(.retired, tag, value)
            if (1...3).contains(value.count), value.allSatisfy({ (0x30...0x39).contains($0) }) {
                let number = value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
                if number <= 100 { return number }
            }
            add(.value, tag, value)
            return nil
        }

        mutating func destinations(_ tag: String) -> Destinations {
            guard let value = first[tag]?.value else { return .none }
            let entries = value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            var uris: [ReportURI] = []
            var refused: [ReportURI.Refusal] = []
            for entry in entries.prefix(DMARCRecord.destinationLimit) {
                switch ReportURI.read(Array(entry)) {
                case .success(let uri): uris.append(uri)
                case .failure(let refusal):
                    refused.append(refusal)
                    faults.append(Fault(.destination, tag: tag, value: refusal.text))
                }
            }
            if entries.count > DMARCRecord.destinationLimit {
                add(.limit, tag, Array("destinations \(DMARCRecord.destinationLimit)".utf8))
            }
            return Destinations(uris: uris, refused: refused, count: entries.count)
        }

        /// RFC 9989 section 4.8: `0` or `1`, and `d` and `s` once each. RFC 7489 allowed any list of the four.
        mutating func failureOptions(_ tag: String) -> [String] {
            guard let value = first[tag]?.value else { return [] }
            if first["ruf"] == nil { add(.orphan, tag, value) }
            let options = value.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
                .prefix(Self.optionLimit).map { Self.lowered(TagList.trimmed($0)) }
            let isValid =
                options.allSatisfy { ["0", "1", "d", "s"].contains($0) } && Set(options).count == options.count
                && !(options.contains("0") && options.contains("1"))
            if !isValid { add(.value, tag, value) }
            return options.filter { ["0", "1", "d", "s"].contains($0) }
        }

        mutating func readRetired() {
            for tag in ["rf", "ri"] {
                if let value = first[tag]?.value { add(.retired, tag, value) }
            }
        }

        /// What belongs to no known tag, and the order.
        mutating func readRest() {
            // RFC 7489 section 6.3: `p` must be the second tag.
            if let position = list.tags.firstIndex(where: { DMARCRecord.folded($0.name) == "p" }), position != 1 {
                add(.order, "p", list.tags[position].value)
            }
            for tag in list.tags {
                if !DMARCRecord.knownTags.contains(DMARCRecord.folded(tag.name)) {
                    add(.unknown, tag.name, tag.value)
                } else if DMARCRecord.folded(tag.name) != tag.name {
                    add(.nameCase, tag.name, tag.value)
                }
            }
            let names = list.tags.map { DMARCRecord.folded($0.name) }
            for (name, count) in Dictionary(grouping: names, by: \.self).mapValues(\.count).sorted(by: {
                $0.key < $1.key
            })
            where count > 1 {
                add(.duplicate, name, Array("\(count)".utf8))
            }
            for part in list.malformed {
                let isAddress = part.utf8.contains(UInt8(ascii: "@")) && (first["rua"] ?? first["ruf"]) != nil
                faults.append(Fault(isAddress ? .separator : .malformed, tag: "", value: part))
            }
            if list.faults.contains(.emptyTag) { add(.empty, "", []) }
            if list.faults.contains(.nonASCII) { add(.nonASCII, "", []) }
            if list.faults.contains(.limit) {
                add(.limit, "", Array("\(TagList.octetLimit) octets, \(TagList.tagLimit) tags".utf8))
            }
        }

        private static func lowered(_ octets: some Collection<UInt8>) -> String {
            String(decoding: octets.prefix(16).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        }

        private static let shownOctets = 120
        private static let optionLimit = 8
    }
}
