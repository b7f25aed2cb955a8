import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes
import AssaySVG
import AssayTransport

/// Judges the file behind `a=`: the chain to a mark authority, what the certificate is for, and the logo in it
/// (draft-fetch-validation-vmc-wchuang sections 3 to 5).
struct MarkCheck {
    let subject: Subject
    let evidence: [EvidenceRecord]
    /// What the certificate may be issued for.
    let names: [String]

    func state(_ octets: [UInt8], published: [UInt8]?, _ scan: ScanContext) async {
        let file = MarkFile(parsing: octets)
        let leaf = file.certificates.first.flatMap(MarkCertificate.init)
        scan.state(
            MarkFileFact(
                certificateCount: file.certificates.count, faults: file.faults.map(\.rawValue), isUnusable: leaf == nil),
            about: subject, from: evidence)
        guard let leaf else { return }
        let verdict = scan.services.require(MarkRoots.self).verdict(on: file.certificates, at: scan.startedAt)
        switch verdict.path {
        case .rootNotInFile, .undetermined:
            scan.state(
                MarkCertificateFact.self,
                .undetermined(Cause(Cause.Code(rawValue: verdict.path.rawValue), detail: leaf.certificate.issuer)),
                about: subject, from: evidence)
        case .trusted, .untrusted, .invalid, .selfSigned:
            scan.state(fact(leaf, file, verdict, scan), about: subject, from: evidence)
        }
        stateTimestamps(leaf, file, scan)
        await stateRevocation(leaf, file, scan)
        await stateLogotype(leaf, published, scan)
    }

    /// Whatever the order of the file; the certificate itself where it is its own issuer.
    private static func issuer(of leaf: MarkCertificate, in file: MarkFile) -> Certificate? {
        file.certificates.lazy.compactMap { MarkCertificate(der: $0)?.certificate }
            .first { $0.subject == leaf.certificate.issuer }
    }

    private func stateTimestamps(_ leaf: MarkCertificate, _ file: MarkFile, _ scan: ScanContext) {
        guard !leaf.timestamps.isEmpty else { return }
        let logs = scan.services.require(TransparencyLogs.self)
        guard let issuer = Self.issuer(of: leaf, in: file) else {
            return scan.state(MarkTimestampsFact.self, .undetermined(Cause("issuer_not_in_file")), about: subject)
        }
        let verdicts = leaf.timestamps.map { logs.verdict(on: $0, of: leaf, issuer: issuer) }
        func count(_ wanted: TransparencyLogs.Verdict) -> Int { verdicts.count { $0 == wanted } }
        let ids = leaf.timestamps.map(\.logID)
        if count(.valid) == 0, count(.unknownLog) > 0 {
            let cause = Cause("log_key_not_known", detail: ids.joined(separator: ", "))
            return scan.state(MarkTimestampsFact.self, .undetermined(cause), about: subject)
        }
        scan.state(
            MarkTimestampsFact(
                verifiedCount: count(.valid), wrongCount: count(.invalid), unknownCount: count(.unknownLog), logs: ids),
            about: subject, from: evidence)
    }

    /// The list lies with a third party, who is asked only where the operator allows it.
    private func stateRevocation(_ leaf: MarkCertificate, _ file: MarkFile, _ scan: ScanContext) async {
        guard let url = leaf.revocationURLs.first else { return }
        func undetermined(_ cause: Cause) {
            scan.state(MarkRevocationFact.self, .undetermined(cause), about: subject)
        }
        guard scan.options.fetchesRevocationLists else { return undetermined(Cause(.notAsked, detail: url)) }
        let fetched = await scan.evidence(for: RevocationFetch(url))
        func state(_ status: MarkRevocationFact.Status, _ words: String?) {
            scan.state(
                MarkRevocationFact(status: status, url: url, words: words), about: subject, from: fetched.records)
        }
        if let cause = fetched.answers.lazy.compactMap(\.undeterminedCause).first { return undetermined(cause) }
        guard let exchange = fetched.exchange else { return state(.unusable, "no_address") }
        guard let response = exchange.response else {
            // Silence may be the way from here.
            let isSilent = exchange.failure == .noConnection
            return isSilent ? undetermined(Cause("no_answer", detail: url)) : state(.unusable, "no_answer")
        }
        guard response.status == 200 else { return state(.unusable, "status \(response.status)") }
        if response.bodyTruncated { return undetermined(Cause(.limit, detail: "crl \(ProbeLimits.revocationOctets)")) }
        guard let issuer = Self.issuer(of: leaf, in: file) else {
            return undetermined(Cause("issuer_not_in_file"))
        }
        let verdict = RevocationList.verdict(
            of: response.body, on: leaf.certificate, by: issuer, at: scan.startedAt)
        switch verdict {
        case .good: state(.good, nil)
        case .revoked: state(.revoked, nil)
        case .issuer, .signature, .early, .expired, .malformed: state(.unusable, verdict.rawValue)
        }
    }

    private func fact(
        _ leaf: MarkCertificate, _ file: MarkFile, _ verdict: MarkRoots.Verdict, _ scan: ScanContext
    ) -> MarkCertificateFact {
        let certificate = leaf.certificate
        let issuer = file.certificates.dropFirst().first.flatMap(MarkCertificate.init)
        let purposes = leaf.purposes ?? []
        let mark = MarkType(leaf)
        let lifetime = certificate.notBefore.flatMap { start in certificate.notAfter?.seconds(since: start) }
        return MarkCertificateFact(
            subject: certificate.subject, issuer: certificate.issuer, path: verdict.path.rawValue,
            pathWords: verdict.words, authority: verdict.anchor, datesValid: verdict.datesValid,
            secondsLeft: certificate.notAfter?.seconds(since: scan.startedAt),
            lifetimeDays: lifetime.map { $0 / 86_400 },
            purposes: purposes, hasPurpose: purposes.contains(MarkCertificate.purpose),
            hasOnlyThatPurpose: purposes == [MarkCertificate.purpose],
            issuerHasPurpose: issuer.map { $0.purposes?.contains(MarkCertificate.purpose) ?? false },
            policies: certificate.policies, hasPolicy: certificate.policies.contains(MarkCertificate.policy),
            names: Array(certificate.dnsNames.prefix(BIMILimits.names)),
            nameMatches: certificate.dnsNames.contains(where: names.contains), revocationLists: leaf.revocationURLs,
            timestampCount: leaf.timestamps.count, isPilot: leaf.isPilot, markType: mark.type,
            markClass: mark.markClass,
            missingFields: mark.missingFields, trademarkID: leaf.attributes["1.3.6.1.4.1.53087.1.4"],
            trademarkCountry: leaf.attributes["1.3.6.1.4.1.53087.1.3"],
            trademarkOffice: leaf.attributes["1.3.6.1.4.1.53087.1.2"],
            wordMark: leaf.attributes["1.3.6.1.4.1.53087.1.6"], serialHex: certificate.serialHex)
    }

    // MARK: The logo

    private func stateLogotype(_ leaf: MarkCertificate, _ published: [UInt8]?, _ scan: ScanContext) async {
        guard let result = leaf.logotype else {
            return scan.state(MarkLogotypeFact.self, .absent, about: subject, from: evidence)
        }
        func faulty(_ fault: String, compressed: Int = 0) {
            scan.state(
                MarkLogotypeFact(
                    fault: fault, compressedOctets: compressed, octets: 0, hashAlgorithms: [], hashOf: nil,
                    equalsPublished: nil), about: subject, from: evidence)
        }
        let logotype: Logotype
        switch result {
        case .failure(let fault): return faulty(fault.rawValue)
        case .success(let found): logotype = found
        }
        let logo: [UInt8]
        do throws(Gunzip.Fault) {
            logo = try Gunzip.inflated(logotype.octets)
        } catch {
            if error == .limit || error == .ratio {
                let cause = Cause(.limit, detail: "logotype.\(error.rawValue)")
                scan.state(MarkLogotypeFact.self, .undetermined(cause), about: subject, from: evidence)
            } else {
                faulty("gzip", compressed: logotype.octets.count)
            }
            return
        }
        scan.state(
            MarkLogotypeFact(
                fault: nil, compressedOctets: logotype.octets.count, octets: logo.count,
                hashAlgorithms: logotype.hashes.map(\.algorithm), hashOf: Self.hashOf(logotype, logo),
                equalsPublished: published.map { Self.normalized($0) == Self.normalized(logo) }),
            about: subject, from: evidence)
        await LogoCheck(subject: subject, evidence: evidence).state(logo, isPublished: false, scan)
    }

    /// Which octets a hash of the extension is of; authorities differ.
    private static func hashOf(_ logotype: Logotype, _ logo: [UInt8]) -> String {
        for (name, octets) in [("compressed", logotype.octets), ("uncompressed", logo)] {
            if logotype.hashes.contains(where: { $0.isDigest(of: octets) }) { return name }
        }
        return "none"
    }

    /// With line feeds alone (draft-fetch-validation-vmc-wchuang section 5.3, step 7).
    private static func normalized(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(octets.count)
        for (index, octet) in octets.enumerated() {
            if octet == 0x0D, index + 1 < octets.count, octets[index + 1] == 0x0A { continue }
            result.append(octet)
        }
        return result
    }
}

/// What kind of mark the certificate vouches for, and what it must then say (Minimum Security Requirements for Issuance of Mark
/// Certificates).
struct MarkType {
    let type: String?
    let markClass: MarkCertificateFact.MarkClass
    let missingFields: [String]

    init(_ leaf: MarkCertificate) {
        let type = leaf.attributes["\(Self.arc)1.13"]
        self.type = type
        let needed: [(String, String)]
        switch type {
        case "Registered Mark":
            markClass = .verified
            needed = Self.trademark
        case "Government Mark":
            markClass = .verified
            needed = [("statute_country", "3.2"), ("statute_citation", "3.5")]
        case "Modified Registered Mark":
            markClass = .common
            needed = Self.trademark
        case "Prior Use Mark":
            markClass = .common
            // Asked for in certificates issued from 2025-04-15 on.
            let isNew = leaf.certificate.notBefore.map { $0.secondsSince1970 >= 1_744_675_200 } ?? false
            needed = isNew ? [("prior_use_source", "5.1")] : []
        default:
            markClass = .unknown
            needed = []
        }
        missingFields = needed.filter { leaf.attributes[Self.arc + $0.1] == nil }.map(\.0)
    }

    private static let arc = "1.3.6.1.4.1.53087."
    private static let trademark = [("trademark_country", "1.3"), ("trademark_id", "1.4")]
}
