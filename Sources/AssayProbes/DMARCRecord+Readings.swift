/// Receivers that follow RFC 9989 and those that still follow RFC 7489: both are about for years.
package enum DMARCGeneration: String, Codable, CaseIterable, Sendable {
    case rfc9989, rfc7489
}

extension DMARCRecord {
    /// What a receiver makes of a record that it found.
    package enum Reading: String, Codable, Sendable {
        /// As it stands.
        case asWritten = "as_written"
        /// As if it said `p=none`, reports included (RFC 9989 section 4.10.1, RFC 7489 section 6.6.3 step 6).
        case asNone = "as_none"
        /// DMARC is not applied at all.
        case notApplied = "not_applied"
        /// Not taken for a DMARC record: discovery goes on as if it were not there.
        case ignored
    }

    /// What becomes of one fault.
    package enum Effect: String, Codable, Sendable {
        case none
        /// The tag, or the part of it, counts as absent.
        case tagIgnored = "tag_ignored"
        case recordAsNone = "record_as_none"
        case recordNotApplied = "record_not_applied"
        case recordIgnored = "record_ignored"
        /// Implementations differ.
        case varies
    }

    package func reading(by generation: DMARCGeneration) -> Reading {
        guard isDMARC else { return .ignored }
        var isInvalid = p == nil || (has("sp") && sp == nil)
        // RFC 7489 does not know `np`.
        if generation == .rfc9989 { isInvalid = isInvalid || (has("np") && np == nil) }
        guard isInvalid else { return .asWritten }
        return rua.uris.isEmpty ? .notApplied : .asNone
    }

    package func effect(of fault: Fault, by generation: DMARCGeneration) -> Effect {
        switch fault.kind {
        case .version: .recordIgnored
        case .policyMissing: rua.uris.isEmpty ? .recordNotApplied : .recordAsNone
        case .policyInvalid:
            if generation == .rfc7489, fault.tag == "np" {
                .none
            } else {
                rua.uris.isEmpty ? .recordNotApplied : .recordAsNone
            }
        case .order: generation == .rfc9989 ? .none : .varies
        case .value: generation == .rfc7489 && ["t", "psd"].contains(fault.tag) ? .none : .tagIgnored
        case .retired: generation == .rfc9989 ? .tagIgnored : .none
        case .orphan, .destination, .separator, .unknown, .malformed, .empty, .nonASCII, .limit: .tagIgnored
        // RFC 6376 section 3.2 voids a list with duplicates; receivers take the first, or the last.
        case .duplicate, .nameCase: .varies
        }
    }

    /// The policy that the record asks for where the receiver reads it as written: `p`, or for names below it `sp` or `np`.
    package func policy(for target: DMARCTarget, by generation: DMARCGeneration) -> (tag: String, policy: Policy) {
        let fallback = p ?? .none
        switch target {
        case .domain: return ("p", fallback)
        case .existingSubdomain: return sp.map { ("sp", $0) } ?? ("p", fallback)
        case .nonexistentSubdomain:
            if generation == .rfc9989, let np { return ("np", np) }
            return sp.map { ("sp", $0) } ?? ("p", fallback)
        }
    }
}

/// Whose mail is meant, seen from the record.
package enum DMARCTarget: String, Codable, CaseIterable, Sendable {
    case domain
    case existingSubdomain = "existing_subdomain"
    case nonexistentSubdomain = "nonexistent_subdomain"
}
