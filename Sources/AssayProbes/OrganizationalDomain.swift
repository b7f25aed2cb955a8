package import AssayDNS
package import AssayEngine
package import AssayModel

/// Whom a name belongs to, in the eyes of receivers: by the tree walk (RFC 9989 section 4.10.2) and by the public suffix list
/// (RFC 7489 section 3.2).
package struct OrganizationalDomain: Probe {
    package let name: DomainName

    package init(_ name: DomainName) { self.name = name }

    package struct Evidence: Codable, Sendable {
        package let byWalk: DMARCWalk.Organization
        /// One label more than the suffix; the name itself where it is a suffix.
        package let byList: DomainName
        package let list: PublicSuffixes.Source
        /// Names of the walk whose answer nobody knows; they counted as empty.
        package let unanswered: [DomainName]

        package func domain(by generation: DMARCGeneration) -> DomainName {
            generation == .rfc9989 ? byWalk.domain : byList
        }
    }

    package func run(in scan: ScanContext) async -> Evidence {
        let suffixes = scan.services.require(PublicSuffixes.self)
        let visits = await DMARCVisit.of(DMARCWalk.names(from: name), in: scan)
        return Evidence(
            byWalk: DMARCWalk.organization(of: name, visits), byList: suffixes.registrableDomain(of: name) ?? name,
            list: suffixes.source,
            unanswered: DMARCWalk.considered(visits).filter { [.lookupError, .undetermined].contains($0.outcome) }
                .map(\.domain))
    }
}

extension ScanContext {
    /// Identifier alignment (RFC 9989 section 4.4): the same name, or relaxed, the same organizational domain.
    package func isAligned(
        _ author: DomainName, _ identifier: DomainName, strict: Bool, by generation: DMARCGeneration = .rfc9989
    ) async -> Bool {
        if author == identifier { return true }
        if strict { return false }
        // Names of two top-level domains never meet.
        guard author.labels.last == identifier.labels.last else { return false }
        async let mine = evidence(for: OrganizationalDomain(author))
        async let theirs = evidence(for: OrganizationalDomain(identifier))
        return await mine.domain(by: generation) == theirs.domain(by: generation)
    }
}
