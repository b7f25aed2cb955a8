package import AssayModel
import AssayRules

/// What a policy expects, set against what was seen. A pure function; a fact that the scan did not ask for gives none, one
/// that could not be told makes the comparison undetermined.
package enum ExpectationFacts {
    package static let all: [any Fact.Type] = [
        MXExpectation.self, CertificateExpectation.self, DKIMExpectation.self, DMARCExpectation.self,
        TLSRPTExpectation.self,
    ]

    static func observations(
        _ expected: AuditPolicy.Expectation, _ seen: [Observation], domain: DomainName
    ) -> [Observation] {
        var result: [Observation] = []
        if let hosts = expected.mx { result += MXExpectation.observations(hosts, seen) }
        if let issuers = expected.ca { result += CertificateExpectation.observations(issuers, seen) }
        if let names = expected.selectors { result += DKIMExpectation.observations(names, seen) }
        if let addresses = expected.dmarcReports { result += DMARCExpectation.observations(addresses, seen) }
        if let addresses = expected.tlsReports { result += TLSRPTExpectation.observations(addresses, seen) }
        return result
    }
}

/// Two lists and what one has that the other lacks.
struct Comparison {
    let missing: [String]
    let unexpected: [String]

    /// `expected` are patterns with `*`; one that fits nothing is missing.
    init(expected: [String], seen: [String]) {
        let folded = seen.map { $0.lowercased() }
        missing = expected.filter { pattern in !folded.contains { Glob.matches($0, pattern.lowercased()) } }
        unexpected = zip(seen, folded).filter { _, name in
            !expected.contains { Glob.matches(name, $0.lowercased()) }
        }.map(\.0)
    }
}

extension Observation {
    /// The same outcome as this one's where there is nothing to compare.
    fileprivate func comparing<F: Fact>(_ compare: (FactValue) -> F) -> Observation {
        let outcome: Outcome<FactValue> =
            switch self.outcome {
            case .observed(let value): .observed(compare(value).factValue)
            case .undetermined(let cause): .undetermined(cause)
            case .notApplicable(let reason): .notApplicable(reason)
            case .absent: .observed(compare(.object([:])).factValue)
            }
        return Observation(fact: F.id, checker: checker, subject: subject, outcome: outcome, evidence: evidence)
    }
}

/// `mx.expectation`, about the domain: the mail hosts against the policy file.
struct MXExpectation: Fact {
    static let id = "mx.expectation"
    let expected: [String]
    let missing: [String]
    let unexpected: [String]
    static let examples = [
        MXExpectation(
            expected: ["mx1.example.com"], missing: ["mx1.example.com"], unexpected: ["mx.example.net"])
    ]

    static func observations(_ expected: [String], _ seen: [Observation]) -> [Observation] {
        seen.filter { $0.fact == "mx.hosts" }.map { hosts in
            hosts.comparing { value in
                let names = (value[path: "hosts"]?.listValue ?? []).compactMap { $0[path: "name"]?.stringValue }
                let left = (value[path: "left_out"]?.listValue ?? []).compactMap(\.stringValue)
                let comparison = Comparison(expected: expected, seen: names + left)
                return MXExpectation(
                    expected: expected, missing: comparison.missing, unexpected: comparison.unexpected)
            }
        }
    }
}

/// `cert.expectation`, about a certificate: its issuer against the authorities of the policy file.
struct CertificateExpectation: Fact {
    static let id = "cert.expectation"
    let expected: [String]
    let issuer: String
    /// The issuer's name holds one of the expected names.
    let isMet: Bool
    static let examples = [
        CertificateExpectation(expected: ["Let's Encrypt"], issuer: "CN=R11,O=Let's Encrypt,C=US", isMet: true)
    ]

    static func observations(_ expected: [String], _ seen: [Observation]) -> [Observation] {
        seen.filter { $0.fact == "cert.leaf" && $0.outcome.kind != .absent }.map { leaf in
            leaf.comparing { value in
                let issuer = value[path: "issuer"]?.stringValue ?? ""
                let isMet = expected.contains { Glob.matches(issuer.lowercased(), "*\($0.lowercased())*") }
                return CertificateExpectation(expected: expected, issuer: issuer, isMet: isMet)
            }
        }
    }
}

/// `dkim.expectation`, about the domain: the selectors with keys against the policy file.
struct DKIMExpectation: Fact {
    static let id = "dkim.expectation"
    let expected: [String]
    let missing: [String]
    let unexpected: [String]
    static let examples = [DKIMExpectation(expected: ["s1"], missing: ["s1"], unexpected: ["s2"])]

    static func observations(_ expected: [String], _ seen: [Observation]) -> [Observation] {
        seen.filter { $0.fact == "dkim.selectors" }.map { selectors in
            selectors.comparing { value in
                let found = (value[path: "found"]?.listValue ?? []).compactMap(\.stringValue)
                let comparison = Comparison(expected: expected, seen: found)
                return DKIMExpectation(
                    expected: expected, missing: comparison.missing, unexpected: comparison.unexpected)
            }
        }
    }
}

/// `dmarc.expectation`, about the record: where aggregate reports go, against the policy file.
struct DMARCExpectation: Fact {
    static let id = "dmarc.expectation"
    let expected: [String]
    let missing: [String]
    let unexpected: [String]
    static let examples = [
        DMARCExpectation(
            expected: ["d@example.com"], missing: ["d@example.com"], unexpected: ["d@example.net"])
    ]

    static func observations(_ expected: [String], _ seen: [Observation]) -> [Observation] {
        // The record that receivers apply, be it the organizational domain's; where none does, the domain's own.
        let applied = seen.filter { $0.fact == "dmarc.tags" && $0.outcome.value?[path: "is_applied"] == .bool(true) }
        let own = seen.filter { $0.fact == "dmarc.record" && $0.outcome.kind != .notApplicable }
        return (applied.isEmpty ? own : applied).map { record in
            record.comparing { value in
                let text = value[path: "text"]?.stringValue ?? ""
                let comparison = Comparison(
                    expected: expected.map(ReportAddress.bare), seen: ReportAddress.all(inRecord: text))
                return DMARCExpectation(
                    expected: expected, missing: comparison.missing, unexpected: comparison.unexpected)
            }
        }
    }
}

/// `tlsrpt.expectation`, about the record: where TLS reports go, against the policy file.
struct TLSRPTExpectation: Fact {
    static let id = "tlsrpt.expectation"
    let expected: [String]
    let missing: [String]
    let unexpected: [String]
    static let examples = [
        TLSRPTExpectation(
            expected: ["t@example.com"], missing: ["t@example.com"], unexpected: ["t@example.net"])
    ]

    static func observations(_ expected: [String], _ seen: [Observation]) -> [Observation] {
        seen.filter { $0.fact == "tlsrpt.record" && $0.outcome.kind != .notApplicable }.map { record in
            record.comparing { value in
                let uris = (value[path: "destinations"]?.listValue ?? []).compactMap(\.stringValue)
                let comparison = Comparison(
                    expected: expected.map(ReportAddress.bare), seen: uris.map(ReportAddress.bare))
                return TLSRPTExpectation(
                    expected: expected, missing: comparison.missing, unexpected: comparison.unexpected)
            }
        }
    }
}

/// Report destinations as people write them: with or without `mailto:`.
private enum ReportAddress {
    static func bare(_ uri: String) -> String {
        let scheme = "mailto:"
        return uri.utf8.count > scheme.utf8.count && uri.lowercased().utf8.starts(with: scheme.utf8)
            ? String(decoding: uri.utf8.dropFirst(scheme.utf8.count), as: UTF8.self) : uri
    }

    /// The `rua` of a DMARC record (RFC 9989 section 4.7): URIs between commas, without the size that RFC 7489 let follow
    /// an exclamation mark.
    static func all(inRecord text: String) -> [String] {
        for tag in text.utf8.split(separator: UInt8(ascii: ";")) {
            let parts = tag.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard parts.count == 2, trimmed(parts[0]).lowercased() == "rua" else { continue }
            return parts[1].split(separator: UInt8(ascii: ",")).map { uri in
                bare(trimmed(uri.prefix { $0 != UInt8(ascii: "!") }))
            }
        }
        return []
    }

    private static func trimmed(_ text: Substring.UTF8View) -> String {
        let start = text.drop { $0 == 0x20 || $0 == 0x09 }
        return String(decoding: start.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed(), as: UTF8.self)
    }
}
