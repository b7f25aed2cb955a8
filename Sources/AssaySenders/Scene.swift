package import AssayModel

/// What a sender of mail meets at a domain, taken from the observations of a scan.
///
/// Everything in here was observed. What was not makes the scene, or the part of a sender's walk that needs it, untold.
package struct Scene: Sendable {
    package enum Mail: Sendable, Equatable {
        case hosts
        case nullMX
        /// NXDOMAIN, or neither MX nor address.
        case nowhere
        case lookupError
    }

    package enum Policy: String, Sendable { case none, testing, enforce }

    package struct Endpoint: Sendable {
        package let address: String
        /// Connected and greeted with 220.
        package let isReachable: Bool
        package let completesTLS: Bool
        /// The certificate is valid for an MTA-STS sender (RFC 8461 section 4.2).
        package let isPKIXValid: Bool
        /// Matches the TLSA records; nil without usable ones.
        package let isDANEValid: Bool?
        package let offersREQUIRETLS: Bool

        package init(
            address: String, isReachable: Bool, completesTLS: Bool, isPKIXValid: Bool, isDANEValid: Bool?,
            offersREQUIRETLS: Bool
        ) {
            self.address = address
            self.isReachable = isReachable
            self.completesTLS = completesTLS
            self.isPKIXValid = isPKIXValid
            self.isDANEValid = isDANEValid
            self.offersREQUIRETLS = offersREQUIRETLS
        }
    }

    package struct Host: Sendable {
        package enum DANE: String, Sendable { case none, unusable, usable, error }

        package let name: String
        package let preference: Int
        package let endpoints: [Endpoint]
        /// Matched by a pattern of the policy.
        package let isInPolicy: Bool
        /// nil where the tier did not look.
        package let dane: DANE?
        package let isAddressSecure: Bool?
        /// Every usable TLSA record is of a public authority's certificate.
        package let trustsPublicAuthority: Bool

        package init(
            name: String, preference: Int, endpoints: [Endpoint], isInPolicy: Bool, dane: DANE?, isAddressSecure: Bool?,
            trustsPublicAuthority: Bool
        ) {
            self.name = name
            self.preference = preference
            self.endpoints = endpoints
            self.isInPolicy = isInPolicy
            self.dane = dane
            self.isAddressSecure = isAddressSecure
            self.trustsPublicAuthority = trustsPublicAuthority
        }
    }

    package let mail: Mail
    package let isMXSecure: Bool
    package let policy: Policy
    package let hosts: [Host]

    package init(mail: Mail, isMXSecure: Bool, policy: Policy, hosts: [Host]) {
        self.mail = mail
        self.isMXSecure = isMXSecure
        self.policy = policy
        self.hosts = hosts
    }

    /// nil where the way of the mail could not be told.
    package init?(_ observations: [Observation]) {
        var facts: [String: [Subject: FactValue]] = [:]
        for observation in observations {
            if case .observed(let value) = observation.outcome {
                facts[observation.fact, default: [:]][observation.subject] = value
            }
        }
        guard let lookup = facts["mx.lookup"]?.first?.value, let shape = lookup[path: "shape"]?.stringValue else {
            return nil
        }
        isMXSecure = lookup[path: "security"]?.stringValue == "secure"
        policy = Policy(rawValue: facts["mta_sts.in_force"]?.first?.value[path: "mode"]?.stringValue ?? "none") ?? .none
        switch shape {
        case "null", "null_nonzero_preference": mail = .nullMX
        case "none", "nxdomain": mail = .nowhere
        case "lookup_error": mail = .lookupError
        default: mail = .hosts
        }
        let list = facts["mx.hosts"]?.first?.value[path: "hosts"]?.listValue ?? []
        hosts = list.compactMap { Host($0, facts) }
        if mail == .hosts, hosts.isEmpty { return nil }
    }
}

extension Scene.Host {
    fileprivate init?(_ value: FactValue, _ facts: [String: [Subject: FactValue]]) {
        guard let name = value[path: "name"]?.stringValue, let preference = value[path: "preference"]?.intValue else {
            return nil
        }
        func fact(_ id: String) -> FactValue? { facts[id]?.first { $0.key.kind == .mx && $0.key.name == name }?.value }
        self.name = name
        self.preference = preference
        isInPolicy = fact("mta_sts.mx_match")?[path: "is_matched"]?.boolValue ?? false
        let plan = fact("dane.host")
        isAddressSecure = plan?[path: "is_address_secure"]?.boolValue
        switch plan?[path: "level"]?.stringValue {
        case "authenticate"?: dane = .usable
        case "encrypt"?: dane = .unusable
        case "unreachable"?: dane = .error
        case "opportunistic"?: dane = Scene.Host.DANE.none
        default: dane = nil
        }
        let records = (facts["dane.record"] ?? [:]).filter { $0.key.name.hasSuffix("._tcp.\(name)") }.map(\.value)
        let usable = records.filter { $0[path: "unusable"] == nil || $0[path: "unusable"] == .null }
        trustsPublicAuthority =
            !usable.isEmpty && usable.allSatisfy { $0[path: "is_public_intermediate"]?.boolValue ?? false }
        let addresses = value[path: "addresses"]?.listValue?.compactMap(\.stringValue) ?? []
        endpoints = addresses.compactMap { Scene.Endpoint($0, of: name, facts) }
    }
}

extension Scene.Endpoint {
    /// nil where the connection could not be judged.
    fileprivate init?(_ address: String, of host: String, _ facts: [String: [Subject: FactValue]]) {
        func fact(_ id: String) -> FactValue? {
            facts[id]?.first {
                $0.key.name == host && $0.key.address == address
                    && ($0.key.kind == .certificate || $0.key.object == nil)
            }?.value
        }
        guard let state = fact("smtp.connection")?[path: "state"]?.stringValue else { return nil }
        self.address = address
        let greeting = fact("smtp.greeting")?[path: "code"]?.intValue
        isReachable = state == "connected" && greeting == 220
        completesTLS = fact("starttls.handshake")?[path: "is_completed"]?.boolValue ?? false
        isPKIXValid = fact("cert.chain")?[path: "is_valid"]?.boolValue ?? false
        isDANEValid = fact("dane.verdict")?[path: "kind"]?.stringValue.map { $0 == "verified" }
        offersREQUIRETLS = fact("smtp.ehlo_after_tls")?[path: "has_requiretls"]?.boolValue ?? false
    }
}
