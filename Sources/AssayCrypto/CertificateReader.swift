import AssayModel
import COpenSSL

/// DER and OpenSSL's certificate objects.
enum DER {
    static func of(_ certificate: OpaquePointer) -> [UInt8] {
        encode { i2d_X509(certificate, $0) }
    }

    /// Calls an i2d function twice: for the length, and for the octets.
    static func encode(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
        let length = write(nil)
        guard length > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, used in
            var cursor = buffer.baseAddress
            used = Int(write(&cursor))
        }
    }

    /// A certificate object out of exactly these octets; the caller frees it.
    static func parse(_ der: [UInt8]) -> OpaquePointer? {
        der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let certificate = d2i_X509(nil, &cursor, buffer.count) else {
                ERR_clear_error()
                return nil
            }
            guard let end = cursor, let start = buffer.baseAddress, end - start == buffer.count else {
                X509_free(certificate)
                return nil
            }
            return certificate
        }
    }
}

extension DER {
    /// By names, key identifiers and signature.
    static func isIssued(_ certificate: [UInt8], by issuer: [UInt8]) -> Bool {
        guard let subject = parse(certificate) else { return false }
        defer { X509_free(subject) }
        guard let authority = parse(issuer) else { return false }
        defer {
            X509_free(authority)
            ERR_clear_error()
        }
        return X509_check_issued(authority, subject) == X509_V_OK
            && X509_get0_pubkey(authority).map { X509_verify(subject, $0) == 1 } ?? false
    }
}

extension Certificate {
    /// Reads one DER certificate; nil where it is none. Broken extensions are read as if they were not there.
    package init?(der: [UInt8]) {
        guard let x509 = DER.parse(der) else { return nil }
        defer { X509_free(x509) }
        self.init(x509, der: der)
    }

    /// `der`: the octets that `x509` was made of.
    init(_ x509: OpaquePointer, der: [UInt8]) {
        defer { ERR_clear_error() }
        let names = Self.alternativeNames(x509)
        let subjectName = X509_get_subject_name(x509)
        let commonName = Self.attribute(NID_commonName, of: subjectName)
        let flags = X509_get_extension_flags(x509)
        self.init(
            der: der, subject: Self.text(of: subjectName), issuer: Self.text(of: X509_get_issuer_name(x509)),
            subjectCommonName: commonName.map(Self.shown),
            issuerOrganization: Self.attribute(NID_organizationName, of: X509_get_issuer_name(x509)).map(Self.shown),
            serialHex: Self.octets(X509_get0_serialNumber(x509)).map { Digest.hex($0) } ?? "",
            notBefore: Self.timestamp(X509_get0_notBefore(x509)), notAfter: Self.timestamp(X509_get0_notAfter(x509)),
            dnsNames: names.names.prefix(CryptoLimits.storedNames).map(Self.shown), dnsNameCount: names.names.count,
            hasSubjectAltName: names.isPresent,
            hasNULInName: names.names.contains { $0.contains(0) } || commonName?.contains(0) ?? false,
            key: X509_get0_pubkey(x509).map(Self.key) ?? Self.unknownKey,
            signatureAlgorithm: Self.signatureAlgorithm(x509), signatureDigest: Self.signatureDigest(x509),
            extendedKeyUsage: Self.named(X509_get_extended_key_usage(x509), Self.extendedUsages),
            keyUsage: Self.named(X509_get_key_usage(x509), Self.usages),
            isCA: flags & UInt32(EXFLAG_CA) != 0, isSelfSigned: X509_self_signed(x509, 1) == 1,
            // RFC 7633 section 4.2.3.1: feature 5 is status_request.
            mustStaple: Self.extensionValue(NID_tlsfeature, x509).map {
                $0.starts(with: [0x30, 0x03, 0x02, 0x01, 0x05])
            } ?? false,
            sctCount: Self.extensionValue(NID_ct_precert_scts, x509).map(Self.countSCTs) ?? 0,
            caIssuers: Self.caIssuers(x509), policies: Self.policies(x509),
            fingerprintSHA256: Digest.hex(Digest.sha256(der)),
            spkiSHA256: Digest.hex(Digest.sha256(DER.encode { i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), $0) })))
    }

    // MARK: Names

    private static func alternativeNames(_ x509: OpaquePointer) -> (names: [[UInt8]], isPresent: Bool) {
        guard let names = copenssl_alternative_names(x509) else { return ([], false) }
        defer { GENERAL_NAMES_free(names) }
        let found = (0..<copenssl_names_count(names)).compactMap { index in
            copenssl_dns_name(names, index).flatMap { octets($0) }
        }
        return (found, true)
    }

    /// Lengths come from the encoding: a NUL octet ends nothing.
    private static func octets(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8]? {
        guard let string else { return nil }
        let length = Int(ASN1_STRING_length(string))
        guard length > 0, let data = ASN1_STRING_get0_data(string) else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: length))
    }

    /// The last attribute of its kind, in UTF-8.
    private static func attribute(_ kind: Int32, of name: OpaquePointer?) -> [UInt8]? {
        guard let name else { return nil }
        var found: Int32 = -1
        while case let next = X509_NAME_get_index_by_NID(name, kind, found), next >= 0 { found = next }
        guard found >= 0, let entry = X509_NAME_get_entry(name, found), let value = X509_NAME_ENTRY_get_data(entry)
        else {
            return nil
        }
        var utf8: UnsafeMutablePointer<UInt8>?
        let length = ASN1_STRING_to_UTF8(&utf8, value)
        guard length >= 0, let utf8 else { return octets(value) }
        defer { CRYPTO_free(utf8, nil, 0) }
        return Array(UnsafeBufferPointer(start: utf8, count: Int(length)))
    }

    /// RFC 4514 text, control octets escaped, valid UTF-8.
    private static func text(of name: OpaquePointer?) -> String {
        guard let name, let bio = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(bio) }
        guard X509_NAME_print_ex(bio, name, 0, copenssl_name_flags()) >= 0 else { return "" }
        var data: UnsafeMutablePointer<CChar>?
        let length = copenssl_bio_data(bio, &data)
        guard let data, length > 0 else { return "" }
        let bytes = UnsafeRawBufferPointer(start: data, count: min(length, CryptoLimits.nameOctets))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A name for people: lower case, everything outside printable ASCII as `\xNN`, at most 255 octets.
    private static func shown(_ bytes: [UInt8]) -> String {
        bytes.prefix(255).map { byte in
            switch byte {
            case 0x41...0x5A: String(UnicodeScalar(byte + 0x20))
            case 0x20..<0x7F where byte != UInt8(ascii: "\\"): String(UnicodeScalar(byte))
            default: "\\x" + Digest.hex([byte])
            }
        }.joined()
    }

    // MARK: Dates

    private static func timestamp(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp? {
        guard let time else { return nil }
        // Both as a difference to the epoch: days and seconds, whatever the year.
        guard let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard ASN1_TIME_check(time) == 1, ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Timestamp(secondsSince1970: Int64(days) * 86_400 + Int64(seconds))
    }

    // MARK: Key

    private static let unknownKey = PublicKey(
        kind: .unknown, bits: 0, curve: nil, exponent: nil, hasROCAFingerprint: false, hasSmallFactor: false)

    private static func key(_ key: OpaquePointer) -> PublicKey {
        let bits = Int(EVP_PKEY_get_bits(key))
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS:
            let modulus = number(OSSL_PKEY_PARAM_RSA_N, of: key)
            defer { BN_free(modulus) }
            let exponent = number(OSSL_PKEY_PARAM_RSA_E, of: key)
            defer { BN_free(exponent) }
            return PublicKey(
                kind: .rsa, bits: bits, curve: nil, exponent: exponent.flatMap(decimal),
                hasROCAFingerprint: modulus.map(hasROCAFingerprint) ?? false,
                hasSmallFactor: modulus.map(hasSmallFactor) ?? false)
        case EVP_PKEY_EC: return plain(.ecdsa, bits, curve: curve(of: key))
        case EVP_PKEY_ED25519: return plain(.ed25519, bits, curve: nil)
        case EVP_PKEY_ED448: return plain(.ed448, bits, curve: nil)
        case EVP_PKEY_DSA: return plain(.dsa, bits, curve: nil)
        default: return plain(.unknown, bits, curve: nil)
        }
    }

    private static func plain(_ kind: KeyKind, _ bits: Int, curve: String?) -> PublicKey {
        PublicKey(kind: kind, bits: bits, curve: curve, exponent: nil, hasROCAFingerprint: false, hasSmallFactor: false)
    }

    private static func curve(of key: OpaquePointer) -> String? {
        if parameter(OSSL_PKEY_PARAM_EC_ENCODING, of: key) == "explicit" { return "explicit" }
        guard let name = parameter(OSSL_PKEY_PARAM_GROUP_NAME, of: key) else { return nil }
        return name == "prime256v1" ? "secp256r1" : name
    }

    private static func parameter(_ name: String, of key: OpaquePointer) -> String? {
        var buffer = [CChar](repeating: 0, count: 80)
        var length = 0
        guard EVP_PKEY_get_utf8_string_param(key, name, &buffer, buffer.count, &length) == 1 else { return nil }
        return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func number(_ name: String, of key: OpaquePointer) -> OpaquePointer? {
        var value: OpaquePointer?
        return EVP_PKEY_get_bn_param(key, name, &value) == 1 ? value : nil
    }

    static func decimal(_ value: OpaquePointer) -> String? {
        let isShort = BN_num_bits(value) <= 64
        guard let text = isShort ? BN_bn2dec(value) : BN_bn2hex(value) else { return nil }
        defer { CRYPTO_free(text, nil, 0) }
        return isShort ? String(cString: text) : "0x" + String(cString: text).lowercased()
    }

    /// CVE-2017-15361: modulo each of these primes the modulus is a power of 65537.
    static func hasROCAFingerprint(_ modulus: OpaquePointer) -> Bool {
        smallPrimes.dropFirst().prefix { $0 <= 167 }.allSatisfy { prime in
            let remainder = BN_mod_word(modulus, prime)
            var power: UInt = 1
            repeat {
                if power == remainder { return true }
                power = power * 65_537 % prime
            } while power != 1
            return false
        }
    }

    static func hasSmallFactor(_ modulus: OpaquePointer) -> Bool {
        smallPrimes.contains { BN_mod_word(modulus, $0) == 0 }
    }

    private static let smallPrimes: [UInt] = (2..<1000).filter { number in
        (2..<number).allSatisfy { $0 * $0 > number || number % $0 != 0 }
    }

    // MARK: Signature and extensions

    private static func signatureAlgorithm(_ x509: OpaquePointer) -> String {
        let kind = X509_get_signature_nid(x509)
        guard kind != NID_undef, let name = OBJ_nid2ln(kind) else { return "unknown" }
        return String(cString: name)
    }

    private static func signatureDigest(_ x509: OpaquePointer) -> String? {
        var digest: Int32 = 0
        guard X509_get_signature_info(x509, &digest, nil, nil, nil) == 1, digest != NID_undef,
            let name = OBJ_nid2sn(digest)
        else { return nil }
        return String(cString: name).lowercased()
    }

    private static let extendedUsages: [(UInt32, String)] = [
        (1, "serverAuth"), (2, "clientAuth"), (4, "emailProtection"), (8, "codeSigning"), (0x20, "OCSPSigning"),
        (0x40, "timeStamping"), (0x100, "anyExtendedKeyUsage"),
    ]

    private static let usages: [(UInt32, String)] = [
        (0x80, "digitalSignature"), (0x40, "nonRepudiation"), (0x20, "keyEncipherment"), (0x10, "dataEncipherment"),
        (0x08, "keyAgreement"), (0x04, "keyCertSign"), (0x02, "cRLSign"),
    ]

    /// OpenSSL says "all bits" where the extension is not there.
    private static func named(_ flags: UInt32, _ names: [(UInt32, String)]) -> [String]? {
        flags == .max ? nil : names.filter { flags & $0.0 != 0 }.map(\.1)
    }

    private static func extensionValue(_ kind: Int32, _ x509: OpaquePointer) -> [UInt8]? {
        let index = X509_get_ext_by_NID(x509, kind, -1)
        guard index >= 0, let entry = X509_get_ext(x509, index), let data = X509_EXTENSION_get_data(entry) else {
            return nil
        }
        return octets(data)
    }

    /// RFC 6962 section 3.3: an OCTET STRING with a list of lists, lengths in two octets.
    private static func countSCTs(_ value: [UInt8]) -> Int {
        guard value.count > 2, value[0] == 0x04 else { return 0 }
        let header = value[1] < 0x80 ? 2 : 2 + Int(value[1] & 0x7F)
        var rest = value.dropFirst(header + 2)
        var count = 0
        while rest.count > 2 {
            let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            guard length > 0, rest.count >= 2 + length else { break }
            count += 1
            rest = rest.dropFirst(2 + length)
        }
        return count
    }

    private static func caIssuers(_ x509: OpaquePointer) -> [String] {
        guard let access = copenssl_access(x509) else { return [] }
        defer { AUTHORITY_INFO_ACCESS_free(access) }
        return (0..<min(copenssl_access_count(access), 8)).compactMap { index in
            copenssl_ca_issuer(access, index).flatMap { octets($0) }.map(shown)
        }
    }

    private static func policies(_ x509: OpaquePointer) -> [String] {
        guard let policies = copenssl_policies(x509) else { return [] }
        defer { CERTIFICATEPOLICIES_free(policies) }
        return (0..<min(copenssl_policies_count(policies), 16)).compactMap { index in
            var buffer = [CChar](repeating: 0, count: 128)
            let length = OBJ_obj2txt(&buffer, Int32(buffer.count), copenssl_policy(policies, index), 1)
            guard length > 0, length < buffer.count else { return nil }
            return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
