import AssayModel
import AssayProbes

/// A record to publish: what was right in one that stands there, in the order that every receiver reads.
struct RecordDraft: CustomStringConvertible {
    typealias Policy = DMARCRecord.Policy

    var p: Policy
    var sp: Policy?
    var np: Policy?
    var hasStrictDKIM = false
    var hasStrictSPF = false
    var psd = DMARCRecord.PublicSuffix.unspecified
    var isTest = false
    var rua: [String] = []
    var ruf: [String] = []
    var fo: [String] = []

    init(p: Policy, sp: Policy? = nil, np: Policy? = nil) {
        self.p = p
        self.sp = sp
        self.np = np
    }

    /// Takes over what a record says, or was meant to say. `reports` stands in for destinations that cannot be used.
    init(repairing octets: [UInt8], reports: String) {
        let record = DMARCRecord(parsing: Self.cleaned(octets))
        func value(_ tag: String) -> String? { record.list.tags.first { $0.name.lowercased() == tag }?.text }
        p = record.p ?? value("p").flatMap(Self.guess) ?? .none
        sp = record.sp ?? value("sp").flatMap(Self.guess)
        np = record.np ?? value("np").flatMap(Self.guess)
        hasStrictDKIM = record.hasStrictDKIM
        hasStrictSPF = record.hasStrictSPF
        psd = record.psd
        isTest = record.isTest
        let stray = record.faults(.separator).map(\.value)
        rua = Self.usable(record.rua, stray: stray)
        ruf = Self.usable(record.ruf, stray: [])
        if record.has("rua"), rua.isEmpty { rua = [reports] }
        let options = record.fo.contains("1") ? record.fo.filter { $0 != "0" } : record.fo
        fo = options.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        if ruf.isEmpty { fo = [] }
    }

    var description: String {
        var parts = ["v=DMARC1", "p=\(p.rawValue)"]
        if let sp { parts.append("sp=\(sp.rawValue)") }
        if let np { parts.append("np=\(np.rawValue)") }
        if hasStrictDKIM { parts.append("adkim=s") }
        if hasStrictSPF { parts.append("aspf=s") }
        if psd != .unspecified { parts.append("psd=\(psd.rawValue)") }
        if isTest { parts.append("t=y") }
        if !rua.isEmpty { parts.append("rua=\(rua.joined(separator: ","))") }
        if !ruf.isEmpty { parts.append("ruf=\(ruf.joined(separator: ","))") }
        if !fo.isEmpty { parts.append("fo=\(fo.joined(separator: ":"))") }
        return parts.joined(separator: "; ")
    }

    func with(_ change: (inout RecordDraft) -> Void) -> RecordDraft {
        var draft = self
        change(&draft)
        return draft
    }

    /// Subdomains get no less than the domain.
    func coveringSubdomains() -> RecordDraft {
        with { draft in
            if let sp = draft.sp, sp < draft.p { draft.sp = nil }
            if let np = draft.np, np < draft.sp ?? draft.p { draft.np = nil }
        }
    }

    func asking(for reports: String) -> RecordDraft { with { if $0.rua.isEmpty { $0.rua = [reports] } } }

    /// `quarantine` after `none`, `reject` after `quarantine`; nil behind that.
    func next(reports: String) -> RecordDraft? {
        guard p != .reject else { return nil }
        return asking(for: reports).with { draft in
            draft.p = draft.p == .none ? .quarantine : .reject
            draft.isTest = false
        }.coveringSubdomains()
    }

    /// Without quotes, escapes and look-alikes of separators that belong to no record.
    private static func cleaned(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = octets.prefix(TagList.octetLimit)
        while let octet = rest.first {
            if rest.starts(with: [0xCD, 0xBE]) || rest.starts(with: [0xEF, 0xBC, 0x9B]) {
                // U+037E and U+FF1B look like a semicolon.
                result.append(UInt8(ascii: ";"))
                rest = rest.dropFirst(octet == 0xCD ? 2 : 3)
                continue
            }
            if rest.starts(with: [0xC2, 0xA0]) || octet == 0x09 { result.append(0x20) }
            let isPlain = (0x20...0x7E).contains(octet) && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "\\")
            if isPlain { result.append(octet) }
            rest = rest.dropFirst()
        }
        // `v=DMARC1 p=none`: the blank should have been a semicolon.
        let version = result.prefix { $0 != UInt8(ascii: ";") }
        if let equals = version.firstIndex(of: UInt8(ascii: "=")) {
            let value = version[(equals + 1)...].drop { $0 == 0x20 }
            if let blank = value.firstIndex(of: 0x20), value[blank...].contains(UInt8(ascii: "=")) {
                result[blank] = UInt8(ascii: ";")
            }
        }
        return result
    }

    /// `quarantaine`, `rejected`: three letters tell what was meant.
    private static func guess(_ value: String) -> Policy? {
        let start = String(value.lowercased().prefix(3))
        return Policy.allCases.first { $0.rawValue.hasPrefix(start) && start.count == 3 }
    }

    private static func usable(_ destinations: DMARCRecord.Destinations, stray: [String]) -> [String] {
        let mended = (destinations.refused.map(\.text) + stray).flatMap(mend)
        let all = destinations.uris.filter { $0.scheme == "mailto" }.map(\.text) + mended
        return all.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// `a@example.com`, `mailto://a@example.com`, `mailto:a @example.com`, two in one.
    private static func mend(_ text: String) -> [String] {
        var octets = text.utf8.filter { $0 > 0x20 && $0 < 0x7F }
        var addresses: [[UInt8]] = []
        let marker = Array("mailto:".utf8)
        while let start = octets.indices.first(where: { octets[$0...].starts(with: marker) }) {
            if start > 0 { addresses.append(Array(octets[..<start])) }
            octets = Array(octets[(start + marker.count)...].drop { $0 == UInt8(ascii: "/") })
        }
        addresses.append(octets)
        return addresses.compactMap { address in
            guard address.contains(UInt8(ascii: "@")), let uri = try? ReportURI.read(marker + address).get() else {
                return nil
            }
            return uri.text
        }
    }
}
