import AssayModel

extension DMARCDiscovery.Evidence {
    /// The record that receivers apply to mail from the author domain itself, with the domain that publishes it.
    package func policyVisit(by generation: DMARCGeneration = .rfc9989) -> DMARCVisit? {
        guard case .found(let visit, _) = find(from: author, by: generation) else { return nil }
        return visit
    }

    /// What happens to failing mail from the author domain, or from a name right below it that has no record of its own.
    package func effectivePolicy(
        for target: DMARCTarget = .domain, by generation: DMARCGeneration = .rfc9989
    ) -> DMARCPolicy {
        // Any label will do: what counts is that nothing stands there.
        let start = target == .domain ? author : author.prepending("x") ?? author
        func answer(
            _ state: DMARCPolicy.State, _ visit: DMARCVisit? = nil, _ location: DMARCPolicy.Location? = nil,
            tag: String? = nil, requested: DMARCRecord.Policy = .none, effective: DMARCRecord.Policy = .none,
            percentage: Int = 100
        ) -> DMARCPolicy {
            DMARCPolicy(
                generation: generation, target: target, state: state, recordDomain: visit?.domain, location: location,
                tag: tag, requested: requested, effective: effective, percentage: percentage)
        }
        switch find(from: start, by: generation) {
        case .nothing: return answer(.noRecord)
        case .void(let visit): return answer(.void, visit)
        case .lookupError(let visit): return answer(.lookupError, visit)
        case .undetermined(let visit): return answer(.undetermined, visit)
        case .found(let visit, let location):
            guard let record = visit.policyRecord else { return answer(.noRecord) }
            switch record.reading(by: generation) {
            case .ignored: return answer(.noRecord)
            case .notApplied: return answer(.void, visit, location)
            case .asNone: return answer(.applied, visit, location)
            case .asWritten: break
            }
            let seen = kind(of: start, under: visit.domain, asked: target)
            let (tag, requested) = record.policy(for: seen, by: generation)
            var effective = requested
            var percentage = 100
            if generation == .rfc9989 {
                if record.isTest { effective = requested.oneLevelDown }
            } else if let pct = record.pct, requested != .none {
                if pct == 0 { effective = requested.oneLevelDown } else { percentage = pct }
            }
            return answer(
                .applied, visit, location, tag: tag, requested: requested, effective: effective, percentage: percentage)
        }
    }

    private enum Found {
        case found(DMARCVisit, DMARCPolicy.Location)
        case nothing
        case void(DMARCVisit)
        case lookupError(DMARCVisit)
        case undetermined(DMARCVisit)
    }

    /// From where the record is published, a name below it is a subdomain, even when it was asked as itself.
    private func kind(of start: DomainName, under publisher: DomainName, asked: DMARCTarget) -> DMARCTarget {
        if start == publisher { return .domain }
        if asked != .domain { return asked }
        return isAuthorMissing ?? false ? .nonexistentSubdomain : .existingSubdomain
    }

    private func find(from start: DomainName, by generation: DMARCGeneration) -> Found {
        generation == .rfc9989 ? findByWalk(from: start) : findByList(from: start)
    }

    /// RFC 9989 section 4.10.1: the author domain's record, else the organizational domain's, else the public suffix's.
    private func findByWalk(from start: DomainName) -> Found {
        let known = Dictionary((visits + beyond).map { ($0.domain, $0) }) { first, _ in first }
        let walk = DMARCWalk.considered(
            DMARCWalk.names(from: start).map { known[$0] ?? DMARCVisit(domain: $0, records: []) })
        if let first = walk.first {
            if first.outcome == .record { return .found(first, .author) }
            if let obstacle = Self.obstacle(first) { return obstacle }
        }
        let organization = DMARCWalk.organization(of: start, walk)
        let byDomain = Dictionary(walk.map { ($0.domain, $0) }) { first, _ in first }
        if let visit = byDomain[organization.domain], visit.outcome == .record { return .found(visit, .organization) }
        if let suffix = organization.publicSuffix, let visit = byDomain[suffix] { return .found(visit, .publicSuffix) }
        // Nothing counts: because of an error, because of several records at one name, or because there is nothing.
        if let obstacle = walk.lazy.compactMap(Self.obstacle).first { return obstacle }
        return walk.first { $0.outcome == .multiple }.map(Found.void) ?? .nothing
    }

    /// RFC 7489 section 6.6.3: several records at the exact name end the search.
    private func findByList(from start: DomainName) -> Found {
        let known = Dictionary((visits + beyond + [listVisit]).map { ($0.domain, $0) }) { first, _ in first }
        var places = [(start, DMARCPolicy.Location.author)]
        if byList != start { places.append((byList, .organization)) }
        for (name, location) in places {
            guard let visit = known[name] else { continue }
            switch visit.outcome {
            case .record: return .found(visit, location)
            case .multiple: return .void(visit)
            case .none: continue
            case .lookupError: return .lookupError(visit)
            case .undetermined: return .undetermined(visit)
            }
        }
        return .nothing
    }

    private static func obstacle(_ visit: DMARCVisit) -> Found? {
        switch visit.outcome {
        case .lookupError: .lookupError(visit)
        case .undetermined: .undetermined(visit)
        case .record, .none, .multiple: nil
        }
    }
}
