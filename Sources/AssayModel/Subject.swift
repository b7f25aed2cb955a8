/// The thing a fact or a finding is about.
///
/// `name` is a lower-case A-label name without its last dot, `address` is RFC 5952 text, and `object` tells two subjects
/// of the same name and address apart (`rsa`, `3 1 1 ab12cd34`, an SPF term).
package struct Subject: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case domain, mx, address, zone, nameserver
        case policyHost = "policy_host"
        case record, selector, certificate
        case reportDestination = "report_destination"
        case logo
    }

    package let kind: Kind
    package let name: String
    package let address: String?
    package let object: String?

    package init(kind: Kind, name: String, address: String? = nil, object: String? = nil) {
        self.kind = kind
        self.name = name
        self.address = address
        self.object = object
    }

    package static func domain(_ name: DomainName) -> Subject { Subject(kind: .domain, name: name.description) }
    package static func zone(_ apex: DomainName) -> Subject { Subject(kind: .zone, name: apex.description) }
    package static func mx(_ host: DomainName) -> Subject { Subject(kind: .mx, name: host.description) }
    package static func address(_ address: IPAddress, of host: DomainName) -> Subject {
        Subject(kind: .address, name: host.description, address: address.description)
    }
    package static func certificate(of host: DomainName, at address: IPAddress, object: String) -> Subject {
        Subject(kind: .certificate, name: host.description, address: address.description, object: object)
    }
    package static func policyHost(_ host: DomainName) -> Subject {
        Subject(kind: .policyHost, name: host.description)
    }
    package static func record(_ owner: DomainName, type: String) -> Subject {
        Subject(kind: .record, name: owner.description, object: type)
    }
}

extension Subject: Comparable {
    package static func < (left: Subject, right: Subject) -> Bool {
        left.sortKey.lexicographicallyPrecedes(right.sortKey)
    }

    private var sortKey: [String] { [kind.rawValue, name, address ?? "", object ?? ""] }
}

extension Subject: CustomStringConvertible {
    /// `mx.example.com`, `mx.example.com [192.0.2.1]`, `mx.example.com [192.0.2.1] rsa`.
    package var description: String {
        var text = name
        if let address { text += " [\(address)]" }
        if let object { text += " \(object)" }
        return text
    }
}
