import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// Which providers a domain uses, by its mail hosts, its SPF record and where its DMARC reports go.
struct ProviderUse {
    /// By the provider's place in the directory.
    private(set) var seenBy: [Int: Set<String>] = [:]
    /// Mail hosts and SPF are known, and every include is a known provider's.
    private(set) var isWhole = false
    let directory: SelectorDirectory

    init(_ directory: SelectorDirectory, in scan: ScanContext) async {
        self.directory = directory
        async let hosts = scan.resolve(scan.domain, .mx)
        async let texts = scan.resolve(scan.domain, .txt)
        async let policy = Self.policy(scan)
        let (mx, txt, dmarc) = await (hosts, texts, policy)
        let exchanges = mx.records.compactMap { record -> DomainName? in
            if case .mx(_, let exchange) = record.content { exchange } else { nil }
        }
        let includes = txt.texts.filter { $0.starts(with: "v=spf1".utf8) }.flatMap(Self.includes)
        let reports = (dmarc?.texts ?? []).flatMap(Self.reportDomains)
        var known = 0
        for (index, provider) in directory.providers.enumerated() {
            if Self.match(exchanges, provider.mx) > 0 { seenBy[index, default: []].insert("mx") }
            let own = Self.match(includes, provider.spf)
            known += own
            if own > 0 { seenBy[index, default: []].insert("spf") }
            if Self.match(reports, provider.reports) > 0 { seenBy[index, default: []].insert("reports") }
        }
        isWhole = Self.isAnswer(mx) && Self.isAnswer(txt) && known >= includes.count
    }

    /// In the order of the directory.
    var providers: [(provider: SelectorDirectory.Provider, seenBy: [String])] {
        seenBy.keys.sorted().map { (directory.providers[$0], (seenBy[$0] ?? []).sorted()) }
    }

    /// Whose key it is: by the end of its alias, else by a selector that nobody else uses.
    func owner(of selector: String, alias: DomainName?) -> (provider: SelectorDirectory.Provider, isGone: Bool?)? {
        let index = directory.providers.firstIndex { provider in
            if let alias, Self.match([alias], provider.keyHosts) > 0 { return true }
            return provider.isDistinctive && provider.selectors.contains(selector)
        }
        guard let index else { return nil }
        let provider = directory.providers[index]
        // A service that only sends may send from names of its own; a mailbox provider cannot hide.
        guard !provider.mx.isEmpty, !provider.spf.isEmpty, isWhole else { return (provider, nil) }
        return (provider, seenBy[index] == nil)
    }

    private static func policy(_ scan: ScanContext) async -> DNSAnswer? {
        guard let owner = scan.domain.prepending("_dmarc") else { return nil }
        return await scan.resolve(owner, .txt)
    }

    private static func isAnswer(_ answer: DNSAnswer) -> Bool {
        switch answer.status {
        case .records, .noData, .nxDomain: true
        case .bogus, .failed, .undetermined: false
        }
    }

    private static func match(_ names: [DomainName], _ suffixes: [String]) -> Int {
        let ends = suffixes.compactMap { DomainName($0) }
        return names.count { name in ends.contains { name.isEqualOrBelow($0) } }
    }

    /// `include:` and `redirect=` of an SPF record (RFC 7208 sections 5.2 and 6.1); the SPF checker reads the rest.
    private static func includes(_ record: [UInt8]) -> [DomainName] {
        record.prefix(4096).split(separator: 0x20).prefix(100).compactMap { term in
            let text = String(decoding: term, as: UTF8.self).lowercased()
            guard let colon = text.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return nil }
            let word = text[..<colon].drop { "+-~?".contains($0) }
            return word == "include" || word == "redirect" ? DomainName(String(text[text.index(after: colon)...])) : nil
        }
    }

    /// Of the addresses in `rua` and `ruf`.
    private static func reportDomains(_ record: [UInt8]) -> [DomainName] {
        guard record.starts(with: "v=DMARC1".utf8) else { return [] }
        let tags = TagList(parsing: record)
        return ["rua", "ruf"].compactMap { tags[$0]?.value }.flatMap { value in
            value.split(separator: UInt8(ascii: ",")).prefix(20).compactMap { uri -> DomainName? in
                guard let at = uri.lastIndex(of: UInt8(ascii: "@")) else { return nil }
                let name = TagList.trimmed(uri[(at + 1)...]).prefix { $0 != UInt8(ascii: "!") }
                return DomainName(String(decoding: name, as: UTF8.self))
            }
        }
    }
}
