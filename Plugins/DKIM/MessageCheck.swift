import AssayCrypto
import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// Verifies the signatures of a message (RFC 6376 section 6.1) and compares their domains with From (RFC 9989 section 4.4).
struct MessageCheck {
    let message: MailMessage

    init(_ message: MailMessage) { self.message = message }

    func state(_ scan: ScanContext) async {
        let froms = message.fields("from")
        let author = AuthorDomain(froms.first?.value ?? [])
        // RFC 9989 section 4.2: one From with one domain, or there is nothing to compare with.
        let domain = froms.count == 1 && author.domains.count == 1 ? author.domains[0] : nil
        async let discovery = Self.discover(domain, scan)
        let judged = await judge(scan)
        let policy = await discovery
        let record = policy?.policyVisit()?.policyRecord
        let isStrict = record?.hasStrictDKIM ?? false
        var passes = 0
        var alignedPasses = 0
        for item in judged {
            var isAligned = false
            if let domain, let signer = item.signature.domain {
                isAligned = await scan.isAligned(domain, signer, strict: isStrict)
            }
            // RFC 6376 section 3.6.1: what a key in testing verifies counts as unsigned mail to some; DMARC counts it.
            if item.verdict.result == .pass {
                passes += 1
                alignedPasses += isAligned ? 1 : 0
            }
            state(item, isAligned, scan)
        }
        let effective = policy?.effectivePolicy()
        let verdict: DKIMMessageFact.Verdict =
            if domain == nil {
                .noAuthor
            } else if alignedPasses > 0 {
                .pass
            } else if judged.contains(where: { $0.verdict.result == .temperror }) || effective?.state == .undetermined {
                .undetermined
            } else if effective?.state == .applied {
                .spfDecides
            } else {
                .noPolicy
            }
        let count = message.signatureFields.count
        var limits: [String] = []
        if count > judged.count { limits.append("signatures") }
        if message.isCut { limits.append("header") }
        scan.state(
            DKIMMessageFact(
                verdict: verdict, authors: author.domains.map { "\($0)" },
                isOwn: domain?.isEqualOrBelow(scan.domain) ?? false, fromCount: froms.count, signatureCount: count,
                judgedCount: judged.count, passCount: passes, alignedPassCount: alignedPasses,
                policy: effective?.state == .applied ? effective?.effective.rawValue : nil,
                policyDomain: effective?.recordDomain.map { "\($0)" }, alignment: isStrict ? "strict" : "relaxed",
                octets: message.octetCount, hasBareLF: message.hasBareLF, hasBrokenHeader: message.hasBrokenHeader,
                limits: limits),
            about: .domain(scan.domain))
    }

    private static func discover(_ domain: DomainName?, _ scan: ScanContext) async -> DMARCDiscovery.Evidence? {
        guard let domain else { return nil }
        return await scan.evidence(for: DMARCDiscovery(author: domain))
    }

    // MARK: Signatures

    private struct Judged {
        let index: Int
        let signature: DKIMSignature
        let verdict: SignatureVerdict
        let answer: DNSAnswer?
    }

    private func judge(_ scan: ScanContext) async -> [Judged] {
        let fields = message.signatureFields.prefix(DKIMLimits.judgedSignatures)
        let signatures = fields.map { DKIMSignature(parsing: $0.value) }
        let answers = await withTaskGroup(of: (Int, DNSAnswer).self) { group in
            for (index, signature) in signatures.enumerated() {
                guard let owner = signature.keyOwner else { continue }
                group.addTask { (index, await scan.resolve(owner, .txt)) }
            }
            var answers: [Int: DNSAnswer] = [:]
            for await (index, answer) in group { answers[index] = answer }
            return answers
        }
        var hasher = BodyHasher(message.body)
        return zip(fields, signatures).enumerated().map { index, pair in
            let verdict = SignatureVerdict(
                pair.1, field: pair.0, in: message, key: answers[index], now: scan.startedAt, hasher: &hasher)
            return Judged(index: index + 1, signature: pair.1, verdict: verdict, answer: answers[index])
        }
    }

    private func state(_ item: Judged, _ isAligned: Bool, _ scan: ScanContext) {
        let signature = item.signature
        let owner = signature.keyOwner ?? scan.domain
        let named = Dictionary(grouping: signature.headers, by: \.self).mapValues(\.count)
        let present = Dictionary(grouping: message.fields, by: \.name).mapValues(\.count)
        let interesting = ["from", "to", "cc", "subject", "date", "reply-to", "mime-version", "content-type"]
        scan.state(
            DKIMSignatureFact(
                index: item.index, result: item.verdict.result, reason: item.verdict.reason,
                words: item.answer?.lookupError?.words, domain: signature.domain.map { "\($0)" },
                selector: signature.selector.map { "\($0)" }, algorithm: signature.algorithm,
                canonicalization: "\(signature.headerForm.rawValue)/\(signature.bodyForm.rawValue)",
                identity: signature.identity, keyBits: item.verdict.key?.bits,
                isTesting: item.verdict.key?.flags.contains("y") ?? false, headers: signature.headers,
                sealed: interesting.filter { (named[$0] ?? 0) > (present[$0] ?? 0) },
                unsigned: interesting.filter { (named[$0] ?? 0) < (present[$0] ?? 0) },
                length: signature.length, unsignedOctets: item.verdict.unsignedOctets,
                signedAt: signature.signedAt.map { "\($0)" }, expiresAt: signature.expiresAt.map { "\($0)" },
                isAligned: isAligned),
            about: Subject(kind: .selector, name: "\(owner)", object: "signature \(item.index)"),
            from: item.answer?.evidence ?? [])
    }
}

extension DKIMSignature {
    /// Where the key stands; nil where `d=` or `s=` cannot be read.
    var keyOwner: DomainName? {
        guard let domain, let selector else { return nil }
        return domain.prepending("\(selector)._domainkey")
    }
}

/// Hashes of the body in each form and length, made once for all signatures.
struct BodyHasher {
    private let body: [UInt8]
    private var canonical: [Canonicalization: [UInt8]] = [:]
    private var hashes: [Key: [UInt8]] = [:]

    private struct Key: Hashable {
        let form: Canonicalization
        let length: Int?
    }

    init(_ body: [UInt8]) { self.body = body }

    mutating func octets(_ form: Canonicalization) -> Int { text(form).count }

    /// SHA-256 over the first `length` octets of the canonical body.
    mutating func hash(_ form: Canonicalization, length: Int?) -> [UInt8] {
        let key = Key(form: form, length: length)
        if let hash = hashes[key] { return hash }
        let text = text(form)
        let hash = Digest.sha256(length.map { Array(text.prefix($0)) } ?? text)
        hashes[key] = hash
        return hash
    }

    private mutating func text(_ form: Canonicalization) -> [UInt8] {
        if let text = canonical[form] { return text }
        let text = form.body(body)
        canonical[form] = text
        return text
    }
}
