package import AssayCrypto
import AssayDNS
package import AssayModel
import AssayProbes
import DANE

/// The change to a next key as dated steps (RFC 7671 section 8.1): publish its record beside the present one, wait until no
/// cache holds the old set, deploy, remove the record of the old key.
package struct TLSAPlan: Sendable {
    package struct Step: Sendable {
        package let number: Int
        package let title: String
        package let notBefore: Timestamp
        /// What to do or to type.
        package let lines: [String]
        package let check: String?
    }

    package let owner: String
    package let host: DomainName
    package let ttl: Int
    /// From the first publication until the new key may be used, in seconds.
    package let wait: Int
    package let current: [TLSARecord]
    package let next: [TLSARecord]
    /// Records that go when the new key is in use everywhere.
    package let old: [TLSARecord]
    package let notes: [String]
    package let createdAt: Timestamp
    private let words: Catalogue
    private let keyPath: String
    private let port: UInt16
    private let published: [TLSAWorkbench.Published]
    private let shown: [TLSAWorkbench.Shown]

    package static func make(
        _ bench: TLSAWorkbench, nextKey: KeyMaterial, keyPath: String
    ) async throws -> TLSAPlan {
        let plan = await bench.look()
        guard !plan.host.addresses.isEmpty else {
            let words = [plan.host.ipv4, plan.host.ipv6].map(\.statusWords).joined(separator: ", ")
            throw UndeterminedError("\(bench.host) has no address: \(words)")
        }
        let shown = await bench.certificates(of: plan)
        let owner = plan.published?.canonicalName ?? (plan.base ?? bench.host).prepending("_\(bench.port)._tcp")
        guard let owner else { throw AuditError("\(bench.host): the name is too long for a TLSA owner") }
        let published = await bench.published(at: owner)
        guard !published.isEmpty else { throw UndeterminedError("no authoritative server of \(owner) can be found") }
        let negative = await bench.negativeTTL(of: owner) ?? 3600
        return try TLSAPlan(
            bench, plan, shown: shown, published: published, owner: "\(owner)", negativeTTL: negative, nextKey: nextKey,
            keyPath: keyPath)
    }

    private init(
        _ bench: TLSAWorkbench, _ plan: HostPlan, shown: [TLSAWorkbench.Shown], published: [TLSAWorkbench.Published],
        owner: String, negativeTTL: Int, nextKey: KeyMaterial, keyPath: String
    ) throws(AuditError) {
        self.owner = owner
        host = bench.host
        port = bench.port
        createdAt = bench.now
        words = bench.words
        self.keyPath = keyPath
        self.published = published
        self.shown = shown
        current = plan.records
        // Every TTL that a cache may have got from any of the servers.
        ttl = published.compactMap(\.ttl).max() ?? plan.published?.ttl ?? negativeTTL
        wait = 2 * max(ttl, current.isEmpty ? negativeTTL : 0)
        // RFC 7671 section 8: a record of the next key for each matching type in use, so that no sender is left out.
        let kinds = Set(current.filter { $0.usage == 3 && $0.selector == 1 && $0.unusable == nil }.map(\.matching))
        var next: [TLSARecord] = []
        for matching in kinds.isEmpty ? [1] : kinds.sorted() {
            do { next.append(try nextKey.record(usage: 3, selector: 1, matching: matching)) } catch {
                throw AuditError("\(keyPath): \(error)")
            }
        }
        self.next = next
        old = current.filter { $0.usage == 3 && $0.unusable == nil && !next.contains($0) }
        var notes: [String] = []
        if current.isEmpty {
            notes.append(words("tlsa.plan.none"))
        } else if plan.published?.security != .secure {
            notes.append(words("tlsa.plan.unsigned"))
        }
        if old.contains(where: { $0.selector == 0 }) {
            notes.append(words("tlsa.plan.whole"))
        }
        if current.contains(where: { $0.usage == 2 }) { notes.append(words("tlsa.plan.authority")) }
        if shown.contains(where: { $0.chain.map { Self.uses(next, $0) } ?? false }) {
            notes.append(words("tlsa.plan.used"))
        }
        self.notes = notes
    }

    /// Records to be added first.
    private var added: [TLSARecord] {
        guard current.isEmpty else { return next.filter { !current.contains($0) } }
        let present = shown.compactMap { $0.chain?.certificates.first.flatMap { CertificateOctets(der: $0) } }
            .compactMap { TLSARecord.association($0, selector: 1, matching: 1) }
            .map { TLSARecord(usage: 3, selector: 1, matching: 1, data: $0) }
        return Set(present).union(next).sorted()
    }

    private func after(_ seconds: Int) -> Timestamp {
        Timestamp(secondsSince1970: createdAt.secondsSince1970 + Int64(seconds))
    }

    package var steps: [Step] {
        let publishTTL = current.isEmpty ? 3600 : ttl
        let own = "mailassay tlsa plan \(host)\(port == 25 ? "" : " --port \(port)") --next-key \(keyPath) --verify"
        var steps: [Step] = [
            Step(
                number: 1, title: words("tlsa.step.publish"), notBefore: createdAt,
                lines: added.map { "update add \(owner). \(publishTTL) IN TLSA \($0)" } + ["send"], check: own),
            Step(
                number: 2, title: words("tlsa.step.wait"), notBefore: createdAt,
                lines: [words("tlsa.plan.until", ["time": "\(after(wait))"])],
                check: "\(own) --since \(createdAt)"),
            Step(
                number: 3, title: words("tlsa.step.deploy"),
                notBefore: after(wait),
                lines: shownAddresses.map { "\(host) [\($0)]" }, check: "mailassay tlsa check \(host)"),
        ]
        if !old.isEmpty || current.isEmpty {
            let gone = old.isEmpty ? added.filter { !next.contains($0) } : old
            steps.append(
                Step(
                    number: 4, title: words("tlsa.step.remove"), notBefore: after(wait),
                    lines: gone.map { "update delete \(owner). TLSA \($0)" } + ["send"], check: own))
        }
        return steps
    }

    private var shownAddresses: [IPAddress] { Set(shown.map(\.address)).sorted() }

    package var text: String {
        let head = ["host": "\(host)", "owner": owner, "ttl": "\(ttl)", "time": "\(createdAt)"]
        var lines = [words("tlsa.plan.head", head)]
        lines += notes.map { words("tlsa.plan.note", ["note": $0]) }
        for step in steps {
            lines.append("")
            lines.append("\(step.number). \(step.title)")
            if step.number != 2 { lines.append("   " + words("tlsa.plan.before", ["time": "\(step.notBefore)"])) }
            lines += step.lines.map { "     \($0)" }
            if let check = step.check { lines.append("   " + words("tlsa.plan.check", ["command": check])) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What nsupdate is to send for the step; empty where it sends nothing.
    package func update(for state: State) -> String {
        guard state.mayBeTaken == true, let step = steps.first(where: { $0.number == state.step }),
            [1, 4].contains(step.number)
        else { return "" }
        return step.lines.map { $0 + "\n" }.joined()
    }

    package var json: String {
        JSONText.of(
            TLSADocument.Planned(
                schema: "mailassay.tlsa-plan/1", at: "\(createdAt)", owner: owner, ttl: ttl, waitSeconds: wait,
                current: current.map { .init($0) }, next: next.map { .init($0) }, notes: notes,
                steps: steps.map {
                    .init(
                        number: $0.number, title: $0.title, notBefore: "\($0.notBefore)", lines: $0.lines,
                        check: $0.check)
                }))
    }

    // MARK: Verifying

    /// Which step is due, judged by what every server publishes and every address shows now.
    package struct State: Sendable {
        /// nil where all is done.
        package let step: Int?
        /// nil where it cannot be told.
        package let mayBeTaken: Bool?
        package let words: [String]

        package var status: ExitStatus {
            switch mayBeTaken {
            case true?: .clean
            case false?: .findings
            case nil: .incomplete
            }
        }

        package var text: String { words.joined(separator: "\n") + "\n" }

        package func json(_ plan: TLSAPlan) -> String {
            JSONText.of(
                TLSADocument.Verified(
                    schema: "mailassay.tlsa-step/1", at: "\(plan.createdAt)", owner: plan.owner, step: step,
                    mayBeTaken: mayBeTaken, words: words))
        }
    }

    /// `since`: when the next record was published on every server, for a cache's age cannot be seen from outside.
    package func state(since: Timestamp?) -> State {
        let unanswered = published.filter { $0.records == nil }
        let without = published.filter { server in
            server.records.map { records in !next.allSatisfy(records.contains) } ?? false
        }
        func names(_ servers: [TLSAWorkbench.Published]) -> String {
            servers.map { "\($0.server.name) [\($0.server.address)]" }.joined(separator: ", ")
        }
        let silent = shown.filter { $0.chain == nil }
        let chains = shown.compactMap { item in item.chain.map { (item.address, $0) } }
        let onNext = Set(chains.filter { Self.uses(next, $0.1) }.map(\.0))
        let onOld = Set(chains.filter { !Self.uses(next, $0.1) }.map(\.0))
        func list(_ addresses: Set<IPAddress>) -> String {
            addresses.sorted().map(\.description).joined(separator: ", ")
        }
        if !without.isEmpty {
            if !onNext.isEmpty {
                return State(
                    step: 1, mayBeTaken: true,
                    words: [words("tlsa.state.exposed", ["addresses": list(onNext), "servers": names(without)])])
            }
            let some = without.count < published.count - unanswered.count
            return State(
                step: some ? 2 : 1, mayBeTaken: !some,
                words: [words(some ? "tlsa.state.spread" : "tlsa.state.publish", ["servers": names(without)])])
        }
        if !unanswered.isEmpty {
            let why = unanswered.map(\.words).joined(separator: ", ")
            return State(
                step: nil, mayBeTaken: nil,
                words: [words("tlsa.state.silent", ["servers": names(unanswered), "why": why])])
        }
        if !silent.isEmpty || chains.isEmpty {
            let why = silent.map { "\($0.address): \($0.words ?? "")" }.joined(separator: "; ")
            return State(step: nil, mayBeTaken: nil, words: [words("tlsa.state.unseen", ["why": why])])
        }
        if onNext.isEmpty { return waiting(since) }
        if !onOld.isEmpty {
            return State(
                step: 3, mayBeTaken: true,
                words: [words("tlsa.state.deploying", ["addresses": list(onOld)])])
        }
        let left = published.filter { server in old.contains { server.records?.contains($0) ?? false } }
        if !left.isEmpty {
            return State(
                step: 4, mayBeTaken: true,
                words: [words("tlsa.state.remove", ["servers": names(left)])])
        }
        return State(step: nil, mayBeTaken: true, words: [words("tlsa.state.done")])
    }

    private func waiting(_ since: Timestamp?) -> State {
        guard let since else {
            return State(
                step: 2, mayBeTaken: nil,
                words: [words("tlsa.state.published", ["seconds": "\(wait)"]), words("tlsa.state.since")])
        }
        let due = Timestamp(secondsSince1970: since.secondsSince1970 + Int64(wait))
        return due <= createdAt
            ? State(step: 3, mayBeTaken: true, words: [words("tlsa.state.deploy", ["time": "\(due)"])])
            : State(step: 2, mayBeTaken: false, words: [words("tlsa.state.wait", ["time": "\(due)"])])
    }

    private static func uses(_ records: [TLSARecord], _ chain: PresentedChain) -> Bool {
        guard let leaf = chain.certificates.first.flatMap({ CertificateOctets(der: $0) }) else { return false }
        return records.contains { record in
            TLSARecord.association(leaf, selector: record.selector, matching: record.matching) == record.data
        }
    }
}
