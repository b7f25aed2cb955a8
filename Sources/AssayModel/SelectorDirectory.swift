/// Which DKIM selectors providers use, and how one sees that a domain uses a provider (`rules/selectors.yaml`).
package struct SelectorDirectory: Sendable, Equatable {
    package struct Provider: Sendable, Equatable {
        package let name: String
        /// Fixed for all its customers; empty where they cannot be guessed.
        package let selectors: [String]
        /// Names that end so: mail hosts, SPF includes, and where keys of customers are aliases to.
        package let mx: [String]
        package let spf: [String]
        package let keyHosts: [String]
        /// Domains of the addresses that DMARC reports go to.
        package let reports: [String]
        /// Its customers, or it for each of them, choose further selectors.
        package let hasOwnSelectors: Bool
        /// Somebody who trusts the selector alone knows the provider.
        package let isDistinctive: Bool
        /// `vendor` documentation or a sweep of live domains; `unsourced` otherwise.
        package let source: String

        package init(
            name: String, selectors: [String], mx: [String], spf: [String], keyHosts: [String], reports: [String],
            hasOwnSelectors: Bool, isDistinctive: Bool, source: String
        ) {
            self.name = name
            self.selectors = selectors
            self.mx = mx
            self.spf = spf
            self.keyHosts = keyHosts
            self.reports = reports
            self.hasOwnSelectors = hasOwnSelectors
            self.isDistinctive = isDistinctive
            self.source = source
        }
    }

    /// A key whose private half everybody can read.
    package struct KnownKey: Sendable, Equatable {
        /// SHA-256 of an RSA modulus, or of the 32 octets of an Ed25519 key.
        package let sha256: String
        package let published: String

        package init(sha256: String, published: String) {
            self.sha256 = sha256
            self.published = published
        }
    }

    package let asOf: String
    package let providers: [Provider]
    package let generic: [String]
    package let knownKeys: [KnownKey]

    package init(asOf: String, providers: [Provider], generic: [String], knownKeys: [KnownKey]) {
        self.asOf = asOf
        self.providers = providers
        self.generic = generic
        self.knownKeys = knownKeys
    }

    package static let empty = SelectorDirectory(asOf: "", providers: [], generic: [], knownKeys: [])
}
