import COpenSSL
import Foundation

/// What a mark certificate of the lab's says, and how its file is made.
struct MarkSpec: Sendable {
    /// nil for the domain.
    var names: [String]?
    /// The SVG inside.
    var logo = LabLogo.good
    var from = -20
    var to = 340
    var purpose: String? = "1.3.6.1.5.5.7.3.31"
    var policy: String? = "1.3.6.1.4.1.53087.1.1"
    var attributes = [
        "1.3.6.1.4.1.53087.1.13": "Registered Mark", "1.3.6.1.4.1.53087.1.3": "US", "1.3.6.1.4.1.53087.1.4": "7654321",
        "1.3.6.1.4.1.53087.1.6": "LAB",
    ]
    var revocationList: String? = "http://crl.markrevoked.lab/mark.crl"
    var timestamp = Stamp.signed
    /// On the authority's list.
    var isRevoked = false
    var hasLogotype = true
    var isPilot = false
    var issuer = Issuer.markAuthority
    var hash = Hash.compressed
    var data = Data.gzip
    var file = File.leafAndIssuer

    enum Issuer: Sendable { case markAuthority, webAuthority, issuerWithoutPurpose, itself }
    /// Of the lab's log, of it with a signature of other octets, of a log that nobody knows.
    enum Stamp: Sendable { case signed, forged, unknownLog, none }
    enum Hash: Sendable { case compressed, uncompressed, wrong }
    enum Data: Sendable { case gzip, plain, link, bomb }
    enum File: Sendable { case leafAndIssuer, issuerFirst, leafAlone, leafTwice, withKey, der, html }
}

/// Logos of the lab.
enum LabLogo {
    static let head =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"0 0 64 64\">"

    static let good = logo(
        "<rect width=\"64\" height=\"64\" fill=\"#fff\"/>\n  <circle cx=\"32\" cy=\"32\" r=\"20\" fill=\"#c00\"/>")

    static func logo(_ body: String) -> String { "\(head)\n  <title>Lab</title>\n  \(body)\n</svg>\n" }
}

/// Makes mark certificates with an authority of its own.
final class MarkMaker {
    private let root: (certificate: OpaquePointer, key: OpaquePointer)
    private let issuer: (certificate: OpaquePointer, key: OpaquePointer)
    private let plainIssuer: (certificate: OpaquePointer, key: OpaquePointer)
    private let key = made(copenssl_generate_ec("P-256"))
    /// Of the lab's transparency log.
    private let log = made(copenssl_generate_ec("P-256"))
    private let web: (certificate: OpaquePointer, key: OpaquePointer)
    private var serial = 1

    init(web: (certificate: OpaquePointer, key: OpaquePointer)) {
        self.web = web
        let authority = [(NID_basic_constraints, "critical,CA:TRUE"), (NID_key_usage, "critical,keyCertSign,cRLSign")]
        func make(_ name: String, by issuer: (OpaquePointer, OpaquePointer)?, purpose: String?) -> (
            OpaquePointer, OpaquePointer
        ) {
            let key = made(copenssl_generate_ec("P-256"))
            return (
                CertificateMaker.certificate(
                    commonName: name, organization: "Mailassay Lab", key: key, issuer: issuer, from: -400, to: 3000,
                    serial: Int.random(in: 1...4000),
                    extensions: authority + (purpose.map { [(NID_ext_key_usage, $0)] } ?? []), isSHA1: false), key
            )
        }
        root = make("Lab Mark Root", by: nil, purpose: nil)
        issuer = make("Lab Mark Issuer", by: root, purpose: "1.3.6.1.5.5.7.3.31")
        plainIssuer = make("Lab Plain Issuer", by: root, purpose: nil)
    }

    func writeAuthority(to path: String) {
        guard let bio = BIO_new_file(path, "w") else { return }
        PEM_write_bio_X509(bio, root.certificate)
        BIO_free(bio)
    }

    func writeLog(to path: String) {
        guard let bio = BIO_new_file(path, "w") else { return }
        PEM_write_bio_PUBKEY(bio, log)
        BIO_free(bio)
    }

    /// The file behind `a=`.
    func file(_ spec: MarkSpec, domain: String) -> [UInt8] {
        let (authority, chain): ((OpaquePointer, OpaquePointer)?, [OpaquePointer]) =
            switch spec.issuer {
            case .markAuthority: (issuer, [issuer.certificate])
            case .issuerWithoutPurpose: (plainIssuer, [plainIssuer.certificate])
            case .webAuthority: (web, [web.certificate])
            case .itself: (nil, [])
            }
        let leaf = certificate(spec, domain: domain, by: authority)
        switch spec.file {
        case .leafAndIssuer: return ([leaf] + chain).flatMap(pem)
        case .issuerFirst: return (chain + [leaf]).flatMap(pem)
        case .leafAlone: return pem(leaf)
        case .leafTwice: return ([leaf, leaf] + chain).flatMap(pem)
        case .withKey: return ([leaf] + chain).flatMap(pem) + privateKey()
        case .der: return CertificateMaker.der(leaf)
        case .html: return Array("<!doctype html><p>Please log in.</p>\n".utf8)
        }
    }

    private func certificate(_ spec: MarkSpec, domain: String, by authority: (OpaquePointer, OpaquePointer)?)
        -> OpaquePointer
    {
        serial += 1
        var extensions = [
            (NID_subject_alt_name, (spec.names ?? [domain]).map { "DNS:\($0)" }.joined(separator: ",")),
            (NID_basic_constraints, "CA:FALSE"),
        ]
        if let purpose = spec.purpose { extensions.append((NID_ext_key_usage, purpose)) }
        if let policy = spec.policy {
            // OpenSSL's own words for it need a configuration.
            let der = Self.der(0x30, Self.der(0x30, Self.objectIdentifier(policy)))
            extensions.append((NID_certificate_policies, "DER:" + Self.hex(der)))
        }
        if let list = spec.revocationList { extensions.append((NID_crl_distribution_points, "URI:\(list)")) }
        if spec.hasLogotype { extensions.append((Self.nid("1.3.6.1.5.5.7.1.12"), "DER:" + Self.hex(logotype(spec)))) }
        if spec.isPilot { extensions.append((Self.nid("1.3.6.1.4.1.53087.4.1"), "DER:0500")) }
        let leaf = CertificateMaker.certificate(
            commonName: domain, organization: "Lab", key: key, issuer: authority, from: spec.from, to: spec.to,
            serial: spec.isRevoked ? Self.revokedSerial : serial, extensions: extensions,
            attributes: spec.attributes.sorted { $0.key < $1.key },
            isSHA1: false)
        if spec.timestamp != .none { stamp(leaf, spec.timestamp, by: authority ?? (leaf, key)) }
        return leaf
    }

    /// DER, for ten days from yesterday on.
    func revocationList() -> [UInt8] {
        let list = made(X509_CRL_new())
        defer { X509_CRL_free(list) }
        X509_CRL_set_version(list, 1)
        X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer.certificate))
        guard let time = ASN1_TIME_new(), let number = ASN1_INTEGER_new() else { fatalError("OpenSSL gave nothing") }
        defer { ASN1_TIME_free(time) }
        X509_gmtime_adj(time, -86_400)
        X509_CRL_set1_lastUpdate(list, time)
        let entry = made(X509_REVOKED_new())
        X509_REVOKED_set_revocationDate(entry, time)
        defer { ASN1_INTEGER_free(number) }
        ASN1_INTEGER_set(number, Self.revokedSerial)
        X509_REVOKED_set_serialNumber(entry, number)
        X509_CRL_add0_revoked(list, entry)
        X509_gmtime_adj(time, 9 * 86_400)
        X509_CRL_set1_nextUpdate(list, time)
        X509_CRL_sort(list)
        precondition(X509_CRL_sign(list, issuer.key, EVP_sha256()) > 0)
        return Self.encoded { i2d_X509_CRL(list, &$0) }
    }

    private static let revokedSerial = 100_001

    /// Adds the timestamp of a log (RFC 6962 sections 3.2 and 3.3) and signs the certificate again.
    private func stamp(_ leaf: OpaquePointer, _ stamp: MarkSpec.Stamp, by authority: (OpaquePointer, OpaquePointer)) {
        let milliseconds = UInt64(Date().timeIntervalSince1970 - 86_400) * 1000
        let time = (0..<8).reversed().map { UInt8(truncatingIfNeeded: milliseconds >> UInt64($0 * 8)) }
        var tbs = Self.encoded { i2d_re_X509_tbs(leaf, &$0) }
        if stamp == .forged { tbs[tbs.count - 1] ^= 1 }
        let issuerKey = Self.sha256(Self.encoded { i2d_X509_PUBKEY(X509_get_X509_PUBKEY(authority.0), &$0) })
        let signed =
            [0, 0] + time + [0, 1] + issuerKey
            + [UInt8(tbs.count >> 16), UInt8(tbs.count >> 8 & 255), UInt8(tbs.count & 255)] + tbs + [0, 0]
        var id = Self.sha256(Self.encoded { i2d_PUBKEY(log, &$0) })
        if stamp == .unknownLog { id = [UInt8](repeating: 0xAB, count: 32) }
        let entry = [0] + id + time + [0, 0, 4, 3] + Self.length16(Self.signature(of: signed, by: log))
        let value = "DER:" + Self.hex(Self.der(0x04, Self.length16(Self.length16(entry))))
        guard let list = X509V3_EXT_conf_nid(nil, nil, NID_ct_precert_scts, value) else { fatalError("timestamps") }
        X509_add_ext(leaf, list, -1)
        X509_EXTENSION_free(list)
        precondition(X509_sign(leaf, authority.1, EVP_sha256()) > 0)
    }

    /// What OpenSSL writes into a buffer of its own.
    private static func encoded(_ write: (inout UnsafeMutablePointer<UInt8>?) -> Int32) -> [UInt8] {
        var der: UnsafeMutablePointer<UInt8>?
        let length = write(&der)
        defer { CRYPTO_free(der, nil, 0) }
        return Array(UnsafeBufferPointer(start: der, count: Int(length)))
    }

    private static func signature(of octets: [UInt8], by key: OpaquePointer) -> [UInt8] {
        let context = made(EVP_MD_CTX_new())
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 256)
        var length = signature.count
        precondition(
            EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1
                && EVP_DigestSign(context, &signature, &length, octets, octets.count) == 1)
        return Array(signature[..<length])
    }

    /// RFC 9399 section 4.1: a subject logo, direct, one image.
    private func logotype(_ spec: MarkSpec) -> [UInt8] {
        let plain = Array(spec.logo.utf8)
        let file: [UInt8]
        switch spec.data {
        case .gzip, .link: file = Self.gzip(plain)
        case .plain: file = plain
        case .bomb: file = Self.bomb
        }
        let uri =
            spec.data == .link
            ? "https://bimi.lab/logo.svg" : "data:image/svg+xml;base64," + Foundation.Data(file).base64EncodedString()
        var digest: [UInt8]
        switch spec.hash {
        case .compressed: digest = Self.sha256(file)
        case .uncompressed: digest = Self.sha256(plain)
        case .wrong: digest = [UInt8](repeating: 0, count: 32)
        }
        let algorithm = Self.der(0x30, [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01])
        let hashes = Self.der(0x30, Self.der(0x30, algorithm + Self.der(0x04, digest)))
        let details = Self.der(
            0x30,
            Self.der(0x16, Array("image/svg+xml".utf8)) + hashes + Self.der(0x30, Self.der(0x16, Array(uri.utf8))))
        let data = Self.der(0xA0, Self.der(0x30, Self.der(0x30, details)))
        return Self.der(0x30, Self.der(0xA2, data))
    }

    // MARK: Octets

    private func pem(_ certificate: OpaquePointer) -> [UInt8] {
        Self.pem("CERTIFICATE", CertificateMaker.der(certificate))
    }

    private func privateKey() -> [UInt8] {
        var der: UnsafeMutablePointer<UInt8>?
        let length = i2d_PrivateKey(key, &der)
        defer { CRYPTO_free(der, nil, 0) }
        return Self.pem("PRIVATE KEY", Array(UnsafeBufferPointer(start: der, count: Int(length))))
    }

    private static func pem(_ label: String, _ der: [UInt8]) -> [UInt8] {
        let text = Foundation.Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return Array("-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n".utf8)
    }

    private static func nid(_ oid: String) -> Int32 {
        let known = OBJ_txt2nid(oid)
        return known == NID_undef ? OBJ_create(oid, oid, oid) : known
    }

    private static func der(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        if count < 0x80 { return [tag, UInt8(count)] + content }
        if count < 0x100 { return [tag, 0x81, UInt8(count)] + content }
        if count < 0x10000 { return [tag, 0x82, UInt8(count >> 8), UInt8(count & 255)] + content }
        return [tag, 0x83, UInt8(count >> 16), UInt8(count >> 8 & 255), UInt8(count & 255)] + content
    }

    private static func objectIdentifier(_ text: String) -> [UInt8] {
        let numbers = text.split(separator: ".").compactMap { Int($0) }
        let content = [numbers[0] * 40 + numbers[1]] + numbers.dropFirst(2)
        return der(
            0x06,
            content.flatMap { number -> [UInt8] in
                var octets = [UInt8(number & 0x7F)]
                var rest = number >> 7
                while rest > 0 {
                    octets.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
                    rest >>= 7
                }
                return octets
            })
    }

    private static func length16(_ octets: [UInt8]) -> [UInt8] {
        [UInt8(octets.count >> 8), UInt8(octets.count & 255)] + octets
    }

    private static func hex(_ octets: [UInt8]) -> String { octets.map { String(format: "%02x", $0) }.joined() }

    private static func sha256(_ octets: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(octets, octets.count, &digest, nil, EVP_sha256(), nil)
        return digest
    }

    /// A gzip file of stored blocks (RFC 1951 section 3.2.4): right, if not small.
    static func gzip(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        var rest = octets[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            let count = UInt16(block.count)
            result += [
                rest.isEmpty ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8),
            ]
            result += block
        } while !rest.isEmpty
        var crc: UInt32 = 0xFFFF_FFFF
        for octet in octets {
            crc ^= UInt32(octet)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        for value in [~crc, UInt32(truncatingIfNeeded: octets.count)] {
            result += [UInt8(value & 255), UInt8(value >> 8 & 255), UInt8(value >> 16 & 255), UInt8(value >> 24)]
        }
        return result
    }

    /// Two million zeros, by zlib at its best.
    private static let bomb: [UInt8] =
        [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0xED, 0xC1, 1, 1, 0, 0, 0, 0x82, 0x20, 0xFF, 0xAF, 0x6E, 0x48, 0x40, 1,
        ] + [UInt8](repeating: 0, count: 1937)
        + [0x6F, 6, 0x41, 0x1D, 0x5A, 0x42, 0x80, 0x84, 0x1E, 0]
}
