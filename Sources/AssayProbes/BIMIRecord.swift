import AssayModel

/// The TXT record at `SELECTOR._bimi.DOMAIN` (draft-brand-indicators-for-message-identification, Assertion Record), parsed on
/// octets. Receivers must not repair syntax or capitalisation, so nothing is.
package struct BIMIRecord: Equatable, Sendable {
    package enum Fault: String, CaseIterable, Sendable {
        /// `v=BIMI1` is missing, not first, or in other case.
        case version
        /// Something between semicolons is no `tag=value`.
        case syntax
        case duplicate
        case locationMissing = "l_missing"
        /// `l=` is empty, and `a=` is not.
        case locationEmpty = "l_empty_a_set"
        case locationURL = "l_scheme"
        case locationMultiple = "l_multiple"
        case authorityURL = "a_scheme"
        case avp = "avp_invalid"
        case localParts = "lps_syntax"
        case limit

        /// No receiver shows a logo.
        package var isFatal: Bool {
            switch self {
            case .version, .syntax, .duplicate, .locationMissing, .locationURL, .locationMultiple, .authorityURL,
                .limit:
                true
            case .locationEmpty, .avp, .localParts: false
            }
        }
    }

    /// What `l=` or `a=` says.
    package enum Place: Equatable, Sendable {
        case missing
        case empty
        case url(HTTPSURL)
        case bad(String, HTTPSURL.Fault)

        package var url: HTTPSURL? { if case .url(let url) = self { url } else { nil } }
    }

    package let tags: TagList
    /// `l=`: the logo.
    package let location: Place
    /// `a=`: the mark certificate.
    package let authority: Place
    /// `brand`, `personal`, or what stands there.
    package let avp: String
    /// `lps=`: the prefixes of local parts; nil without the tag.
    package let localPartPrefixes: [String]?
    package let badPrefixes: [String]
    package let faults: [Fault]

    /// `v=BIMI1; l=; a=;`: the domain owner wants no logo.
    package var isDeclination: Bool {
        location == .empty && (authority == .empty || authority == .missing) && !faults.contains(where: \.isFatal)
    }

    package var isValid: Bool { !faults.contains(where: \.isFatal) }

    package init(parsing record: [UInt8]) {
        let tags = TagList(parsing: record)
        self.tags = tags
        var faults: Set<Fault> = []
        if tags.tags.first?.name != "v" || tags.tags.first?.value != Array("BIMI1".utf8) || record.first == 0x20 {
            faults.insert(.version)
        }
        if !tags.faults.isDisjoint(with: [.malformed, .name, .emptyTag, .nonASCII]) { faults.insert(.syntax) }
        if tags.faults.contains(.limit) { faults.insert(.limit) }
        if !Set(tags.duplicates).isDisjoint(with: Self.known) { faults.insert(.duplicate) }
        location = Self.place(tags["l"])
        authority = Self.place(tags["a"])
        switch location {
        case .missing: faults.insert(.locationMissing)
        case .bad(let text, _): faults.insert(Self.isList(text) ? .locationMultiple : .locationURL)
        case .url(let url) where Self.isList(url.path): faults.insert(.locationMultiple)
        case .empty where authority != .empty && authority != .missing: faults.insert(.locationEmpty)
        case .empty, .url: break
        }
        switch authority {
        case .bad: faults.insert(.authorityURL)
        case .url(let url) where Self.isList(url.path): faults.insert(.authorityURL)
        case .missing, .empty, .url: break
        }
        avp = tags["avp"]?.text ?? "brand"
        if tags["avp"] != nil, avp != "brand", avp != "personal" { faults.insert(.avp) }
        let prefixes = tags["lps"].map { $0.value.isEmpty ? [] : TagList.list($0.value, separator: UInt8(ascii: ",")) }
        localPartPrefixes = prefixes
        badPrefixes = (prefixes ?? []).filter { !Self.isPrefix($0) }
        if !badPrefixes.isEmpty { faults.insert(.localParts) }
        self.faults = Fault.allCases.filter(faults.contains)
    }

    /// What a receiver picks out of all TXT records at the owner, or what was meant to be one.
    package static func select(from texts: [[UInt8]]) -> [[UInt8]] {
        let exact = texts.filter { Self.startsAsBIMI($0) }
        if !exact.isEmpty { return exact }
        return texts.filter { text in
            let letters = text.prefix(512).filter { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
                .map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
            return letters.starts(with: "v=bimi".utf8) || letters.starts(with: "l=https".utf8)
        }
    }

    private static func startsAsBIMI(_ text: [UInt8]) -> Bool {
        let first = TagList(parsing: Array(text.prefix { $0 != UInt8(ascii: ";") })).tags.first
        return first?.name == "v" && first?.value == Array("BIMI1".utf8) && text.first != 0x20
    }

    private static func place(_ tag: TagList.Tag?) -> Place {
        guard let tag else { return .missing }
        if tag.value.isEmpty { return .empty }
        do throws(HTTPSURL.Fault) {
            return .url(try HTTPSURL(parsing: tag.value))
        } catch {
            return .bad(printable(tag.value, limit: 256), error)
        }
    }

    /// Commas inside a URI must be encoded; old drafts had lists.
    private static func isList(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: ",")) }

    /// 1 to 63 of letters, digits and hyphens.
    private static func isPrefix(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { octet in
                (0x30...0x39).contains(octet) || (0x61...0x7A).contains(octet | 0x20) || octet == UInt8(ascii: "-")
            }
    }

    private static let known: Set<String> = ["v", "l", "a", "avp", "lps"]
}

extension BIMIRecord: CustomStringConvertible {
    package var description: String { tags.description }

    /// The record with its faults mended as far as what was meant is plain; nil where it is not.
    package var corrected: String? {
        guard let location = Self.plain(tags["l"] ?? tags["L"]) else { return nil }
        let authority = Self.plain(tags["a"] ?? tags["A"])
        if location.isEmpty, authority.map({ !$0.isEmpty }) ?? false { return nil }
        var parts = ["v=BIMI1", "l=\(location)"]
        if let authority {
            parts.append("a=\(authority)")
        } else if tags["a"] != nil || location.isEmpty {
            parts.append("a=")
        }
        if avp == "personal" { parts.append("avp=personal") }
        let prefixes = (localPartPrefixes ?? []).filter(Self.isPrefix)
        if !prefixes.isEmpty { parts.append("lps=" + prefixes.joined(separator: ",")) }
        return parts.joined(separator: "; ") + ";"
    }

    /// The first URL of a list, as `https` on port 443 without user information; empty for an empty value; nil where no host can
    /// be read.
    private static func plain(_ tag: TagList.Tag?) -> String? {
        guard let tag else { return nil }
        if tag.value.isEmpty { return "" }
        let first = TagList.trimmed(tag.value.prefix { $0 != UInt8(ascii: ",") })
        if let url = try? HTTPSURL(parsing: first) { return url.description }
        let lowered = first.prefix(8).map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        let scheme = ["https://", "http://", "//"].first { lowered.starts(with: $0.utf8) } ?? ""
        let rest = first.dropFirst(scheme.utf8.count)
        var authority = rest.prefix { $0 != UInt8(ascii: "/") }
        let target = rest.dropFirst(authority.count)
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        let host = authority.prefix { $0 != UInt8(ascii: ":") }
        // `ftp:`, `data:`: what stands there is no host.
        guard authority.dropFirst(host.count).dropFirst().allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return (try? HTTPSURL(parsing: "https://".utf8 + host + target))?.description
    }
}
