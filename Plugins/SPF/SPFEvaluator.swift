import AssayDNS
package import AssayModel
import AssayProbes

/// What check_host() is asked (RFC 7208 section 4.1).
package struct SPFCheck: Sendable {
    /// Read as IPv4 where it is an IPv4-mapped IPv6 address (RFC 7208 section 5).
    package let client: IPAddress
    /// MAIL FROM without the angle brackets, as octets; empty for the null sender.
    package let mailFrom: [UInt8]
    package let helo: [UInt8]
    package let localPart: [UInt8]
    package let senderDomain: [UInt8]
    /// `<domain>` of the first call.
    package let domain: [UInt8]

    /// `domain`: nil for the sender's, as a receiver does.
    package init(client: IPAddress, mailFrom: [UInt8], helo: [UInt8], domain: [UInt8]? = nil) {
        if case .v6(let value) = client, value >> 32 == 0xFFFF {
            self.client = .v4(UInt32(truncatingIfNeeded: value))
        } else {
            self.client = client
        }
        self.mailFrom = mailFrom
        self.helo = helo
        // RFC 7208 section 2.4: the null sender stands for postmaster at the HELO name; section 4.3: so does a missing local part.
        let postmaster = Array("postmaster".utf8)
        if let at = mailFrom.lastIndex(of: UInt8(ascii: "@")) {
            localPart = at == mailFrom.startIndex ? postmaster : Array(mailFrom[..<at])
            senderDomain = Array(mailFrom[(at + 1)...])
        } else {
            localPart = postmaster
            senderDomain = mailFrom.isEmpty ? helo : mailFrom
        }
        self.domain = domain ?? senderDomain
    }
}

/// check_host() (RFC 7208 section 4): macros, explanation and limits, pure over whoever answers the questions.
package struct SPFEvaluator<Lookup: SPFLookup>: Sendable {
    private let lookup: Lookup
    private let check: SPFCheck
    private let deadline: ContinuousClock.Instant
    private let receiver: [UInt8]
    private let time: Int64

    private var lookups = 0
    private var voids = 0
    private var steps: [SPFStep] = []
    private var validated: [DomainName]?

    /// `deadline` is at most `SPFLimits.seconds` away; `receiver` and `time` are for explanations alone.
    package init(
        _ check: SPFCheck, _ lookup: Lookup, deadline: ContinuousClock.Instant? = nil, receiver: [UInt8] = [],
        time: Int64 = 0
    ) {
        self.check = check
        self.lookup = lookup
        let own = ContinuousClock.now + .seconds(SPFLimits.seconds)
        self.deadline = deadline.map { min($0, own) } ?? own
        self.receiver = receiver.isEmpty ? Array("unknown".utf8) : receiver
        self.time = time
    }

    /// Evaluates once.
    package static func evaluate(
        _ check: SPFCheck, _ lookup: Lookup, deadline: ContinuousClock.Instant? = nil, receiver: [UInt8] = [],
        time: Int64 = 0
    ) async -> SPFOutcome {
        var evaluator = SPFEvaluator(check, lookup, deadline: deadline, receiver: receiver, time: time)
        return await evaluator.run()
    }

    private mutating func run() async -> SPFOutcome {
        // RFC 7208 section 4.3: malformed, too long or no name with several labels: none.
        guard let domain = Self.checkedDomain(check.domain) else {
            note(0, "", "", .invalidDomain)
            return SPFOutcome(result: .none, explanation: nil, lookups: 0, voids: 0, steps: steps)
        }
        let verdict = await checkHost(domain, depth: 0)
        var explanation: [UInt8]?
        // Fetched on fail alone, and not counted (RFC 7208 section 6.2).
        if verdict.result == .fail, let spec = verdict.exp { explanation = await explain(spec.target, spec.domain) }
        return SPFOutcome(
            result: verdict.result, explanation: explanation.map { String(decoding: $0, as: UTF8.self) },
            lookups: lookups, voids: voids, steps: steps)
    }

    private struct Verdict {
        let result: SPFResult
        var exp: (target: SPFMacroString, domain: DomainName)?
    }

    // MARK: Records

    private mutating func checkHost(_ domain: DomainName, depth: Int) async -> Verdict {
        guard depth <= SPFLimits.depth else { return end(.permerror, depth, domain, .depth) }
        guard deadline > .now else { return end(.temperror, depth, domain, .time) }
        let answer = await lookup.ask(domain, .txt).answer
        guard !answer.isError else {
            return end(.temperror, depth, domain, .dnsError, "\(domain) TXT: \(answer.statusWords)")
        }
        let records = SPFSelection(answer.texts).records
        guard let text = records.first else { return end(.none, depth, domain, .noRecord) }
        guard records.count == 1 else { return end(.permerror, depth, domain, .severalRecords) }
        let record = SPFRecord(parsing: text)
        note(depth, "\(domain)", printable(text, limit: SPFLimits.shownRecordOctets), .record)
        if let fault = record.faults.first {
            return end(.permerror, depth, domain, .syntax, "\(fault.text) (\(fault.error.kind.rawValue))")
        }
        // What was not read could have matched: no verdict on it.
        if let limit = record.limit { return end(.temperror, depth, domain, .limit, limit) }
        do { return try await evaluate(record, domain, depth) } catch {
            return end(error.result, depth, domain, error.reason, error.words)
        }
    }

    private mutating func evaluate(
        _ record: SPFRecord, _ domain: DomainName, _ depth: Int
    ) async throws(Interruption) -> Verdict {
        for (qualifier, mechanism, term) in record.directives {
            let isMatch = try await matches(mechanism, term, domain, depth)
            note(depth, "\(domain)", term.text, isMatch ? .match : .noMatch)
            guard isMatch else { continue }
            return Verdict(result: SPFResult(qualifier), exp: record.exp.map { ($0.target, domain) })
        }
        guard let redirect = record.redirect else {
            note(depth, "\(domain)", "", .defaultResult)
            return Verdict(result: .neutral)
        }
        note(depth, "\(domain)", redirect.term.text, .redirect)
        try countLookup()
        guard let name = SPFTargetName(try await expand(redirect.target, domain)).name, name.labelCount > 1 else {
            throw Interruption(result: .permerror, reason: .badName)
        }
        // RFC 7208 section 6.1: the target's result and explanation, but none becomes permerror.
        let verdict = await checkHost(name, depth: depth + 1)
        guard verdict.result == .none else { return verdict }
        throw Interruption(result: .permerror, reason: .noRecordThere)
    }

    // MARK: Mechanisms

    private mutating func matches(
        _ mechanism: SPFRecord.Mechanism, _ term: SPFRecord.Term, _ domain: DomainName, _ depth: Int
    ) async throws(Interruption) -> Bool {
        guard deadline > .now else { throw Interruption(result: .temperror, reason: .time) }
        if mechanism.isLookup { try countLookup() }
        switch mechanism {
        case .all: return true
        case .ip4(let value, let prefix): return IPNetwork(.v4(value), prefix: prefix).contains(check.client)
        case .ip6(let value, let prefix): return IPNetwork(.v6(value), prefix: prefix).contains(check.client)
        case .include(let spec): return try await include(spec, term, domain, depth)
        case .a(let spec, let lengths):
            guard let name = try await target(spec, domain) else { return false }
            return try await hasClient(name, lengths, countsVoid: true)
        case .mx(let spec, let lengths): return try await mx(spec, lengths, domain)
        case .ptr(let spec): return try await ptr(spec, domain)
        case .exists(let spec):
            guard let name = try await target(spec, domain) else { return false }
            // Always A, whatever the client's family (RFC 7208 section 5.7).
            let answer = try await ask(name, .a, countsVoid: true)
            return !answer.addresses.isEmpty
        }
    }

    private mutating func include(
        _ spec: SPFMacroString, _ term: SPFRecord.Term, _ domain: DomainName, _ depth: Int
    ) async throws(Interruption) -> Bool {
        note(depth, "\(domain)", term.text, .include)
        guard let name = SPFTargetName(try await expand(spec, domain)).name, name.labelCount > 1 else {
            throw Interruption(result: .permerror, reason: .badName)
        }
        // RFC 7208 section 5.2: the table of results.
        switch await checkHost(name, depth: depth + 1).result {
        case .pass: return true
        case .fail, .softfail, .neutral: return false
        case .temperror: throw Interruption(result: .temperror, reason: .included)
        case .permerror: throw Interruption(result: .permerror, reason: .included)
        case .none: throw Interruption(result: .permerror, reason: .noRecordThere)
        }
    }

    private mutating func mx(
        _ spec: SPFMacroString?, _ lengths: SPFRecord.PrefixLengths, _ domain: DomainName
    ) async throws(Interruption) -> Bool {
        guard let name = try await target(spec, domain) else { return false }
        let hosts = try await ask(name, .mx, countsVoid: true).exchanges
        // RFC 7208 section 4.6.4: more than ten are a permanent error.
        guard hosts.count <= SPFLimits.names else { throw Interruption(result: .permerror, reason: .tooManyMX) }
        var seen: Set<DomainName> = []
        for host in hosts where !host.isRoot && seen.insert(host).inserted {
            if try await hasClient(host, lengths, countsVoid: false) { return true }
        }
        return false
    }

    private mutating func ptr(_ spec: SPFMacroString?, _ domain: DomainName) async throws(Interruption) -> Bool {
        guard let name = try await target(spec, domain) else { return false }
        let names = await validatedNames(countsVoid: true)
        if voids > SPFLimits.voids { throw Interruption(result: .permerror, reason: .tooManyVoids) }
        return names.contains { $0.isEqualOrBelow(name) }
    }

    /// One of the host's addresses of the client's family is in the client's network.
    private mutating func hasClient(
        _ host: DomainName, _ lengths: SPFRecord.PrefixLengths, countsVoid: Bool
    ) async throws(Interruption) -> Bool {
        let isIPv4 = check.client.family == .ipv4
        let answer = try await ask(host, isIPv4 ? .a : .aaaa, countsVoid: countsVoid)
        return answer.addresses.contains {
            IPNetwork($0, prefix: isIPv4 ? lengths.ip4 : lengths.ip6).contains(check.client)
        }
    }

    // MARK: Questions

    private mutating func countLookup() throws(Interruption) {
        lookups += 1
        if lookups > SPFLimits.lookups { throw Interruption(result: .permerror, reason: .tooManyLookups) }
    }

    private mutating func ask(
        _ name: DomainName, _ type: RecordType, countsVoid: Bool
    ) async throws(Interruption) -> DNSAnswer {
        guard deadline > .now else { throw Interruption(result: .temperror, reason: .time) }
        let answer = await lookup.ask(name, type).answer
        guard !answer.isError else {
            let words = "\(name) \(type.mnemonic): \(answer.statusWords)"
            throw Interruption(result: .temperror, reason: .dnsError, words: words)
        }
        if countsVoid, answer.isVoid {
            voids += 1
            if voids > SPFLimits.voids { throw Interruption(result: .permerror, reason: .tooManyVoids) }
        }
        return answer
    }

    /// The client's names that lead back to it, ten at most (RFC 7208 section 5.5). Errors leave a name out.
    private mutating func validatedNames(countsVoid: Bool) async -> [DomainName] {
        if let validated { return validated }
        let answer = await lookup.ask(check.client.reverseName, .ptr).answer
        if countsVoid, answer.isVoid { voids += 1 }
        let type: RecordType = check.client.family == .ipv4 ? .a : .aaaa
        let lookup = lookup
        let client = check.client
        let candidates = Array(answer.names.prefix(SPFLimits.names))
        let confirmed = await withTaskGroup(of: (Int, Bool).self) { group in
            for (index, name) in candidates.enumerated() {
                group.addTask { (index, await lookup.ask(name, type).answer.addresses.contains(client)) }
            }
            var confirmed: Set<Int> = []
            for await (index, isConfirmed) in group where isConfirmed { confirmed.insert(index) }
            return confirmed
        }
        let names = candidates.indices.filter(confirmed.contains).map { candidates[$0] }
        validated = names
        return names
    }

    // MARK: Macros

    /// The target-name, the current domain where the term names none; nil where the DNS has no such name (section 4.8).
    private mutating func target(_ spec: SPFMacroString?, _ domain: DomainName) async throws(Interruption)
        -> DomainName?
    {
        guard let spec else { return domain }
        return SPFTargetName(try await expand(spec, domain)).name
    }

    private mutating func expand(_ spec: SPFMacroString, _ domain: DomainName) async throws(Interruption) -> [UInt8] {
        guard let text = spec.expanded(await values(for: spec, domain)) else {
            throw Interruption(result: .permerror, reason: .expansion)
        }
        return text
    }

    private mutating func values(for spec: SPFMacroString, _ domain: DomainName) async -> SPFMacroValues {
        var values = SPFMacroValues(
            localPart: check.localPart, senderDomain: check.senderDomain, domain: Array("\(domain)".utf8),
            client: check.client, helo: check.helo)
        values.receiver = receiver
        values.time = time
        if spec.letters.contains(UInt8(ascii: "p")) {
            // RFC 7208 section 7.3: the domain itself, else a name below it, else any.
            let names = await validatedNames(countsVoid: false)
            let name = names.first { $0 == domain } ?? names.first { $0.isEqualOrBelow(domain) } ?? names.first
            if let name { values.validatedName = Array("\(name)".utf8) }
        }
        return values
    }

    /// The explanation (RFC 7208 section 6.2); nil for the receiver's own words wherever anything is wrong.
    private mutating func explain(_ spec: SPFMacroString, _ domain: DomainName) async -> [UInt8]? {
        guard let octets = spec.expanded(await values(for: spec, domain)), let name = SPFTargetName(octets).name else {
            return nil
        }
        let answer = await lookup.ask(name, .txt).answer
        guard answer.texts.count == 1, let text = answer.texts.first,
            let explanation = try? SPFMacroString(parsing: text[...], isExplanation: true)
        else { return nil }
        note(0, "\(name)", printable(text), .explanation)
        return explanation.expanded(await values(for: explanation, domain))
    }

    // MARK: Steps

    private mutating func end(
        _ result: SPFResult, _ depth: Int, _ domain: DomainName, _ reason: SPFStep.Reason, _ words: String = ""
    ) -> Verdict {
        note(depth, "\(domain)", words, reason)
        return Verdict(result: result)
    }

    private mutating func note(_ depth: Int, _ domain: String, _ text: String, _ reason: SPFStep.Reason) {
        guard steps.count < SPFLimits.nodes else { return }
        steps.append(
            SPFStep(depth: depth, domain: domain, text: text, reason: reason, lookups: lookups, voids: voids))
    }

    /// A name of several labels that the DNS can have (RFC 7208 section 4.3).
    private static func checkedDomain(_ octets: [UInt8]) -> DomainName? {
        var labels = octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        let isText = octets.allSatisfy { (0x21...0x7E).contains($0) }
        guard labels.count > 1, isText, octets.first != UInt8(ascii: "[") else { return nil }
        return try? DomainName(labels: labels.map { SPFRecord.lowered($0) })
    }
}

/// A failure inside a mechanism, which ends everything (RFC 7208 section 5).
///
/// Not within the evaluator: the optimizer of Swift 6.3 fails on typed throws of an error that depends on a type parameter
/// (FunctionSignatureOpts); it can move back when that is mended.
private struct Interruption: Error {
    let result: SPFResult
    let reason: SPFStep.Reason
    /// The question that failed.
    var words = ""
}
