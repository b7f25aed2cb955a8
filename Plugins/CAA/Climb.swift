import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// The search for the properties that count for a name: from the name itself up to its top-level domain, the first that has
/// any (RFC 8659 section 3). Aliases are followed at each step, and nothing is climbed from their targets.
struct Climb: Sendable {
    enum Ending: Sendable {
        case found(DNSAnswer)
        case nothing
        /// A lookup failed before anything was found: a CA must not issue (RFC 8659 section 6).
        case failed(DNSAnswer)
        /// The servers answer everything but this.
        case silent(DNSAnswer)
        case undetermined(Cause)
    }

    let name: DomainName
    /// The answers in order, up to the one that decided.
    let answers: [DNSAnswer]
    let ending: Ending

    /// All labels are asked at once: which of them decides is known afterwards.
    static func of(_ name: DomainName, in scan: ScanContext) async -> Climb {
        let names = ancestors(of: name)
        for name in names { scan.begin(DNSQuestion(name, .caa)) }
        var answers: [DNSAnswer] = []
        for candidate in names {
            let answer = await scan.resolve(candidate, .caa)
            answers.append(answer)
            switch answer.status {
            case .records: return Climb(name: name, answers: answers, ending: .found(answer))
            case .bogus, .failed: return Climb(name: name, answers: answers, ending: .failed(answer))
            case .undetermined(let cause):
                let isTheirs = await isSilentAboutCAAAlone(answer, cause, scan)
                return Climb(name: name, answers: answers, ending: isTheirs ? .silent(answer) : .undetermined(cause))
            case .noData, .nxDomain: continue
            }
        }
        if name.labelCount > CAALimits.labels {
            let cause = Cause(.limit, detail: "caa.labels \(CAALimits.labels)")
            return Climb(name: name, answers: answers, ending: .undetermined(cause))
        }
        return Climb(name: name, answers: answers, ending: .nothing)
    }

    /// Load balancers that drop questions of types they do not know are why CAs cannot issue; silence to everything says
    /// nothing.
    private static func isSilentAboutCAAAlone(_ answer: DNSAnswer, _ cause: Cause, _ scan: ScanContext) async -> Bool {
        guard cause.code == .noAnswerFromServers else { return false }
        switch await scan.resolve(answer.name, .a).status {
        case .records, .noData, .nxDomain: return true
        case .bogus, .failed, .undetermined: return false
        }
    }

    /// The name and those above it, without the root (RFC 8659 section 3: `while domain is not "."`).
    private static func ancestors(of name: DomainName) -> [DomainName] {
        var names: [DomainName] = []
        var next: DomainName? = name
        while let current = next, !current.isRoot, names.count < CAALimits.labels {
            names.append(current)
            next = current.parent
        }
        return names
    }

    var set: AuthorizationSet? { if case .found(let answer) = ending { AuthorizationSet(answer.records) } else { nil } }
    var owner: DomainName? { if case .found(let answer) = ending { answer.name } else { nil } }
}
