import AssayModel

/// The value of `issue` and its kin: an issuer domain name, and parameters for it (RFC 8659 section 4.2, ABNF).
package struct IssueValue: Hashable, Sendable {
    package struct Parameter: Hashable, Sendable {
        package let tag: String
        package let value: [UInt8]

        package init(tag: String, value: [UInt8]) {
            self.tag = tag
            self.value = value
        }
    }

    /// Lower case; nil where nobody is named (`;`).
    package let issuer: String?
    /// At most `CAALimits.parameters`; those of RFC 8657 are always among them.
    package let parameters: [Parameter]

    package init(issuer: String?, parameters: [Parameter] = []) {
        self.issuer = issuer
        self.parameters = parameters
    }

    /// nil where the octets do not match `issue-value`.
    package init?(parsing octets: [UInt8]) {
        var rest = octets[...].drop(while: Self.isSpace)
        let name = rest.prefix { $0 != UInt8(ascii: ";") && !Self.isSpace($0) }
        rest = rest.dropFirst(name.count).drop(while: Self.isSpace)
        guard name.isEmpty || Self.isDomain(name) else { return nil }
        issuer = name.isEmpty ? nil : String(decoding: name.map(CAAProperty.lowered), as: UTF8.self)
        guard let separator = rest.popFirst() else {
            parameters = []
            return
        }
        guard separator == UInt8(ascii: ";") else { return nil }
        rest = rest.drop(while: Self.isSpace)
        var found: [Parameter] = []
        while !rest.isEmpty {
            guard let parameter = Self.parameter(&rest) else { return nil }
            let limit = Self.known.contains(parameter.tag) ? 2 * CAALimits.parameters : CAALimits.parameters
            if found.count < limit { found.append(parameter) }
            guard let next = rest.popFirst() else { break }
            rest = rest.drop(while: Self.isSpace)
            // Behind a semicolon another parameter follows: the grammar knows no last one.
            guard next == UInt8(ascii: ";"), !rest.isEmpty else { return nil }
        }
        parameters = found
    }

    package func parameters(named tag: String) -> [Parameter] { parameters.filter { $0.tag == tag } }

    // MARK: RFC 8657

    static let accountURI = "accounturi"
    static let validationMethods = "validationmethods"
    private static let known: Set = [accountURI, validationMethods]

    /// The accounts of the CA's that may ask, none where any may.
    package var accounts: [String] { parameters(named: Self.accountURI).map { printable($0.value) } }

    /// An account that is no URI, or several: the property allows nobody (RFC 8657 section 3).
    package var hasImpossibleAccount: Bool {
        let accounts = parameters(named: Self.accountURI)
        return accounts.count > 1 || accounts.contains { !Self.isURI($0.value) }
    }

    /// The methods that may be used are named (RFC 8657 section 4); else any may.
    package var bindsMethods: Bool { methodList != nil }

    /// Of the methods named, those that some CA uses or those that none does: each once, at most `CAALimits.methods`.
    package func methods(known isKnown: Bool) -> [String] {
        var found: [String] = []
        anyMethod { label in
            if Self.isMethod(label) == isKnown, case let text = printable(label), !found.contains(text) {
                found.append(text)
            }
            return found.count == CAALimits.methods
        }
        return found
    }

    /// No method that any CA uses: the property allows nobody.
    package var hasNoMethod: Bool { bindsMethods && !anyMethod(Self.isMethod) }

    private var methodList: [UInt8]? { parameters.first { $0.tag == Self.validationMethods }?.value }

    /// Whether one of the labels is so; looks no further then, and keeps none.
    @discardableResult
    private func anyMethod(_ isSo: (ArraySlice<UInt8>) -> Bool) -> Bool {
        guard var rest = methodList?[...], !rest.isEmpty else { return false }
        while true {
            let label = rest.prefix { $0 != UInt8(ascii: ",") }
            if isSo(label) { return true }
            guard label.endIndex < rest.endIndex else { return false }
            rest = rest[(label.endIndex + 1)...]
        }
    }

    package var isUnsatisfiable: Bool { hasImpossibleAccount || hasNoMethod }

    /// ACME's registered validation methods (IANA, 2026-11), and labels of one CA's own (RFC 8657 section 4).
    private static func isMethod(_ label: ArraySlice<UInt8>) -> Bool {
        (label.starts(with: "ca-".utf8) && label.count > 3)
            || registeredMethods.contains { $0.utf8.count == label.count && label.elementsEqual($0.utf8) }
    }

    private static let registeredMethods = [
        "http-01", "dns-01", "tls-alpn-01", "dns-account-01", "dns-persist-01", "email-reply-00", "onion-csr-01",
        "tkauth-01", "bp-nodeid-00",
    ]

    /// A scheme and something behind it, in the characters of RFC 3986 section 2.
    private static func isURI(_ octets: [UInt8]) -> Bool {
        guard let colon = octets.firstIndex(of: UInt8(ascii: ":")), colon > 0, colon + 1 < octets.count,
            octets.count <= CAALimits.addressOctets, (0x61...0x7A).contains(CAAProperty.lowered(octets[0]))
        else { return false }
        let isScheme = octets[..<colon].allSatisfy {
            (0x61...0x7A).contains(CAAProperty.lowered($0)) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0)
        }
        return isScheme && octets.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }
    }

    // MARK: Grammar

    private static func parameter(_ rest: inout ArraySlice<UInt8>) -> Parameter? {
        let tag = rest.prefix { $0 != UInt8(ascii: "=") && !isSpace($0) && $0 != UInt8(ascii: ";") }
        rest = rest.dropFirst(tag.count).drop(while: isSpace)
        guard isLabel(tag), rest.popFirst() == UInt8(ascii: "=") else { return nil }
        rest = rest.drop(while: isSpace)
        let value = rest.prefix { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ";") }
        rest = rest.dropFirst(value.count).drop(while: isSpace)
        return Parameter(tag: String(decoding: tag, as: UTF8.self), value: Array(value))
    }

    private static func isDomain(_ octets: ArraySlice<UInt8>) -> Bool {
        octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    /// Letters, digits, and hyphens between them.
    private static func isLabel(_ octets: ArraySlice<UInt8>) -> Bool {
        guard let first = octets.first, let last = octets.last else { return false }
        let isWord = { (octet: UInt8) in
            (0x30...0x39).contains(octet) || (0x61...0x7A).contains(CAAProperty.lowered(octet))
        }
        return isWord(first) && isWord(last) && octets.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isSpace(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }
}

extension IssueValue: CustomStringConvertible {
    /// `letsencrypt.org; validationmethods=dns-01`, or `;`.
    package var description: String {
        let list = parameters.map { "\($0.tag)=\(String(decoding: $0.value, as: UTF8.self))" }.joined(separator: "; ")
        guard let issuer else { return list.isEmpty ? ";" : "; \(list)" }
        return list.isEmpty ? issuer : "\(issuer); \(list)"
    }
}
