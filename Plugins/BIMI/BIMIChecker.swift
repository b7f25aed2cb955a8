import AssayCrypto
import AssayDNS
package import AssayEngine
import AssayFacts
import AssayModel
import AssayProbes

/// BIMI: the assertion record, the gate that DMARC is, the logo, and the mark certificate.
///
/// The record at `default._bimi` is looked up at the domain and, for want of one, at its organizational domain. The logo and
/// the certificate are fetched at the same time, each with one HTTPS request and at most three redirects. A logo is judged in a
/// process of its own. Nothing is asked of certificate authorities and logs: whether a certificate is
/// revoked stays undetermined; timestamps are judged by the keys of logs that are given.
package struct BIMIChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "BIMI", title: "Brand indicators", tier: .extended,
        facts: [
            BIMILookup.self, BIMIRecordFact.self, BIMIGate.self, BIMIFetch.self, SVGDocumentFact.self,
            LogoPicture.self, MarkFileFact.self, MarkCertificateFact.self, MarkLogotypeFact.self,
            MarkTimestampsFact.self, MarkRevocationFact.self,
        ],
        references: [
            "draft-brand-indicators-for-message-identification", "draft-svg-tiny-ps-abrotman",
            "draft-fetch-validation-vmc-wchuang", "RFC 9399",
        ])

    package init() {}

    package func check(_ scan: ScanContext) async {
        scan.begin(DMARCDiscovery(author: scan.domain))
        let search = await RecordSearch().run(scan)
        guard case .found(let found) = search else {
            if case .undetermined(let cause) = search {
                scan.state(BIMIGate.self, .undetermined(cause), about: .domain(scan.domain))
            }
            return
        }
        async let gate: Void = GateCheck().state(scan)
        if found.record.isValid, !found.isMultiple, !found.record.isDeclination {
            await judgeFiles(of: found, scan)
        }
        await gate
    }

    /// The published logo beside the one in the certificate: where both are used they must be the same.
    private func judgeFiles(of found: RecordSearch.Found, _ scan: ScanContext) async {
        async let logo = logo(found.record, scan)
        async let mark = mark(found.record, scan)
        let published = await logo
        guard let file = await mark, case .fetched(let octets, let subject, let evidence) = file else { return }
        await MarkCheck(subject: subject, evidence: evidence, names: found.names).state(
            octets, published: published, scan)
    }

    private func logo(_ record: BIMIRecord, _ scan: ScanContext) async -> [UInt8]? {
        guard let url = record.location.url else { return nil }
        let subject = Subject(kind: .logo, name: "\(url.host)")
        switch await WebFile(url: url, file: .logo, subject: subject).state(scan) {
        case .none: return nil
        case .undetermined(let cause):
            scan.state(SVGDocumentFact.self, .undetermined(cause), about: subject)
            return nil
        case .fetched(let octets, _, let evidence):
            await LogoCheck(subject: subject, evidence: evidence).state(octets, isPublished: true, scan)
            return octets
        }
    }

    private func mark(_ record: BIMIRecord, _ scan: ScanContext) async -> WebFile.Result? {
        guard let url = record.authority.url else { return nil }
        let subject = Subject(kind: .certificate, name: "\(url.host)")
        let result = await WebFile(url: url, file: .certificate, subject: subject).state(scan)
        if case .undetermined(let cause) = result {
            scan.state(MarkFileFact.self, .undetermined(cause), about: subject)
            scan.state(MarkCertificateFact.self, .undetermined(cause), about: subject)
            scan.state(MarkLogotypeFact.self, .undetermined(cause), about: subject)
        }
        return result
    }
}
