package import AssayDNS
package import AssayModel

/// Whoever answers the questions of an evaluation.
package protocol SPFLookup: Sendable {
    func ask(_ name: DomainName, _ type: RecordType) async -> SPFAnswer
}

/// An answer with the time that it took.
package struct SPFAnswer: Codable, Sendable {
    package let answer: DNSAnswer
    package let milliseconds: Int

    package init(_ answer: DNSAnswer, milliseconds: Int = 0) {
        self.answer = answer
        self.milliseconds = milliseconds
    }
}

extension DNSAnswer {
    /// NXDOMAIN, or no error and no record (RFC 7208 section 4.6.4).
    var isVoid: Bool { status == .noData || status == .nxDomain }

    /// A receiver's evaluation ends in `temperror` (RFC 7208 sections 4.4 and 5).
    var isError: Bool {
        switch status {
        case .records, .noData, .nxDomain: false
        case .bogus, .failed, .undetermined: true
        }
    }

    /// Distinct or not, in the packet's order.
    var exchanges: [DomainName] {
        records.compactMap { if case .mx(_, let exchange) = $0.content { exchange } else { nil } }
    }
}
