import Glibc

/// Looks at root hints and trust anchors before libunbound does, which says yes to anything and fails later.
enum ZoneFileCheck {
    /// Both root keys (IANA root-anchors.xml): KSK-2017 and KSK-2024.
    static let rootAnchors = [
        ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
        ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
    ]

    static func checkAnchors(_ path: String) throws(ResolverError) {
        var found = 0
        for (number, fields) in try records(in: path) {
            guard let type = fields.firstIndex(where: { $0 == "DS" || $0 == "DNSKEY" }) else {
                throw ResolverError("\(path):\(number): neither a DS nor a DNSKEY record")
            }
            let rest = fields[(type + 1)...]
            let isSound = rest.count >= 4 && rest.prefix(3).allSatisfy { UInt16($0) != nil }
            guard isSound else { throw ResolverError("\(path):\(number): the \(fields[type]) record is incomplete") }
            if fields[type] == "DS" {
                let digest = rest.dropFirst(3).joined()
                guard digest.utf8.count >= 40, digest.utf8.count % 2 == 0, digest.utf8.allSatisfy(isHex) else {
                    throw ResolverError("\(path):\(number): the digest is not hexadecimal")
                }
            }
            found += 1
        }
        guard found > 0 else { throw ResolverError("\(path): holds no DS or DNSKEY record") }
    }

    static func checkHints(_ path: String) throws(ResolverError) {
        var servers = 0
        var addresses = 0
        for (number, fields) in try records(in: path) {
            if fields.contains("NS") {
                servers += 1
            } else if fields.contains("A") || fields.contains("AAAA") {
                addresses += 1
            } else {
                throw ResolverError("\(path):\(number): neither an NS nor an address record")
            }
        }
        guard servers > 0, addresses > 0 else {
            throw ResolverError("\(path): holds no name server with an address")
        }
    }

    /// The lines that are records, upper-case fields, comments and directives left out.
    private static func records(in path: String) throws(ResolverError) -> [(line: Int, fields: [String])] {
        guard let file = fopen(path, "re") else { throw ResolverError("\(path): \(String(cString: strerror(errno)))") }
        defer { fclose(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: DNSLimits.zoneFileOctets + 1) { buffer, count in
            count = fread(buffer.baseAddress, 1, buffer.count, file)
        }
        guard ferror(file) == 0 else { throw ResolverError("\(path): \(String(cString: strerror(errno)))") }
        guard bytes.count <= DNSLimits.zoneFileOctets else {
            throw ResolverError("\(path): larger than \(DNSLimits.zoneFileOctets) octets")
        }
        var result: [(Int, [String])] = []
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let content = line.prefix { $0 != UInt8(ascii: ";") }
            let fields = content.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            if fields.isEmpty || fields[0].first == UInt8(ascii: "$") { continue }
            result.append((index + 1, fields.map { String(decoding: $0, as: UTF8.self).uppercased() }))
        }
        return result
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte)
    }
}
