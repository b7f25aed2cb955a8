import AssayDNS
import AssayModel
import Glibc
package import SPF

/// `mailassay spf check`: one evaluation of check_host(), and how it came to its result.
package struct SPFInspection: Sendable {
    package let check: SPFCheck
    package let outcome: SPFOutcome
    let at: Timestamp

    /// Evaluates now, within the request's time.
    package static func make(_ check: SPFCheck, _ request: AuditRequest) async throws(AuditError) -> SPFInspection {
        let resolver: ValidatingResolver
        do {
            var configuration = ResolverConfiguration()
            configuration.rootHintsPath = request.rootHintsPath
            configuration.trustAnchorPath = request.trustAnchorPath
            configuration.allowPrivate = request.allowsPrivate
            configuration.forwarder = request.resolver.map { ($0.address, $0.port) }
            resolver = try ValidatingResolver(configuration)
        } catch {
            throw AuditError("\(error)")
        }
        defer { resolver.shutdown() }
        let now = Timestamp(secondsSince1970: Int64(time(nil)))
        let deadline = ContinuousClock.now + .seconds(request.timeoutSeconds)
        let outcome = await SPFEvaluator.evaluate(
            check, ResolverLookup(resolver: resolver, deadline: deadline), deadline: deadline,
            receiver: Array((request.ehloName ?? HostIdentity.ehloName).utf8), time: now.secondsSince1970)
        return SPFInspection(check: check, outcome: outcome, at: now)
    }

    /// The resolver alone, without a scan.
    private struct ResolverLookup: SPFLookup {
        let resolver: ValidatingResolver
        let deadline: ContinuousClock.Instant

        func ask(_ name: DomainName, _ type: RecordType) async -> SPFAnswer {
            SPFAnswer(await resolver.query(name, type, deadline: deadline))
        }
    }

    // MARK: Telling

    /// Design's exit status.
    package var status: ExitStatus {
        switch outcome.result {
        case .pass, .neutral, .none, .softfail: .clean
        case .fail, .permerror: .findings
        case .temperror: .incomplete
        }
    }

    private var sender: String {
        printable(check.localPart + [UInt8(ascii: "@")] + check.senderDomain, limit: SPFLimits.shownOctets)
    }

    package var text: String {
        var lines = [
            "\(printable(check.domain)): \(outcome.result.rawValue)",
            "  client \(check.client), sender \(sender), HELO \(printable(check.helo))", "",
        ]
        lines += outcome.steps.map { step in
            let indent = String(repeating: "  ", count: step.depth * 2 + Self.depth(step.reason))
            let count = step.reason == .match || step.reason == .include || step.reason == .redirect
            let counter = count ? "  [\(step.lookups) of \(SPFLimits.lookups) lookups]" : ""
            return "\(indent)\(Self.words(step))\(counter)"
        }
        lines += [
            "", "  \(Self.meaning(outcome.result))",
            "  \(outcome.lookups) of \(SPFLimits.lookups) lookups, \(outcome.voids) of \(SPFLimits.voids) that found nothing",
        ]
        if let explanation = outcome.explanation {
            lines.append("  The domain explains: \(printable(Array(explanation.utf8)))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func depth(_ reason: SPFStep.Reason) -> Int { reason == .record || reason == .explanation ? 1 : 2 }

    private static func words(_ step: SPFStep) -> String {
        let text = step.text.isEmpty ? "" : ": \(step.text)"
        return switch step.reason {
        case .record: "\(step.domain): \(step.text)"
        case .noMatch: "\(step.text)  does not match"
        case .match: "\(step.text)  matches"
        case .include: "\(step.text)  asks"
        case .redirect: "\(step.text)  goes on at"
        case .defaultResult: "no term matches, and there is no redirect: neutral"
        case .explanation: "explanation at \(step.domain): \(step.text)"
        case .invalidDomain: "no domain name of two labels or more: none (RFC 7208 section 4.3)"
        case .noRecord: "no SPF record at \(step.domain): none"
        case .noRecordThere: "no SPF record there: permerror (RFC 7208 sections 5.2 and 6.1)"
        case .severalRecords: "several SPF records at \(step.domain): permerror (RFC 7208 section 4.5)"
        case .syntax: "malformed\(text): permerror (RFC 7208 section 4.6)"
        case .dnsError: "the DNS fails\(text): temperror"
        case .badName: "the name of an include or redirect is none: permerror"
        case .included: "the included record decides"
        case .tooManyLookups: "more than \(SPFLimits.lookups) lookups: permerror (RFC 7208 section 4.6.4)"
        case .tooManyVoids: "more than \(SPFLimits.voids) lookups that find nothing: permerror (RFC 7208 section 4.6.4)"
        case .tooManyMX: "more than \(SPFLimits.names) MX records: permerror (RFC 7208 section 4.6.4)"
        case .time: "more than \(SPFLimits.seconds) seconds, or the time allowed: temperror"
        case .depth: "more than \(SPFLimits.depth) records within each other: permerror"
        case .expansion: "a macro expands to more than \(SPFLimits.expansionOctets) octets: permerror"
        case .limit: "our own limit\(text): could not tell"
        }
    }

    private static func meaning(_ result: SPFResult) -> String {
        switch result {
        case .pass: "pass: the client may send for the domain"
        case .fail: "fail: the client may not send for the domain"
        case .softfail: "softfail: the client probably may not send for the domain"
        case .neutral: "neutral: the domain says nothing about the client"
        case .none: "none: there is no SPF record to go by"
        case .temperror: "temperror: could not tell now; a receiver would try again later"
        case .permerror: "permerror: the record cannot be used"
        }
    }

    package var json: String {
        JSONText.of(
            Document(
                schema: "mailassay.spf-check/1", at: "\(at)", domain: printable(check.domain),
                client: "\(check.client)",
                sender: sender, helo: printable(check.helo), result: outcome.result.rawValue,
                explanation: outcome.explanation, lookups: outcome.lookups, voids: outcome.voids, steps: outcome.steps))
    }

    private struct Document: Encodable {
        let schema: String
        let at: String
        let domain: String
        let client: String
        let sender: String
        let helo: String
        let result: String
        let explanation: String?
        let lookups: Int
        let voids: Int
        let steps: [SPFStep]
    }
}
