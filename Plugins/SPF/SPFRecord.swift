import AssayModel

/// An SPF record (RFC 7208 section 4.5), parsed on octets: every term that is right, every error with its place.
///
/// One error anywhere makes the whole record a permanent error for a receiver (section 4.6); what is right is kept for the
/// explanation and the corrected record.
package struct SPFRecord: Sendable {
    package enum Qualifier: UInt8, Sendable, CaseIterable {
        case pass = 0x2B
        case fail = 0x2D
        case softfail = 0x7E
        case neutral = 0x3F
    }

    /// `/24//64`; nil for the whole address.
    package struct PrefixLengths: Equatable, Sendable {
        package var ip4: Int?
        package var ip6: Int?
    }

    package enum Mechanism: Equatable, Sendable {
        case all
        case include(SPFMacroString)
        case a(SPFMacroString?, PrefixLengths)
        case mx(SPFMacroString?, PrefixLengths)
        case ptr(SPFMacroString?)
        case ip4(UInt32, prefix: Int?)
        case ip6(UInt128, prefix: Int?)
        case exists(SPFMacroString)
    }

    package enum Modifier: Equatable, Sendable {
        case redirect(SPFMacroString)
        case exp(SPFMacroString)
        /// Ignored by receivers (RFC 7208 section 6).
        case unknown(name: [UInt8], value: SPFMacroString)
    }

    package enum Content: Equatable, Sendable {
        case directive(Qualifier, Mechanism)
        case modifier(Modifier)
    }

    package struct Term: Sendable {
        package let content: Content
        /// As written; a part of the record's own octets.
        package let octets: ArraySlice<UInt8>
        /// From the start of the record.
        package let offset: Int

        package var text: String { printable(octets, limit: SPFLimits.shownOctets) }
    }

    package struct Fault: Sendable, Equatable {
        package let error: SPFSyntaxError
        /// The whole term; a part of the record's own octets.
        package let octets: ArraySlice<UInt8>

        package var text: String { printable(octets, limit: SPFLimits.shownOctets) }
    }

    package let terms: [Term]
    package let faults: [Fault]
    /// `spf.terms 1000`: the limit of ours that cut the record.
    package let limit: String?

    /// Parses a record that `isRecord`.
    package init(parsing record: [UInt8]) {
        var terms: [Term] = []
        var faults: [Fault] = []
        var limit: String?
        if record.count > SPFLimits.octets { limit = "spf.octets \(SPFLimits.octets)" }
        let end = min(record.count, SPFLimits.octets)
        var index = min(Self.version.count, end)
        var count = 0
        var seen: Set<SPFSyntaxError.Kind> = []
        while index < end {
            // Terms are separated by one or more spaces (RFC 7208 section 4.6.1).
            if record[index] == 0x20 {
                index += 1
                continue
            }
            let start = index
            while index < end, record[index] != 0x20 { index += 1 }
            count += 1
            guard count <= SPFLimits.terms else {
                limit = "spf.terms \(SPFLimits.terms)"
                break
            }
            let octets = record[start..<index]
            do {
                let content = try SPFTermParser.parse(octets)
                terms.append(Term(content: content, octets: octets, offset: start))
                // RFC 7208 section 6: redirect and exp at most once each.
                let twice: SPFSyntaxError.Kind? =
                    switch content {
                    case .modifier(.redirect): .redirectTwice
                    case .modifier(.exp): .expTwice
                    default: nil
                    }
                if let twice, !seen.insert(twice).inserted {
                    faults.append(Fault(error: SPFSyntaxError(twice, at: start), octets: octets))
                }
            } catch {
                faults.append(Fault(error: error, octets: octets))
            }
        }
        self.terms = terms
        self.faults = faults
        self.limit = limit
    }

    package init(contents: [Content]) {
        terms = contents.map { Term(content: $0, octets: SPFTermPrinter.octets($0)[...], offset: 0) }
        faults = []
        limit = nil
    }

    package var isValid: Bool { faults.isEmpty }

    /// Directives up to and with the first `all`: what a receiver evaluates (RFC 7208 sections 4.6.2 and 5.1).
    package var directives: [(qualifier: Qualifier, mechanism: Mechanism, term: Term)] {
        var result: [(Qualifier, Mechanism, Term)] = []
        for term in terms {
            guard case .directive(let qualifier, let mechanism) = term.content else { continue }
            result.append((qualifier, mechanism, term))
            if mechanism == .all { break }
        }
        return result
    }

    /// Mechanisms right of `all`, which nobody evaluates (RFC 7208 section 5.1).
    package var termsAfterAll: [Term] {
        var isBehind = false
        return terms.filter { term in
            guard case .directive(_, let mechanism) = term.content else { return false }
            defer { if mechanism == .all { isBehind = true } }
            return isBehind
        }
    }

    /// The qualifier of `all`; nil without one.
    package var all: Qualifier? {
        terms.lazy.compactMap { term -> Qualifier? in
            if case .directive(let qualifier, .all) = term.content { qualifier } else { nil }
        }.first
    }

    package var redirect: (target: SPFMacroString, term: Term)? {
        terms.lazy.compactMap { term -> (SPFMacroString, Term)? in
            if case .modifier(.redirect(let target)) = term.content { (target, term) } else { nil }
        }.first
    }

    package var exp: (target: SPFMacroString, term: Term)? {
        terms.lazy.compactMap { term -> (SPFMacroString, Term)? in
            if case .modifier(.exp(let target)) = term.content { (target, term) } else { nil }
        }.first
    }

    /// The version section is exactly `v=spf1`, and a space or the end follows (RFC 7208 section 4.5); ABNF ignores case.
    package static func isRecord(_ text: [UInt8]) -> Bool {
        guard text.count >= version.count, lowered(text[..<version.count]) == version else { return false }
        return text.count == version.count || text[version.count] == 0x20
    }

    static let version = Array("v=spf1".utf8)

    static func lowered(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    }
}

extension SPFRecord: Equatable {
    /// The same terms in the same order, wherever they stand.
    package static func == (left: SPFRecord, right: SPFRecord) -> Bool {
        left.terms.map(\.content) == right.terms.map(\.content)
            && left.faults.map(\.error.kind) == right.faults.map(\.error.kind)
    }
}

extension SPFRecord: CustomStringConvertible {
    /// The terms that are right, in canonical form: names in lower case, `+` left out.
    package var description: String {
        let printed = terms.map { String(decoding: SPFTermPrinter.octets($0.content), as: UTF8.self) }
        return (["v=spf1"] + printed).joined(separator: " ")
    }
}
