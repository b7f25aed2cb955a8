import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// How each question of the walk ended, and where aliases lead.
struct LookupCheck {
    let found: DMARCDiscovery.Evidence
    let scan: ScanContext

    func state() async {
        let isBlocked = found.effectivePolicy().state == .lookupError
        await withTaskGroup(of: Void.self) { group in
            for visit in found.visits {
                group.addTask { await state(visit, blocksPolicy: isBlocked && visit.outcome == .lookupError) }
            }
        }
    }

    private func state(_ visit: DMARCVisit, blocksPolicy: Bool) async {
        guard let owner = visit.owner else { return }
        let subject = Subject.record(owner, type: "TXT")
        if visit.outcome == .undetermined {
            scan.state(
                DMARCLookup.self, .undetermined(visit.cause ?? Cause(.dependsOnUndetermined)), about: subject)
            return
        }
        let status: DMARCLookup.Status =
            visit.outcome == .lookupError ? (visit.errorKind == "bogus" ? .bogus : .failed) : .answered
        let isDangling = visit.aliasTarget != nil && visit.isNameMissing
        scan.state(
            DMARCLookup(
                status: status, words: visit.words, domain: "\(visit.domain)", textCount: visit.textCount,
                blocksPolicy: blocksPolicy, aliasTarget: visit.aliasTarget.map { "\($0)" }, isDangling: isDangling,
                isOwnAlias: visit.aliasTarget.map { $0.isEqualOrBelow(found.byList) } ?? false,
                isRegistrable: isDangling ? await isRegistrable(visit.aliasTarget) : false),
            about: subject, from: await scan.resolve(owner, .txt).evidence)
    }

    /// Whoever registers the domain of a dangling alias publishes the policy.
    private func isRegistrable(_ target: DomainName?) async -> Bool {
        guard let target else { return false }
        let registrable = await scan.evidence(for: OrganizationalDomain(target)).byList
        guard registrable.labelCount > 1, !scan.domain.isEqualOrBelow(registrable) else { return false }
        return await scan.resolve(registrable, .ns).status == .nxDomain
    }
}
