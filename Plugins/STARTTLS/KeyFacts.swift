import AssayCrypto
import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

/// Turns further handshakes with one server into facts: the certificate of its other key type, several backends, and STARTTLS
/// for those who come back.
struct KeyFacts {
    let server: MailHosts.Evidence.Server

    private var subject: Subject { .address(server.address, of: server.host) }

    func state(_ scan: ScanContext) async {
        let survey = await scan.evidence(
            for: KeySurvey(host: server.host, address: server.address, ehloName: scan.options.ehloName))
        stateVisits(survey, scan)
        stateKeys(survey, scan)
    }

    func stateNothing(_ stop: AddressFacts.Stop, _ scan: ScanContext) {
        scan.state(STARTTLSKeys.self, stop.outcome(), about: subject)
        scan.state(STARTTLSVisits.self, stop.outcome(), about: subject)
    }

    private func stateVisits(_ survey: KeySurvey.Evidence, _ scan: ScanContext) {
        guard let second = survey.further.first(where: { $0.question.visit == 2 }) else {
            scan.state(STARTTLSVisits.self, .notApplicable("offered_at_once"), about: subject)
            return
        }
        guard let ehlo = second.ehlo, ehlo.code == 250 else {
            scan.state(STARTTLSVisits.self, .undetermined(Cause("no_second_visit")), about: subject)
            return
        }
        scan.state(
            STARTTLSVisits(isSelective: ehlo.advertises("STARTTLS")), about: subject,
            from: survey.first.evidence + second.evidence)
    }

    private func stateKeys(_ survey: KeySurvey.Evidence, _ scan: ScanContext) {
        let chains = survey.chains
        guard !chains.isEmpty else {
            scan.state(STARTTLSKeys.self, .notApplicable("no_certificate"), about: subject)
            return
        }
        let restricted = survey.further.filter { $0.question.keys != .any }
        guard !survey.further.isEmpty else {
            scan.state(STARTTLSKeys.self, .undetermined(Cause(.budget)), about: subject)
            return
        }
        // Neither a certificate nor a refusal: a line that broke, or a server that has enough of us.
        if let broken = restricted.first(where: { $0.handshake?.chain == nil && !$0.refusesKeyType }) {
            scan.state(
                STARTTLSKeys.self, .undetermined(Cause("handshake", detail: broken.handshake?.failure?.detail)),
                about: subject, from: broken.evidence)
            return
        }
        var keys: [String: Set<String>] = [:]
        for (conversation, kind, chain) in chains {
            guard let leaf = chain.certificate(at: 0), let handshake = conversation.handshake else { continue }
            keys[kind, default: []].insert(leaf.spkiSHA256)
            // What was stated about the first certificate stays.
            CertificateFacts(server: server, handshake: handshake, chain: chain).state(scan)
        }
        scan.state(
            STARTTLSKeys(
                kinds: keys.keys.sorted(), isDual: keys.count > 1, isSeveral: keys.values.contains { $0.count > 1 },
                spkiSHA256: keys.values.flatMap(\.self).sorted()),
            about: subject, from: chains.flatMap(\.conversation.evidence))
    }
}
