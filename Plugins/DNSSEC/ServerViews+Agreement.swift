import AssayDNS
import AssayEngine
import AssayModel

/// What the servers' answers come to when they are laid side by side.
extension ServerViews {
    /// The servers' answers to questions of some types, one with another.
    func comparison(_ isWanted: (RecordType) -> Bool) -> AnswerComparison {
        var answers: [String: [(server: String, records: Set<[UInt8]>)]] = [:]
        for view in views {
            for reply in view.replies where isWanted(reply.type) && reply.reply.status == .answered {
                guard let message = reply.message, message.isAuthoritative else { continue }
                answers["\(reply.type.mnemonic) \(reply.name)", default: []].append(
                    (view.label, message.answerRecords))
            }
        }
        var comparison = AnswerComparison()
        for (question, answers) in answers.sorted(by: { $0.key < $1.key }) { comparison.add(question, answers) }
        return comparison
    }

    func stateAnswers(parent: ParentView?) {
        // SOA records differ by their serial, which is told elsewhere; so are requests to the registry.
        var comparison = comparison { ![.soa, .cds, .cdnskey].contains($0) }
        if let parent {
            comparison.add("DS \(apex)", parent.delegationSigners.map { (server: $0.server, records: $0.data) })
        }
        guard comparison.compared > 0 else {
            let isLone = views.count(where: { !$0.isSilent }) == 1 && views.count == 1
            return scan.state(
                DNSAnswers.self, isLone ? .notApplicable("one_server") : .undetermined(Cause(.noAnswerFromServers)),
                about: .zone(apex))
        }
        scan.state(DNSAnswers(compared: comparison.compared, differing: comparison.lines), about: .zone(apex))
    }

    /// RFC 1034 section 3.6.2: where there is a CNAME record there is nothing else. Servers that let both in answer with the
    /// one that is asked for.
    func stateAliases() {
        guard !policyNames.isEmpty else {
            return scan.state(DNSAliases.self, .notApplicable("no_policy_name"), about: .zone(apex))
        }
        guard views.contains(where: { $0.first.status == .answered }) else {
            return scan.state(DNSAliases.self, .undetermined(Cause(.noAnswerFromServers)), about: .zone(apex))
        }
        var coexisting: Set<DomainName> = []
        var servers: Set<String> = []
        for view in views {
            for name in policyNames {
                let records = view.replies.filter { $0.name == name }.compactMap(\.message).flatMap(\.answers)
                    .filter { $0.owner == name }
                let types = Set(records.map(\.type)).subtracting([RecordType.rrsig.rawValue])
                guard types.contains(RecordType.cname.rawValue), types.count > 1 else { continue }
                coexisting.insert(name)
                servers.insert(view.label)
            }
        }
        scan.state(
            DNSAliases(
                names: policyNames.map { "\($0)" }, coexisting: coexisting.sorted().map { "\($0)" },
                servers: servers.sorted()),
            about: .zone(apex))
    }
}
