import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// Whether anything exists at or below `_domainkey`, which no dictionary can tell (RFC 8020), with the controls that keep
/// wildcards, empty non-terminals and denials made on the spot from being taken for an answer.
struct SubtreeProof {
    let base: DomainName
    var existence = DKIMSelectors.Existence.unknown
    var proof: String?
    /// The TXT question at `_domainkey`.
    var answer: DNSAnswer
    /// A selector that nobody can have made.
    var control: DNSAnswer?
    var isCompactDenial = false
    var asked = 1

    /// Asks; `hint` gives the selector that would most likely be there.
    init(_ base: DomainName, domain: DomainName, hint: () async -> String, in scan: ScanContext) async {
        self.base = base
        answer = await scan.resolve(base, .txt)
        switch answer.status {
        case .undetermined, .bogus, .failed: return
        case .nxDomain where answer.aliases.isEmpty:
            if answer.security == .secure {
                (existence, proof) = (.provenAbsent, "nxdomain")
                return
            }
            // Servers that say NXDOMAIN at an empty non-terminal (against RFC 2308) are found out by asking below it.
            existence = .absent
            guard let name = base.prepending(await hint()) else { return }
            control = await scan.resolve(name, .txt)
            asked += 1
        case .nxDomain, .noData, .records:
            if answer.security == .secure, denial(answer)?.types.contains(Self.nxName) ?? false {
                (existence, proof, isCompactDenial) = (.provenAbsent, "compact_denial", true)
                return
            }
            await askControls(domain, scan)
        }
    }

    private mutating func askControls(_ domain: DomainName, _ scan: ScanContext) async {
        let label = Self.controlLabel(domain)
        guard let below = base.prepending(label), let beside = domain.prepending("_\(label)") else { return }
        async let first = scan.resolve(below, .txt)
        async let second = scan.resolve(beside, .txt)
        let (inside, outside) = await (first, second)
        asked += 2
        control = inside
        switch inside.status {
        case .nxDomain where inside.aliases.isEmpty: existence = .exists
        case .noData where inside.security == .secure && denial(inside)?.types.contains(Self.nxName) ?? false:
            (existence, isCompactDenial) = (.exists, true)
        case .noData where inside.security == .secure && isMadeOnTheSpot(inside):
            isCompactDenial = true
            // What is said of a name that nobody has made is said of this one too, or it is not.
            existence = denial(answer)?.types == denial(inside)?.types ? .ambiguous : .exists
        case .noData, .records, .nxDomain:
            // A wildcard at the domain makes `_domainkey` exist; one below `_domainkey` proves that it does.
            existence = outside.status == .nxDomain ? .exists : .wildcard
        case .undetermined, .bogus, .failed: existence = answer.status == .records ? .exists : .ambiguous
        }
    }

    /// `key`, `text`, `alias`: what the control selector answers; nil where it does not exist, or was not asked.
    var wildcard: String? {
        guard existence != .absent, existence != .provenAbsent, let control else { return nil }
        if control.texts.contains(where: DKIMKey.isKey) { return "key" }
        if !control.aliases.isEmpty { return "alias" }
        return control.texts.isEmpty ? nil : "text"
    }

    /// Names below the base that do not exist may be told from records of earlier answers.
    var allowsDenials: Bool { control?.status == .nxDomain && control?.security == .secure && !isCompactDenial }

    /// The NSEC record at the name that was asked for.
    private func denial(_ answer: DNSAnswer) -> DenialRecord? {
        DNSMessage(parsing: answer.packet)?.denials.first { record in
            if case .nsec = record.kind { record.owner == answer.name } else { false }
        }
    }

    /// An NSEC record at the very name, with the least name behind it as the next: what servers that sign as they answer say of
    /// any name, with RRSIG and NSEC in the list of types, or with some that are always there (Knot's A and AAAA).
    private func isMadeOnTheSpot(_ answer: DNSAnswer) -> Bool {
        guard case .noData = answer.status, let record = denial(answer), case .nsec(let next) = record.kind else {
            return false
        }
        return next.labels.first == [0]
    }

    /// The same for a domain in every scan, so that a recorded scan can be judged again; nobody has made it.
    private static func controlLabel(_ domain: DomainName) -> String {
        "mailassay-" + Digest.hex(Digest.sha256(Array("dkim control \(domain)".utf8)).prefix(8))
    }

    /// RFC 9824 section 7.1.
    private static let nxName: UInt16 = 128
}
