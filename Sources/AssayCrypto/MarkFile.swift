import AssayModel

/// The file behind `a=`: PEM (RFC 7468), the mark certificate first, then its issuers in order, the root or not
/// (draft-fetch-validation-vmc-wchuang section 3.3).
package struct MarkFile: Sendable {
    package enum Fault: String, CaseIterable, Sendable {
        case empty
        /// DER, HTML or what else has no PEM block.
        case notPEM = "not_pem"
        case base64, truncated, limit, duplicate, order
        case privateKey = "private_key"
        /// A block that is no certificate.
        case otherBlock = "other_block"
        case notCertificate = "not_certificate"
        case severalLeaves = "several_leaves"
        /// The first certificate is an issuer's.
        case leafNotFirst = "leaf_not_first"

        /// Receivers that are strict refuse the file; with the others it can still be judged.
        package var isFatal: Bool {
            [.empty, .notPEM, .base64, .truncated, .limit, .notCertificate].contains(self)
        }
    }

    /// DER, leaf first as far as one can be told.
    package let certificates: [[UInt8]]
    package let faults: [Fault]

    package init(parsing octets: [UInt8]) {
        var faults: Set<Fault> = []
        var found: [[UInt8]] = []
        var rest = octets[...]
        var blocks = 0
        if octets.allSatisfy(Self.isSpace) { faults.insert(.empty) }
        while let begin = Self.find("-----BEGIN ", in: rest) {
            blocks += 1
            guard blocks <= CryptoLimits.markFileBlocks else {
                faults.insert(.limit)
                break
            }
            let afterBegin = rest[(begin + 11)...]
            guard let labelEnd = Self.find("-----", in: afterBegin),
                let end = Self.find("-----END ", in: afterBegin[(labelEnd + 5)...]),
                let endLabel = Self.find("-----", in: rest[(end + 9)...])
            else {
                faults.insert(.truncated)
                break
            }
            let label = Array(afterBegin[..<labelEnd])
            let text = rest[(labelEnd + 5)..<end].filter { !Self.isSpace($0) }
            rest = rest[(endLabel + 5)...]
            if label.suffix(11).elementsEqual("PRIVATE KEY".utf8) {
                faults.insert(.privateKey)
            } else if !label.elementsEqual("CERTIFICATE".utf8) {
                faults.insert(.otherBlock)
            } else if let der = Base64.decode(text) {
                if Certificate(der: der) == nil { faults.insert(.notCertificate) } else { found.append(der) }
            } else {
                faults.insert(.base64)
            }
        }
        if blocks == 0, !faults.contains(.empty) { faults.insert(.notPEM) }
        certificates = Self.ordered(found, &faults)
        self.faults = Fault.allCases.filter(faults.contains)
    }

    /// The chain as it should stand, and what was wrong with it as it stood.
    private static func ordered(_ found: [[UInt8]], _ faults: inout Set<Fault>) -> [[UInt8]] {
        var distinct: [[UInt8]] = []
        for der in found {
            if distinct.contains(der) { faults.insert(.duplicate) } else { distinct.append(der) }
        }
        let isAuthority = distinct.map { Certificate(der: $0)?.isCA ?? false }
        let leaves = isAuthority.count { !$0 }
        if leaves > 1 { faults.insert(.severalLeaves) }
        guard let leaf = isAuthority.firstIndex(of: false) else { return distinct }
        if leaf != 0 { faults.insert(.leafNotFirst) }
        var chain = [distinct.remove(at: leaf)]
        var isInOrder = leaf == 0
        while let last = chain.last, let index = distinct.firstIndex(where: { DER.isIssued(last, by: $0) }),
            chain.last != distinct[index]
        {
            if index != 0 { isInOrder = false }
            chain.append(distinct.remove(at: index))
        }
        if !isInOrder || !distinct.isEmpty { faults.insert(.order) }
        return chain + distinct
    }

    private static func find(_ text: String, in octets: ArraySlice<UInt8>) -> Int? {
        let wanted = Array(text.utf8)
        guard let first = wanted.first else { return nil }
        var at = octets.startIndex
        while let next = octets[at...].firstIndex(of: first) {
            if octets[next...].starts(with: wanted) { return next }
            at = next + 1
        }
        return nil
    }

    private static func isSpace(_ octet: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(octet) }
}
