/// What the SPF record of a domain says about sending at all; the SPF checker judges the rest.
package enum SPFSign: String, Codable, Sendable {
    case none
    /// `v=spf1 -all` and nothing else: the domain never sends (RFC 7208 section 10.1.2).
    case deniesAll = "denies_all"
    case allowsSome = "allows_some"

    /// From the TXT records at the domain.
    package init(in texts: [[UInt8]]) {
        let record = texts.lazy.map { $0.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }
            .first { $0.starts(with: "v=spf1".utf8) && ($0.count == 6 || $0[6] == 0x20) }
        guard let record else {
            self = .none
            return
        }
        self =
            record.dropFirst(6).split(separator: 0x20).map(Array.init) == [Array("-all".utf8)]
            ? .deniesAll : .allowsSome
    }
}
