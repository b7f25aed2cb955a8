import COpenSSL
import Foundation

/// Makes the lab's certificates. All keys of a kind are one key: what they are for is to be seen, not to protect.
final class CertificateMaker {
    struct Identity {
        let certificate: OpaquePointer
        let key: OpaquePointer
        let chain: [OpaquePointer]
    }

    /// Of the lab's authorities.
    static let organization = "Mailassay Lab"

    private var keys: [CertificateSpec.Key: OpaquePointer] = [:]
    let authority: (certificate: OpaquePointer, key: OpaquePointer)
    let intermediate: (certificate: OpaquePointer, key: OpaquePointer)
    let unknown: (certificate: OpaquePointer, key: OpaquePointer)
    private var serial = 4096
    private var identities: [String: [CertificateSpec: Identity]] = [:]

    init() {
        func make(_ name: String, by issuer: (OpaquePointer, OpaquePointer)?) -> (OpaquePointer, OpaquePointer) {
            let key = made(copenssl_generate_ec("P-256"))
            let certificate = Self.certificate(
                commonName: name, organization: name == "Unknown Root" ? "Nobody" : Self.organization, key: key,
                issuer: issuer, from: -400, to: 3000, serial: Int.random(in: 1...4000),
                extensions: [
                    (NID_basic_constraints, "critical,CA:TRUE"), (NID_key_usage, "critical,keyCertSign,cRLSign"),
                ], isSHA1: false)
            return (certificate, key)
        }
        authority = make("Lab Root", by: nil)
        intermediate = make("Lab Intermediate", by: authority)
        unknown = make("Unknown Root", by: nil)
    }

    func writeAuthority(to path: String) {
        guard let bio = BIO_new_file(path, "w") else { return }
        PEM_write_bio_X509(bio, authority.certificate)
        BIO_free(bio)
    }

    /// The same for the same name and specification, so that TLSA records fit what is served.
    func identity(for name: String, _ spec: CertificateSpec) -> Identity {
        if let known = identities[name]?[spec] { return known }
        let identity = make(name, spec)
        identities[name, default: [:]][spec] = identity
        return identity
    }

    private func make(_ name: String, _ spec: CertificateSpec) -> Identity {
        let key = self.key(spec.key)
        serial += 1
        var extensions: [(Int32, String)] = []
        if let der = spec.alternativeNamesDER {
            extensions.append((NID_subject_alt_name, "DER:\(der)"))
        } else {
            let names = spec.names ?? [name]
            if !names.isEmpty {
                extensions.append((NID_subject_alt_name, names.map { "DNS:\($0)" }.joined(separator: ",")))
            }
        }
        extensions.append((NID_ext_key_usage, spec.usage))
        extensions.append((NID_key_usage, spec.keyUsage))
        extensions.append((NID_basic_constraints, spec.isCA ? "CA:TRUE" : "CA:FALSE"))
        if spec.mustStaple { extensions.append((NID_tlsfeature, "status_request")) }
        let issuer: (OpaquePointer, OpaquePointer)?
        switch spec.issuer {
        case .authority: issuer = authority
        case .intermediate, .missingIntermediate: issuer = intermediate
        case .unknown: issuer = unknown
        case .itself: issuer = nil
        }
        if spec.issuer == .missingIntermediate {
            extensions.append((NID_info_access, "caIssuers;URI:http://ca.lab/intermediate.der"))
        }
        let certificate = Self.certificate(
            commonName: name, organization: nil, key: key, issuer: issuer, from: spec.from, to: spec.to, serial: serial,
            extensions: extensions, isSHA1: spec.isSHA1)
        return Identity(
            certificate: certificate, key: key,
            chain: Array(
                repeating: intermediate.certificate, count: spec.ballast + (spec.issuer == .intermediate ? 1 : 0)))
    }

    static func der(_ certificate: OpaquePointer) -> [UInt8] {
        var der: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509(certificate, &der)
        defer { CRYPTO_free(der, nil, 0) }
        return Array(UnsafeBufferPointer(start: der, count: Int(length)))
    }

    /// The presentation form of a TLSA record for the certificate, or for its issuer's.
    func tlsa(_ name: String, _ certificate: CertificateSpec, _ record: MailHost.TLSASpec) -> String {
        switch record {
        case .raw(let text): return text
        case .daneEEWrong: return "3 1 1 " + String(repeating: "0", count: 63) + "1"
        case .daneEE, .second: return tlsa(name, certificate, .of(usage: 3, selector: 1, matching: 1, element: 0))
        case .of(let usage, let selector, let matching, let element):
            let leaf = identity(for: name, certificate).certificate
            let issuer = certificate.issuer == .intermediate ? intermediate.certificate : authority.certificate
            let der = Self.selected(element == 0 ? leaf : issuer, selector)
            let data: [UInt8] =
                switch matching {
                case 1: Self.digest(der, EVP_sha256(), 32)
                case 2: Self.digest(der, EVP_sha512(), 64)
                default: der
                }
            return "\(usage) \(selector) \(matching) " + data.map { String(format: "%02x", $0) }.joined()
        }
    }

    private static func selected(_ certificate: OpaquePointer, _ selector: Int) -> [UInt8] {
        guard selector == 1 else { return der(certificate) }
        var der: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der)
        defer { CRYPTO_free(der, nil, 0) }
        return Array(UnsafeBufferPointer(start: der, count: Int(length)))
    }

    private static func digest(_ octets: [UInt8], _ algorithm: OpaquePointer?, _ length: Int) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: length)
        EVP_Digest(octets, octets.count, &digest, nil, algorithm, nil)
        return digest
    }

    private func key(_ kind: CertificateSpec.Key) -> OpaquePointer {
        if let known = keys[kind] { return known }
        let made: OpaquePointer
        switch kind {
        case .ec(let curve): made = copenssl_generate_ec(curve)
        case .rsa(let bits): made = copenssl_generate_rsa(bits)
        case .weak(let fault): made = fault.key()
        }
        keys[kind] = made
        return made
    }

    static func certificate(
        commonName: String, organization: String?, key: OpaquePointer, issuer: (OpaquePointer, OpaquePointer)?,
        from: Int,
        to: Int, serial: Int, extensions: [(Int32, String)], attributes: [(key: String, value: String)] = [],
        isSHA1: Bool
    ) -> OpaquePointer {
        let x509 = made(X509_new())
        X509_set_version(x509, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(x509), serial)
        // An hour off the day, so that a test at any second sees whole days.
        X509_gmtime_adj(X509_getm_notBefore(x509), from * 86_400 - 3600)
        X509_gmtime_adj(X509_getm_notAfter(x509), to * 86_400 + 3600)
        let name = X509_get_subject_name(x509)
        // RFC 5280 appendix A.1: a common name has at most 64 characters.
        let short = String(commonName.prefix(64))
        X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, short, -1, -1, 0)
        if let organization {
            X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_UTF8, organization, -1, -1, 0)
        }
        for (oid, value) in attributes { X509_NAME_add_entry_by_txt(name, oid, MBSTRING_UTF8, value, -1, -1, 0) }
        X509_set_issuer_name(x509, issuer.map { X509_get_subject_name($0.0) } ?? name)
        X509_set_pubkey(x509, key)
        for (nid, value) in extensions {
            guard let entry = X509V3_EXT_conf_nid(nil, nil, nid, value) else { fatalError("extension \(nid) \(value)") }
            X509_add_ext(x509, entry, -1)
            X509_EXTENSION_free(entry)
        }
        precondition(X509_sign(x509, issuer?.1 ?? key, isSHA1 ? EVP_sha1() : EVP_sha256()) > 0)
        return x509
    }
}

/// What OpenSSL made; it fails for want of memory only, which ends a lab.
func made(_ pointer: OpaquePointer?) -> OpaquePointer {
    guard let pointer else { fatalError("OpenSSL gave nothing") }
    return pointer
}
