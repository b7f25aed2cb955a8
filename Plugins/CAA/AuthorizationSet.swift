package import AssayDNS
import AssayModel

/// The properties at one owner, and what they allow (RFC 8659 sections 3 and 4).
package struct AuthorizationSet: Sendable {
    /// What a certificate is for decides which properties count.
    package enum Purpose: String, Sendable, CaseIterable {
        /// For a name as it is.
        case server
        /// For `*.` and a name.
        case wildcard
        /// For S/MIME (RFC 9495).
        case mail
        /// Mark certificates.
        case mark
    }

    package enum Permission: Equatable, Sendable {
        case anybody
        case only([String])
        case nobody

        /// `any`, `listed`, `none`.
        package var word: String {
            switch self {
            case .anybody: "any"
            case .only: "listed"
            case .nobody: "none"
            }
        }

        package var issuers: [String] { if case .only(let issuers) = self { issuers } else { [] } }

        package func allows(anyOf identifiers: [String]) -> Bool {
            switch self {
            case .anybody: true
            case .only(let issuers): issuers.contains(where: identifiers.contains)
            case .nobody: false
            }
        }
    }

    package let properties: [CAAProperty]
    /// Records whose octets are no CAA record.
    package let unreadableCount: Int

    package init(_ records: [ResourceRecord]) {
        self.init(
            properties: records.prefix(CAALimits.properties).compactMap { record in
                guard case .caa(let flags, let tag, let value) = record.content else { return nil }
                return CAAProperty(flags: flags, tag: tag, value: value)
            }.sorted { ($0.description) < ($1.description) },
            unreadableCount: records.count { if case .opaque = $0.content { true } else { false } })
    }

    package init(properties: [CAAProperty], unreadableCount: Int = 0) {
        self.properties = properties
        self.unreadableCount = unreadableCount
    }

    package func properties(_ kind: CAAProperty.Kind) -> [CAAProperty] { properties.filter { $0.kind == kind } }

    /// Unknown, and marked as critical: nobody may issue (RFC 8659 section 4.1).
    package var criticalUnknown: [CAAProperty] { properties.filter { $0.isCritical && $0.kind == nil } }

    package func permission(_ purpose: Purpose) -> Permission {
        guard criticalUnknown.isEmpty else { return .nobody }
        let deciding = properties(decidingKind(purpose))
        if deciding.isEmpty { return .anybody }
        // Authorizations add up (RFC 8659 section 4.2); what is malformed names nobody.
        let issuers = deciding.compactMap(\.issueValue).filter { !$0.isUnsatisfiable }.compactMap(\.issuer)
        return issuers.isEmpty ? .nobody : .only(Set(issuers).sorted())
    }

    /// `issuewild`, where there is one, in place of `issue` for wildcards, and never for anything else (RFC 8659 section 4.3).
    package func decidingKind(_ purpose: Purpose) -> CAAProperty.Kind {
        switch purpose {
        case .server: .issue
        case .wildcard: properties(.issuewild).isEmpty ? .issue : .issuewild
        case .mail: .issuemail
        case .mark: .issuevmc
        }
    }

    // MARK: Faults

    package var malformed: [CAAProperty] {
        properties.filter { $0.kind?.isIssue ?? false && $0.issueValue == nil }
    }

    /// A malformed value is all there is of its kind: nobody may issue.
    package var malformedForbids: Bool {
        Set(malformed.compactMap(\.kind)).contains { kind in
            properties(kind).allSatisfy { $0.issueValue?.issuer == nil }
                && !properties(kind).contains { $0.issueValue != nil }
        }
    }

    package var hasWildcardOnly: Bool { properties(.issue).isEmpty && !properties(.issuewild).isEmpty }
    package var reservedFlags: [CAAProperty] { properties.filter(\.hasReservedFlags) }
    package var badTags: [CAAProperty] { properties.filter { !$0.isTagSound } }
    package var upperCaseTags: [CAAProperty] { properties.filter { $0.isTagSound && $0.hasUpperCaseTag } }

    package func issueProperties(where isMeant: (IssueValue) -> Bool) -> [CAAProperty] {
        properties.filter { $0.kind?.isIssue ?? false && $0.issueValue.map(isMeant) ?? false }
    }

    /// Neither `mailto:` nor `https:` (RFC 8659 section 4.4); `http:` is allowed there, and read by everybody on the way.
    package var badReports: [CAAProperty] {
        properties(.iodef).filter { ReportAddress($0.value)?.isEncryptedOrMail != true }
    }

    package var badContacts: [CAAProperty] {
        properties(.contactemail).filter { !ReportAddress.isMailbox($0.value) }
            + properties(.contactphone).filter { !ReportAddress.isTelephone($0.value) }
    }
}
