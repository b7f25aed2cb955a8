package import AssayModel
import COpenSSL

/// A Verified or Common Mark Certificate: what it says beyond an ordinary certificate
/// (draft-fetch-validation-vmc-wchuang, Minimum Security Requirements for Issuance of Mark Certificates).
package struct MarkCertificate: Sendable {
    package struct Timestamped: Hashable, Sendable {
        /// SHA-256 of the log's key.
        package let logID: String
        package let at: Timestamp
        let milliseconds: UInt64
        let extensions: [UInt8]
        /// As TLS numbers them.
        let hash: UInt8
        let algorithm: UInt8
        let signature: [UInt8]
    }

    package let certificate: Certificate
    /// Object identifiers of extKeyUsage; nil without the extension.
    package let purposes: [String]?
    /// Attributes of the subject by their object identifiers, those of mark certificates only.
    package let attributes: [String: String]
    package let revocationURLs: [String]
    /// nil without the extension.
    package let logotype: Result<Logotype, Logotype.Fault>?
    package let timestamps: [Timestamped]
    /// The TBSCertificate without the list of timestamps: what the logs signed (RFC 6962 section 3.2).
    let precertificate: [UInt8]?
    /// Issued under the rules of the pilot.
    package let isPilot: Bool

    package init?(der: [UInt8]) {
        guard let x509 = DER.parse(der) else { return nil }
        defer {
            X509_free(x509)
            ERR_clear_error()
        }
        certificate = Certificate(x509, der: der)
        purposes = Self.value("2.5.29.37", x509).map(Self.identifiers)
        attributes = Self.attributes(x509)
        revocationURLs = Self.value("2.5.29.31", x509).map(Self.urls) ?? []
        logotype = Self.value("1.3.6.1.5.5.7.1.12", x509).map { der in
            Result { () throws(Logotype.Fault) in try Logotype(der: der) }
        }
        timestamps = Self.value("1.3.6.1.4.1.11129.2.4.2", x509).map(Self.timestamps) ?? []
        isPilot = Self.value("1.3.6.1.4.1.53087.4.1", x509) != nil
        precertificate = timestamps.isEmpty ? nil : Self.precertificate(x509)
    }

    /// id-kp-BrandIndicatorforMessageIdentification.
    package static let purpose = "1.3.6.1.5.5.7.3.31"
    /// Mark Certificate Guidelines.
    package static let policy = "1.3.6.1.4.1.53087.1.1"
    private static let arc = "1.3.6.1.4.1.53087."

    private static func value(_ oid: String, _ x509: OpaquePointer) -> [UInt8]? {
        guard let object = OBJ_txt2obj(oid, 1) else { return nil }
        defer { ASN1_OBJECT_free(object) }
        let index = X509_get_ext_by_OBJ(x509, object, -1)
        guard index >= 0, let entry = X509_get_ext(x509, index), let data = X509_EXTENSION_get_data(entry) else {
            return nil
        }
        return octets(data)
    }

    private static func octets(_ string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
        guard let data = ASN1_STRING_get0_data(string) else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: max(0, Int(ASN1_STRING_length(string)))))
    }

    private static func identifiers(_ der: [UInt8]) -> [String] {
        var outer = DERReader(der)
        guard var list = outer.next(DERReader.sequence)?.reader else { return [] }
        return list.all().prefix(16).compactMap { DERReader.objectIdentifier($0.content) }
    }

    /// CRLDistributionPoints: distributionPoint [0] { fullName [0] { uniformResourceIdentifier [6] } }.
    private static func urls(_ der: [UInt8]) -> [String] {
        var outer = DERReader(der)
        guard var points = outer.next(DERReader.sequence)?.reader else { return [] }
        var urls: [String] = []
        for point in points.all().prefix(CryptoLimits.revocationURLs) {
            var fields = point.reader
            guard var name = fields.next(0xA0)?.reader, var full = name.next(0xA0)?.reader else { continue }
            urls += full.all().filter { $0.tag == 0x86 }.map { printable($0.content, limit: 255) }
        }
        return Array(urls.prefix(CryptoLimits.revocationURLs))
    }

    private static func attributes(_ x509: OpaquePointer) -> [String: String] {
        let name = X509_get_subject_name(x509)
        var result: [String: String] = [:]
        for index in 0..<min(X509_NAME_entry_count(name), Int32(CryptoLimits.markAttributes)) {
            guard let entry = X509_NAME_get_entry(name, index), let object = X509_NAME_ENTRY_get_object(entry) else {
                continue
            }
            var buffer = [CChar](repeating: 0, count: 80)
            let length = OBJ_obj2txt(&buffer, Int32(buffer.count), object, 1)
            guard length > 0, length < buffer.count, let data = X509_NAME_ENTRY_get_data(entry) else { continue }
            let oid = String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard oid.utf8.starts(with: arc.utf8) else { continue }
            var utf8: UnsafeMutablePointer<UInt8>?
            let count = ASN1_STRING_to_UTF8(&utf8, data)
            guard count >= 0, let utf8 else { continue }
            defer { CRYPTO_free(utf8, nil, 0) }
            let shown = UnsafeBufferPointer(start: utf8, count: min(Int(count), 255))
            result[oid] = String(decoding: shown, as: UTF8.self)
        }
        return result
    }

    /// RFC 6962 section 3.3: an OCTET STRING with a list of lists; each begins with a version, a log ID and milliseconds.
    private static func timestamps(_ value: [UInt8]) -> [Timestamped] {
        var outer = DERReader(value)
        guard let list = outer.next(DERReader.octetString)?.content.dropFirst(2) else { return [] }
        var rest = list
        var found: [Timestamped] = []
        while rest.count > 2, found.count < 16 {
            let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            let entry = rest.dropFirst(2).prefix(length)
            guard length > 0, entry.count == length else { break }
            if let one = timestamp(entry) { found.append(one) }
            rest = rest.dropFirst(2 + length)
        }
        return found
    }

    /// Version, log ID, milliseconds, extensions, algorithms, signature.
    private static func timestamp(_ entry: ArraySlice<UInt8>) -> Timestamped? {
        guard entry.count > 41, entry.first == 0 else { return nil }
        let at = entry.dropFirst(33).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var rest = entry.dropFirst(41)
        func vector() -> [UInt8]? {
            guard rest.count >= 2 else { return nil }
            let length = rest.prefix(2).reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 2 + length else { return nil }
            defer { rest = rest.dropFirst(2 + length) }
            return Array(rest.dropFirst(2).prefix(length))
        }
        let extensions = vector()
        let algorithms = Array(rest.prefix(2))
        rest = rest.dropFirst(2)
        let signature = vector()
        return Timestamped(
            logID: Digest.hex(entry.dropFirst().prefix(32)),
            at: Timestamp(secondsSince1970: Int64(clamping: at / 1000)), milliseconds: at,
            extensions: extensions ?? [], hash: algorithms.first ?? 0,
            algorithm: algorithms.count == 2 ? algorithms[1] : 0, signature: signature ?? [])
    }

    private static func precertificate(_ x509: OpaquePointer) -> [UInt8]? {
        guard let copy = X509_dup(x509) else { return nil }
        defer { X509_free(copy) }
        let index = X509_get_ext_by_NID(copy, NID_ct_precert_scts, -1)
        guard index >= 0 else { return nil }
        X509_EXTENSION_free(X509_delete_ext(copy, index))
        var der: UnsafeMutablePointer<UInt8>?
        let length = i2d_re_X509_tbs(copy, &der)
        guard length > 0, let der else { return nil }
        defer { CRYPTO_free(der, nil, 0) }
        return Array(UnsafeBufferPointer(start: der, count: Int(length)))
    }
}
