/// A ClientHello of our own octets (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2; for SSL 2, RFC 6101 appendix E).
///
/// It asks what a server would choose; no key exchange follows, so nothing here is secret and nothing needs a library. In
/// TLS 1.3 the key shares are left empty (RFC 8446 section 4.2.8): the server names its group in a HelloRetryRequest.
package struct ClientHello: Hashable, Codable, Sendable {
    /// The versions offered. Below TLS 1.3 only the highest can be said; what lies between is offered too.
    package var versions: [TLSVersion]
    package var suites: [CipherSuite]
    package var groups: [NamedGroup]
    package var schemes: [SignatureScheme]
    /// nil sends no server_name (RFC 6066 section 3).
    package var serverName: String?
    /// DEFLATE is offered beside none (RFC 3749).
    package var offersCompression = false
    /// Values that mean nothing, which a server must skip (RFC 8701).
    package var greases = false
    /// The hello is padded to so many octets (RFC 7685).
    package var paddedTo: Int?
    /// TLS_FALLBACK_SCSV (RFC 7507).
    package var isFallback = false
    /// heartbeat (RFC 6520).
    package var offersHeartbeat = false

    package init(
        versions: [TLSVersion], suites: [CipherSuite], groups: [NamedGroup] = NamedGroup.strong,
        schemes: [SignatureScheme] = SignatureScheme.common, serverName: String? = nil
    ) {
        self.versions = versions
        self.suites = suites
        self.groups = groups
        self.schemes = schemes
        self.serverName = serverName
    }

    /// The whole record, ready to be sent. `random` gives 64 octets: the random and the session's name.
    package func octets(random: [UInt8]) -> [UInt8] {
        precondition(random.count == 64)
        let highest = versions.max() ?? .tls12
        if versions.contains(.ssl2) { return ssl2Octets(random, highest) }
        var body = OctetWriter()
        body.put(min(highest, .tls12).rawValue)
        body.put(random[..<32])
        // RFC 8446 appendix D.4: middleboxes want a session to be resumed.
        body.vector8(highest == .tls13 ? Array(random[32...]) : [])
        var numbers = suites.map(\.rawValue)
        if greases { numbers.insert(0x0A0A, at: 0) }
        if isFallback { numbers.append(0x5600) }
        // RFC 5746 section 3.4: before extensions, the signal is a suite.
        if highest == .ssl3 { numbers.append(0x00FF) }
        body.vector16 { for number in numbers { $0.put(number) } }
        body.vector8(offersCompression ? [1, 0] : [0])
        if highest > .ssl3 { putExtensions(&body, highest) }
        var message = OctetWriter()
        message.put(UInt8(1))
        message.vector24(body.octets)
        var record = OctetWriter()
        record.put(UInt8(22))
        record.put(min(highest, .tls10).rawValue)
        record.vector16(message.octets)
        return record.octets
    }

    private func putExtensions(_ body: inout OctetWriter, _ highest: TLSVersion) {
        var list = OctetWriter()
        if greases { list.extension(0x1A1A, []) }
        if let serverName {
            list.extension(0) {
                $0.vector16 { entry in
                    entry.put(UInt8(0))
                    entry.vector16(Array(serverName.utf8))
                }
            }
        }
        if !groups.isEmpty {
            list.extension(10) {
                $0.vector16 { list in
                    if greases { list.put(UInt16(0x2A2A)) }
                    for group in groups { list.put(group.rawValue) }
                }
            }
            list.extension(11, [1, 0])
        }
        if highest >= .tls12, !schemes.isEmpty {
            list.extension(13) { $0.vector16 { list in for scheme in schemes { list.put(scheme.rawValue) } } }
        }
        if offersHeartbeat { list.extension(15, [1]) }
        list.extension(22, [])  // encrypt_then_mac (RFC 7366)
        list.extension(23, [])  // extended_master_secret (RFC 7627)
        list.extension(35, [])  // session_ticket (RFC 5077)
        list.extension(0xFF01, [0])  // renegotiation_info (RFC 5746)
        if highest == .tls13 {
            list.extension(43) { versionList in
                var numbers = versions.sorted(by: >).map(\.rawValue)
                if greases { numbers.insert(0x3A3A, at: 0) }
                versionList.vector8(numbers.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
            }
            list.extension(45, [1, 1])
            list.extension(51, [0, 0])
        }
        if let paddedTo {
            // Record and message heads, what stands already, the length of the list, and the head of the padding.
            let so = 5 + 4 + body.octets.count + 2 + list.octets.count + 4
            if so < paddedTo { list.extension(21, [UInt8](repeating: 0, count: paddedTo - so)) }
        }
        body.vector16(list.octets)
    }

    /// SSL 2 has a record, a hello and suites of three octets of its own; later versions can be asked for in it, with their
    /// suites behind a zero (RFC 5246 appendix E.2).
    private func ssl2Octets(_ random: [UInt8], _ highest: TLSVersion) -> [UInt8] {
        var kinds: [UInt32] = [0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700C0]
        if highest > .ssl2 { kinds += (suites.map(\.rawValue) + [0x00FF]).map { UInt32($0) } }
        var body = OctetWriter()
        body.put(UInt8(1))
        body.put(highest.rawValue)
        body.put(UInt16(kinds.count * 3))
        body.put(UInt16(0))
        body.put(UInt16(16))
        for kind in kinds { body.put([UInt8(kind >> 16), UInt8(kind >> 8 & 0xFF), UInt8(kind & 0xFF)]) }
        body.put(random[..<16])
        var record = OctetWriter()
        record.put(0x8000 | UInt16(body.octets.count))
        record.put(body.octets)
        return record.octets
    }
}

/// Writes numbers and vectors in network order. Lengths here come from our own lists, which are short.
struct OctetWriter {
    private(set) var octets: [UInt8] = []

    mutating func put(_ value: UInt8) { octets.append(value) }
    mutating func put(_ value: UInt16) { octets += [UInt8(value >> 8), UInt8(value & 0xFF)] }
    mutating func put(_ bytes: some Sequence<UInt8>) { octets += bytes }

    mutating func vector8(_ bytes: [UInt8]) {
        put(UInt8(bytes.count))
        put(bytes)
    }

    mutating func vector16(_ bytes: [UInt8]) {
        put(UInt16(bytes.count))
        put(bytes)
    }

    mutating func vector16(_ body: (inout OctetWriter) -> Void) {
        var inner = OctetWriter()
        body(&inner)
        vector16(inner.octets)
    }

    mutating func vector24(_ bytes: [UInt8]) {
        put(UInt8(bytes.count >> 16))
        put(UInt16(bytes.count & 0xFFFF))
        put(bytes)
    }

    mutating func `extension`(_ number: UInt16, _ bytes: [UInt8]) {
        put(number)
        vector16(bytes)
    }

    mutating func `extension`(_ number: UInt16, _ body: (inout OctetWriter) -> Void) {
        put(number)
        vector16(body)
    }
}
