/// The results of check_host() (RFC 7208 section 2.6).
package enum SPFResult: String, Codable, Sendable, CaseIterable {
    case none, neutral, pass, fail, softfail, temperror, permerror

    init(_ qualifier: SPFRecord.Qualifier) {
        switch qualifier {
        case .pass: self = .pass
        case .fail: self = .fail
        case .softfail: self = .softfail
        case .neutral: self = .neutral
        }
    }
}

/// One step of an evaluation.
package struct SPFStep: Codable, Sendable, Equatable {
    package enum Reason: String, Codable, Sendable {
        case record
        case noMatch = "no_match"
        case match, include, redirect
        case defaultResult = "default_result"
        case explanation
        case invalidDomain = "invalid_domain"
        case noRecord = "no_record"
        case noRecordThere = "no_record_there"
        case severalRecords = "several_records"
        case syntax
        case dnsError = "dns_error"
        case badName = "bad_name"
        case included
        case tooManyLookups = "too_many_lookups"
        case tooManyVoids = "too_many_voids"
        case tooManyMX = "too_many_mx"
        case time, depth, expansion, limit
    }

    /// 0 for the domain's own record.
    package let depth: Int
    package let domain: String
    /// The record, the term, or what the other side said.
    package let text: String
    package let reason: Reason
    /// Counted so far.
    package let lookups: Int
    package let voids: Int
}

/// What an evaluation came to, and how.
package struct SPFOutcome: Codable, Sendable, Equatable {
    package let result: SPFResult
    /// Of the domain; nil for the receiver's own words.
    package let explanation: String?
    package let lookups: Int
    package let voids: Int
    package let steps: [SPFStep]
}
