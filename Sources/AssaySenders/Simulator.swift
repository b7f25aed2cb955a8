import AssayModel

/// What every kind of sender does with mail for a domain, under every attack.
///
/// Pure: the same scene gives the same table. The walk is that of RFC 5321 section 5.1: hosts by preference, the next where one
/// does not do; among equals, and among addresses, the weakest that would be taken counts.
package struct Simulator: Sendable {
    package let scene: Scene

    package init(_ scene: Scene) { self.scene = scene }

    package enum Outcome: String, Sendable, Comparable {
        // From worst to best in secrecy.
        case clear, unauth, auth, `defer`, bounce

        package static func < (left: Outcome, right: Outcome) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .clear: 0
            case .unauth: 1
            case .auth: 2
            case .defer, .bounce: 3
            }
        }

        package var isDelivered: Bool { self != .defer && self != .bounce }
    }

    /// Why a host was taken or left.
    package enum Reason: String, Sendable {
        case delivered
        case noConnection = "no_connection"
        case noTLS = "no_tls"
        case tlsaMismatch = "tlsa_mismatch"
        case tlsaError = "tlsa_error"
        case notInPolicy = "not_in_policy"
        case certificate
        case noDANE = "no_dane"
        case insecureMX = "insecure_mx"
        case noREQUIRETLS = "no_requiretls"
        case nullMX = "null_mx"
        case nowhere
        case lookupError = "lookup_error"
        case forgedDNS = "forged_dns"
        case noProtection = "no_protection"
        case partialDANE = "partial_dane"
        case dnssecLost = "dnssec_lost"
        case authorityTrusted = "authority_trusted"
        case policyHidden = "policy_hidden"
    }

    package struct Cell: Sendable {
        package let sender: SenderModel
        package let attack: Attack
        package let outcome: Outcome
        /// The attacker reads the message.
        package let isRead: Bool
        /// nil where no host decided.
        package let host: String?
        package let reason: Reason
        package let dependsOnCache: Bool
    }

    /// Cells that could be told; a sender whose walk needs what was not observed has none.
    package func run() -> [Cell] {
        SenderModel.allCases.flatMap { sender in Attack.allCases.compactMap { cell(sender, $0) } }
    }

    // MARK: One cell

    private struct Walk {
        let outcome: Outcome
        let host: String?
        let reason: Reason
    }

    private func cell(_ sender: SenderModel, _ attack: Attack) -> Cell? {
        guard isTold(for: sender) else { return nil }
        let plain = walk(sender, attack: .none, hidden: false, only: nil)
        func make(_ walk: Walk, read: Bool, cache: Bool = false) -> Cell {
            Cell(
                sender: sender, attack: attack, outcome: walk.outcome, isRead: read && walk.outcome.isDelivered,
                host: walk.host, reason: walk.reason, dependsOnCache: cache)
        }
        // Nothing is sent, so nothing can be attacked.
        guard scene.mail == .hosts else { return make(plain, read: false) }
        let cache = sender.heedsSTS && scene.policy == .enforce
        switch attack {
        case .none: return make(plain, read: false, cache: cache && plain.reason != .tlsaMismatch && isBySTS(sender))
        case .passive: return make(plain, read: plain.outcome == .clear, cache: cache && isBySTS(sender))
        case .strip, .selfSigned, .otherName, .misissued:
            let walk = walk(sender, attack: attack, hidden: false, only: nil)
            return make(walk, read: true, cache: cache && isBySTS(sender))
        case .hidePolicy:
            let walk = stripOrForge(sender, hidden: true)
            let isHidden = cache && walk.outcome.isDelivered
            return make(
                isHidden ? Walk(outcome: walk.outcome, host: walk.host, reason: .policyHidden) : walk, read: true,
                cache: isHidden)
        case .hideCachedPolicy:
            return make(stripOrForge(sender, hidden: false), read: true, cache: cache && isBySTS(sender))
        case .forgeDNS, .forgeDNSWithCertificate:
            let walk = forged(sender, hidden: false)
            return make(walk, read: true, cache: cache && walk.reason == .notInPolicy)
        case .drop: return dropped(sender, plain, cache: cache && isBySTS(sender))
        case .takeOverDNSSEC:
            let outcome: Outcome = sender.heedsDANE || isProtected(sender) ? max(plain.outcome, .unauth) : plain.outcome
            guard plain.outcome.isDelivered else { return make(plain, read: false) }
            return make(Walk(outcome: outcome, host: plain.host, reason: .dnssecLost), read: true)
        }
    }

    /// Everything that this sender looks at was observed.
    private func isTold(for sender: SenderModel) -> Bool {
        guard scene.mail == .hosts else { return true }
        return scene.hosts.contains { !$0.endpoints.isEmpty }
            && (!sender.heedsDANE || scene.hosts.allSatisfy { $0.dane != nil })
    }

    /// A policy and not DANE is what protects some host from this sender.
    private func isBySTS(_ sender: SenderModel) -> Bool {
        sender.heedsSTS && scene.policy == .enforce && scene.hosts.contains { level(sender, $0) == .none }
    }

    private func isProtected(_ sender: SenderModel) -> Bool {
        sender.heedsSTS && scene.policy == .enforce || scene.hosts.contains { level(sender, $0) == .usable }
    }

    /// DANE as this sender sees it.
    private func level(_ sender: SenderModel, _ host: Scene.Host) -> Scene.Host.DANE {
        guard sender.heedsDANE, let dane = host.dane else { return .none }
        if sender.wantsSecureMX, !scene.isMXSecure, dane != .error { return .none }
        return dane
    }

    // MARK: The walk

    /// `hidden`: the policy cannot be fetched and is not cached; `only`: the one host that packets reach.
    private func walk(_ sender: SenderModel, attack: Attack, hidden: Bool, only: String?) -> Walk {
        switch scene.mail {
        case .nullMX: return Walk(outcome: .bounce, host: nil, reason: .nullMX)
        case .nowhere: return Walk(outcome: .bounce, host: nil, reason: .nowhere)
        case .lookupError: return Walk(outcome: .defer, host: nil, reason: .lookupError)
        case .hosts: break
        }
        if sender == .daneOnly, !scene.isMXSecure { return Walk(outcome: .defer, host: nil, reason: .insecureMX) }
        var first: Walk?
        for preference in Set(scene.hosts.map(\.preference)).sorted() {
            var finals: [Walk] = []
            for host in scene.hosts where host.preference == preference && (only == nil || host.name == only) {
                for endpoint in host.endpoints {
                    let (outcome, reason) = visit(sender, host, endpoint, attack, hidden)
                    let walk = Walk(outcome: outcome ?? .defer, host: host.name, reason: reason)
                    if outcome == nil { first = first ?? walk } else { finals.append(walk) }
                }
            }
            if let weakest = finals.min(by: { $0.outcome < $1.outcome }) { return weakest }
        }
        guard let first else { return Walk(outcome: .defer, host: nil, reason: .noConnection) }
        // RFC 8689 section 4.2.1: such a message comes back.
        return sender == .requireTLS && first.reason != .noConnection && first.reason != .tlsaError
            ? Walk(outcome: .bounce, host: first.host, reason: first.reason) : first
    }

    /// nil passes to the next host.
    private func visit(
        _ sender: SenderModel, _ host: Scene.Host, _ endpoint: Scene.Endpoint, _ attack: Attack, _ hidden: Bool
    ) -> (Outcome?, Reason) {
        let dane = level(sender, host)
        // An attacker on the path answers in the host's place.
        let isTerminated = [.selfSigned, .otherName, .misissued].contains(attack)
        let isReachable = endpoint.isReachable || isTerminated
        let hasTLS = attack == .strip ? false : isTerminated || endpoint.completesTLS
        let isPKIXValid = isTerminated ? attack == .misissued : endpoint.isPKIXValid
        let isDANEValid =
            isTerminated ? attack == .misissued && host.trustsPublicAuthority : endpoint.isDANEValid ?? false
        guard dane != .error else { return (nil, .tlsaError) }
        guard isReachable else { return (nil, .noConnection) }
        let enforces = sender.heedsSTS && scene.policy == .enforce && !hidden
        switch dane {
        case .usable:
            guard hasTLS else { return (nil, .noTLS) }
            guard isDANEValid else { return (nil, .tlsaMismatch) }
            if sender == .requireTLS { return requireTLS(host, endpoint, isTerminated) }
            return (.auth, isTerminated ? .authorityTrusted : .delivered)
        case .unusable:
            if sender == .daneOnly { return (nil, .noDANE) }
            guard hasTLS else { return (nil, .noTLS) }
            if enforces { return sts(sender, host, endpoint, isPKIXValid, isTerminated) }
            return sender == .requireTLS ? (nil, .noProtection) : (.unauth, .noProtection)
        case .none, .error:
            if sender == .daneOnly { return (nil, .noDANE) }
            if enforces {
                guard host.isInPolicy else { return (nil, .notInPolicy) }
                guard hasTLS else { return (nil, .noTLS) }
                return sts(sender, host, endpoint, isPKIXValid, isTerminated)
            }
            if sender == .requireTLS { return requireTLSWithoutPolicy(host, endpoint, hasTLS, isPKIXValid) }
            return (hasTLS ? .unauth : .clear, hasTLS ? .noProtection : .noTLS)
        }
    }

    private func sts(
        _ sender: SenderModel, _ host: Scene.Host, _ endpoint: Scene.Endpoint, _ isPKIXValid: Bool, _ isTerminated: Bool
    ) -> (Outcome?, Reason) {
        guard host.isInPolicy else { return (nil, .notInPolicy) }
        guard isPKIXValid else { return (nil, .certificate) }
        if sender == .requireTLS { return requireTLS(host, endpoint, isTerminated) }
        return (.auth, isTerminated ? .authorityTrusted : .delivered)
    }

    /// RFC 8689 section 4.2.1: the host's name must be trusted, its certificate valid, and REQUIRETLS offered.
    private func requireTLS(_ host: Scene.Host, _ endpoint: Scene.Endpoint, _ isTerminated: Bool) -> (Outcome?, Reason)
    {
        guard scene.isMXSecure || scene.policy == .enforce && host.isInPolicy else { return (nil, .insecureMX) }
        if isTerminated { return (.auth, .authorityTrusted) }
        return endpoint.offersREQUIRETLS ? (.auth, .delivered) : (nil, .noREQUIRETLS)
    }

    private func requireTLSWithoutPolicy(
        _ host: Scene.Host, _ endpoint: Scene.Endpoint, _ hasTLS: Bool, _ isPKIXValid: Bool
    ) -> (Outcome?, Reason) {
        guard hasTLS else { return (nil, .noTLS) }
        guard scene.isMXSecure else { return (nil, .insecureMX) }
        guard isPKIXValid else { return (nil, .certificate) }
        return endpoint.offersREQUIRETLS ? (.auth, .delivered) : (nil, .noREQUIRETLS)
    }

    // MARK: Attacks on the way to the hosts

    /// Whoever can hide a policy goes on with what serves him better.
    private func stripOrForge(_ sender: SenderModel, hidden: Bool) -> Walk {
        let stripped = walk(sender, attack: .strip, hidden: hidden, only: nil)
        let forged = forged(sender, hidden: hidden)
        return forged.outcome < stripped.outcome ? forged : stripped
    }

    /// Where answers can be forged unseen, mail goes to a host of the attacker's, which has TLS but no name to show.
    private func forged(_ sender: SenderModel, hidden: Bool) -> Walk {
        let isMXSecure = scene.isMXSecure && sender.heedsDANE
        let areAddressesSecure = sender.heedsDANE && scene.hosts.allSatisfy { $0.isAddressSecure ?? false }
        if sender == .daneOnly, !scene.isMXSecure { return walk(sender, attack: .none, hidden: false, only: nil) }
        if isMXSecure, areAddressesSecure { return Walk(outcome: .defer, host: nil, reason: .forgedDNS) }
        if sender.heedsSTS, scene.policy == .enforce, !hidden {
            return Walk(outcome: .defer, host: nil, reason: .notInPolicy)
        }
        if sender == .daneOnly { return Walk(outcome: .defer, host: nil, reason: .noDANE) }
        if sender == .requireTLS { return Walk(outcome: .bounce, host: nil, reason: .insecureMX) }
        return Walk(outcome: .unauth, host: nil, reason: .forgedDNS)
    }

    /// The attacker leaves the one host reachable that protects the message least.
    private func dropped(_ sender: SenderModel, _ plain: Walk, cache: Bool) -> Cell {
        let alone = scene.hosts.map { walk(sender, attack: .none, hidden: false, only: $0.name) }
        let weakest = alone.filter(\.outcome.isDelivered).min { $0.outcome < $1.outcome }
        let result = weakest ?? plain
        // Where equal hosts differ, chance alone may have led to the weak one before.
        let isDowngrade = alone.contains { $0.outcome == .auth } && result.outcome < .auth
        return Cell(
            sender: sender, attack: .drop, outcome: result.outcome, isRead: result.outcome == .clear || isDowngrade,
            host: result.host, reason: isDowngrade ? .partialDANE : result.reason, dependsOnCache: cache)
    }
}
