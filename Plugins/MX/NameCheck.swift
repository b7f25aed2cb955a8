import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

extension MXChecker {
    /// States what IDNA makes of the domain's name.
    func checkName(_ scan: ScanContext) async {
        let input = scan.input
        let isInternationalised =
            input.unicode != input.name.description
            || input.name.labels.contains { $0.starts(with: Array("xn--".utf8)) }
        var isRegistered: Bool?
        if let transitional = input.transitional {
            let answer = await scan.resolve(transitional, .ns)
            switch answer.status {
            case .records, .noData: isRegistered = true
            case .nxDomain: isRegistered = false
            case .bogus, .failed, .undetermined: isRegistered = nil
            }
        }
        let perLabel = input.unicode.split(separator: ".").map { Script.all(in: $0) }
        scan.state(
            InternationalisedName(
                original: input.original, unicode: input.unicode, isInternationalised: isInternationalised,
                roundTrips: input.roundTrips, transitional: input.transitional.map { "\($0)" },
                transitionalIsRegistered: isRegistered,
                longestLabel: input.name.labels.map(\.count).max() ?? 0, length: input.name.wireFormat.count - 2,
                scripts: Set(perLabel.joined()).map(\.rawValue).sorted(),
                mixesScripts: perLabel.contains {
                    $0.isSuperset(of: [.latin, .cyrillic])
                        || $0.isSuperset(of: [.latin, .greek]) || $0.isSuperset(of: [.cyrillic, .greek])
                }),
            about: .domain(scan.domain))
    }
}

/// Writing systems whose letters look alike (UTS 39 section 5.1), told by their main Unicode blocks.
private enum Script: String {
    case latin, greek, cyrillic, other

    static func all(in text: Substring) -> Set<Script> {
        Set(text.unicodeScalars.compactMap(of))
    }

    private static func of(_ scalar: Unicode.Scalar) -> Script? {
        switch scalar.value {
        case 0x61...0x7A, 0x41...0x5A, 0xAA, 0xBA, 0xC0...0x24F, 0x1E00...0x1EFF: .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: .greek
        case 0x400...0x52F, 0x1C80...0x1C8F, 0x2DE0...0x2DFF, 0xA640...0xA69F: .cyrillic
        case 0..<0x80: nil
        default: .other
        }
    }
}
