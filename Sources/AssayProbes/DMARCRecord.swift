import AssayModel

/// A DMARC policy record: every tag of RFC 9989 section 4.7 and of RFC 7489 section 6.3, parsed on octets.
///
/// It says what stands there and which faults it has; `DMARCRecord+Readings` says what receivers of either generation make of it.
package struct DMARCRecord: Equatable, Sendable {
    /// What the owner asks for failing mail, weakest first.
    package enum Policy: String, Codable, CaseIterable, Comparable, Sendable {
        case none, quarantine, reject

        package static func < (left: Policy, right: Policy) -> Bool { left.rank < right.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        /// What `t=y` makes of it (RFC 9989 section 4.7).
        package var oneLevelDown: Policy { self == .reject ? .quarantine : .none }
    }

    /// Whether the domain says that others register names below it.
    package enum PublicSuffix: String, Codable, Sendable {
        case yes = "y"
        case no = "n"
        case unspecified = "u"
    }

    package let list: TagList
    /// The version stands first and is `DMARC1`: without it receivers ignore the record.
    package let isDMARC: Bool
    /// Nil where missing or invalid; `faults` tells which.
    package let p: Policy?
    package let sp: Policy?
    package let np: Policy?
    package let hasStrictDKIM: Bool
    package let hasStrictSPF: Bool
    package let psd: PublicSuffix
    /// `t=y`.
    package let isTest: Bool
    /// 0 to 100; nil where missing or invalid.
    package let pct: Int?
    package let rua: Destinations
    package let ruf: Destinations
    /// The values of `fo`, in lower case; empty where there is none.
    package let fo: [String]
    /// Names of tags that neither RFC knows, in order.
    package let unknownTags: [String]
    package let faults: [Fault]

    /// The entries of `rua` or `ruf`.
    package struct Destinations: Equatable, Sendable {
        package let uris: [ReportURI]
        package let refused: [ReportURI.Refusal]
        /// Entries in the list, before the limit.
        package let count: Int

        static let none = Destinations(uris: [], refused: [], count: 0)
    }

    /// Reads the octets of a TXT record, its character-strings joined.
    package init(parsing octets: [UInt8]) {
        let list = TagList(parsing: octets)
        var reader = Reader(list: list)
        isDMARC = Self.startsLikeDMARC(octets)
        if !isDMARC { reader.add(.version, "v", list.tags.first { $0.name == "v" }?.value ?? []) }
        p = reader.policy("p", missing: .policyMissing, invalid: .policyInvalid)
        sp = reader.policy("sp", missing: nil, invalid: .policyInvalid)
        np = reader.policy("np", missing: nil, invalid: .policyInvalid)
        hasStrictDKIM = reader.word("adkim", of: ["r", "s"]) == "s"
        hasStrictSPF = reader.word("aspf", of: ["r", "s"]) == "s"
        psd = reader.word("psd", of: ["y", "n", "u"]).flatMap(PublicSuffix.init(rawValue:)) ?? .unspecified
        isTest = reader.word("t", of: ["y", "n"]) == "y"
        pct = reader.percentage("pct")
        rua = reader.destinations("rua")
        ruf = reader.destinations("ruf")
        fo = reader.failureOptions("fo")
        reader.readRetired()
        reader.readRest()
        self.list = list
        unknownTags = list.tags.map(\.name).filter { !Self.knownTags.contains(Self.folded($0)) }
        faults = reader.faults
    }

    /// True where the tag stands in the record, valid or not.
    package func has(_ tag: String) -> Bool { list.tags.contains { Self.folded($0.name) == tag } }

    package func faults(_ kind: Fault.Kind) -> [Fault] { faults.filter { $0.kind == kind } }

    /// `"v" *WSP "=" *WSP %s"DMARC1"`, then a semicolon or the end (RFC 9989 section 4.8, RFC 7489 section 6.4).
    package static func startsLikeDMARC(_ octets: [UInt8]) -> Bool {
        var rest = octets.prefix(TagList.octetLimit)
        guard let first = rest.popFirst(), first | 0x20 == UInt8(ascii: "v") else { return false }
        rest = rest.drop(while: isBlank)
        guard rest.popFirst() == UInt8(ascii: "=") else { return false }
        rest = rest.drop(while: isBlank)
        guard rest.starts(with: "DMARC1".utf8) else { return false }
        rest = rest.dropFirst(6).drop(while: isBlank)
        return rest.isEmpty || rest.first == UInt8(ascii: ";")
    }

    /// Meant as a DMARC record, whether or not receivers take it for one.
    package static func looksLikeDMARC(_ octets: [UInt8]) -> Bool {
        if startsLikeDMARC(octets) { return true }
        let letters = octets.prefix(guessedOctets).filter { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
            .map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let words = ["v=dmarc", "v:dmarc", "vdmarc", "dmarc1"]
        if words.contains(where: { letters.starts(with: $0.utf8) }) { return true }
        return letters.split(separator: UInt8(ascii: ";")).contains { $0.starts(with: "v=dmarc".utf8) }
    }

    /// What a receiver picks out of all TXT records at a name (RFC 9989 section 4.10 step 2).
    package static func select(from texts: [[UInt8]]) -> [[UInt8]] { texts.filter(startsLikeDMARC) }

    private static func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }

    /// Tag names in ASCII lower case: RFC 9989's grammar takes `P=` for `p=`, RFC 6376 section 3.2 does not.
    static func folded(_ name: String) -> String {
        String(decoding: name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    static let currentTags = ["v", "p", "sp", "np", "adkim", "aspf", "fo", "psd", "rua", "ruf", "t"]
    static let retiredTags = ["pct", "rf", "ri"]
    static let knownTags = Set(currentTags + retiredTags)
    /// Entries of `rua` or of `ruf` looked at.
    package static let destinationLimit = 10
    private static let guessedOctets = 1024
}

extension DMARCRecord: CustomStringConvertible {
    /// `v=DMARC1; p=none`.
    package var description: String { list.description }
}
