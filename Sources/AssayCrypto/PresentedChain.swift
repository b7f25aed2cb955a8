import COpenSSL

/// The certificates a server sent, leaf first.
package struct PresentedChain: Sendable {
    /// DER, at most `CryptoLimits.storedCertificates`.
    package let certificates: [[UInt8]]
    /// How many the server sent.
    package let count: Int
    let objects: CertificateObjects

    package init(certificates: [[UInt8]], count: Int) {
        self.certificates = certificates
        self.count = count
        objects = CertificateObjects(certificates.map { DER.parse($0) })
    }

    /// Of OpenSSL's own objects, which are kept: to parse a certificate costs a tenth of a handshake.
    init(presented: [OpaquePointer], count: Int) {
        certificates = presented.map(DER.of)
        self.count = count
        for certificate in presented { X509_up_ref(certificate) }
        objects = CertificateObjects(presented)
    }

    /// The certificate at `index`, nil where none is stored or where its octets are no certificate.
    package func certificate(at index: Int) -> Certificate? {
        guard certificates.indices.contains(index), let object = objects.pointers[index] else { return nil }
        return Certificate(object, der: certificates[index])
    }
}

extension PresentedChain: Hashable {
    package static func == (left: PresentedChain, right: PresentedChain) -> Bool {
        left.count == right.count && left.certificates == right.certificates
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(certificates)
        hasher.combine(count)
    }
}

extension PresentedChain: Codable {
    private enum CodingKeys: CodingKey {
        case certificates, count
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            certificates: try container.decode([[UInt8]].self, forKey: .certificates),
            count: try container.decode(Int.self, forKey: .count))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(certificates, forKey: .certificates)
        try container.encode(count, forKey: .count)
    }
}

/// Certificates as OpenSSL holds them, nil where one could not be parsed.
///
/// Unchecked: the C objects are reference-counted, and what OpenSSL caches in them it locks itself.
final class CertificateObjects: @unchecked Sendable {
    let pointers: [OpaquePointer?]
    /// Takes over one reference to each.
    init(_ pointers: [OpaquePointer?]) { self.pointers = pointers }
    deinit { for pointer in pointers { X509_free(pointer) } }
}
