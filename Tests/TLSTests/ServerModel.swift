@testable import AssayTransport

/// A server as a value: what it would answer to a ClientHello.
struct ServerModel {
    var versions: Set<TLSVersion> = [.tls12, .tls13]
    /// In its order.
    var suites = [0x1302, 0x1301, 0xC030, 0xC02F].map { CipherSuite(rawValue: $0) }
    var groups = [0x1D, 0x17].map { NamedGroup(rawValue: $0) }
    var schemes = [0x0804, 0x0401].map { SignatureScheme(rawValue: $0) }
    var keepsItsOrder = false
    var wantsName = false
    var largest = Int.max
    var closesInstead = false
    var knowsFallback = true
    /// Hellos in the form of SSL 2, without speaking it.
    var readsSSL2 = true

    func answer(_ hello: ClientHello) -> HelloAnswer {
        func refuse(_ alert: Int) -> HelloAnswer { closesInstead ? .closed : .alert(alert) }
        let size = hello.octets(random: [UInt8](repeating: 0, count: 64)).count
        guard size <= largest else { return .closed }
        let highest = hello.versions.max() ?? .tls12
        if hello.versions.contains(.ssl2) {
            guard readsSSL2 || versions.contains(.ssl2) else { return refuse(50) }
            guard let version = versions.filter({ $0 <= highest }).max() else { return refuse(70) }
            if version == .ssl2 { return .hello(serverHello(.ssl2, nil)) }
        }
        if wantsName, hello.serverName == nil { return refuse(112) }
        let offered =
            highest == .tls13 ? versions.intersection(hello.versions) : versions.filter { $0 <= highest && $0 != .ssl2 }
        guard let version = offered.max() else { return refuse(70) }
        if hello.isFallback, knowsFallback, (versions.max() ?? .tls12) > highest { return refuse(86) }
        let usable = { (suite: CipherSuite) in
            suite.isTLS13 == (version == .tls13) && (version >= .tls12 || !suite.needsTLS12)
        }
        let mine = suites.filter(usable)
        let pool = keepsItsOrder ? mine.filter(hello.suites.contains) : hello.suites.filter(mine.contains)
        let group =
            keepsItsOrder ? groups.first(where: hello.groups.contains) : hello.groups.first(where: groups.contains)
        let scheme = schemes.first(where: hello.schemes.contains)
        for suite in pool {
            let needsGroup = suite.isTLS13 || suite.keyExchange == .ecdhe || suite.keyExchange == .anonymousECDH
            if needsGroup, group == nil { continue }
            if version == .tls12, [.ecdhe, .dhe].contains(suite.keyExchange), scheme == nil { continue }
            var answer = serverHello(version, suite)
            if needsGroup { answer.group = group }
            if version == .tls12 { answer.scheme = scheme }
            if suite.keyExchange == .dhe { answer.prime = ServerHello.Prime([UInt8](repeating: 0xC5, count: 128)) }
            return .hello(answer)
        }
        return refuse(40)
    }

    private func serverHello(_ version: TLSVersion, _ suite: CipherSuite?) -> ServerHello {
        ServerHello(
            version: version, suite: suite ?? CipherSuite(rawValue: 0), isRetry: version == .tls13, compression: 0,
            extensions: [0xFF01, 23])
    }
}
