import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

extension MXChecker {
    /// States what the name in one MX record is, and where it leads.
    func checkTarget(_ host: MailHosts.Host, _ scan: ScanContext) async {
        let subject = Subject.mx(host.name)
        let answers = [host.ipv4, host.ipv6]
        let evidence = answers.flatMap(\.evidence)
        let found = !host.addresses.isEmpty || !host.special.isEmpty
        if !found, host.name.addressLiteral == nil, let cause = answers.lazy.compactMap(\.undeterminedCause).first {
            scan.state(MXTarget.self, .undetermined(cause), about: subject, from: evidence)
            return
        }
        let suffixes = scan.services.require(PublicSuffixes.self)
        let registrable = suffixes.registrableDomain(of: host.name)
        let error = answers.lazy.compactMap(\.lookupError).first
        scan.state(
            MXTarget(
                preference: host.preference,
                addressStatus: addressStatus(of: host, found: found, hasError: error != nil),
                words: error.map { "\($0.kind): \($0.words)" },
                isAlias: answers.contains { !$0.aliases.isEmpty },
                aliasTarget: answers.first { !$0.aliases.isEmpty }.map { "\($0.canonicalName)" },
                isAddressLiteral: host.name.addressLiteral != nil,
                hostNameFault: host.name.addressLiteral == nil ? host.name.hostNameFault?.rawValue : nil,
                isRelative: isRelative(host.name, to: scan.domain),
                ipv4: host.addresses.filter { $0.family == .ipv4 }.map { "\($0)" },
                ipv6: host.addresses.filter { $0.family == .ipv6 }.map { "\($0)" },
                addressesLeftOut: host.addressesLeftOut,
                special: host.special.map {
                    MXTarget.Special(address: "\($0)", purpose: $0.specialPurpose?.rawValue ?? "")
                },
                registrableDomain: registrable.map { "\($0)" },
                isUnregistered: await isUnregistered(registrable, host: host, scan),
                isOwn: host.name.isEqualOrBelow(suffixes.registrableDomain(of: scan.domain) ?? scan.domain)),
            about: subject, from: evidence)
    }

    private func addressStatus(of host: MailHosts.Host, found: Bool, hasError: Bool) -> MXTarget.AddressStatus {
        if host.name.addressLiteral != nil { return .notAName }
        if found { return .resolved }
        if hasError { return .lookupError }
        return host.ipv4.status == .nxDomain ? .nxdomain : .noAddress
    }

    /// `mx.example.com.example.com`: a zone file without the last dot.
    private func isRelative(_ host: DomainName, to domain: DomainName) -> Bool {
        let zone = domain.labels
        return host.labelCount > 2 * zone.count && Array(host.labels.suffix(2 * zone.count)) == zone + zone
    }

    /// Asked only where the host itself does not exist: whoever registers the domain receives the mail.
    private func isUnregistered(_ registrable: DomainName?, host: MailHosts.Host, _ scan: ScanContext) async -> Bool {
        guard let registrable, host.name.addressLiteral == nil,
            host.ipv4.status == .nxDomain || host.ipv6.status == .nxDomain,
            !scan.domain.isEqualOrBelow(registrable)
        else { return false }
        return await scan.resolve(registrable, .ns).status == .nxDomain
    }
}
