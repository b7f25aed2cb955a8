/// Why a TLSA record that fits nothing was published: the mistake that would have produced its data.
package struct TLSADiagnosis: Hashable, Codable, Sendable {
    package enum Mistake: String, Codable, Sendable, CaseIterable {
        /// The digest of no octets at all, as RFC 7671 and RFC 7672 print it in their examples.
        case empty
        case newline
        /// The digest of the PEM text in place of the DER inside.
        case pem, pemKey = "pem_key"
        /// The digest of a file with the whole chain.
        case chainFile = "chain_file"
        /// The hexadecimal digits as octets.
        case hexOfHex = "hex_of_hex"
        case zeros, ones
        /// The data is right for another selector or matching type.
        case parameters
        /// The data is right for another certificate of the chain, or for the other usage.
        case element
    }

    package let mistake: Mistake
    /// The command that makes it; empty where it is a matter of the record's numbers.
    package let command: String
    /// The record that was meant, as in a zone file; nil where that cannot be known.
    package let meant: String?

    /// nil where nothing known explains the data, or where the record is right.
    package init?(_ record: TLSARecord, chain: PresentedChain) {
        let octets = chain.octets.compactMap(\.self)
        let hash: ([UInt8]) -> [UInt8] = { record.matching == 2 ? Digest.sha512($0) : Digest.sha256($0) }
        let program = record.matching == 2 ? "sha512sum" : "sha256sum"
        // DANE-TA is about the certificate above the leaf.
        let intended = record.usage == 2 ? octets.dropFirst().first : octets.first
        let right = intended.flatMap { Self.corrected(record, $0) }
        let what = record.selector == 1 ? "openssl x509 -in cert.pem -noout -pubkey" : "openssl x509 -in cert.pem"
        func found(_ mistake: Mistake, _ command: String) -> TLSADiagnosis {
            TLSADiagnosis(mistake: mistake, command: command, meant: right)
        }
        let data = record.data
        guard !data.isEmpty else { return nil }
        if data == hash([]) {
            self = found(.empty, "\(what) | openssl dgst -\(program.dropLast(3)) < /dev/null"); return
        }
        if data == hash([0x0A]) { self = found(.newline, "echo | \(program)"); return }
        if data.allSatisfy({ $0 == 0 }) { self = found(.zeros, ""); return }
        if data.allSatisfy({ $0 == 0xFF }) { self = found(.ones, ""); return }
        for element in octets {
            if data == hash(PEM.text("CERTIFICATE", element.der)) { self = found(.pem, "\(program) cert.pem"); return }
            if data == hash(PEM.text("PUBLIC KEY", element.publicKey)) {
                self = found(.pemKey, "openssl x509 -in cert.pem -noout -pubkey | \(program)")
                return
            }
        }
        for count in octets.indices.dropFirst() {
            let file = octets[...count].flatMap { PEM.text("CERTIFICATE", $0.der) }
            if data == hash(file) { self = found(.chainFile, "\(program) fullchain.pem"); return }
        }
        for (index, element) in octets.enumerated() {
            for selector in UInt8(0)...1 {
                for matching in UInt8(0)...2 {
                    guard let fit = TLSARecord.association(element, selector: selector, matching: matching) else {
                        continue
                    }
                    if data == Array(Digest.hex(fit).utf8) {
                        let meant = TLSARecord(
                            usage: index == 0 ? 3 : 2, selector: selector, matching: matching, data: fit)
                        self = TLSADiagnosis(
                            mistake: .hexOfHex, command: "printf %s \(Digest.hex(fit.prefix(4)))... | xxd -p",
                            meant: "\(meant)")
                        return
                    }
                    guard data == fit else { continue }
                    let usage: UInt8 = index == 0 ? 3 : 2
                    if usage == record.usage, (selector, matching) == (record.selector, record.matching) { return nil }
                    let meant = TLSARecord(usage: usage, selector: selector, matching: matching, data: fit)
                    self = TLSADiagnosis(
                        mistake: usage == record.usage ? .parameters : .element, command: "", meant: "\(meant)")
                    return
                }
            }
        }
        return nil
    }

    private init(mistake: Mistake, command: String, meant: String?) {
        self.mistake = mistake
        self.command = command
        self.meant = meant
    }

    private static func corrected(_ record: TLSARecord, _ element: CertificateOctets) -> String? {
        TLSARecord.association(element, selector: record.selector, matching: record.matching).map {
            "\(TLSARecord(usage: record.usage, selector: record.selector, matching: record.matching, data: $0))"
        }
    }
}

/// PEM as OpenSSL writes it (RFC 7468): 64 characters a line, a newline at the end.
enum PEM {
    static func text(_ label: String, _ der: [UInt8]) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var encoded: [UInt8] = []
        var index = 0
        while index < der.count {
            let group = der[index..<min(index + 3, der.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                encoded.append(place <= group.count ? digits[value >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
            index += 3
        }
        var text = Array("-----BEGIN \(label)-----\n".utf8)
        for start in stride(from: 0, to: encoded.count, by: 64) {
            text += encoded[start..<min(start + 64, encoded.count)] + [0x0A]
        }
        return text + Array("-----END \(label)-----\n".utf8)
    }
}
