import AssayCrypto
import AssayDNS
import AssayModel
import AssayProbes

/// What a verifier says of one signature, in the order of RFC 6376 section 6.1.
struct SignatureVerdict {
    let result: DKIMSignatureFact.Result
    /// nil for a pass.
    let reason: String?
    let key: DKIMKey?
    /// Of the body, behind `l=`.
    let unsignedOctets: Int?

    init(
        _ signature: DKIMSignature, field: MailMessage.Field, in message: MailMessage, key answer: DNSAnswer?,
        now: Timestamp, hasher: inout BodyHasher
    ) {
        let bodyOctets = hasher.octets(signature.bodyForm)
        unsignedOctets = signature.length.map { max(0, bodyOctets - $0) }
        var key: DKIMKey?
        let outcome = Self.judge(signature, field, message, answer, now, bodyOctets, &hasher, &key)
        self.key = key
        (result, reason) = outcome
    }

    private static func judge(
        _ signature: DKIMSignature, _ field: MailMessage.Field, _ message: MailMessage, _ answer: DNSAnswer?,
        _ now: Timestamp, _ bodyOctets: Int, _ hasher: inout BodyHasher, _ key: inout DKIMKey?
    ) -> (DKIMSignatureFact.Result, String?) {
        // Section 6.1.1: the signature itself.
        if field.octets.count > DKIMLimits.signatureOctets { return (.permerror, DKIMSignature.Fault.limit.rawValue) }
        if let fault = signature.faults.first { return (.permerror, fault.rawValue) }
        if let expiry = signature.expiresAt, expiry < now { return (.permerror, "expired") }
        // Section 6.1.2: the key.
        guard let answer else { return (.permerror, "key_missing") }
        switch answer.status {
        case .bogus, .failed, .undetermined: return (.temperror, "key_lookup")
        case .nxDomain, .noData: return (.permerror, "key_missing")
        case .records: break
        }
        let keys = answer.texts.prefix(DKIMLimits.recordsPerSelector).filter(DKIMKey.isKey).map(DKIMKey.init(parsing:))
        guard let first = keys.first else { return (.permerror, "key_missing") }
        // Several: a verifier may take any (section 3.6.2.2); one that fits is looked for first.
        let wanted = signature.algorithm.hasPrefix("ed25519") ? "ed25519" : "rsa"
        let chosen = keys.first { $0.kind == wanted && $0.material != nil } ?? first
        key = chosen
        if let obstacle = obstacle(chosen, signature, wanted) { return (.permerror, obstacle) }
        // Section 6.1.3: the hashes.
        if let length = signature.length, length > bodyOctets { return (.permerror, "body_short") }
        guard hasher.hash(signature.bodyForm, length: signature.length) == signature.bodyHash else {
            return (.fail, "body_hash")
        }
        let octets = signature.signedOctets(field, in: message)
        let isGood =
            switch chosen.material {
            case .rsa(let rsa, _): MessageSignature.verify(signature.signature, of: octets, by: rsa, .sha256)
            case .ed25519(let raw): MessageSignature.verify(signature.signature, of: octets, byEd25519: raw)
            case nil: false
            }
        return isGood ? (.pass, nil) : (.fail, "signature")
    }

    private static func obstacle(_ key: DKIMKey, _ signature: DKIMSignature, _ wanted: String) -> String? {
        if key.isRevoked { return "key_revoked" }
        if key.kind != wanted { return "key_kind" }
        guard let material = key.material, key.faults.allSatisfy({ $0 == .limit }) else { return "key_broken" }
        if !key.acceptsSHA256 { return "key_hash" }
        if !key.isForMail { return "key_service" }
        // RFC 8301 section 3.2.
        if case .rsa(let rsa, _) = material, rsa.bits < 1024 { return "key_short" }
        // RFC 6376 section 3.6.1: with `t=s` the domain of `i=` is that of `d=`.
        if key.flags.contains("s"), let identity = signature.identityDomain, identity != signature.domain {
            return "key_strict"
        }
        return nil
    }
}
