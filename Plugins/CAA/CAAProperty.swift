import AssayModel

/// One CAA record: flags, tag and value (RFC 8659 section 4.1), on octets.
package struct CAAProperty: Hashable, Sendable {
    /// The tags that CAs know: RFC 8659, RFC 9495, the requirements for mark certificates, and the Baseline Requirements'
    /// appendix A.
    package enum Kind: String, Sendable, CaseIterable {
        case issue, issuewild, issuemail, issuevmc, iodef, contactemail, contactphone

        /// The value names who may issue.
        package var isIssue: Bool { [.issue, .issuewild, .issuemail, .issuevmc].contains(self) }
    }

    package let flags: UInt8
    package let tag: [UInt8]
    package let value: [UInt8]

    package init(flags: UInt8, tag: [UInt8], value: [UInt8]) {
        self.flags = flags
        self.tag = tag
        self.value = value
    }

    package init(_ kind: Kind, _ value: String, flags: UInt8 = 0) {
        self.init(flags: flags, tag: Array(kind.rawValue.utf8), value: Array(value.utf8))
    }

    /// Bit 0, the highest: who does not know the tag must not issue (RFC 8659 section 4.1).
    package var isCritical: Bool { flags & 0x80 != 0 }
    /// The other bits are reserved and mean nothing: whoever wrote 1 meant 128.
    package var hasReservedFlags: Bool { flags & 0x7F != 0 }

    /// nil for a tag that no CA knows. Tags match without case (RFC 8659 section 4.1).
    package var kind: Kind? { Kind(rawValue: String(decoding: tag.map(Self.lowered), as: UTF8.self)) }

    /// One or more ASCII letters and digits (RFC 8659 section 4.1).
    package var isTagSound: Bool {
        !tag.isEmpty
            && tag.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains(Self.lowered($0)) }
    }

    package var hasUpperCaseTag: Bool { tag.contains { (0x41...0x5A).contains($0) } }

    /// The value of a property that names who may issue; nil where it keeps to no grammar, which is read as naming nobody
    /// (RFC 8659 section 4.2).
    package var issueValue: IssueValue? { IssueValue(parsing: value) }

    /// `0 issue "letsencrypt.org"`, at most `CAALimits.shownOctets` octets of the value.
    package var shown: String {
        "\(flags) \(printable(tag, limit: CAALimits.shownOctets)) \"\(printable(value, limit: CAALimits.shownOctets))\""
    }

    static func lowered(_ octet: UInt8) -> UInt8 { (0x41...0x5A).contains(octet) ? octet + 0x20 : octet }
}

extension CAAProperty: CustomStringConvertible {
    /// As in a zone file (RFC 8659 section 4.1.1): `0 issue "letsencrypt.org"`.
    package var description: String {
        var text = Array("\(flags) ".utf8) + tag + Array(" \"".utf8)
        for octet in value {
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), octet]
            case 0x20..<0x7F: text.append(octet)
            default: text += [UInt8(ascii: "\\"), 0x30 + octet / 100, 0x30 + octet / 10 % 10, 0x30 + octet % 10]
            }
        }
        return String(decoding: text + [UInt8(ascii: "\"")], as: UTF8.self)
    }
}
