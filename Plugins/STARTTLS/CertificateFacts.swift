import AssayCrypto
import AssayEngine
import AssayModel
import AssayProbes

/// Turns a presented chain into the facts about the certificate.
struct CertificateFacts {
    let server: MailHosts.Evidence.Server
    let handshake: TLSHandshake
    let chain: PresentedChain

    func state(_ scan: ScanContext) {
        guard let leaf = chain.certificate(at: 0) else {
            let subject = Subject(kind: .certificate, name: "\(server.host)", address: "\(server.address)")
            let cause = Cause("certificate_unreadable")
            scan.state(LeafCertificate.self, .undetermined(cause), about: subject)
            scan.state(CertificateChain.self, .undetermined(cause), about: subject)
            return
        }
        let subject = Subject.certificate(of: server.host, at: server.address, object: leaf.key.kind.rawValue)
        let evidence = chain.certificates.enumerated().map { index, der in
            EvidenceRecord(
                kind: .certificate, at: scan.startedAt, name: "\(server.host) \(index)", server: "\(server.address)",
                body: .octets(der))
        }
        let store = scan.services.require(TrustStore.self)
        let verdict = ChainVerifier().verify(chain, name: server.host, at: scan.startedAt, store: store)
        stateChain(leaf, verdict, subject, scan, evidence)
        stateLeaf(leaf, verdict, subject, scan, Array(evidence.prefix(1)))
    }

    private func stateChain(
        _ leaf: Certificate, _ verdict: PKIXVerdict, _ subject: Subject, _ scan: ScanContext,
        _ evidence: [EvidenceRecord]
    ) {
        if verdict.path == .undetermined {
            scan.state(CertificateChain.self, .undetermined(Cause("verifier_failed")), about: subject, from: evidence)
            return
        }
        let parsed = [leaf] + chain.certificates.indices.dropFirst().compactMap { chain.certificate(at: $0) }
        let octets = chain.certificates.reduce(0) { $0 + $1.count }
        // A root's own signature, and a self-signed leaf's, convinces nobody of anything.
        let weak = parsed.filter { !$0.isSelfSigned }.compactMap(\.signatureDigest).filter {
            ["md5", "sha1"].contains($0)
        }
        scan.state(
            CertificateChain(
                path: verdict.path.rawValue, missesIntermediate: verdict.missesIntermediate,
                nameMatches: verdict.nameMatches, datesValid: verdict.datesValid,
                purposeAllowed: verdict.purposeAllowed, isValid: verdict.isValid, length: chain.count, octets: octets,
                isTooLarge: handshake.failure?.reason == .chainTooLarge, weakDigests: Set(weak).sorted(),
                errors: verdict.pathErrors.map(\.name), referenceName: "\(server.host)",
                presentedNames: Array(leaf.dnsNames.prefix(10)),
                mailDomainMatches: chain.isFor(scan.domain)),
            about: subject, from: evidence)
    }

    private func stateLeaf(
        _ leaf: Certificate, _ verdict: PKIXVerdict, _ subject: Subject, _ scan: ScanContext,
        _ evidence: [EvidenceRecord]
    ) {
        let now = scan.startedAt
        let left = leaf.notAfter.map { $0.seconds(since: now) }
        // RFC 5280 section 4.1.2.5: both ends are within the period.
        let lifetime = leaf.notBefore.flatMap { start in leaf.notAfter.map { $0.seconds(since: start) } }
            .map { $0 < .max ? $0 + 1 : $0 }
        let allowed = leaf.notBefore.map(Self.allowedLifetime)
        var isProven = false
        var isStapled = false
        if case .completed(let session) = handshake { (isProven, isStapled) = (true, session.ocspStapled) }
        scan.state(
            LeafCertificate(
                subject: leaf.subject, issuer: leaf.issuer, names: Array(leaf.dnsNames.prefix(50)),
                nameCount: leaf.dnsNameCount, hasSubjectAltName: leaf.hasSubjectAltName,
                hasNULInName: leaf.hasNULInName, notBefore: leaf.notBefore.map { "\($0)" },
                notAfter: leaf.notAfter.map { "\($0)" }, secondsLeft: left,
                secondsUntilValid: leaf.notBefore.map { $0.seconds(since: now) }, lifetimeSeconds: lifetime,
                permilleLeft: Self.permille(left, of: lifetime), allowedLifetimeSeconds: allowed,
                isOverlong: lifetime.flatMap { length in allowed.map { length > $0 } } ?? false,
                keyKind: leaf.key.kind.rawValue, keyBits: leaf.key.bits, curve: leaf.key.curve,
                exponent: leaf.key.exponent, hasROCAFingerprint: leaf.key.hasROCAFingerprint,
                hasSmallFactor: leaf.key.hasSmallFactor, signatureAlgorithm: leaf.signatureAlgorithm,
                isSelfSigned: leaf.isSelfSigned, isCA: leaf.isCA,
                allowsServerAuth: Self.allows("serverAuth", in: leaf.extendedKeyUsage),
                allowsClientAuth: leaf.extendedKeyUsage?.contains("clientAuth") ?? false,
                allowsDigitalSignature: leaf.keyUsage?.contains("digitalSignature") ?? true,
                mustStaple: leaf.mustStaple, isStapled: isStapled, sctCount: leaf.sctCount,
                isPubliclyTrusted: verdict.path == .trusted, isUnproven: !isProven,
                fingerprintSHA256: leaf.fingerprintSHA256, spkiSHA256: leaf.spkiSHA256),
            about: subject, from: evidence)
    }

    private static func allows(_ usage: String, in usages: [String]?) -> Bool {
        guard let usages else { return true }
        return usages.contains(usage) || usages.contains("anyExtendedKeyUsage")
    }

    private static func permille(_ left: Int?, of lifetime: Int?) -> Int? {
        guard let left, let lifetime, lifetime > 0 else { return nil }
        return Int((Double(left) / Double(lifetime) * 1000).rounded(.down).clamped(to: -1_000_000...1_000_000))
    }

    /// The longest lifetime in seconds that the CA/Browser Forum allows a certificate issued on that day (BR 6.3.2).
    static func allowedLifetime(from notBefore: Timestamp) -> Int {
        let day = 86_400
        return lifetimes.first { notBefore >= $0.since }.map { $0.days * day } ?? 398 * day
    }

    private static let lifetimes: [(since: Timestamp, days: Int)] = [
        (Timestamp(secondsSince1970: 1_868_227_200), 47),  // 2029-03-15
        (Timestamp(secondsSince1970: 1_805_068_800), 100),  // 2027-03-15
        (Timestamp(secondsSince1970: 1_773_532_800), 200),  // 2026-03-15
    ]
}

extension Comparable {
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
