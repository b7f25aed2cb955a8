import AssayModel

/// The record that was meant: what was right is kept, what was wrong is put right where that can be known.
package struct SPFRepair {
    /// What was learnt about terms that stand in the record.
    struct Knowledge {
        /// Terms that find nothing, fail or lead in a circle, in canonical form.
        var useless: Set<String> = []
        /// What authorises the domain's own hosts, where nothing else is left: `mx` or `a`.
        var fallback: String?
        /// Nobody shall send for the domain.
        var isNonSending = false
        /// Includes that pass the whole world.
        var open: Set<String> = []
        /// Terms that say the same without what is wrong with the one named.
        var replacements: [String: [String]] = [:]
    }

    private var directives: [String] = []
    private var modifiers: [String] = []
    private var redirects: [String] = []
    private var alls: [SPFRecord.Qualifier?] = []
    private let knowledge: Knowledge
    private var taken = 0

    /// All records of the domain become one. `strings`: each record in the character-strings that it was cut into.
    init(_ records: [[[UInt8]]], _ knowledge: Knowledge) {
        self.knowledge = knowledge
        // The DNS keeps no order among records.
        for strings in records.sorted(by: { $0.joined().lexicographicallyPrecedes($1.joined()) }) {
            let text = SPFStringSplit.separated(strings)
            alls.append(nil)
            for token in Self.tokens(text, most: SPFLimits.terms - taken) {
                taken += 1
                take(token)
            }
        }
    }

    /// Out of one record, with nothing learnt about its terms.
    package static func corrected(_ record: [UInt8]) -> String { SPFRepair([[record]], Knowledge()).record }

    var record: String {
        if knowledge.isNonSending { return "v=spf1 -all" }
        var terms: [String] = []
        var seen: Set<String> = []
        let distinct = directives.filter { seen.insert($0).inserted }.map { (text: $0, network: Self.network($0)) }
        let networks = distinct.compactMap(\.network?.masked)
        let (known, lengths) = (Set(networks), Set(networks.map(\.prefix)))
        for (directive, network) in distinct {
            // What another range holds already needs no term of its own.
            if let network,
                lengths.contains(where: {
                    $0 < network.prefix && known.contains(IPNetwork(network.address, prefix: $0).masked)
                })
            {
                continue
            }
            terms.append(directive)
        }
        let decisive = alls.compactMap(\.self)
        // A redirect stands for the whole rest; beside `all`, other records or another redirect, an include says what was meant.
        if decisive.isEmpty, redirects.count == 1, alls.count == 1 {
            return (["v=spf1"] + terms + ["redirect=\(redirects[0])"] + modifiers).joined(separator: " ")
        }
        for target in redirects where !terms.contains("include:\(target)") { terms.append("include:\(target)") }
        if terms.isEmpty, decisive.isEmpty || decisive.contains(.pass) { terms = knowledge.fallback.map { [$0] } ?? [] }
        let isStrict = !decisive.isEmpty && decisive.allSatisfy { $0 == .fail } && decisive.count == alls.count
        let all = isStrict || terms.isEmpty ? "-all" : "~all"
        return (["v=spf1"] + terms + [all] + modifiers).joined(separator: " ")
    }

    // MARK: Tokens

    /// The first parts between separators of any kind, the version and decoration left out. What is longer than any term that
    /// somebody meant is left out too.
    private static func tokens(_ text: [UInt8], most: Int) -> [[UInt8]] {
        let clean = SPFSigns.plain(text)
        var tokens: [[UInt8]] = []
        var rest = clean[...]
        var isFirst = true
        while tokens.count < most {
            rest = rest.drop(while: isSeparator)
            guard !rest.isEmpty else { break }
            var token = rest.prefix { !isSeparator($0) }
            rest = rest.dropFirst(token.count)
            if isFirst, let version = versions.first(where: { SPFRecord.lowered(token.prefix(8)).starts(with: $0) }) {
                token = token.dropFirst(version.count)
            } else if token.count < 6, remnants.contains(where: token.elementsEqual) {
                token = []
            }
            isFirst = false
            if !token.isEmpty, token.count <= SPFLimits.mendedOctets { tokens.append(Array(token)) }
        }
        return tokens
    }

    private static func isSeparator(_ octet: UInt8) -> Bool { octet == 0x20 || octet == UInt8(ascii: ";") }

    private static let versions = ["v=spf1", "v:spf1", "spf=v1", "v=spf-1", "spf1"].map { Array($0.utf8) }
    private static let remnants = ["v=spf", "v=", "v", "1", "=spf1"].map { Array($0.utf8) }

    private mutating func take(_ token: [UInt8]) {
        for octets in SPFTokenRepair.candidates(token) {
            guard let content = try? SPFTermParser.parse(octets[...]) else { continue }
            return add(SPFTokenRepair.tidied(content))
        }
    }

    private mutating func add(_ content: SPFRecord.Content) {
        let text = String(decoding: SPFTermPrinter.octets(content), as: UTF8.self)
        switch content {
        case .directive(let qualifier, .all): if alls[alls.count - 1] == nil { alls[alls.count - 1] = qualifier }
        case .modifier(.redirect(let target)):
            let name = "\(target)"
            if !redirects.contains(name), !knowledge.useless.contains(text) { redirects.append(name) }
        case .modifier(.exp):
            if !modifiers.contains(where: { $0.utf8.starts(with: "exp=".utf8) }) { modifiers.append(text) }
        case .modifier(.unknown): modifiers.append(text)
        case .directive(let qualifier, let mechanism): add(mechanism, qualifier, text)
        }
    }

    private mutating func add(_ mechanism: SPFRecord.Mechanism, _ qualifier: SPFRecord.Qualifier, _ text: String) {
        if knowledge.useless.contains(text) || knowledge.open.contains(text) { return }
        if let replacement = knowledge.replacements[text] { return directives += replacement }
        if mechanism.target?.letters.contains(UInt8(ascii: "p")) ?? false { return }
        switch mechanism {
        case .ptr:
            // RFC 7208 section 5.5: not to be published; mail hosts are what it mostly meant.
            if let fallback = knowledge.fallback { directives.append(fallback) }
            return
        case .include where qualifier != .pass:
            return directives.append(String(text.utf8.dropFirst()) ?? text)
        case .ip4(_, let prefix?) where prefix <= 8: return
        case .ip6(_, let prefix?) where prefix <= 16: return
        default: break
        }
        if qualifier == .pass, mechanism.network?.specialPurpose != nil { return }
        directives.append(text)
    }

    private static func network(_ term: String) -> IPNetwork? {
        guard case .directive(.pass, let mechanism)? = try? SPFTermParser.parse(Array(term.utf8)[...]) else {
            return nil
        }
        return mechanism.network
    }
}

extension SPFRecord.Mechanism {
    /// Of `ip4` and `ip6`.
    var network: IPNetwork? {
        switch self {
        case .ip4(let value, let prefix): IPNetwork(.v4(value), prefix: prefix)
        case .ip6(let value, let prefix): IPNetwork(.v6(value), prefix: prefix)
        default: nil
        }
    }
}

extension IPNetwork {
    /// True for a larger network that the other lies in.
    func holds(_ other: IPNetwork) -> Bool {
        address.family == other.address.family && prefix < other.prefix && contains(other.address)
    }
}

extension SPFSigns {
    /// The text in plain signs: white space of any kind and commas as spaces, quotes gone, dashes as hyphens.
    static func plain(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let octet = text[index]
            let rest = text[index...]
            if let sign = signs[Int(octet)].first(where: { rest.starts(with: $0.octets) }) {
                if let plain = sign.plain { result.append(plain) }
                index += sign.octets.count
            } else {
                if octet >= 0x20 { result.append(octet == UInt8(ascii: ",") ? 0x20 : octet) }
                index += 1
            }
        }
        return result
    }

    /// By their first octet, each with what stands for it.
    private static let signs: [[(octets: [UInt8], plain: UInt8?)]] = {
        var table = [[(octets: [UInt8], plain: UInt8?)]](repeating: [], count: 256)
        let kinds: [([[UInt8]], UInt8?)] = [(spaces, 0x20), (quotes, nil), (dashes, UInt8(ascii: "-"))]
        for (signs, plain) in kinds {
            for sign in signs { table[Int(sign[0])].append((sign, plain)) }
        }
        return table
    }()
}
