import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes
import AssaySVG
import AssayTransport

/// Fetches the logo or the certificate and says how that went (draft-brand-indicators-for-message-identification, Indicator
/// Discovery; draft-fetch-validation-vmc-wchuang section 3).
struct WebFile {
    let url: HTTPSURL
    let file: BIMIFetch.File
    let subject: Subject

    enum Result {
        /// The file, decompressed where it was compressed.
        case fetched([UInt8], Subject, [EvidenceRecord])
        /// There is none, and the fact says why.
        case none
        case undetermined(Cause)
    }

    func state(_ scan: ScanContext) async -> Result {
        let evidence = await scan.evidence(for: file == .logo ? HTTPSFetch.logo(url) : HTTPSFetch.markCertificate(url))
        guard let hop = evidence.last else { return .none }
        if let cause = Self.undetermined(hop) {
            scan.state(BIMIFetch.self, .undetermined(cause), about: subject, from: evidence.records)
            return .undetermined(cause)
        }
        let body = Body(evidence.response, isLogo: file == .logo)
        let fact = self.fact(evidence, hop, body, scan)
        scan.state(fact, about: subject, from: evidence.records)
        guard fact.stage == .fetched, let octets = body.plain else { return .none }
        return .fetched(octets, subject, evidence.records)
    }

    /// The body with one layer of compression taken off.
    private struct Body {
        let octets: [UInt8]
        let isCut: Bool
        let isCompressed: Bool
        let plain: [UInt8]?
        let fault: String?

        init(_ response: HTTPSExchange.Response?, isLogo: Bool) {
            octets = response?.body ?? []
            isCut = response?.bodyTruncated ?? false
            isCompressed = Gunzip.isGzip(octets)
            guard isCompressed else {
                plain = isCut ? nil : octets
                fault = nil
                return
            }
            do throws(Gunzip.Fault) {
                plain = isCut ? nil : try Gunzip.inflated(octets)
                fault = nil
            } catch {
                plain = nil
                fault = error.rawValue
            }
        }
    }

    /// Why nothing can be said of the host: our deadline, our library, or silence from every address.
    private static func undetermined(_ hop: HTTPSFetch.Hop) -> Cause? {
        guard let exchange = hop.exchange else {
            return hop.answers.lazy.compactMap(\.undeterminedCause).first
        }
        if case .deadline(let stage) = exchange.failure { return Cause(.deadline, detail: "\(hop.url.host): \(stage)") }
        if exchange.handshake?.failure?.reason == .local {
            return Cause("local_tls_fault", detail: exchange.handshake?.failure?.detail)
        }
        guard exchange.failure == .noConnection else { return nil }
        if exchange.attempts.contains(where: { [.refused, .unreachable].contains($0.connect) }) { return nil }
        if exchange.attempts.contains(where: { $0.connect == .timedOut }) { return Cause("no_answer_on_port_443") }
        return Cause(.noRoute, detail: "\(hop.url.host)")
    }

    private func fact(
        _ evidence: HTTPSFetch.Evidence, _ hop: HTTPSFetch.Hop, _ body: Body, _ scan: ScanContext
    ) -> BIMIFetch {
        let verdict = hop.verdict(in: scan)
        let session: TLSSession? = if case .completed(let session) = hop.exchange?.handshake { session } else { nil }
        let response = evidence.response
        let (stage, words) = Self.stage(hop, session: session, verdict: verdict, isStopped: evidence.stop != nil)
        func header(_ name: String) -> String? { response?.headers.first { $0.name == name }?.value }
        let encoding = header("content-encoding").flatMap { $0.lowercased() == "identity" ? nil : $0 }
        return BIMIFetch(
            file: file, url: "\(url)", stage: stage, words: words, finalURL: "\(hop.url)",
            redirectCount: evidence.hops.count - 1, redirectStop: evidence.stop?.rawValue, tlsVersion: session?.version,
            certificatePath: verdict?.path.rawValue, certificateNameMatches: verdict?.nameMatches,
            certificateDatesValid: verdict?.datesValid,
            certificateSecondsLeft: hop.chain?.certificate(at: 0)?.notAfter?.seconds(since: scan.startedAt),
            status: response?.status, contentType: header("content-type"),
            mediaTypeIsSVG: response.map { _ in Self.isSVG(header("content-type")) }, contentEncoding: encoding,
            isRefused: response.map { [401, 403, 407, 429, 451].contains($0.status) } ?? false,
            isCompressed: body.isCompressed, compressionFault: body.fault, octets: body.octets.count,
            plainOctets: body.plain?.count, isCut: body.isCut)
    }

    private static func stage(
        _ hop: HTTPSFetch.Hop, session: TLSSession?, verdict: PKIXVerdict?, isStopped: Bool
    ) -> (BIMIFetch.Stage, String?) {
        guard let exchange = hop.exchange else {
            if let error = hop.answers.lazy.compactMap(\.lookupError).first {
                return (.lookupError, "\(error.kind): \(error.words)")
            }
            let special = hop.special.map { "\($0) \($0.specialPurpose?.rawValue ?? "")" }.joined(separator: ", ")
            return (.noAddress, special.isEmpty ? nil : special)
        }
        if !exchange.attempts.contains(where: { $0.connect == .connected }) {
            return (.connect, exchange.attempts.map { "\($0.address): \($0.connect)" }.joined(separator: "; "))
        }
        guard let session else {
            let failure = exchange.handshake?.failure
            return (
                .handshake, failure.map { "\($0.reason.rawValue): \($0.detail)" } ?? "\(exchange.failure, default: "")"
            )
        }
        if !["TLSv1.2", "TLSv1.3"].contains(session.version) { return (.handshake, "\(session.version) at best") }
        if verdict?.isValid != true { return (.certificate, verdict?.pathErrors.first?.name) }
        if let failure = exchange.failure { return (.http, "\(failure)") }
        guard let response = exchange.response, response.status == 200, !isStopped else { return (.http, nil) }
        return (.fetched, nil)
    }

    /// `image/svg+xml`, whatever its parameters (RFC 6170 section 5.2).
    private static func isSVG(_ value: String?) -> Bool {
        guard let value else { return false }
        let type = value.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != 0x20 && $0 != 0x09 }
            .map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        return type == Array("image/svg+xml".utf8)
    }
}
