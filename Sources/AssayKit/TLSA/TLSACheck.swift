package import AssayCrypto
import AssayDNS
package import AssayModel
import AssayProbes
import DANE

/// Whether the certificates of a host, or one that is to be deployed, match its TLSA records.
package struct TLSACheck: Sendable {
    package enum Result: String, Sendable {
        /// Everything looked at matches.
        case matches
        case mismatch
        case unknown
        /// Nothing that a DANE sender heeds is published.
        case none
    }

    /// One certificate at one address, or the new certificate against one name server.
    package struct Row: Sendable {
        /// `192.0.2.1`, `ns1.example.com [192.0.2.53]`.
        package let place: String
        /// `ecdsa`; nil without a certificate.
        package let key: String?
        package let result: Result
        package let words: String
        package let notAfter: Timestamp?
    }

    package let owner: String
    package let records: [TLSARecord]
    package let ttl: Int?
    package let result: Result
    /// What is to be said about the records as a whole.
    package let note: String
    package let rows: [Row]
    package let at: Timestamp
    let words: Catalogue

    /// The smoke test: every certificate at every address of the host.
    package static func host(_ bench: TLSAWorkbench) async throws(AuditError) -> TLSACheck {
        let plan = await bench.look()
        if let stop = try stop(plan, bench) { return stop }
        let names = [plan.base, bench.host].compactMap(\.self)
        let rows = await bench.certificates(of: plan).map { shown in
            guard let chain = shown.chain else {
                return Row(
                    place: "\(shown.address)", key: nil, result: shown.isTheirs ? .mismatch : .unknown,
                    words: shown.words ?? "", notAfter: nil)
            }
            let row = row(chain, plan.records, names: names, place: "\(shown.address)", bench)
            guard plan.records.isEmpty else { return row }
            return Row(
                place: row.place, key: row.key, result: .none, words: bench.words("tlsa.row.nothing"),
                notAfter: row.notAfter)
        }
        return make(plan, bench, rows)
    }

    /// The preflight: a certificate that is not deployed yet against what every authoritative server publishes now.
    package static func preflight(_ material: KeyMaterial, _ bench: TLSAWorkbench) async throws(AuditError) -> TLSACheck
    {
        let plan = await bench.look()
        if let stop = try stop(plan, bench) { return stop }
        guard let answer = plan.published else { return make(plan, bench, []) }
        let names = [plan.base, bench.host].compactMap(\.self)
        let chain = PresentedChain(certificates: material.certificates, count: material.certificates.count)
        var rows = [row(chain, plan.records, names: names, place: bench.words("tlsa.place.validated"), bench)]
        for server in await bench.published(at: answer.canonicalName) {
            let place = "\(server.server.name) [\(server.server.address)]"
            if let records = server.records {
                rows.append(row(chain, records, names: names, place: place, bench))
            } else {
                rows.append(
                    Row(
                        place: place, key: nil, result: server.isTheirs ? .mismatch : .unknown, words: server.words,
                        notAfter: nil))
            }
        }
        return make(plan, bench, rows)
    }

    // MARK: Judging

    private static func row(
        _ chain: PresentedChain, _ records: [TLSARecord], names: [DomainName], place: String, _ bench: TLSAWorkbench
    ) -> Row {
        let (told, moment) = (bench.words, bench.now)
        let leaf = chain.certificate(at: 0)
        let verdict = DANEVerifier().verify(chain, records: records, names: names, at: moment)
        let matching = DANEGrid(chain, records: records, at: moment).rows.filter(\.isMatch).map(\.record.short)
        let result: Result
        let words: String
        switch verdict.kind {
        case .verified:
            (result, words) = (
                .matches, told("tlsa.row.matches", ["records": matching.joined(separator: ", ")])
            )
        case .unusable:
            (result, words) = (
                records.isEmpty ? .mismatch : .none, told(records.isEmpty ? "tlsa.row.none" : "tlsa.row.unusable")
            )
        case .undetermined: (result, words) = (.unknown, told("tlsa.row.unjudged"))
        case .mismatch: (result, words) = (.mismatch, mismatch(chain, told))
        default: (result, words) = (.mismatch, "\(verdict.kind.rawValue): \(verdict.words ?? "")")
        }
        return Row(
            place: place, key: leaf?.key.kind.rawValue, result: result, words: words, notAfter: leaf?.notAfter)
    }

    /// With the record that would match.
    private static func mismatch(_ chain: PresentedChain, _ words: Catalogue) -> String {
        guard let leaf = chain.certificates.first.flatMap({ CertificateOctets(der: $0) }),
            let data = TLSARecord.association(leaf, selector: 1, matching: 1)
        else { return words("tlsa.row.mismatch") }
        return words("tlsa.row.would", ["record": "3 1 1 \(Digest.hex(data))"])
    }

    /// What ends the check before a certificate is looked at.
    private static func stop(_ plan: HostPlan, _ bench: TLSAWorkbench) throws(AuditError) -> TLSACheck? {
        let answers = [plan.host.ipv4, plan.host.ipv6]
        if plan.host.addresses.isEmpty {
            let status = answers.map { "\($0.type.mnemonic) \($0.statusWords)" }.joined(separator: ", ")
            let values = ["host": "\(bench.host)", "status": status]
            return make(plan, bench, [], .unknown, bench.words("tlsa.note.address", values))
        }
        if let cause = plan.undetermined {
            let why = [cause.code.rawValue, cause.detail].compactMap(\.self).joined(separator: " ")
            return make(plan, bench, [], .unknown, bench.words("tlsa.note.answer", ["cause": why]))
        }
        if plan.level == .unreachable, let answer = plan.published {
            return make(
                plan, bench, [], .mismatch, bench.words("tlsa.note.fails", ["status": answer.statusWords]))
        }
        return nil
    }

    private static func make(
        _ plan: HostPlan, _ bench: TLSAWorkbench, _ rows: [Row], _ result: Result? = nil, _ note: String? = nil
    ) -> TLSACheck {
        let owner = "_\(bench.port)._tcp.\(plan.base ?? bench.host)"
        let isHeeded = plan.level == .authenticate
        var words = note ?? ""
        if note == nil {
            switch plan.level {
            case .authenticate?: break
            case .encrypt?: words = bench.words("tlsa.note.unusable")
            default:
                words =
                    plan.published == nil
                    ? bench.words("tlsa.row.none")
                    : bench.words("tlsa.note.unsigned", ["security": plan.published?.security.rawValue ?? ""])
                if !plan.isAddressSecure { words += "; " + bench.words("tlsa.note.insecure") }
            }
        }
        let results = rows.map(\.result)
        let all: Result =
            result
            ?? (!isHeeded
                ? Result.none
                : results.contains(.mismatch)
                    ? .mismatch : results.contains(.unknown) || rows.isEmpty ? .unknown : .matches)
        return TLSACheck(
            owner: plan.published.map { "\($0.name)" } ?? owner, records: plan.records, ttl: plan.published?.ttl,
            result: all, note: words, rows: rows, at: bench.now, words: bench.words)
    }

    // MARK: Telling

    /// Design's exit status; `isRequired`: to have no record is a failure.
    package func status(isRequired: Bool) -> ExitStatus {
        switch result {
        case .matches: .clean
        case .mismatch: .findings
        case .unknown: .incomplete
        case .none: isRequired ? .findings : .clean
        }
    }

    package var text: String {
        var head = ["owner": owner, "records": words.count(records.count, "record")]
        head["ttl"] = ttl.map { "\($0)" }
        var lines = [words(ttl == nil ? "tlsa.head" : "tlsa.head.ttl", head)]
        lines += records.map {
            "    \($0.unusable == nil ? " " : "-") \($0)\($0.unusable.map { " (\($0.rawValue))" } ?? "")"
        }
        for row in rows {
            let until = row.notAfter.map { ", " + words("tlsa.until", ["day": $0.dayText]) } ?? ""
            let key = row.key.map { " \($0)" } ?? ""
            lines.append("  \(Self.mark(row.result)) \(row.place)\(key)\(until): \(row.words)")
        }
        if !note.isEmpty { lines.append("  \(note)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func mark(_ result: Result) -> String {
        switch result {
        case .matches: "ok  "
        case .mismatch: "FAIL"
        case .unknown: "?   "
        case .none: "-   "
        }
    }

    /// One line of the Monitoring Plugins' form, and its exit status: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
    package func nagios(isRequired: Bool) -> (line: String, status: Int32) {
        let (word, code): (String, Int32) =
            switch result {
            case .matches: ("OK", 0)
            case .mismatch: ("CRITICAL", 2)
            case .unknown: ("UNKNOWN", 3)
            case .none: isRequired ? ("CRITICAL", 2) : ("OK", 0)
            }
        let matched = rows.count { $0.result == .matches }
        let bad = rows.filter { $0.result != .matches }.map { "\($0.place) \($0.words)" }
        let days = rows.compactMap { $0.notAfter?.seconds(since: at) }.min().map { $0 / 86_400 }
        var told = rows.isEmpty ? note : words("tlsa.count", ["n": "\(matched)", "all": "\(rows.count)"])
        if !rows.isEmpty, !bad.isEmpty { told += "; " + bad.joined(separator: "; ") }
        if !rows.isEmpty, !note.isEmpty { told += "; " + note }
        let clean = String(
            decoding: "\(owner) \(told)".utf8.map { $0 == UInt8(ascii: "|") || $0 < 0x20 ? UInt8(ascii: " ") : $0 },
            as: UTF8.self)
        let performance = "matched=\(matched);;;0;\(rows.count)" + (days.map { " days_left=\($0)" } ?? "")
        return ("TLSA \(word) - \(clean) | \(performance)\n", code)
    }
}
