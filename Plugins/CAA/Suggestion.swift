import AssayModel

/// The CAA records that one owner should have, out of those it has: what was right stays, what was wrong is mended, and who
/// issues today may go on.
struct Suggestion {
    let owner: DomainName
    let table: IssuerTable
    /// Where reports of refused requests may go.
    let domain: DomainName
    /// The records count for the mail domain, so that S/MIME is theirs to restrict.
    var isForDomain = true
    /// Identifiers of the authorities that issue for names here, as they are and for wildcards.
    var server: [String] = []
    var wildcard: [String] = []

    /// Lines of a zone file; nil where nobody knows whom to name.
    func lines(for set: AuthorizationSet) -> [String]? {
        var kept: [CAAProperty] = []
        for property in set.properties {
            guard let mended = mended(property), !kept.contains(mended) else { continue }
            kept.append(mended)
        }
        name(server, as: .issue, in: &kept)
        if kept.contains(where: { $0.kind == .issuewild }) { name(wildcard, as: .issuewild, in: &kept) }
        if !kept.contains(where: { $0.kind == .issue }) {
            // Whoever may issue for everything below may issue for the names themselves.
            let allowed = kept.filter { $0.kind == .issuewild }.compactMap(\.issueValue?.issuer)
            guard !allowed.isEmpty || !server.isEmpty else { return nil }
            name(allowed, as: .issue, in: &kept)
        }
        if isForDomain, !kept.contains(where: { $0.kind == .issuemail }) { kept.append(CAAProperty(.issuemail, ";")) }
        if !set.properties(.iodef).isEmpty || set.properties.isEmpty, !kept.contains(where: { $0.kind == .iodef }) {
            kept.append(CAAProperty(.iodef, "mailto:security@\(domain)"))
        }
        guard kept.contains(where: { $0.kind == .issue }) else { return nil }
        return kept.map { "\(owner). CAA \($0)" }
    }

    /// These may issue by properties of this kind, beside whoever may already.
    private func name(_ identifiers: [String], as kind: CAAProperty.Kind, in kept: inout [CAAProperty]) {
        guard !identifiers.isEmpty else { return }
        let purpose: AuthorizationSet.Purpose = kind == .issue ? .server : .wildcard
        for identifier in identifiers {
            let group = table.issuers.first { $0.identifiers.first == identifier }?.identifiers ?? [identifier]
            let permission = AuthorizationSet(properties: kept).permission(purpose)
            let isThere = kept.contains { $0.kind == kind } && permission.allows(anyOf: group)
            if !isThere { kept.append(CAAProperty(kind, identifier)) }
        }
        // Naming nobody beside somebody says nothing.
        kept.removeAll { $0.kind == kind && $0.issueValue.map { $0.issuer == nil } ?? false }
    }

    /// The property as it was meant; nil where nothing is worth keeping.
    private func mended(_ property: CAAProperty) -> CAAProperty? {
        guard property.isTagSound else { return nil }
        guard let kind = property.kind else {
            return property.isCritical
                ? nil : CAAProperty(flags: 0, tag: property.tag.map(CAAProperty.lowered), value: property.value)
        }
        let flags = property.flags & 0x80
        func with(_ value: String) -> CAAProperty { CAAProperty(kind, value, flags: flags) }
        switch kind {
        case .issue, .issuewild, .issuemail, .issuevmc:
            guard let value = property.issueValue ?? repaired(property.value) else { return nil }
            return with("\(mended(value))")
        case .iodef:
            guard let address = ReportAddress(property.value) else { return nil }
            return with(
                "\(address.isEncryptedOrMail ? address.scheme.rawValue : "https"):"
                    + String(decoding: address.rest, as: UTF8.self))
        case .contactemail:
            return ReportAddress.isMailbox(property.value)
                ? CAAProperty(flags: flags, tag: Array(kind.rawValue.utf8), value: property.value) : nil
        case .contactphone:
            return ReportAddress.isTelephone(property.value)
                ? with(String(decoding: property.value, as: UTF8.self)) : nil
        }
    }

    /// Without what nobody can meet: accounts that are none, methods that are none.
    private func mended(_ value: IssueValue) -> IssueValue {
        var parameters: [IssueValue.Parameter] = []
        for parameter in value.parameters {
            switch parameter.tag {
            case IssueValue.accountURI:
                let alone = IssueValue(issuer: nil, parameters: [parameter])
                let isFirst = !parameters.contains { $0.tag == IssueValue.accountURI }
                if isFirst, !alone.hasImpossibleAccount { parameters.append(parameter) }
            case IssueValue.validationMethods:
                let alone = IssueValue(issuer: nil, parameters: [parameter])
                let known = alone.methods(known: true)
                let isFirst = !parameters.contains { $0.tag == IssueValue.validationMethods }
                if isFirst, !known.isEmpty {
                    parameters.append(.init(tag: parameter.tag, value: Array(known.joined(separator: ",").utf8)))
                }
            default: parameters.append(parameter)
            }
        }
        return IssueValue(
            issuer: value.issuer.map { table.meant(by: $0) ?? $0 }, parameters: value.issuer == nil ? [] : parameters)
    }

    /// An issuer in quotation marks, as a URL, or with a dot at the end: known names only.
    private func repaired(_ octets: [UInt8]) -> IssueValue? {
        var text = octets[...].drop { !Self.isWord($0) }
        for scheme in ["https://", "http://"] where text.starts(with: scheme.utf8) {
            text = text.dropFirst(scheme.utf8.count)
        }
        let name = text.prefix { Self.isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
        guard let domain = DomainName(String(decoding: name, as: UTF8.self))?.description else { return nil }
        return table.isKnown(domain)
            ? IssueValue(issuer: domain) : table.meant(by: domain).map { IssueValue(issuer: $0) }
    }

    private static func isWord(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x61...0x7A).contains(CAAProperty.lowered(octet))
    }
}
