import Foundation

/// Records that take the place of those at the same owner: what somebody publishes who follows a remedy.
public struct Amendment: Sendable {
    public let domain: String
    /// `@`, `_mta-sts`: below the domain.
    public let owner: String
    /// `TXT "v=..."`.
    public let record: String

    public init(domain: String, owner: String, record: String) {
        self.domain = domain
        self.owner = owner
        self.record = record
    }

    /// A line of three fields with tabs between them.
    public var line: String { "\(domain)\t\(owner)\t\(record)" }

    public static func read(_ path: String) throws -> [Amendment] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 3 else { throw LabError("\(path): \(line): expected domain, owner and record") }
            return Amendment(domain: fields[0], owner: fields[1], record: fields[2])
        }
    }
}

extension LabDomain {
    /// The domain with the amendments published: those of one owner and type stand beside each other.
    public mutating func publish(_ amendments: [Amendment]) {
        for amendment in amendments { remove(amendment) }
        records += amendments.map { "\($0.owner) \($0.record)" }
    }

    /// What the amendment takes the place of.
    private mutating func remove(_ amendment: Amendment) {
        let type = amendment.record.prefix { $0 != " " }
        records.removeAll { record in
            let parts = record.split(separator: " ", maxSplits: 2)
            guard parts[0] == amendment.owner else { return false }
            // Below an underscore nothing else has a place.
            return amendment.owner.hasPrefix("_") || parts[1] == type
        }
        if type == "CAA", amendment.owner == "@" { authorizations = [] }
        if type == "MX" {
            for index in hosts.indices { hosts[index].isInMX = false }
        }
        ttls[amendment.owner] = nil
    }
}
