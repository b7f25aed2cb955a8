/// The logotype extension (RFC 9399 section 4.1): the logo inside a mark certificate.
package struct Logotype: Hashable, Sendable {
    package struct Hash: Hashable, Sendable {
        /// `sha256`, `sha1`, or an object identifier.
        package let algorithm: String
        package let value: [UInt8]
    }

    package enum Fault: String, Error, Sendable {
        case malformed
        /// Community, issuer or other logos only.
        case noSubjectLogo = "no_subject_logo"
        /// By reference, not in the certificate.
        case indirect
        case noImage = "no_image"
        case severalImages = "several_images"
        /// Not `image/svg+xml`.
        case mediaType = "media_type"
        /// No `data:image/svg+xml;base64,`.
        case uri
        case base64
    }

    package let mediaType: String
    package let hashes: [Hash]
    /// What the `data:` URI holds: the gzip file.
    package let octets: [UInt8]

    /// Of the extension's value.
    package init(der: [UInt8]) throws(Fault) {
        var outer = DERReader(der)
        guard let extn = outer.next(DERReader.sequence), outer.isAtEnd else { throw .malformed }
        // subjectLogo [2] EXPLICIT LogotypeInfo; direct [0] LogotypeData, indirect [1] LogotypeReference.
        var parts = extn.reader
        guard let subject = parts.all().first(where: { $0.tag == 0xA2 }) else { throw .noSubjectLogo }
        var choice = subject.reader
        guard let info = choice.next() else { throw .malformed }
        guard info.tag == 0xA0 else { throw info.tag == 0xA1 ? .indirect : .malformed }
        var data = info.reader
        guard let images = data.next(DERReader.sequence) else { throw .noImage }
        var list = images.reader
        let found = list.all()
        guard let image = found.first else { throw .noImage }
        guard found.count == 1 else { throw .severalImages }
        var parsed = image.reader
        guard image.tag == DERReader.sequence, let details = parsed.next(DERReader.sequence) else { throw .malformed }
        // LogotypeDetails: mediaType, logotypeHash, logotypeURI.
        var fields = details.reader
        guard let type = fields.next(DERReader.ia5String), let hashList = fields.next(DERReader.sequence),
            let uris = fields.next(DERReader.sequence)
        else { throw .malformed }
        var hashReader = hashList.reader
        hashes = hashReader.all().prefix(CryptoLimits.logotypeImages).compactMap(Self.hash)
        mediaType = String(decoding: type.content.prefix(80), as: UTF8.self)
        guard mediaType.lowercased() == "image/svg+xml" else { throw .mediaType }
        var uriReader = uris.reader
        guard let uri = uriReader.next(DERReader.ia5String)?.content else { throw .malformed }
        let prefix = Array("data:image/svg+xml;base64,".utf8)
        let lowered = uri.prefix(prefix.count).map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        guard lowered == prefix else { throw .uri }
        guard let decoded = Base64.decode(Array(uri.dropFirst(prefix.count))) else { throw .base64 }
        octets = decoded
    }

    private static func hash(_ element: DERReader.Element) -> Hash? {
        // HashAlgAndValue: AlgorithmIdentifier, OCTET STRING.
        var reader = element.reader
        guard let algorithm = reader.next(DERReader.sequence), let value = reader.next(DERReader.octetString) else {
            return nil
        }
        var inner = algorithm.reader
        guard let oid = inner.next(DERReader.objectIdentifier).flatMap({ DERReader.objectIdentifier($0.content) })
        else { return nil }
        return Hash(algorithm: names[oid] ?? oid, value: Array(value.content))
    }

    private static let names = [
        "2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512",
        "1.3.14.3.2.26": "sha1",
    ]
}

extension Logotype.Hash {
    package func isDigest(of octets: [UInt8]) -> Bool {
        switch algorithm {
        case "sha256": value == Digest.sha256(octets)
        case "sha512": value == Digest.sha512(octets)
        case "sha1": value == Digest.sha1(octets)
        default: false
        }
    }
}
