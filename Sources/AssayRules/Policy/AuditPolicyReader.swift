import AssayModel
import Yams

extension AuditPolicy {
    /// Reads a policy file; what is wrong with it is an error that names `file:line:column`.
    package init(_ source: RuleSource) throws(RuleError) {
        let reader = AuditPolicyReader(document: try YAMLDocument(source))
        self = try reader.read()
    }
}

/// Turns the document into a policy, checking every name and value.
private struct AuditPolicyReader {
    let document: YAMLDocument

    func read() throws(RuleError) -> AuditPolicy {
        let root = document.root
        let pairs = try document.members(
            of: root, "a policy",
            allowed: ["profile", "role", "tier", "fail_on", "rules", "baseline", "expect", "accept"])
        var policy = AuditPolicy(file: document.file)
        policy.profiles = try list(pairs["profile"]) ?? []
        policy.role = try word(pairs["role"], of: ["sending", "receiving", "parked", "auto"])
        policy.tier = try word(pairs["tier"], of: ["basic", "extended"])
        policy.failOn = try word(pairs["fail_on"], of: Severity.allCases.map(\.rawValue) + ["none"])
        policy.rulePaths = try list(pairs["rules"]) ?? []
        if let node = pairs["baseline"] { policy.baselinePath = try filled(node) }
        if let node = pairs["expect"] {
            if case .mapping = node {
                policy.expectations = [try expectation(node)]
            } else {
                for item in try document.items(node) { policy.expectations.append(try expectation(item)) }
            }
        }
        if let node = pairs["accept"] {
            for item in try document.items(node) { policy.acceptances.append(try acceptance(item)) }
        }
        return policy
    }

    private func expectation(_ node: Node) throws(RuleError) -> AuditPolicy.Expectation {
        let pairs = try document.members(
            of: node, "an expectation",
            allowed: ["domains", "mx", "ca", "selectors", "dmarc_reports", "tls_reports"])
        var result = AuditPolicy.Expectation(domains: try list(pairs["domains"], folded: true) ?? [])
        result.mx = try list(pairs["mx"], folded: true)
        result.ca = try list(pairs["ca"])
        result.selectors = try list(pairs["selectors"], folded: true)
        result.dmarcReports = try list(pairs["dmarc_reports"])
        result.tlsReports = try list(pairs["tls_reports"])
        return result
    }

    private func acceptance(_ node: Node) throws(RuleError) -> AuditPolicy.Acceptance {
        let pairs = try document.members(
            of: node, "an acceptance", allowed: ["rule", "domain", "subject", "reason", "owner", "until"])
        let untilNode = try document.required("until", of: pairs, node)
        let until = try document.text(untilNode)
        guard until.utf8.count == 10, Timestamp(parsing: "\(until)T00:00:00Z") != nil else {
            throw document.error(untilNode, "\"until\" is a day, as 2027-01-31")
        }
        let ruleNode = try document.required("rule", of: pairs, node)
        let mark = ruleNode.mark
        return AuditPolicy.Acceptance(
            rule: try filled(ruleNode),
            domain: try pairs["domain"].map { (node) throws(RuleError) in try filled(node).lowercased() },
            subject: try pairs["subject"].map { (node) throws(RuleError) in try filled(node) },
            reason: try filled(document.required("reason", of: pairs, node)),
            owner: try filled(document.required("owner", of: pairs, node)), until: until,
            place: "\(document.file):\(mark?.line ?? 1):\(mark?.column ?? 1)")
    }

    // MARK: Values

    /// A text, or a list of texts.
    private func list(_ node: Node?, folded: Bool = false) throws(RuleError) -> [String]? {
        guard let node else { return nil }
        var result: [String] = []
        if case .scalar = node {
            result = [try filled(node)]
        } else {
            for item in try document.items(node) { result.append(try filled(item)) }
        }
        return folded ? result.map { $0.lowercased() } : result
    }

    private func filled(_ node: Node) throws(RuleError) -> String {
        let text = try document.text(node)
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw document.error(node, "expected a text on one line")
        }
        return text
    }

    private func word(_ node: Node?, of allowed: [String]) throws(RuleError) -> String? {
        guard let node else { return nil }
        let text = try document.text(node)
        guard allowed.contains(text) else {
            throw document.error(node, "expected \(allowed.joined(separator: ", "))")
        }
        return text
    }
}
