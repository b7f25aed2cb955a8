import AssayCrypto
import AssayProbes

extension DKIMKey {
    /// The record with its faults mended and all that was right in it kept; nil where it cannot be known what was meant.
    var corrected: String? {
        guard !holdsPrivateKey, let value = keyValue else { return nil }
        // Two values for one tag: nobody can know which was meant.
        for name in tags.duplicates where name != "v" {
            guard Set(tags.tags.filter { $0.name == name }.map(\.value)).count == 1 else { return nil }
        }
        var parts = ["v=DKIM1"]
        var written: Set<String> = ["v", "p", "g"]
        for tag in tags.tags where written.insert(tag.name).inserted {
            guard let text = mended(tag) else { continue }
            parts.append("\(tag.name)=\(text)")
        }
        if case .ed25519 = meant, tags["k"] == nil { parts.insert("k=ed25519", at: 1) }
        return (parts + ["p=\(value)"]).joined(separator: "; ")
    }

    private var keyValue: String? {
        if isRevoked { return "" }
        switch meant {
        case .rsa(let key, _):
            // What a verifier reads stays as it is.
            guard !faults.contains(.der), let tag = tags["p"], let octets = KeyText(tag.value).repaired else {
                return Base64.encode(Self.subjectPublicKeyInfo(key))
            }
            return Base64.encode(octets)
        case .ed25519(let octets): return Base64.encode(octets)
        case nil: return nil
        }
    }

    /// nil drops the tag.
    private func mended(_ tag: TagList.Tag) -> String? {
        switch tag.name {
        case "k":
            switch meant {
            case .ed25519: return "ed25519"
            case .rsa: return "rsa"
            case nil: return tag.text
            }
        case "h": return acceptsSHA256 ? tag.text : "sha256"
        case "s": return isForMail ? tag.text : nil
        case "t":
            let kept = TagList.list(tag.value).filter { $0 != "y" && !$0.isEmpty }
            return kept.isEmpty ? nil : kept.joined(separator: ":")
        default: return tag.text
        }
    }

    /// DER of SubjectPublicKeyInfo around RSAPublicKey (RFC 8017 appendix A.1).
    private static func subjectPublicKeyInfo(_ key: RSAKey) -> [UInt8] {
        func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
            var length = [UInt8(truncatingIfNeeded: content.count)]
            if content.count > 127 {
                var octets: [UInt8] = []
                var rest = content.count
                while rest > 0 {
                    octets.insert(UInt8(truncatingIfNeeded: rest), at: 0)
                    rest >>= 8
                }
                length = [0x80 | UInt8(octets.count)] + octets
            }
            return [tag] + length + content
        }
        func number(_ octets: [UInt8]) -> [UInt8] {
            element(0x02, (octets.first.map { $0 & 0x80 != 0 } ?? true ? [0] : []) + octets)
        }
        let algorithm: [UInt8] = [
            0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
        ]
        let numbers = element(0x30, number(key.modulus) + number(key.exponent))
        return element(0x30, algorithm + element(0x03, [0] + numbers))
    }
}
