import AssayCrypto
import AssayModel
import AssayProbes

/// A key record (RFC 6376 section 3.6.1), parsed on octets: what a verifier makes of it, and what was meant.
package struct DKIMKey: Equatable {
    enum Fault: String, CaseIterable {
        /// `v=` is not `DKIM1`, or not the first tag.
        case version = "v_wrong"
        case duplicateTag = "dup_tag"
        /// Something between semicolons is no tag, or octets outside ASCII.
        case syntax
        case keyMissing = "p_missing"
        case base64 = "p_base64"
        case der = "p_der"
        case ed25519 = "ed25519_malformed"
        case kind = "k_unknown"
        case limit
    }

    enum Material: Equatable {
        /// `isBare`: RSAPublicKey without the SubjectPublicKeyInfo around it.
        case rsa(RSAKey, isBare: Bool)
        case ed25519([UInt8])
    }

    let tags: TagList
    let faults: [Fault]
    let damage: [KeyText.Damage]
    /// What a verifier gets; nil where it gets nothing.
    let material: Material?
    /// What the text comes to when the damage is undone, where that is a key.
    let meant: Material?
    let isRevoked: Bool
    let holdsPrivateKey: Bool

    package init(parsing octets: [UInt8]) {
        var faults: Set<Fault> = []
        // One octet more than the tags' own limit, so that they notice.
        let record = Array(octets.prefix(TagList.octetLimit + 1))
        // Quotes around everything and `\;` come from a zone file or a form that was filled in with its syntax.
        let (clean, wrapping) = Self.unwrapped(record)
        if !wrapping.isEmpty { faults.insert(.base64) }
        tags = TagList(parsing: clean)
        if tags.faults.contains(.limit) { faults.insert(.limit) }
        if !tags.duplicates.isEmpty { faults.insert(.duplicateTag) }
        // RFC 6376 section 3.6.1: it MUST be the first tag.
        if let version = tags["v"], version.value != Array("DKIM1".utf8) || tags.tags.first?.name != "v" {
            faults.insert(.version)
        }
        if !tags.faults.isDisjoint(with: [.malformed, .name, .nonASCII]) { faults.insert(.syntax) }
        let kind = tags["k"]?.text ?? "rsa"
        if kind != "rsa", kind != "ed25519" { faults.insert(.kind) }
        // A private key in PEM breaks the tag list into pieces, so it is looked for in the whole record.
        var holdsPrivate = KeyText.firstIndex(of: "PRIVATE KEY-----", in: record[...]) != nil
        guard let value = tags["p"]?.value else {
            faults.insert(.keyMissing)
            self.faults = Fault.allCases.filter(faults.contains)
            (damage, material, meant, isRevoked, holdsPrivateKey) = (wrapping, nil, nil, false, holdsPrivate)
            return
        }
        guard !value.isEmpty else {
            self.faults = Fault.allCases.filter(faults.contains)
            (damage, material, meant, isRevoked, holdsPrivateKey) = (wrapping, nil, nil, true, holdsPrivate)
            return
        }
        let text = KeyText(value)
        let isEdwards = kind == "ed25519"
        let read = text.octets.map { Self.read($0, isEdwards: isEdwards) }
        if text.octets == nil || text.damage.contains(.truncated) {
            faults.insert(isEdwards ? .ed25519 : .base64)
        } else if let read, read.fault {
            faults.insert(isEdwards ? .ed25519 : .der)
        }
        let repaired = text.repaired.map { Self.read($0, isEdwards: isEdwards) }
        holdsPrivate = holdsPrivate || repaired?.isPrivate ?? false
        damage = KeyText.Damage.allCases.filter((text.damage + wrapping).contains)
        material = faults.isDisjoint(with: [.base64, .der, .ed25519, .kind]) ? read?.meant : nil
        meant = repaired?.meant
        isRevoked = false
        holdsPrivateKey = holdsPrivate
        self.faults = Fault.allCases.filter(faults.contains)
    }

    /// What looks like a key record to somebody who looks for one: other TXT records at the name do not count.
    static func isKey(_ text: [UInt8]) -> Bool {
        let letters = text.prefix(64).filter { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            .map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        if letters.starts(with: "v=dkim".utf8) || letters.starts(with: "p=".utf8) { return true }
        if letters.starts(with: "v=".utf8) { return false }
        let tags = TagList(parsing: text)
        return tags["p"] != nil || KeyText.firstIndex(of: "PRIVATE KEY-----", in: text[...]) != nil
    }

    // MARK: What the tags say

    var kind: String { tags["k"]?.text ?? "rsa" }

    /// `h=`; nil for any (RFC 6376 section 3.6.1).
    var hashes: [String]? { tags["h"].map { TagList.list($0.value) } }

    var acceptsSHA256: Bool { hashes?.contains("sha256") ?? true }

    /// `s=`; nil for any.
    var services: [String]? { tags["s"].map { TagList.list($0.value) } }

    var isForMail: Bool { services?.contains { $0 == "*" || $0 == "email" } ?? true }

    var flags: [String] { tags["t"].map { TagList.list($0.value) } ?? [] }

    /// A verifier that keeps to RFC 6376 section 6.1.2, RFC 8301 and RFC 8463 can verify mail with it.
    var isUsable: Bool {
        guard let material, faults.allSatisfy({ $0 == .limit }), acceptsSHA256, isForMail else { return false }
        if case .rsa(let key, _) = material { return key.bits >= 1024 }
        return true
    }

    /// SHA-256 of the modulus, or of the 32 octets.
    var fingerprint: String? {
        switch meant {
        case .rsa(let key, _): key.fingerprint
        case .ed25519(let octets): Digest.hex(Digest.sha256(octets))
        case nil: nil
        }
    }

    // MARK: Key material

    private static func unwrapped(_ record: [UInt8]) -> (text: [UInt8], damage: [KeyText.Damage]) {
        var damage: [KeyText.Damage] = []
        var text = record
        if text.first == UInt8(ascii: "\"") {
            text = Array(text.dropFirst().reversed().drop { $0 == 0x20 || $0 == UInt8(ascii: "\"") }.reversed())
            damage.append(.quotes)
        }
        if KeyText.firstIndex(of: "\\;", in: text[...]) != nil {
            var kept: [UInt8] = []
            kept.reserveCapacity(text.count)
            for octet in text {
                if octet == UInt8(ascii: ";"), kept.last == UInt8(ascii: "\\") { kept.removeLast() }
                kept.append(octet)
            }
            text = kept
            damage.append(.backslashes)
        }
        return (text, damage)
    }

    private struct Reading {
        var meant: Material?
        /// Not what the verifier expects there, even where one can see what was meant.
        var fault = false
        var isPrivate = false
    }

    private static func read(_ octets: [UInt8], isEdwards: Bool) -> Reading {
        if isEdwards {
            // RFC 8463 section 4.2: the 32 octets themselves.
            if octets.count == 32 { return Reading(meant: .ed25519(octets)) }
            if case .ed25519(let raw) = KeyEncoding(der: octets) { return Reading(meant: .ed25519(raw), fault: true) }
            return Reading(fault: true, isPrivate: KeyEncoding(der: octets) == .privateKey)
        }
        switch KeyEncoding(der: octets) {
        case .rsa(let key, let isBare, let trailing):
            // Even or empty numbers are no key.
            let isKey = key.isModulusOdd && key.isExponentOdd && key.bits > 0
            return Reading(meant: isKey ? .rsa(key, isBare: isBare) : nil, fault: trailing > 0 || !key.isModulusOdd)
        case .privateKey: return Reading(fault: true, isPrivate: true)
        case .ed25519, .other, .truncated, .unreadable: return Reading(fault: true)
        }
    }
}

extension DKIMKey: CustomStringConvertible {
    /// The record as it stands, printable.
    package var description: String { tags.description }
}
