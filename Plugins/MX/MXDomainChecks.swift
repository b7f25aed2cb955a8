import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

extension MXChecker {
    /// Asks for a label that nobody made (RFC 4592 section 2.1.1).
    func checkWildcard(_ scan: ScanContext) async {
        let subject = Subject.domain(scan.domain)
        guard let name = scan.domain.prepending(ProbeLimits.unmadeLabel) else {
            scan.state(MXWildcard.self, .notApplicable("name_too_long"), about: subject)
            return
        }
        let answer = await scan.resolve(name, .mx)
        switch answer.status {
        case .undetermined(let cause):
            scan.state(MXWildcard.self, .undetermined(cause), about: subject)
        case .failed, .bogus:
            scan.state(
                MXWildcard.self, .undetermined(Cause("lookup_error", detail: answer.lookupError?.words)), about: subject
            )
        case .records, .noData, .nxDomain:
            let exchanges = answer.records.compactMap { record -> DomainName? in
                if case .mx(_, let exchange) = record.content { exchange } else { nil }
            }
            scan.state(
                MXWildcard(isSynthesised: !exchanges.isEmpty, exchanges: exchanges.sorted().map { "\($0)" }),
                about: subject, from: answer.evidence)
        }
    }

    /// Looks at SPF and DMARC for one thing: does the domain seem to send? Their own checkers judge them.
    func checkSendingSigns(_ scan: ScanContext) async {
        let subject = Subject.domain(scan.domain)
        async let atDomain = scan.resolve(scan.domain, .txt)
        async let atDMARC = policyAnswer("_dmarc", scan)
        async let atSTS = policyAnswer("_mta-sts", scan)
        async let atTLSRPT = policyAnswer("_smtp._tls", scan)
        let (spf, dmarc, sts, tlsrpt) = await (atDomain, atDMARC, atSTS, atTLSRPT)

        let policies = [spf, dmarc, sts, tlsrpt].compactMap(\.self)
        if let cause = policies.lazy.compactMap(\.undeterminedCause).first {
            scan.state(NonASCIIRecords.self, .undetermined(cause), about: subject)
        } else {
            let owners = policies.filter { answer in
                answer.texts.contains { Self.isPolicy($0) && $0.contains { $0 >= 0x80 } }
            }
            scan.state(
                NonASCIIRecords(owners: owners.map { "\($0.name)" }), about: subject, from: owners.flatMap(\.evidence))
        }

        if let cause = spf.undeterminedCause ?? dmarc?.undeterminedCause {
            scan.state(SendingSigns.self, .undetermined(cause), about: subject)
            return
        }
        let verdict = SPFSign(in: spf.texts)
        let wantsReports = dmarc?.texts.contains { Self.begins($0, with: "v=dmarc1") && Self.contains($0, "rua=") }
        scan.state(
            SendingSigns(
                spf: verdict, hasDMARCReports: wantsReports ?? false,
                // A domain that says that it never sends may still want to know who forges it.
                seemsToSend: verdict == .allowsSome || (wantsReports ?? false && verdict != .deniesAll)),
            about: subject, from: spf.evidence + (dmarc?.evidence ?? []))
    }

    private func policyAnswer(_ label: String, _ scan: ScanContext) async -> DNSAnswer? {
        guard let name = scan.domain.prepending(label) else { return nil }
        return await scan.resolve(name, .txt)
    }

    /// Texts of other purposes may hold what they like.
    private static func isPolicy(_ text: [UInt8]) -> Bool {
        ["v=spf1", "v=dmarc1", "v=stsv1", "v=tlsrptv1"].contains { begins(text, with: $0) }
    }

    private static func begins(_ text: [UInt8], with prefix: String) -> Bool {
        lowered(text).starts(with: prefix.utf8)
    }

    private static func contains(_ text: [UInt8], _ needle: String) -> Bool {
        let bytes = lowered(text)
        let wanted = Array(needle.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
    }

    private static func lowered(_ text: [UInt8]) -> [UInt8] {
        text.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    }
}
