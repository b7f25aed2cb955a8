import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// Asks for selectors, those first that are most likely, and none that is already denied.
struct SelectorSearch {
    /// One selector with its answer and how it came to be asked.
    struct Answered: Sendable {
        let selector: String
        let answer: DNSAnswer
        let method: String
    }

    let base: DomainName
    private(set) var map: DenialMap
    private(set) var answered: [Answered] = []
    private(set) var asked = 0
    private(set) var denied = 0
    private(set) var candidateCount = 0
    private(set) var walked: Int?
    private var known: Set<String> = []
    private let allowsDenials: Bool

    init(_ proof: SubtreeProof) {
        base = proof.base
        map = DenialMap(base: proof.base)
        allowsDenials = proof.allowsDenials
        _ = map.learn(proof.answer)
        if let control = proof.control { _ = map.learn(control) }
    }

    /// From the answer to a question that others asked.
    mutating func learn(_ answer: DNSAnswer) { _ = map.learn(answer) }

    /// The name does not exist, says a record of an earlier answer.
    func isDenied(_ name: DomainName) -> Bool { allowsDenials && DenialMap.denies(name, map.all, below: base) }

    /// Asks for selectors that somebody told, a few at a time where what is denied need not be asked.
    mutating func tell(
        _ given: [(name: DomainName, selector: String, methods: [String])], in scan: ScanContext
    ) async -> [KeyStatement.Told] {
        var told: [KeyStatement.Told] = []
        var remaining = given[...]
        while !remaining.isEmpty {
            var batch: [(selector: String, name: DomainName, method: String)] = []
            while let item = remaining.first, batch.count < (allowsDenials ? DKIMLimits.toldWidth : DKIMLimits.width) {
                remaining.removeFirst()
                known.insert(item.selector)
                if isDenied(item.name) {
                    denied += 1
                    told.append(.init(selector: item.selector, answer: absence(item.name, scan), methods: item.methods))
                } else {
                    batch.append((item.selector, item.name, ""))
                }
            }
            for found in await ask(batch, scan) {
                _ = map.learn(found.answer)
                let methods = given.first { $0.selector == found.selector }?.methods ?? []
                told.append(.init(selector: found.selector, answer: found.answer, methods: methods))
            }
        }
        return told
    }

    /// The answer that records of earlier answers stand for (RFC 8198).
    private func absence(_ name: DomainName, _ scan: ScanContext) -> DNSAnswer {
        DNSAnswer(
            name: name, type: .txt, status: .nxDomain, rcode: 3, security: .secure, canonicalName: name, aliases: [],
            records: [], ttl: nil, isWildcardExpansion: nil, explanation: nil, packet: [], at: scan.startedAt)
    }

    /// Candidates in order, each with its method.
    mutating func run(_ candidates: [(selector: String, method: String)], in scan: ScanContext) async {
        var remaining: [(selector: String, name: DomainName, method: String)] = []
        for (selector, method) in candidates where remaining.count < DKIMLimits.candidates {
            guard !known.contains(selector), let name = base.prepending(selector) else { continue }
            known.insert(selector)
            remaining.append((selector, name, method))
        }
        candidateCount += remaining.count
        if allowsDenials { drop(&remaining, by: map.all) }
        var width = allowsDenials && map.recordCount > 0 ? 1 : DKIMLimits.width
        var useless = 0
        while !remaining.isEmpty {
            let batch = Array(remaining.prefix(width))
            remaining.removeFirst(batch.count)
            for found in await ask(batch, scan) {
                answered.append(found)
                guard allowsDenials else { continue }
                let before = remaining.count
                drop(&remaining, by: map.learn(found.answer))
                // Records that deny one name only, as some servers make them, save no question.
                if found.answer.status != .records { useless = remaining.count < before ? 0 : useless + 1 }
            }
            if useless >= 2 { width = DKIMLimits.width }
        }
    }

    /// Asks for the names that NSEC records disclosed.
    mutating func runDisclosed(in scan: ScanContext) async {
        let names = map.disclosed.compactMap { name -> (selector: String, method: String)? in
            let labels = name.labels.dropLast(base.labelCount)
            guard let relative = try? DomainName(labels: Array(labels)), labels.first != Array("*".utf8) else {
                return nil
            }
            return ("\(relative)", walked == nil ? "denial" : "walk")
        }
        await run(names.filter { $0.selector != "_adsp" }, in: scan)
    }

    /// Follows the NSEC records of the subtree from name to name.
    mutating func walk(in scan: ScanContext) async {
        walked = 0
        guard map.isNSEC, !map.isMinimal else { return }
        while let step = walked, step < DKIMLimits.walkSteps, let name = map.gap {
            let answer = await scan.resolve(name, .nsec)
            asked += 1
            walked = step + 1
            guard answer.security == .secure, !map.learn(answer).ranges.isEmpty, !map.isMinimal else { return }
        }
    }

    private mutating func drop(
        _ remaining: inout [(selector: String, name: DomainName, method: String)],
        by records: (ranges: [DenialMap.Range], hashed: [DenialMap.Hashed])
    ) {
        guard !records.ranges.isEmpty || !records.hashed.isEmpty else { return }
        let before = remaining.count
        remaining.removeAll { DenialMap.denies($0.name, records, below: base) }
        denied += before - remaining.count
    }

    private mutating func ask(
        _ batch: [(selector: String, name: DomainName, method: String)], _ scan: ScanContext
    ) async -> [Answered] {
        asked += batch.count
        return await withTaskGroup(of: (Int, Answered).self) { group in
            for (index, item) in batch.enumerated() {
                group.addTask {
                    (
                        index,
                        Answered(
                            selector: item.selector, answer: await scan.resolve(item.name, .txt), method: item.method)
                    )
                }
            }
            var answers: [(Int, Answered)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

extension DenialMap {
    var all: (ranges: [Range], hashed: [Hashed]) { (rangeList, hashedList) }
}
