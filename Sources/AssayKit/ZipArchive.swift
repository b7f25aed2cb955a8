import AssayGzip

/// The files in a zip archive (PKWARE's APPNOTE 6.3), found by its central directory, in memory and within limits.
///
/// Stored and deflated files are read. Archives that are split, encrypted or larger than 4 GB are refused, and so are those in
/// which two entries share octets: that is how a small archive unpacks to petabytes.
struct ZipArchive {
    enum Fault: Error, Equatable {
        case damaged, encrypted, split, tooLarge, overlapping, empty
        /// A method other than "stored" and "deflated".
        case method
        case tooManyFiles
        /// More octets than the limit, or too many for each that went in.
        case limit, ratio
    }

    /// Entries of one archive.
    static let files = 1_000

    private struct Entry {
        let flags: Int
        let method: Int
        let checksum: UInt32
        let packedSize: Int
        let size: Int
        let headerOffset: Int
    }

    private let octets: [UInt8]
    private let directoryOffset: Int
    private let entries: [Entry]

    static func isZip(_ octets: [UInt8]) -> Bool {
        octets.starts(with: [0x50, 0x4B, 3, 4]) || octets.starts(with: [0x50, 0x4B, 5, 6])
    }

    init(_ octets: [UInt8]) throws(Fault) {
        self.octets = octets
        let reader = Reader(octets: octets)
        guard let end = Self.end(of: octets) else { throw .damaged }
        // Section 4.3.16: this disk, the directory's disk, entries here and in all, size and offset of the directory.
        guard reader.short(end + 4) == 0, reader.short(end + 6) == 0 else { throw .split }
        let (count, size, start) = (reader.short(end + 10), reader.long(end + 12), reader.long(end + 16))
        guard count != 0xFFFF, size != 0xFFFF_FFFF, start != 0xFFFF_FFFF else { throw .tooLarge }
        guard count <= Self.files else { throw .tooManyFiles }
        guard start + size <= end else { throw .damaged }
        var entries: [Entry] = []
        var at = start
        for _ in 0..<count {
            guard at + 46 <= start + size, reader.long(at) == 0x0201_4B50 else { throw .damaged }
            entries.append(
                Entry(
                    flags: reader.short(at + 8), method: reader.short(at + 10),
                    checksum: UInt32(truncatingIfNeeded: reader.long(at + 16)), packedSize: reader.long(at + 20),
                    size: reader.long(at + 24), headerOffset: reader.long(at + 42)))
            at += 46 + reader.short(at + 28) + reader.short(at + 30) + reader.short(at + 32)
        }
        guard at <= start + size else { throw .damaged }
        directoryOffset = start
        self.entries = entries
    }

    /// The octets of every file; folders and empty files are left out.
    func files(limit: Int) throws(Fault) -> [[UInt8]] {
        var files: [[UInt8]] = []
        var ranges: [Range<Int>] = []
        var left = limit
        for entry in entries where entry.size > 0 {
            guard entry.size != 0xFFFF_FFFF, entry.packedSize != 0xFFFF_FFFF else { throw .tooLarge }
            guard entry.flags & 1 == 0 else { throw .encrypted }
            let range = try range(of: entry)
            guard !ranges.contains(where: { $0.overlaps(range) }) else { throw .overlapping }
            ranges.append(range)
            let file = try unpacked(entry, Array(octets[range.suffix(entry.packedSize)]), limit: left)
            left -= file.count
            files.append(file)
        }
        guard !files.isEmpty else { throw .empty }
        return files
    }

    /// From the local header to the end of the packed octets (section 4.3.7).
    private func range(of entry: Entry) throws(Fault) -> Range<Int> {
        let reader = Reader(octets: octets)
        let start = entry.headerOffset
        guard start + 30 <= directoryOffset, reader.long(start) == 0x0403_4B50 else { throw .damaged }
        let end = start + 30 + reader.short(start + 26) + reader.short(start + 28) + entry.packedSize
        guard end <= directoryOffset else { throw .damaged }
        return start..<end
    }

    private func unpacked(_ entry: Entry, _ packed: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
        let file: [UInt8]
        switch entry.method {
        case 0:
            guard packed.count <= limit else { throw .limit }
            file = packed
        case 8:
            do throws(Gzip.Fault) {
                file = try Gzip.inflated(packed, form: .deflate, within: CompressedFile.bounds(limit))
            } catch {
                switch error {
                case .limit: throw .limit
                case .ratio: throw .ratio
                case .corrupt, .truncated, .trailing: throw .damaged
                }
            }
        default: throw .method
        }
        guard file.count == entry.size, Gzip.checksum(file) == entry.checksum else { throw .damaged }
        return file
    }

    /// Where the end record begins: behind it stands a comment of the length that it names.
    private static func end(of octets: [UInt8]) -> Int? {
        guard octets.count >= 22 else { return nil }
        let reader = Reader(octets: octets)
        for start in stride(from: octets.count - 22, through: max(0, octets.count - 22 - 0xFFFF), by: -1)
        where octets[start] == 0x50 && reader.long(start) == 0x0605_4B50 {
            if start + 22 + reader.short(start + 20) == octets.count { return start }
        }
        return nil
    }

    /// Little-endian numbers; 0 outside of the octets.
    private struct Reader {
        let octets: [UInt8]

        func short(_ offset: Int) -> Int {
            offset >= 0 && offset + 2 <= octets.count ? Int(octets[offset]) | Int(octets[offset + 1]) << 8 : 0
        }

        func long(_ offset: Int) -> Int { short(offset) | short(offset + 2) << 16 }
    }
}
