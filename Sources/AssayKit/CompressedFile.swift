import AssayGzip

/// A file that may come compressed, as mail carries reports (RFC 7489 section 7.2.1.1, RFC 9990): as it is, as one layer of gzip,
/// or as a zip archive. Everything stays in memory; a name in an archive is never a path.
package enum CompressedFile {
    /// Octets that come out for each that goes in (reliability case IMP-01).
    package static let ratio = 100
    /// Of a small file that many may come out.
    package static let freeOctets = 65_536

    /// The octets of a file that may be gzip; what comes out is bounded like what goes in.
    package static func read(_ path: String, limit: Int) throws(AuditError) -> [UInt8] {
        try plain(try WholeFile.read(path, limit: limit), path, limit: limit)
    }

    /// The documents in a file: itself, or each file of a zip archive.
    package static func documents(_ path: String, limit: Int) throws(AuditError) -> [[UInt8]] {
        let octets = try WholeFile.read(path, limit: limit)
        guard ZipArchive.isZip(octets) else { return [try plain(octets, path, limit: limit)] }
        let documents: [[UInt8]]
        do throws(ZipArchive.Fault) {
            documents = try ZipArchive(octets).files(limit: limit)
        } catch {
            throw AuditError("\(path): \(words(error))")
        }
        guard !documents.contains(where: isCompressed) else { throw AuditError("\(path): compressed twice") }
        return documents
    }

    private static func plain(_ octets: [UInt8], _ path: String, limit: Int) throws(AuditError) -> [UInt8] {
        guard Gzip.isGzip(octets) else { return octets }
        let result: [UInt8]
        do throws(Gzip.Fault) {
            result = try Gzip.inflated(octets, within: bounds(limit))
        } catch {
            throw AuditError("\(path): \(words(error, limit: limit))")
        }
        guard !isCompressed(result) else { throw AuditError("\(path): compressed twice") }
        return result
    }

    static func bounds(_ limit: Int) -> Gzip.Bounds { Gzip.Bounds(octets: limit, ratio: ratio, free: freeOctets) }

    private static func isCompressed(_ octets: [UInt8]) -> Bool { Gzip.isGzip(octets) || ZipArchive.isZip(octets) }
}

extension CompressedFile {
    private static func words(_ fault: Gzip.Fault, limit: Int) -> String {
        switch fault {
        case .corrupt: "damaged gzip"
        case .truncated: "the gzip file ends too early"
        case .trailing: "something follows the gzip data"
        case .limit: "unpacks to more than \(limit) octets"
        case .ratio: "unpacks to more than \(ratio) times its size"
        }
    }

    private static func words(_ fault: ZipArchive.Fault) -> String {
        switch fault {
        case .damaged: "damaged zip archive"
        case .encrypted: "the zip archive is encrypted"
        case .split: "one part of a split zip archive"
        case .tooLarge: "a zip64 archive, which is not read"
        case .overlapping: "files in the zip archive share octets"
        case .empty: "the zip archive holds no file"
        case .method: "the zip archive is compressed in a way that is not read; zip it anew"
        case .tooManyFiles: "more than \(ZipArchive.files) files in the zip archive"
        case .limit: "the zip archive unpacks to too many octets"
        case .ratio: "the zip archive unpacks to more than \(ratio) times its size"
        }
    }
}
