import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// TXT records of the domain and its policies, as they stand in the DNS whatever they mean.
struct TextChecks {
    let scan: ScanContext

    private var domain: DomainName { scan.domain }

    func state() async {
        async let noise: Void = stateTexts()
        async let slips: Void = stateSlips()
        await stateMisplaced()
        _ = await (noise, slips)
    }

    private func stateTexts() async {
        let answer = await scan.resolve(domain, .txt)
        switch answer.status {
        case .undetermined(let cause): scan.state(DNSTexts.self, .undetermined(cause), about: .domain(domain))
        case .failed, .bogus:
            scan.state(
                DNSTexts.self, .undetermined(Cause("lookup_error", detail: answer.lookupError?.words)),
                about: .domain(domain))
        case .noData, .nxDomain: scan.state(DNSTexts.self, .absent, about: .domain(domain), from: answer.evidence)
        case .records:
            scan.state(
                DNSTexts(
                    count: answer.records.count, octets: answer.texts.map(\.count).reduce(0, +),
                    answerOctets: answer.packet.count),
                about: .domain(domain), from: answer.evidence)
        }
    }

    private func stateSlips() async {
        let labels =
            UnderscoredNames.policies.map(\.label) + ["_smtp._tls"]
            + scan.options.selectors.map {
                "\($0)._domainkey"
            }
        let names = [domain] + labels.compactMap { domain.prepending($0) }
        await withTaskGroup(of: Void.self) { group in
            for name in names { group.addTask { await stateSlips(at: name) } }
        }
    }

    private func stateSlips(at name: DomainName) async {
        let subject = Subject.record(name, type: "TXT")
        let answer = await scan.resolve(name, .txt)
        switch answer.status {
        case .undetermined(let cause): return scan.state(DNSText.self, .undetermined(cause), about: subject)
        case .failed, .bogus:
            return scan.state(
                DNSText.self, .undetermined(Cause("lookup_error", detail: answer.lookupError?.words)), about: subject)
        case .noData, .nxDomain: return scan.state(DNSText.self, .absent, about: subject)
        case .records: break
        }
        // The resolver has limited their octets (`DNSLimits.octetsPerSet`).
        let texts = answer.texts.sorted { $0.lexicographicallyPrecedes($1) }
        let read = texts.prefix(DNSSECLimits.textsPerName).map { ($0, TextSlips(parsing: $0)) }
        let faulty = read.filter { !$0.1.slips.isEmpty }
        guard !faulty.isEmpty else {
            let isPolicy = read.contains { $0.1.isPolicy }
            return scan.state(
                DNSText(text: "", slips: [], isPolicy: isPolicy, suggestion: nil), about: subject,
                from: answer.evidence)
        }
        for (index, (text, found)) in faulty.enumerated() {
            scan.state(
                DNSText(
                    text: printable(text), slips: found.slips.map(\.rawValue), isPolicy: found.isPolicy,
                    suggestion: String(validating: found.corrected, as: UTF8.self)),
                about: index == 0 ? subject : .record(name, type: "TXT \(index + 1)"), from: answer.evidence)
        }
    }

    // MARK: Astray

    private func stateMisplaced() async {
        let subject = Subject.domain(domain)
        var questions: [(policy: UnderscoredNames.Policy, name: DomainName)] = []
        for policy in UnderscoredNames.policies {
            questions += policy.mistaken.compactMap { domain.prepending($0) }.map { (policy, $0) }
            if let doubled = UnderscoredNames.doubled(policy.label, domain) { questions.append((policy, doubled)) }
        }
        let answers = await withTaskGroup(of: (Int, DNSAnswer).self) { group in
            for (index, question) in questions.enumerated() {
                group.addTask { (index, await scan.resolve(question.name, .txt)) }
            }
            var answers: [(Int, DNSAnswer)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
        // One question that nobody made a record for: a wildcard answers that, too (RFC 4592 section 2.1.1).
        var everywhere: Set<[UInt8]> = []
        if let unmade = domain.prepending("mailassay-wildcard-test") {
            everywhere = Set(await scan.resolve(unmade, .txt).texts)
        }
        var records: [DNSMisplaced.Record] = []
        for (question, answer) in zip(questions, answers) {
            guard let wanted = domain.prepending(question.policy.label),
                let text = answer.texts.first(where: { Self.begins($0, question.policy.version) }),
                !everywhere.contains(text)
            else { continue }
            let there = await scan.resolve(wanted, .txt)
            guard there.undeterminedCause == nil, there.lookupError == nil,
                !there.texts.contains(where: { Self.begins($0, question.policy.version) }),
                let plain = String(validating: text, as: UTF8.self)
            else { continue }
            records.append(.init(name: "\(question.name)", text: plain, wanted: "\(wanted)"))
        }
        if records.isEmpty, let cause = answers.lazy.compactMap(\.undeterminedCause).first {
            return scan.state(DNSMisplaced.self, .undetermined(cause), about: subject)
        }
        scan.state(DNSMisplaced(records: records), about: subject)
    }

    private static func begins(_ text: [UInt8], _ version: String) -> Bool {
        text.prefix(version.utf8.count).map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 } == Array(version.utf8)
    }
}
