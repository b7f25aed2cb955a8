import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// DANE-TA records pin an authority; where CAA forbids it to issue, the next certificate is either refused by the authority or
/// by senders.
struct PinCheck {
    let judgement: Judgement
    let mail: MailHosts.Evidence

    private var scan: ScanContext { judgement.scan }

    func state() async {
        await withTaskGroup(of: Void.self) { group in
            for host in mail.hosts { group.addTask { await check(host.name) } }
        }
    }

    private func check(_ host: DomainName) async {
        guard let answer = await scan.evidence(for: TLSASet(host)), answer.status == .records,
            answer.security == .secure
        else { return }
        let pins = answer.records.compactMap { record -> TLSARecord? in
            guard case .tlsa(2, let selector, let matching, let data) = record.content else { return nil }
            return TLSARecord(usage: 2, selector: selector, matching: matching, data: data)
        }
        guard !pins.isEmpty else { return }
        let authorities = await authorities(of: host)
        for pin in Set(pins) where pin.unusable == nil {
            scan.state(
                CAAPin.self, outcome(pin, host, authorities),
                about: Subject(kind: .mx, name: "\(host)", object: pin.short), from: answer.evidence)
        }
    }

    private func outcome(_ pin: TLSARecord, _ host: DomainName, _ shown: [Certificate]) -> Outcome<CAAPin> {
        let own = pin.selector == 0 && pin.matching == 0 ? Certificate(der: pin.data) : nil
        guard let pinned = own ?? shown.first(where: { matches($0, pin) }) else {
            return .undetermined(Cause("authority_not_seen"))
        }
        guard let climb = judgement.climbs[host] else { return .notApplicable("no_climb") }
        let organization = NameText.attribute("O", of: pinned.subject)
        let name = [organization, pinned.subjectCommonName].compactMap(\.self).joined(separator: ", ")
        let authority = judgement.table.issuer(organization: organization, commonName: pinned.subjectCommonName)
        let permission: AuthorizationSet.Permission
        switch climb.ending {
        case .undetermined(let cause): return .undetermined(cause)
        case .failed, .silent: return .notApplicable("lookup_error")
        case .nothing: permission = .anybody
        case .found(let answer): permission = AuthorizationSet(answer.records).permission(.server)
        }
        guard permission == .anybody || authority != nil else {
            return .undetermined(Cause("issuer_not_in_table", detail: name))
        }
        let identifiers = authority?.identifiers ?? []
        return .observed(
            CAAPin(
                record: pin.short, authority: name, identifiers: identifiers,
                isPermitted: permission.allows(anyOf: identifiers), permitted: permission.issuers))
    }

    private func matches(_ certificate: Certificate, _ pin: TLSARecord) -> Bool {
        CertificateOctets(der: certificate.der).map {
            TLSARecord.association($0, selector: pin.selector, matching: pin.matching) == pin.data
        } ?? false
    }

    /// What the servers of a host send behind their own certificates.
    private func authorities(of host: DomainName) async -> [Certificate] {
        guard scan.options.asksSMTP else { return [] }
        var found: [Certificate] = []
        for server in mail.servers where server.host == host && server.isInBudget {
            let survey = await scan.evidence(
                for: KeySurvey(host: server.host, address: server.address, ehloName: scan.options.ehloName))
            for (_, _, chain) in survey.chains {
                found += chain.certificates.indices.dropFirst().compactMap { chain.certificate(at: $0) }
            }
        }
        return found
    }
}
