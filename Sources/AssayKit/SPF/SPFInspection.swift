import AssayDNS
package import AssayModel
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

    package func text(_ words: Catalogue) -> String {
        let who = ["client": "\(check.client)", "sender": sender, "helo": printable(check.helo)]
        var lines = ["\(printable(check.domain)): \(outcome.result.rawValue)", "  " + words("check.who", who), ""]
        lines += outcome.steps.map { step in
            let indent = String(repeating: "  ", count: step.depth * 2 + Self.depth(step.reason))
            let isCounted = step.reason == .match || step.reason == .include || step.reason == .redirect
            let counter = words("check.counter", ["n": "\(step.lookups)", "most": "\(SPFLimits.lookups)"])
            return "\(indent)\(Self.line(step, words))\(isCounted ? "  " + counter : "")"
        }
        let total = [
            "lookups": "\(outcome.lookups)", "most": "\(SPFLimits.lookups)", "voids": "\(outcome.voids)",
            "voids_most": "\(SPFLimits.voids)",
        ]
        lines += ["", "  " + words("check.result.\(outcome.result.rawValue)"), "  " + words("check.total", total)]
        if let explanation = outcome.explanation {
            lines.append("  " + words("check.explains", ["text": printable(Array(explanation.utf8))]))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func depth(_ reason: SPFStep.Reason) -> Int { reason == .record || reason == .explanation ? 1 : 2 }

    private static func line(_ step: SPFStep, _ words: Catalogue) -> String {
        // What the other side said is an aside where a fault is named.
        let isAside = [.syntax, .dnsError, .limit].contains(step.reason)
        let text = isAside && !step.text.isEmpty ? ": \(step.text)" : step.text
        var values = ["text": text, "domain": step.domain]
        values["most"] = limit(step.reason).map { "\($0)" }
        return words("check.step.\(step.reason.rawValue)", values)
    }

    private static func limit(_ reason: SPFStep.Reason) -> Int? {
        switch reason {
        case .tooManyLookups: SPFLimits.lookups
        case .tooManyVoids: SPFLimits.voids
        case .tooManyMX: SPFLimits.names
        case .time: SPFLimits.seconds
        case .depth: SPFLimits.depth
        case .expansion: SPFLimits.expansionOctets
        default: nil
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
