/// Certificate authorities, by what their certificates say of the issuer, and the names that CAA records know them by.
package struct IssuerTable: Sendable, Equatable {
    package struct Issuer: Sendable, Equatable {
        package let name: String
        /// The organisation in the issuer's name, exactly.
        package let organizations: [String]
        /// Common names of the issuer, `*` at the end stands for anything; empty where the organisation is enough.
        package let commonNames: [String]
        /// Issuer domain names (RFC 8659 section 4.2) that this authority acts upon; the first is the one to publish.
        package let identifiers: [String]
        /// Domain names that people take for its identifier.
        package let mistaken: [String]
        /// The authority's own words were read.
        package let isVerified: Bool

        package init(
            name: String, organizations: [String], commonNames: [String], identifiers: [String], mistaken: [String],
            isVerified: Bool
        ) {
            self.name = name
            self.organizations = organizations
            self.commonNames = commonNames
            self.identifiers = identifiers
            self.mistaken = mistaken
            self.isVerified = isVerified
        }
    }

    /// The day of the table, `2026-11-24`.
    package let asOf: String
    package let issuers: [Issuer]

    package init(asOf: String, issuers: [Issuer]) {
        self.asOf = asOf
        self.issuers = issuers
    }

    /// The entries of `other` in front of these.
    package func preceded(by other: IssuerTable) -> IssuerTable {
        IssuerTable(asOf: asOf, issuers: other.issuers + issuers)
    }

    /// Who issued a certificate whose issuer is named so. Entries with common names come before those without.
    package func issuer(organization: String?, commonName: String?) -> Issuer? {
        let candidates = issuers.filter { issuer in organization.map(issuer.organizations.contains) ?? false }
        let byName = candidates.first { issuer in
            commonName.map { name in issuer.commonNames.contains { Self.matches(name, $0) } } ?? false
        }
        return byName ?? candidates.first { $0.commonNames.isEmpty }
    }

    /// Some authority acts upon this issuer domain name.
    package func isKnown(_ identifier: String) -> Bool {
        issuers.contains { $0.identifiers.contains(identifier) }
    }

    /// The identifier that was meant by one that nobody acts upon; nil where nothing is near.
    package func meant(by identifier: String) -> String? {
        if isKnown(identifier) { return nil }
        if let issuer = issuers.first(where: { $0.mistaken.contains(identifier) }) { return issuer.identifiers.first }
        let octets = Array(identifier.utf8)
        guard octets.count >= Self.shortestGuess, octets.count <= Self.longestGuess else { return nil }
        let near = issuers.flatMap(\.identifiers).map { ($0, Spelling.distance(Array($0.utf8), octets)) }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }
        return near.flatMap { $0.1 <= Self.typingErrors ? $0.0 : nil }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        guard pattern.utf8.last == UInt8(ascii: "*") else { return text == pattern }
        return text.utf8.starts(with: pattern.utf8.dropLast())
    }

    /// Shorter names are near to too much.
    private static let shortestGuess = 8
    private static let longestGuess = 255
    private static let typingErrors = 2
}

/// How far two spellings are apart.
package enum Spelling {
    /// Octets to insert, remove, replace or swap with their neighbour (optimal string alignment).
    package static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        if abs(left.count - right.count) > 2 { return abs(left.count - right.count) }
        var before: [Int] = []
        var previous = Array(0...right.count)
        for i in 0..<left.count {
            var row = [i + 1]
            row.reserveCapacity(right.count + 1)
            for j in 0..<right.count {
                var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, before[j - 1] + 1)
                }
                row.append(best)
            }
            (before, previous) = (previous, row)
        }
        return previous[right.count]
    }
}
