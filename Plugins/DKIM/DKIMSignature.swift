import AssayCrypto
import AssayModel
import AssayProbes

/// A DKIM-Signature header field (RFC 6376 section 3.5), parsed on octets.
package struct DKIMSignature {
    enum Fault: String, CaseIterable {
        case syntax
        case version
        /// One of `v a b bh d h s` is missing.
        case tagMissing = "tag_missing"
        case algorithm = "algorithm_unknown"
        /// RFC 8301 section 3.1: signatures by rsa-sha1 are not valid.
        case sha1
        case canonicalization = "canonicalization_unknown"
        case base64
        case domain = "domain_malformed"
        /// `h=` does not name From (RFC 6376 section 5.4).
        case fromUnsigned = "from_unsigned"
        /// `i=` is neither `d=` nor below it.
        case identity = "identity_mismatch"
        /// `x=` is not later than `t=`.
        case times
        case query = "query_unknown"
        case length = "length_malformed"
        case limit
    }

    let tags: TagList
    let faults: [Fault]
    /// `rsa-sha256`, as written.
    let algorithm: String
    let headerForm: Canonicalization
    let bodyForm: Canonicalization
    let domain: DomainName?
    let selector: DomainName?
    /// Lower-case, in the order of `h=`.
    let headers: [String]
    let signature: [UInt8]
    let bodyHash: [UInt8]
    /// `l=`: octets of the canonical body that are signed.
    let length: Int?
    let signedAt: Timestamp?
    let expiresAt: Timestamp?
    /// `i=`, printable.
    let identity: String?
    let identityDomain: DomainName?

    package init(parsing value: [UInt8]) {
        var faults: Set<Fault> = []
        let tags = TagList(parsing: value)
        self.tags = tags
        if tags.faults.contains(.limit) { faults.insert(.limit) }
        if !tags.faults.isDisjoint(with: [.malformed, .name, .duplicate]) { faults.insert(.syntax) }
        if ["v", "a", "b", "bh", "d", "h", "s"].contains(where: { tags[$0] == nil }) { faults.insert(.tagMissing) }
        if let version = tags["v"], version.text != "1" { faults.insert(.version) }
        algorithm = tags["a"]?.text ?? ""
        switch algorithm {
        case "rsa-sha256", "ed25519-sha256", "": break
        case "rsa-sha1": faults.insert(.sha1)
        default: faults.insert(.algorithm)
        }
        let forms = (tags["c"]?.text ?? "simple/simple").split(separator: "/").map(String.init)
        let (headerForm, bodyForm) = (forms.first.flatMap(Canonicalization.init), forms.dropFirst().first ?? "simple")
        if headerForm == nil || Canonicalization(rawValue: bodyForm) == nil { faults.insert(.canonicalization) }
        self.headerForm = headerForm ?? .simple
        self.bodyForm = Canonicalization(rawValue: bodyForm) ?? .simple
        domain = tags["d"].flatMap { DomainName($0.text) }
        selector = tags["s"].flatMap { DomainName($0.text) }
        if tags["d"] != nil && domain == nil || tags["s"] != nil && selector == nil { faults.insert(.domain) }
        headers = (tags["h"].map { TagList.list($0.value) } ?? []).prefix(DKIMLimits.signedHeaders).map {
            $0.lowercased()
        }
        if tags["h"] != nil, !headers.contains("from") { faults.insert(.fromUnsigned) }
        func octets(_ name: String) -> [UInt8] {
            guard let tag = tags[name] else { return [] }
            guard let octets = Base64.decode(tag.value.filter { !TagList.isSpace($0) }) else {
                faults.insert(.base64)
                return []
            }
            return octets
        }
        signature = octets("b")
        bodyHash = octets("bh")
        func number(_ name: String, _ fault: Fault) -> Int? {
            guard let tag = tags[name] else { return nil }
            guard let number = Int(tag.text), number >= 0, tag.value.allSatisfy({ (0x30...0x39).contains($0) }) else {
                faults.insert(fault)
                return nil
            }
            return number
        }
        length = number("l", .length)
        signedAt = number("t", .times).map { Timestamp(secondsSince1970: Int64($0)) }
        expiresAt = number("x", .times).map { Timestamp(secondsSince1970: Int64($0)) }
        if let signedAt, let expiresAt, expiresAt <= signedAt { faults.insert(.times) }
        identity = tags["i"]?.text
        let at = tags["i"]?.value.lastIndex(of: UInt8(ascii: "@"))
        identityDomain = at.flatMap { at in
            tags["i"].flatMap { DomainName(String(decoding: $0.value[(at + 1)...], as: UTF8.self)) }
        }
        if tags["i"] != nil, let domain, !(identityDomain?.isEqualOrBelow(domain) ?? false) { faults.insert(.identity) }
        if let query = tags["q"], !TagList.list(query.value).contains("dns/txt") { faults.insert(.query) }
        self.faults = Fault.allCases.filter(faults.contains)
    }

    /// The field without the value of `b=`, as it was signed (RFC 6376 section 3.7); without the last CRLF.
    func signedField(_ field: MailMessage.Field) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(field.octets.count)
        guard let colon = field.octets.firstIndex(of: UInt8(ascii: ":")) else { return [] }
        result += field.octets[...colon]
        let parts = field.octets[(colon + 1)...].dropLast(2)
            .split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index > 0 { result.append(UInt8(ascii: ";")) }
            if let equals = part.firstIndex(of: UInt8(ascii: "=")),
                TagList.trimmed(part[..<equals]).elementsEqual("b".utf8)
            {
                result += part[...equals]
            } else {
                result += part
            }
        }
        let bare = MailMessage.Field(
            name: field.name, value: Array(result[(colon + 1)...]), octets: result + [0x0D, 0x0A])
        return Array(headerForm.header(bare).dropLast(2))
    }

    /// What the signature was made over: the fields of `h=` from the last of each name upwards (RFC 6376 section 5.4.2).
    func signedOctets(_ field: MailMessage.Field, in message: MailMessage) -> [UInt8] {
        var stacks = Dictionary(grouping: message.fields, by: \.name)
        var result: [UInt8] = []
        for name in headers {
            // Names of fields that are not there keep others from being added.
            guard let last = stacks[name]?.popLast() else { continue }
            result += headerForm.header(last)
        }
        return result + signedField(field)
    }
}
