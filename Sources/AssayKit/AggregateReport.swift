package import AssayEngine
import AssayModel

/// The DKIM results in a DMARC aggregate report (RFC 9990 section 3.1.1.11), found by a scan over its octets.
///
/// Only `<dkim>` elements with `<domain>` and `<selector>` are looked for, whatever is around them; entities, comments and
/// declarations mean nothing here, so there is nothing to expand or to fetch.
package enum AggregateReport {
    /// Octets of a file, before and after it is unpacked, and signatures taken from it.
    package static let octets = 50 << 20
    package static let results = 100_000

    package static func selectors(path: String) throws(AuditError) -> [ReportedSelector] {
        let found = try CompressedFile.documents(path, limit: octets).compactMap(selectors(in:))
        guard !found.isEmpty else { throw AuditError("\(path): not a DMARC aggregate report") }
        return found.flatMap(\.self)
    }

    /// Each once, in order; nil where there is no `<feedback>`.
    package static func selectors(in bytes: [UInt8]) -> [ReportedSelector]? {
        guard find("<feedback", in: bytes[...]) != nil else { return nil }
        var seen: Set<ReportedSelector> = []
        var found: [ReportedSelector] = []
        var rest = bytes[...]
        while found.count < results, let start = find("<dkim>", in: rest) {
            let inner = rest[(start + 6)...]
            guard let end = find("</dkim>", in: inner) else { break }
            rest = inner[(end + 7)...]
            // `<dkim>pass</dkim>` of policy_evaluated holds neither.
            guard let domain = text("domain", in: inner[..<end]).flatMap({ DomainName($0) }),
                let selector = text("selector", in: inner[..<end]).flatMap({ DomainName($0) }), !selector.isRoot
            else { continue }
            let reported = ReportedSelector(domain: domain, selector: "\(selector)")
            if seen.insert(reported).inserted { found.append(reported) }
        }
        return found
    }

    private static func text(_ element: String, in bytes: ArraySlice<UInt8>) -> String? {
        guard let start = find("<\(element)>", in: bytes) else { return nil }
        let inner = bytes[(start + element.utf8.count + 2)...]
        guard let end = find("</\(element)>", in: inner), end - inner.startIndex <= 300 else { return nil }
        let words = inner[..<end].filter { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        return words.isEmpty ? nil : String(decoding: words, as: UTF8.self)
    }

    private static func find(_ word: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let letters = Array(word.utf8)
        var start = bytes.startIndex
        while let found = bytes[start...].firstIndex(of: letters[0]) {
            if bytes[found...].starts(with: letters) { return found }
            start = found + 1
        }
        return nil
    }
}
