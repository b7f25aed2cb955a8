package import AssayDNS
package import AssayEngine
package import AssayModel

/// One question to the validating resolver.
package struct DNSQuestion: Probe {
    package let name: DomainName
    package let type: RecordType

    package init(_ name: DomainName, _ type: RecordType) {
        self.name = name
        self.type = type
    }

    package func run(in scan: ScanContext) async -> DNSAnswer {
        await scan.services.require(ValidatingResolver.self).query(name, type, deadline: scan.stepDeadline)
    }
}

extension ScanContext {
    /// Asks the resolver, at most once per scan for a name and type.
    package func resolve(_ name: DomainName, _ type: RecordType) async -> DNSAnswer {
        await evidence(for: DNSQuestion(name, type))
    }
}

extension DNSAnswer {
    /// The packet as evidence, where there is one.
    package var evidence: [EvidenceRecord] {
        guard !packet.isEmpty else { return [] }
        return [EvidenceRecord(kind: .dns, at: at, name: "\(name) \(type.mnemonic)", body: .octets(packet))]
    }

    /// `NXDOMAIN`, `no data`, `SERVFAIL ...`: how the lookup ended.
    package var statusWords: String {
        switch status {
        case .records: "\(records.count) records"
        case .noData: "no data"
        case .nxDomain: "NXDOMAIN"
        case .bogus(let why): "bogus: \(why)"
        case .failed: explanation?.words ?? "failed"
        case .undetermined(let cause): "\(cause.code.rawValue)\(cause.detail.map { ": \($0)" } ?? "")"
        }
    }

    /// Why the answer cannot be used, where we cannot know whose fault it is.
    package var undeterminedCause: Cause? {
        if case .undetermined(let cause) = status { cause } else { nil }
    }

    /// The addresses, domain names and texts of the answer.
    package var addresses: [IPAddress] {
        records.compactMap { if case .address(let address) = $0.content { address } else { nil } }
    }

    /// TXT records, their character-strings joined without separator (RFC 7208 section 3.3, RFC 8461 section 3.1).
    package var texts: [[UInt8]] {
        records.compactMap { if case .txt(let strings) = $0.content { Array(strings.joined()) } else { nil } }
    }

    package var names: [DomainName] {
        records.compactMap { if case .name(let name) = $0.content { name } else { nil } }
    }

    /// `bogus`, or what most servers of the zone said: a lookup error (RFC 7672 section 2.1.1). Nil where it is none.
    package var lookupError: (kind: String, words: String)? {
        switch status {
        case .records, .noData, .nxDomain, .undetermined: nil
        case .bogus(let why): ("bogus", why)
        case .failed: (explanation?.mainVerdict ?? "failed", explanation?.words ?? "")
        }
    }
}

extension FailureExplanation {
    /// The verdict of most servers, worst first among equals.
    var mainVerdict: String {
        let verdicts = servers.map(\.verdict).filter { $0 != .answered && $0 != .notAsked }
        let counts = Dictionary(grouping: verdicts, by: \.rawValue).mapValues(\.count)
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "failed"
    }

    /// `ns1.example.com [192.0.2.53]: servfail (signature expired)`, servers in order of their names.
    var words: String {
        servers.sorted { ($0.name, $0.address) < ($1.name, $1.address) }.map { server in
            let extra = server.extendedErrors.map { "EDE \($0.code)\($0.text.isEmpty ? "" : " \($0.text)")" }
            let suffix = extra.isEmpty ? "" : " (\(extra.joined(separator: ", ")))"
            return "\(server.name) [\(server.address)]: \(server.verdict.rawValue)\(suffix)"
        }.joined(separator: "; ")
    }
}
