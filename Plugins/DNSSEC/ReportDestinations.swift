import AssayModel

/// The domains that reports are sent to, out of the `rua` and `ruf` of a record; what else is wrong with it is for others.
enum ReportDestinations {
    static func domains(in text: [UInt8]) -> [DomainName] {
        let lowered = text.prefix(DNSSECLimits.textOctets).map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        var found: [DomainName] = []
        for (scheme, ends) in [("mailto:", ",;!? "), ("https://", "/:,;? ")] {
            for index in lowered.indices where lowered[index...].starts(with: scheme.utf8) {
                let rest = lowered[(index + scheme.utf8.count)...].prefix { !ends.utf8.contains($0) }
                let host = scheme == "mailto:" ? rest.split(separator: UInt8(ascii: "@")).last ?? [] : rest
                if let name = DomainName(String(decoding: host, as: UTF8.self)), name.labels.count > 1 {
                    found.append(name)
                }
            }
        }
        return found
    }
}
