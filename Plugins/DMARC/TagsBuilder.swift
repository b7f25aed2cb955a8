import AssayModel
import AssayProbes

/// Turns a parsed record into a fact.
struct TagsBuilder {
    let record: DMARCRecord
    let octets: [UInt8]
    let visit: DMARCVisit
    let isOwn: Bool
    let isApplied: Bool
    let isOrganization: Bool
    let isListedSuffix: Bool
    let reports: String

    func fact() -> DMARCTags {
        let all = record.faults
        // A limit that was hit is named whatever else is cut.
        let shown = (all.filter { $0.kind == .limit } + all.filter { $0.kind != .limit }).prefix(DMARCLimits.faults)
        let bad = { (list: DMARCRecord.Destinations) in
            list.refused.map(\.text) + list.uris.filter { $0.scheme != "mailto" }.map(\.text)
        }
        let badRUA = bad(record.rua) + record.faults(.separator).map(\.value)
        return DMARCTags(
            text: printable(octets, limit: DMARCLimits.shownOctets), domain: "\(visit.domain)", isOwn: isOwn,
            isApplied: isApplied, isOrganization: isOrganization, isListedSuffix: isListedSuffix,
            reading: record.reading(by: .rfc9989).rawValue, legacyReading: record.reading(by: .rfc7489).rawValue,
            p: record.p?.rawValue, sp: record.sp?.rawValue, np: record.np?.rawValue,
            spComparison: Self.compare(record.sp, with: record.p ?? .none),
            npComparison: Self.compare(record.np, with: record.sp ?? record.p ?? .none), isTest: record.isTest,
            psd: record.psd.rawValue, pct: record.pct, hasStrictDKIM: record.hasStrictDKIM,
            hasStrictSPF: record.hasStrictSPF, ruaCount: record.rua.count, ruaUsable: record.rua.uris.count,
            rufCount: record.ruf.count, badRUA: badRUA, badRUF: bad(record.ruf),
            sized: (record.rua.uris + record.ruf.uris).compactMap { uri in
                uri.sizeLimit.map { "\(uri.text)!\($0)" }
            },
            unknownTags: Array(record.unknownTags.prefix(DMARCLimits.faults)),
            retiredTags: record.faults(.retired).map(\.tag).filter { $0 != "pct" },
            badFailureOptions: record.faults.first { $0.tag == "fo" && [.value, .orphan].contains($0.kind) }?.value,
            faults: shown.map { fault in
                DMARCTags.Fault(
                    kind: fault.kind.rawValue, tag: fault.tag, value: fault.value,
                    rfc9989: record.effect(of: fault, by: .rfc9989).rawValue,
                    rfc7489: record.effect(of: fault, by: .rfc7489).rawValue)
            },
            faultKinds: Set(all.flatMap { [$0.kind.rawValue, "\($0.kind.rawValue):\($0.tag)"] }).sorted(),
            malformed: Set(
                all.filter(Self.isFormal).map { $0.tag.isEmpty ? $0.kind.rawValue : "\($0.kind.rawValue) \($0.tag)" }
            )
            .sorted(), suggestions: suggestions(), ttl: visit.ttl)
    }

    /// No other finding speaks of it.
    private static func isFormal(_ fault: DMARCRecord.Fault) -> Bool {
        switch fault.kind {
        case .value: !["fo", "psd"].contains(fault.tag)
        case .duplicate, .nameCase, .malformed, .empty, .nonASCII, .limit: true
        case .version, .policyMissing, .policyInvalid, .order, .orphan, .destination, .separator, .retired, .unknown:
            false
        }
    }

    private static func compare(
        _ policy: DMARCRecord.Policy?, with other: DMARCRecord.Policy
    ) -> DMARCTags.Comparison {
        guard let policy else { return .absent }
        return policy == other ? .equal : policy < other ? .weaker : .stronger
    }

    private func suggestions() -> DMARCTags.Suggestions {
        var draft = RecordDraft(repairing: octets, reports: reports)
        if draft.psd == .yes, !isListedSuffix { draft.psd = .unspecified }
        // Below the organizational domain nobody reads these.
        if !isOrganization, draft.psd == .unspecified, isOwn { (draft.sp, draft.np) = (nil, nil) }
        let asking = draft.asking(for: reports)
        return DMARCTags.Suggestions(
            corrected: "\(draft)", reports: "\(asking)", subdomains: "\(draft.coveringSubdomains())",
            settled: "\(draft.with { $0.isTest = false })", two: "\(draft.with { $0.rua = Array($0.rua.prefix(2)) })",
            withoutFailureReports: "\(draft.with { ($0.ruf, $0.fo) = ([], []) })")
    }
}
