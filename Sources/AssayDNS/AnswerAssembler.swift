import AssayModel

/// Builds a `DNSAnswer` out of a packet and libunbound's verdict.
struct AnswerAssembler {
    let name: DomainName
    let type: RecordType
    let at: Timestamp
    var cause = Cause(.deadline)

    init(name: DomainName, type: RecordType, at: Timestamp) {
        self.name = name
        self.type = type
        self.at = at
    }

    func assemble(_ packet: [UInt8], security: DNSAnswer.Security, whyBogus: String?) -> DNSAnswer {
        guard let message = DNSMessage(parsing: packet) else {
            return build(.undetermined(Cause("malformed_answer")), packet: packet)
        }
        let (aliases, end, isTooLong) = followAliases(in: message, security: security)
        let matching = message.answers.filter { $0.owner == end && $0.type == type.rawValue }
        let records = limited(matching)
        let status: DNSAnswer.Status
        if security == .bogus {
            status = .bogus(why: whyBogus ?? "validation failed")
        } else if isTooLong {
            status = .undetermined(Cause(.limit, detail: "dns.alias_hops \(DNSLimits.aliasHops)"))
        } else if message.rcode == 3 {
            status = .nxDomain
        } else if records.isEmpty {
            status = .noData
        } else {
            status = .records
        }
        return DNSAnswer(
            name: name, type: type, status: status, rcode: message.rcode, security: security, canonicalName: end,
            aliases: aliases, records: security == .bogus ? [] : records,
            ttl: records.map(\.ttl).min(), isWildcardExpansion: isWildcardExpansion(message, end), explanation: nil,
            packet: packet, at: at)
    }

    func failed(_ explanation: FailureExplanation) -> DNSAnswer {
        build(.failed, explanation: explanation)
    }

    var undetermined: DNSAnswer { build(.undetermined(cause)) }

    func undetermined(_ explanation: FailureExplanation) -> DNSAnswer {
        build(.undetermined(cause), explanation: explanation)
    }

    private func build(
        _ status: DNSAnswer.Status, packet: [UInt8] = [], explanation: FailureExplanation? = nil
    ) -> DNSAnswer {
        DNSAnswer(
            name: name, type: type, status: status, rcode: nil, security: .indeterminate, canonicalName: name,
            aliases: [], records: [], ttl: nil, isWildcardExpansion: nil, explanation: explanation, packet: packet,
            at: at)
    }

    /// CNAMEs from the question's name on (RFC 1034 section 3.6.2); a DNAME shows by the CNAME made from it.
    private func followAliases(
        in message: DNSMessage, security: DNSAnswer.Security
    ) -> (hops: [DNSAnswer.AliasHop], end: DomainName, isTooLong: Bool) {
        guard type != .cname else { return ([], name, false) }
        var hops: [DNSAnswer.AliasHop] = []
        var current = name
        var visited: Set<DomainName> = [name]
        while let record = message.answers.first(where: { $0.owner == current && $0.type == RecordType.cname.rawValue }
        ),
            case .name(let target) = record.content
        {
            let isDNAME = message.answers.contains {
                $0.type == 39 && current != $0.owner && current.isEqualOrBelow($0.owner)
            }
            hops.append(
                .init(
                    owner: current, target: target, ttl: min(record.ttl, DNSLimits.ttlCeiling), isDNAME: isDNAME,
                    security: security))
            guard hops.count <= DNSLimits.aliasHops, visited.insert(target).inserted else {
                return (hops, target, true)
            }
            current = target
        }
        return (hops, current, false)
    }

    private func limited(_ records: [DNSMessage.Record]) -> [ResourceRecord] {
        var octets = 0
        var result: [ResourceRecord] = []
        for record in records.prefix(DNSLimits.recordsPerSet) {
            octets += record.data.count
            guard octets <= DNSLimits.octetsPerSet else { break }
            result.append(
                ResourceRecord(owner: record.owner, ttl: min(record.ttl, DNSLimits.ttlCeiling), content: record.content)
            )
        }
        return result
    }

    /// RFC 4034 section 3.1.3: an RRSIG with fewer labels than its owner was made from a wildcard.
    private func isWildcardExpansion(_ message: DNSMessage, _ end: DomainName) -> Bool? {
        let signatures = message.answers.filter { record in
            record.owner == end && record.type == 46 && record.data.count > 4
                && UInt16(record.data[0]) << 8 | UInt16(record.data[1]) == type.rawValue
        }
        guard let labels = signatures.first?.data[3] else { return nil }
        let own = end.labels
        return Int(labels) < own.count - (own.first == [UInt8(ascii: "*")] ? 1 : 0)
    }
}

extension DNSAnswer {
    /// The same answer with the hops judged one by one.
    func replacing(aliases: [AliasHop]) -> DNSAnswer {
        DNSAnswer(
            name: name, type: type, status: status, rcode: rcode, security: security, canonicalName: canonicalName,
            aliases: aliases, records: records, ttl: ttl, isWildcardExpansion: isWildcardExpansion,
            explanation: explanation, packet: packet, at: at)
    }
}
