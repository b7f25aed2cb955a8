package import AssayModel

/// How a question to one server is put: what a sound server takes in its stride, and a broken one does not.
package enum QueryForm: String, Codable, Sendable, CaseIterable {
    /// EDNS with DO over UDP, then TCP where the answer is cut.
    case standard
    /// The same over TCP alone (RFC 7766 section 5).
    case overTCP = "tcp"
    /// Without EDNS (RFC 1035).
    case withoutEDNS = "without_edns"
    /// With an EDNS option that nobody assigned, to be ignored (RFC 6891 section 6.1.2).
    case unknownOption = "unknown_option"
    /// EDNS version 1, to be answered with BADVERS (RFC 6891 section 6.1.3).
    case unknownVersion = "unknown_version"
    /// The name's letters in capitals and small letters by turns, to be given back as they were (RFC 1035 section 2.3.3,
    /// RFC 4343): resolvers do so against forged answers.
    case mixedCase = "mixed_case"

    /// The question section.
    package func question(_ name: DomainName, _ type: RecordType) -> [UInt8] {
        var octets = name.wireFormat
        if self == .mixedCase {
            // Lengths of labels are at most 63, and so no letters.
            for index in octets.indices where index & 1 == 0 && (0x61...0x7A).contains(octets[index]) {
                octets[index] -= 0x20
            }
        }
        return octets + [UInt8(type.rawValue >> 8), UInt8(truncatingIfNeeded: type.rawValue), 0, 1]
    }

    /// The OPT record: root, type 41, 1232 octets, version, DO (RFC 3225), options.
    var option: [UInt8] {
        switch self {
        case .standard, .overTCP, .mixedCase: [0, 0, 41, 0x04, 0xD0, 0, 0, 0x80, 0, 0, 0]
        case .withoutEDNS: []
        case .unknownVersion: [0, 0, 41, 0x04, 0xD0, 0, 1, 0x80, 0, 0, 0]
        // RFC 6891 section 9: 65001 and above are for local and experimental use.
        case .unknownOption: [0, 0, 41, 0x04, 0xD0, 0, 0, 0x80, 0, 0, 4, 0xFD, 0xE9, 0, 0]
        }
    }
}
