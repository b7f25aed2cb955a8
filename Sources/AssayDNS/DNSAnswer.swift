package import AssayModel

/// What the validating resolver came to for one question, with everything a judgement needs.
package struct DNSAnswer: Hashable, Codable, Sendable {
    /// NXDOMAIN and NODATA are answers; bogus, failed and deadline are lookup errors (RFC 7672 section 2.1.1).
    package enum Status: Hashable, Codable, Sendable {
        /// Records of the type asked for exist at the end of the alias chain.
        case records
        case noData
        case nxDomain
        /// DNSSEC validation failed; libunbound's words.
        case bogus(why: String)
        /// No usable answer; `explanation` says what each authoritative server said.
        case failed
        /// Our own time was over, or the resolver gave up without an answer from anyone.
        case undetermined(Cause)
    }

    package enum Security: String, Codable, Sendable {
        case secure, insecure, bogus, indeterminate
    }

    /// One CNAME (or the CNAME synthesised from a DNAME) on the way.
    package struct AliasHop: Hashable, Codable, Sendable {
        package let owner: DomainName
        package let target: DomainName
        package let ttl: Int
        package let isDNAME: Bool
        /// Of this hop alone, by an explicit CNAME question where the whole answer is not secure (RFC 7672 section 2.1.3).
        package let security: Security

        package init(owner: DomainName, target: DomainName, ttl: Int, isDNAME: Bool, security: Security) {
            self.owner = owner
            self.target = target
            self.ttl = ttl
            self.isDNAME = isDNAME
            self.security = security
        }
    }

    package let name: DomainName
    package let type: RecordType
    package let status: Status
    /// The DNS response code, extended bits included; nil without an answer.
    package let rcode: Int?
    /// Of the whole answer.
    package let security: Security
    /// The end of the alias chain; `name` where there is no alias.
    package let canonicalName: DomainName
    package let aliases: [AliasHop]
    /// The records of the type asked for, in the order of the packet.
    package let records: [ResourceRecord]
    /// Least TTL of `records`, in seconds, at most `DNSLimits.ttlCeiling`; nil without records.
    package let ttl: Int?
    /// True where the answer was synthesised from a wildcard (RRSIG label count, RFC 4034 section 3.1.3); nil if unsigned.
    package let isWildcardExpansion: Bool?
    /// What each authoritative server said, where the resolver only said "failure".
    package let explanation: FailureExplanation?
    /// The raw DNS message; empty where there is none.
    package let packet: [UInt8]
    package let at: Timestamp

    package init(
        name: DomainName, type: RecordType, status: Status, rcode: Int?, security: Security, canonicalName: DomainName,
        aliases: [AliasHop], records: [ResourceRecord], ttl: Int?, isWildcardExpansion: Bool?,
        explanation: FailureExplanation?, packet: [UInt8], at: Timestamp
    ) {
        self.name = name
        self.type = type
        self.status = status
        self.rcode = rcode
        self.security = security
        self.canonicalName = canonicalName
        self.aliases = aliases
        self.records = records
        self.ttl = ttl
        self.isWildcardExpansion = isWildcardExpansion
        self.explanation = explanation
        self.packet = packet
        self.at = at
    }
}

/// A question type this program asks (IANA DNS parameters).
package enum RecordType: UInt16, Codable, Sendable, CaseIterable {
    case a = 1
    case ns = 2
    case cname = 5
    case soa = 6
    case ptr = 12
    case mx = 15
    case txt = 16
    case aaaa = 28
    case dname = 39
    case ds = 43
    case rrsig = 46
    case nsec = 47
    case dnskey = 48
    case nsec3 = 50
    case nsec3param = 51
    case tlsa = 52
    case cds = 59
    case cdnskey = 60
    /// RFC 4408 section 3.1.1, which RFC 7208 section 3.1 abandoned.
    case spf = 99
    case caa = 257

    /// `MX`, `AAAA`, as in a zone file.
    package var mnemonic: String {
        switch self {
        case .a: "A"
        case .ns: "NS"
        case .cname: "CNAME"
        case .soa: "SOA"
        case .ptr: "PTR"
        case .mx: "MX"
        case .txt: "TXT"
        case .aaaa: "AAAA"
        case .dname: "DNAME"
        case .ds: "DS"
        case .rrsig: "RRSIG"
        case .nsec: "NSEC"
        case .dnskey: "DNSKEY"
        case .nsec3: "NSEC3"
        case .nsec3param: "NSEC3PARAM"
        case .tlsa: "TLSA"
        case .cds: "CDS"
        case .cdnskey: "CDNSKEY"
        case .spf: "SPF"
        case .caa: "CAA"
        }
    }
}

/// One record of a type this program reads.
package struct ResourceRecord: Hashable, Codable, Sendable {
    package let owner: DomainName
    package let ttl: Int
    package let content: RecordContent

    package init(owner: DomainName, ttl: Int, content: RecordContent) {
        self.owner = owner
        self.ttl = ttl
        self.content = content
    }
}

/// The typed content of a record.
package enum RecordContent: Hashable, Codable, Sendable {
    case address(IPAddress)
    case name(DomainName)
    case mx(preference: UInt16, exchange: DomainName)
    /// The character-strings as they were split (RFC 1035 section 3.3.14); joined without separator for reading.
    case txt([[UInt8]])
    case tlsa(usage: UInt8, selector: UInt8, matching: UInt8, data: [UInt8])
    case soa(StartOfAuthority)
    /// A property (RFC 8659 section 4.1); what its tag and value say is for the reader.
    case caa(flags: UInt8, tag: [UInt8], value: [UInt8])
    /// Anything else, and what did not parse, as raw RDATA.
    case opaque([UInt8])
}

/// The numbers of an SOA record (RFC 1035 section 3.3.13), times in seconds.
package struct StartOfAuthority: Hashable, Codable, Sendable {
    package let primary: DomainName
    package let mailbox: DomainName
    package let serial: UInt32
    package let refresh: UInt32
    package let retry: UInt32
    package let expire: UInt32
    /// TTL of denials, with the record's own TTL (RFC 2308 section 5).
    package let minimum: UInt32
}

/// Why a lookup failed, by one plain question to each authoritative server (DO set, RD clear).
package struct FailureExplanation: Hashable, Codable, Sendable {
    package enum Verdict: String, Codable, Sendable {
        case servfail, refused, malformed, silent
        /// Another response code that is no answer: NOTIMP, FORMERR, ...
        case otherCode = "other_code"
        /// It answered this time, so the fault is in between, or passing.
        case answered
        /// Answered with a referral or without authority: lame.
        case lame
        /// The connection over TCP, which the answer needs, is refused.
        case closed
        /// The address is one that we do not connect to.
        case notAsked = "not_asked"
    }

    package struct Server: Hashable, Codable, Sendable {
        package let name: DomainName
        package let address: IPAddress
        package let verdict: Verdict
        package let rcode: Int?
        /// Extended DNS Errors (RFC 8914): info-code and text, where the server sent them.
        package let extendedErrors: [ExtendedError]

        package init(
            name: DomainName, address: IPAddress, verdict: Verdict, rcode: Int?, extendedErrors: [ExtendedError]
        ) {
            self.name = name
            self.address = address
            self.verdict = verdict
            self.rcode = rcode
            self.extendedErrors = extendedErrors
        }
    }

    package struct ExtendedError: Hashable, Codable, Sendable {
        package let code: UInt16
        package let text: String
        package init(code: UInt16, text: String) {
            self.code = code
            self.text = text
        }
    }

    package let zone: DomainName
    package let servers: [Server]

    package init(zone: DomainName, servers: [Server]) {
        self.zone = zone
        self.servers = servers
    }

    /// True where at least one of the zone's own servers said something that is no answer.
    package var isTheirFault: Bool {
        servers.contains { ![.silent, .answered, .notAsked].contains($0.verdict) }
    }
}
