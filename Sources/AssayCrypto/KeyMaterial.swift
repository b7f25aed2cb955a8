import COpenSSL

/// What a file about a key holds: a certificate with its chain, a key, or a certificate request.
///
/// Strict on purpose: a record made of the wrong part of a file stops mail.
package struct KeyMaterial: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case certificate
        case request = "certificate request"
        case privateKey = "private key"
        case publicKey = "public key"
    }

    package let kind: Kind
    /// SubjectPublicKeyInfo, DER.
    package let publicKey: [UInt8]
    /// DER, leaf first; empty unless the file holds certificates.
    package let certificates: [[UInt8]]

    /// What is wrong, and where.
    package struct Fault: Error, CustomStringConvertible, Equatable {
        package let description: String
    }

    /// DER is taken where the file's name says so (`.der`, `.cer`, `.crt`); all else must be PEM (RFC 7468).
    package init(_ bytes: [UInt8], fileName: String) throws(Fault) {
        guard let first = bytes.firstIndex(where: { !Self.isSpace($0) }) else {
            throw Fault(description: "holds nothing")
        }
        if bytes[first] == 0x30, let part = Part(der: bytes) {
            let isNamed = ["der", "cer", "crt"].contains(fileName.split(separator: ".").last?.lowercased() ?? "")
            guard isNamed else {
                throw Fault(
                    description: "a DER \(part.words) at offset 0 where PEM was expected; "
                        + "name the file .der, or convert it with openssl")
            }
            self = try Self(parts: [(0, part)])
            return
        }
        self = try Self(parts: try Self.parts(PEMReader(bytes).blocks()))
    }

    private init(parts: [(offset: Int, part: Part)]) throws(Fault) {
        var chain: [(offset: Int, certificate: Certificate)] = []
        var keys: [(offset: Int, kind: Kind, spki: [UInt8])] = []
        for (offset, part) in parts {
            switch part {
            case .certificate(let certificate): chain.append((offset, certificate))
            case .key(let kind, let spki): keys.append((offset, kind, spki))
            }
        }
        if keys.count > 1 {
            throw Fault(
                description: "a \(keys[0].kind.rawValue) at offset \(keys[0].offset) and a \(keys[1].kind.rawValue) at "
                    + "offset \(keys[1].offset); one is wanted")
        }
        guard let (offset, leaf) = chain.first else {
            guard let key = keys.first else { throw Fault(description: "holds neither certificate nor key") }
            self.init(kind: key.kind, publicKey: key.spki, certificates: [])
            return
        }
        try Self.requireChain(chain)
        let leaves = chain.filter { !$0.certificate.isCA }
        if leaves.count > 1 {
            throw Fault(
                description: "two certificates that are no issuer's, \(leaves[0].certificate.subject) at offset "
                    + "\(leaves[0].offset) and \(leaves[1].certificate.subject) at offset \(leaves[1].offset)")
        }
        if leaf.isCA, let other = leaves.first {
            throw Fault(
                description: "the issuer \(leaf.subject) at offset \(offset) stands before the certificate "
                    + "\(other.certificate.subject) at offset \(other.offset)")
        }
        let spki = CertificateOctets(der: leaf.der)?.publicKey ?? []
        if let key = keys.first, key.spki != spki || key.kind == .request {
            throw Fault(
                description: "the \(key.kind.rawValue) at offset \(key.offset) does not belong to the certificate "
                    + "\(leaf.subject) at offset \(offset)")
        }
        self.init(kind: .certificate, publicKey: spki, certificates: chain.map(\.certificate.der))
    }

    /// Each certificate behind the first issued one before it.
    private static func requireChain(_ chain: [(offset: Int, certificate: Certificate)]) throws(Fault) {
        for (index, (offset, certificate)) in chain.enumerated().dropFirst() {
            let before = chain[..<index]
            if let same = before.first(where: { $0.certificate.der == certificate.der }) {
                throw Fault(
                    description: "the certificate \(certificate.subject) twice, at offset \(same.offset) and at offset "
                        + "\(offset)")
            }
            // Two certificates that are no issuer's are told apart below.
            guard certificate.isCA else { continue }
            guard before.contains(where: { DER.isIssued($0.certificate.der, by: certificate.der) }) else {
                throw Fault(
                    description:
                        "two certificates that do not belong together, \(chain[0].certificate.subject) at offset "
                        + "\(chain[0].offset) and \(certificate.subject) at offset \(offset)")
            }
        }
    }

    private init(kind: Kind, publicKey: [UInt8], certificates: [[UInt8]]) {
        self.kind = kind
        self.publicKey = publicKey
        self.certificates = certificates
    }

    /// What a server shows.
    package init(presented chain: PresentedChain) throws(Fault) {
        guard let leaf = chain.certificates.first.flatMap({ CertificateOctets(der: $0) }) else {
            throw Fault(description: "a certificate that cannot be read")
        }
        self.init(kind: .certificate, publicKey: leaf.publicKey, certificates: chain.certificates)
    }

    /// The record for it; throws where the file does not hold what the parameters ask for.
    package func record(usage: UInt8, selector: UInt8, matching: UInt8) throws(Fault) -> TLSARecord {
        let octets: CertificateOctets
        switch usage {
        case 3:
            guard let leaf = certificates.first else {
                guard selector == 1 else {
                    throw Fault(description: "a \(kind.rawValue), and selector 0 asks for a certificate")
                }
                octets = CertificateOctets(der: [], publicKey: publicKey)
                break
            }
            octets = CertificateOctets(der: leaf, publicKey: publicKey)
        case 2:
            guard let issuer = try issuer() else {
                throw Fault(description: "no issuer's certificate, which usage 2 asks for; give the whole chain")
            }
            octets = issuer
        default:
            throw Fault(
                description: "usage \(usage): mail uses 3 (DANE-EE) and 2 (DANE-TA) alone, RFC 7672 section 3.1.3")
        }
        guard let data = TLSARecord.association(octets, selector: selector, matching: matching) else {
            throw Fault(
                description: "selector \(selector) matching \(matching): use selector 0 or 1, matching 0, 1 or 2")
        }
        return TLSARecord(usage: usage, selector: selector, matching: matching, data: data)
    }

    private func issuer() throws(Fault) -> CertificateOctets? {
        let der = certificates.dropFirst().first ?? certificates.first
        guard let der, let certificate = Certificate(der: der), certificate.isCA else { return nil }
        return CertificateOctets(der: der)
    }

    // MARK: Parts

    private enum Part {
        case certificate(Certificate)
        case key(Kind, spki: [UInt8])

        var words: String {
            switch self {
            case .certificate: "certificate"
            case .key(let kind, _): kind.rawValue
            }
        }

        /// Of whatever it is.
        init?(der: [UInt8]) {
            if let certificate = Certificate(der: der) {
                self = .certificate(certificate)
            } else if let spki = KeyReader.request(der) {
                self = .key(.request, spki: spki)
            } else if let spki = KeyReader.privateKey(der) {
                self = .key(.privateKey, spki: spki)
            } else if let spki = KeyReader.publicKey(der) {
                self = .key(.publicKey, spki: spki)
            } else {
                return nil
            }
        }
    }

    private static func parts(_ blocks: [PEMReader.Block]) throws(Fault) -> [(offset: Int, part: Part)] {
        var parts: [(Int, Part)] = []
        for block in blocks {
            func unreadable() -> Fault {
                Fault(description: "\"\(block.label)\" at offset \(block.offset) cannot be read as what it says it is")
            }
            switch block.label {
            case "CERTIFICATE", "X509 CERTIFICATE":
                guard let certificate = Certificate(der: block.octets) else { throw unreadable() }
                parts.append((block.offset, .certificate(certificate)))
            case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST":
                guard let spki = KeyReader.request(block.octets) else { throw unreadable() }
                parts.append((block.offset, .key(.request, spki: spki)))
            case "PUBLIC KEY":
                guard let spki = KeyReader.publicKey(block.octets) else { throw unreadable() }
                parts.append((block.offset, .key(.publicKey, spki: spki)))
            case "ENCRYPTED PRIVATE KEY":
                throw Fault(
                    description:
                        "an encrypted private key at offset \(block.offset); give the certificate, the request or "
                        + "the public key, or decrypt it with openssl pkey")
            case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY":
                if block.isEncrypted {
                    throw Fault(
                        description:
                            "an encrypted \(block.label.lowercased()) at offset \(block.offset); decrypt it with "
                            + "openssl pkey")
                }
                guard let spki = KeyReader.privateKey(block.octets) else { throw unreadable() }
                parts.append((block.offset, .key(.privateKey, spki: spki)))
            // openssl ecparam -genkey writes them before the key.
            case "EC PARAMETERS": continue
            default:
                throw Fault(
                    description: "\"\(block.label)\" at offset \(block.offset), which is no certificate, key or request"
                )
            }
        }
        return parts
    }

    fileprivate static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}

/// Finds the PEM blocks of a file (RFC 7468), with nothing but white space between them.
private struct PEMReader {
    struct Block {
        let label: String
        let offset: Int
        let octets: [UInt8]
        /// `Proc-Type: 4,ENCRYPTED` (RFC 1421 section 4.6.1.1).
        let isEncrypted: Bool
    }

    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func blocks() throws(KeyMaterial.Fault) -> [Block] {
        var blocks: [Block] = []
        var offset = 0
        while let start = bytes[offset...].firstIndex(where: { !KeyMaterial.isSpace($0) }) {
            let (block, end) = try block(at: start)
            blocks.append(block)
            offset = end
        }
        return blocks
    }

    private func block(at start: Int) throws(KeyMaterial.Fault) -> (Block, end: Int) {
        var cursor = start
        let opening = line(&cursor)
        guard let label = Self.label(opening, "-----BEGIN ") else {
            throw KeyMaterial.Fault(
                description:
                    "\"\(Self.printable(opening))\" at offset \(start) is no PEM; nothing but PEM blocks may stand in "
                    + "the file")
        }
        var text: [UInt8] = []
        var isEncrypted = false
        while cursor < bytes.count {
            let at = cursor
            let line = line(&cursor)
            if let end = Self.label(line, "-----END ") {
                guard end == label else {
                    throw KeyMaterial.Fault(
                        description: "\"\(label)\" at offset \(start) ends as \"\(end)\" at offset \(at)")
                }
                guard let octets = Base64.decode(text) else {
                    throw KeyMaterial.Fault(description: "\"\(label)\" at offset \(start) is not base64")
                }
                return (Block(label: label, offset: start, octets: octets, isEncrypted: isEncrypted), cursor)
            }
            if line.contains(UInt8(ascii: ":")) {
                isEncrypted = isEncrypted || String(decoding: line, as: UTF8.self).contains("ENCRYPTED")
            } else {
                text += line.filter { !KeyMaterial.isSpace($0) }
            }
        }
        throw KeyMaterial.Fault(description: "\"\(label)\" at offset \(start) has no end")
    }

    /// The line at the cursor, which moves behind it.
    private func line(_ cursor: inout Int) -> ArraySlice<UInt8> {
        let end = bytes[cursor...].firstIndex(of: 0x0A) ?? bytes.count
        defer { cursor = min(end + 1, bytes.count) }
        return bytes[cursor..<end]
    }

    private static func label(_ line: ArraySlice<UInt8>, _ opening: String) -> String? {
        let text = Array(line.reversed().drop(while: KeyMaterial.isSpace).reversed())
        guard text.starts(with: opening.utf8), text.suffix(5).elementsEqual("-----".utf8),
            text.count > opening.utf8.count + 5
        else { return nil }
        return printable(text[opening.utf8.count..<(text.count - 5)])
    }

    private static func printable(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes.prefix(40).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}

/// Public keys out of DER, each as SubjectPublicKeyInfo.
private enum KeyReader {
    static func privateKey(_ der: [UInt8]) -> [UInt8]? {
        spki(der) { d2i_AutoPrivateKey(nil, $0, $1) }
    }

    static func publicKey(_ der: [UInt8]) -> [UInt8]? {
        spki(der) { d2i_PUBKEY(nil, $0, $1) }
    }

    static func request(_ der: [UInt8]) -> [UInt8]? {
        defer { ERR_clear_error() }
        return der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let request = d2i_X509_REQ(nil, &cursor, buffer.count) else { return nil }
            defer { X509_REQ_free(request) }
            return DER.encode { i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(request), $0) }
        }
    }

    private static func spki(
        _ der: [UInt8], _ read: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?
    ) -> [UInt8]? {
        defer { ERR_clear_error() }
        return der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let key = read(&cursor, buffer.count) else { return nil }
            defer { EVP_PKEY_free(key) }
            return DER.encode { i2d_PUBKEY(key, $0) }
        }
    }
}
