import AssayTransport

/// One thing to ask a server: one ClientHello, one connection.
enum Question: Hashable, Sendable {
    /// TLS 1.2 without a server name, every suite that has a certificate, what should not be used first and what is
    /// recommended last: a clean server takes something recommended, and so does one that keeps an order of its own.
    case everything
    /// The other way round, with a server name: who took something unwanted there shows whose order decides.
    case everythingReversed
    /// TLS 1.2 with what RFC 9325 recommends.
    case recommended
    /// The same without a server name.
    case recommendedUnnamed
    /// Any version below this one, suites of these classes first.
    case older(than: TLSVersion, first: [SuiteClass])
    /// Suites of these classes alone, but not those that the server chose and could not go on with.
    case classes([SuiteClass], version: TLSVersion, without: [CipherSuite])
    /// TLS 1.3 with post-quantum groups alone, in a large hello with values that mean nothing.
    case postQuantum
    /// The same size and values with groups that everybody has.
    case large(highest: TLSVersion, again: Bool)
    /// TLS 1.2, signatures with SHA-1 and MD5 alone.
    case brokenSignatures
    /// TLS 1.2, curves that nobody should use, then perhaps the one that the certificate needs.
    case weakGroups(besides: NamedGroup?)
    /// An old version with the signal that a newer one failed (RFC 7507).
    case fallback(TLSVersion)
    case ssl2
    /// SSL 2 and SSL 3 in one hello of SSL 2's form: whoever refuses it in words of TLS refuses both.
    case ssl2And3
    /// TLS 1.3, TLS_AES_128_CCM_8_SHA256 alone.
    case shortTag
    /// For an inventory: every suite of a version but these, in the registry's order or against it.
    case suites(TLSVersion, without: [CipherSuite], isReversed: Bool)
    /// For an inventory: every group of a version but these.
    case groups(TLSVersion, without: [NamedGroup])

    var isForInventory: Bool {
        switch self {
        case .suites, .groups: true
        default: false
        }
    }

    /// Asks for the same list from the same end.
    func isTwin(of other: Question) -> Bool {
        switch (self, other) {
        case (.suites(let mine, _, let isReversed), .suites(let theirs, _, let isToo)):
            mine == theirs && isReversed == isToo
        case (.groups(let mine, _), .groups(let theirs, _)): mine == theirs
        default: self == other
        }
    }

    /// `curve`: that of the server's only kind of certificate, which a hello must offer to see it (RFC 8422 section 5.1.1).
    func hello(serverName: String, curve: NamedGroup?) -> ClientHello {
        var hello = hello(serverName: serverName)
        guard let curve, !hello.groups.isEmpty, !hello.groups.contains(curve) else { return hello }
        switch self {
        case .postQuantum, .weakGroups, .groups: break
        default: hello.groups.append(curve)
        }
        return hello
    }

    func hello(serverName: String) -> ClientHello {
        switch self {
        case .everything:
            var hello = ClientHello(versions: [.tls12], suites: Self.unwantedSuites + Self.recommendedSuites)
            hello.offersCompression = true
            return hello
        case .everythingReversed:
            return ClientHello(
                versions: [.tls12], suites: (Self.unwantedSuites + Self.recommendedSuites).reversed(),
                serverName: serverName)
        case .recommended, .recommendedUnnamed:
            var hello = ClientHello(versions: [.tls12], suites: Self.recommendedSuites)
            if self == .recommended { hello.serverName = serverName }
            hello.offersCompression = true
            return hello
        case .older(let than, let classes):
            let highest = TLSVersion(rawValue: than.rawValue - 1) ?? .ssl3
            let suites = CipherSuite.classic.filter { !$0.needsTLS12 }
            var hello = ClientHello(versions: [highest], suites: Self.sorted(suites, by: Set(classes)))
            hello.serverName = serverName
            hello.offersCompression = true
            return hello
        case .classes(let classes, let version, let left):
            var hello = ClientHello(
                versions: [version], suites: Self.suites(of: Set(classes), version).filter { !left.contains($0) })
            hello.serverName = serverName
            hello.offersCompression = true
            return hello
        case .postQuantum:
            return large([.tls13], groups: NamedGroup.postQuantum, serverName)
        case .large(let highest, _):
            return large(
                highest == .tls13 ? [.tls13] : [.tls13, .tls12, .tls11, .tls10],
                groups: NamedGroup.postQuantum + NamedGroup.strong,
                serverName)
        case .brokenSignatures:
            return ClientHello(
                versions: [.tls12], suites: Self.ephemeral([.ecdhe, .dhe]), schemes: SignatureScheme.broken,
                serverName: serverName)
        case .weakGroups(let strong):
            return ClientHello(
                versions: [.tls12], suites: Self.ephemeral([.ecdhe]),
                groups: NamedGroup.weak + (strong.map { [$0] } ?? []), serverName: serverName)
        case .fallback(let version):
            let next = TLSVersion(rawValue: version.rawValue + 1) ?? .tls12
            var hello = Question.older(than: next, first: []).hello(serverName: serverName)
            hello.isFallback = true
            return hello
        case .ssl2: return ClientHello(versions: [.ssl2], suites: [], groups: [], schemes: [])
        case .ssl2And3:
            return ClientHello(
                versions: [.ssl2, .ssl3], suites: CipherSuite.classic.filter { !$0.needsTLS12 }, groups: [], schemes: []
            )
        case .shortTag:
            return ClientHello(
                versions: [.tls13], suites: [CipherSuite(rawValue: 0x1305)], groups: NamedGroup.common,
                serverName: serverName)
        case .suites(let version, let known, let isReversed):
            let suites = Self.all(version).filter { !known.contains($0) }
            return ClientHello(
                versions: [version], suites: isReversed ? suites.reversed() : suites, serverName: serverName)
        case .groups(let version, let known):
            let all = version == .tls13 ? NamedGroup.tls13 : NamedGroup.strong + NamedGroup.weak
            return ClientHello(
                versions: [version],
                suites: version == .tls13 ? CipherSuite.tls13 : Self.ephemeral([.ecdhe]),
                groups: all.filter { !known.contains($0) }, serverName: serverName)
        }
    }

    private func large(_ versions: [TLSVersion], groups: [NamedGroup], _ serverName: String) -> ClientHello {
        var suites = Array(CipherSuite.tls13.prefix(4))
        if versions.contains(.tls12) { suites += Self.recommendedSuites + Self.ephemeral([.dhe, .ecdhe, .rsa]) }
        var hello = ClientHello(versions: versions, suites: suites, groups: groups, serverName: serverName)
        hello.greases = true
        hello.paddedTo = TLSLimits.largeHello
        return hello
    }

    private static let unwantedSuites = sorted(
        CipherSuite.classic.filter { !$0.classes.isEmpty && !$0.classes.contains(.anonymous) },
        by: Set(SuiteClass.allCases))

    static let recommendedSuites = CipherSuite.classic.filter { $0.isRecommended && $0.classes.isEmpty }

    static func suites(of classes: Set<SuiteClass>, _ version: TLSVersion) -> [CipherSuite] {
        let suites = CipherSuite.classic.filter {
            !$0.classes.isDisjoint(with: classes) && (version == .tls12 || !$0.needsTLS12)
        }
        return sorted(suites, by: classes)
    }

    /// Those first that are of most of the classes, so that one answer tells much.
    private static func sorted(_ suites: [CipherSuite], by classes: Set<SuiteClass>) -> [CipherSuite] {
        suites
            .map { (suite: $0, count: $0.classes.intersection(classes).count) }
            .sorted { ($1.count, $0.suite.rawValue) < ($0.count, $1.suite.rawValue) }
            .map(\.suite)
    }

    /// The recommended first.
    private static func ephemeral(_ exchanges: Set<CipherSuite.KeyExchange>) -> [CipherSuite] {
        let all = CipherSuite.classic.filter { exchanges.contains($0.keyExchange) }
        return all.filter(recommendedSuites.contains) + all.filter { !recommendedSuites.contains($0) }
    }

    private static func all(_ version: TLSVersion) -> [CipherSuite] {
        version == .tls13
            ? CipherSuite.tls13 : CipherSuite.classic.filter { version == .tls12 || !$0.needsTLS12 }
    }
}
