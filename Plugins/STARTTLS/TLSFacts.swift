import AssayCrypto
import AssayEngine
import AssayModel
import AssayProbes
import AssayTransport

extension AddressFacts {
    /// States the offer, the reply, the handshake, the certificate, and the capabilities behind it.
    func stateTLS(_ scan: ScanContext, _ evidence: [EvidenceRecord]) {
        let subject = Subject.address(server.address, of: server.host)
        let hello = conversation.ehlo.flatMap { $0.code == 250 ? EHLOReply($0) : nil }
        let isOffered = hello?.keywords.contains("STARTTLS") ?? false
        scan.state(
            STARTTLSOffer(isOffered: isOffered, mangled: hello?.mangledSTARTTLS ?? []), about: subject, from: evidence)
        guard isOffered else { return stateWithoutTLS(.notApplicable("no_starttls"), scan, evidence) }
        guard let reply = conversation.starttls else {
            switch conversation.ending {
            case .closedByPeer, .reset, .timedOut:
                scan.state(
                    STARTTLSReply(code: 0, text: "", hasInjectedPlaintext: false, injected: nil), about: subject,
                    from: evidence)
                return stateWithoutTLS(.notApplicable("no_tls"), scan, evidence)
            default:
                let stop = stop(at: .starttls)
                scan.state(STARTTLSReply.self, stop.outcome(), about: subject, from: evidence)
                return stateWithoutTLS(stop, scan, evidence)
            }
        }
        let injected = conversation.plaintextAfterStartTLS
        scan.state(
            STARTTLSReply(
                code: reply.code, text: reply.words, hasInjectedPlaintext: !injected.isEmpty,
                injected: injected.isEmpty ? nil : printable(injected)),
            about: subject, from: evidence)
        guard reply.code == 220, injected.isEmpty else {
            return stateWithoutTLS(.notApplicable("no_tls"), scan, evidence)
        }
        guard let handshake = conversation.handshake else {
            return stateWithoutTLS(stop(at: .handshake), scan, evidence)
        }
        stateHandshake(handshake, scan, evidence)
    }

    private func stateHandshake(_ handshake: TLSHandshake, _ scan: ScanContext, _ evidence: [EvidenceRecord]) {
        let subject = Subject.address(server.address, of: server.host)
        if let chain = handshake.chain, !chain.certificates.isEmpty {
            CertificateFacts(server: server, handshake: handshake, chain: chain).state(scan)
        } else {
            stateCertificate(handshake.failure.map(certificateStop) ?? .notApplicable("no_certificate"), scan)
        }
        switch handshake {
        case .completed(let session):
            scan.state(Self.fact(of: session), about: subject, from: evidence)
            stateHelloAfterTLS(scan, evidence)
        case .broken(let failure), .brokenAfterCertificate(_, let failure):
            switch cause(of: failure) {
            case .some(let cause):
                scan.state(STARTTLSHandshake.self, .undetermined(cause), about: subject, from: evidence)
                scan.state(SMTPHelloAfterTLS.self, .undetermined(cause), about: subject)
            case nil:
                scan.state(Self.fact(of: failure), about: subject, from: evidence)
                scan.state(SMTPHelloAfterTLS.self, .notApplicable("no_tls"), about: subject)
            }
        }
    }

    /// Why a failed handshake says nothing about the server, or nil where it does.
    private func cause(of failure: TLSFailure) -> Cause? {
        if case .deadline = conversation.ending { return Cause(.deadline, detail: "handshake") }
        return switch failure.reason {
        case .local, .incompatible: Cause(.notSupportedHere, detail: failure.detail)
        case .alert, .notTLS, .protocolError, .closed, .reset, .timeout, .chainTooLarge: nil
        }
    }

    private func certificateStop(_ failure: TLSFailure) -> Stop {
        cause(of: failure).map(Stop.undetermined) ?? .notApplicable("no_certificate")
    }

    private static func fact(of session: TLSSession) -> STARTTLSHandshake {
        STARTTLSHandshake(
            isCompleted: true, failure: nil, alert: nil, stage: nil, detail: nil, version: session.version,
            cipher: session.cipher, group: session.group, signatureScheme: session.signatureScheme,
            ticketGiven: session.ticketGiven, isResumed: session.resumed,
            askedForClientCertificate: session.askedForClientCertificate)
    }

    private static func fact(of failure: TLSFailure) -> STARTTLSHandshake {
        STARTTLSHandshake(
            isCompleted: false, failure: failure.reason.rawValue, alert: failure.alert, stage: failure.stage,
            detail: failure.detail, version: nil, cipher: nil, group: nil, signatureScheme: nil, ticketGiven: nil,
            isResumed: false, askedForClientCertificate: nil)
    }

    private func stateHelloAfterTLS(_ scan: ScanContext, _ evidence: [EvidenceRecord]) {
        let subject = Subject.address(server.address, of: server.host)
        guard let reply = conversation.ehloAfterTLS else {
            scan.state(SMTPHelloAfterTLS.self, stop(at: .ehloAfterTLS).outcome(), about: subject, from: evidence)
            return
        }
        let keywords = reply.code == 250 ? EHLOReply(reply).keywords : []
        let before = conversation.ehlo.map { EHLOReply($0).keywords } ?? []
        scan.state(
            SMTPHelloAfterTLS(
                code: reply.code, keywords: keywords, stillOffersSTARTTLS: keywords.contains("STARTTLS"),
                hasREQUIRETLS: keywords.contains("REQUIRETLS"), hasSMTPUTF8: keywords.contains("SMTPUTF8"),
                has8BITMIME: keywords.contains("8BITMIME"), hadREQUIRETLSBefore: before.contains("REQUIRETLS")),
            about: subject, from: evidence)
    }

    private func stateWithoutTLS(_ stop: Stop, _ scan: ScanContext, _ evidence: [EvidenceRecord]) {
        let subject = Subject.address(server.address, of: server.host)
        scan.state(STARTTLSReply.self, stop.outcome(), about: subject)
        scan.state(STARTTLSHandshake.self, stop.outcome(), about: subject)
        scan.state(SMTPHelloAfterTLS.self, stop.outcome(), about: subject)
        stateCertificate(stop, scan)
    }

    private func stateCertificate(_ stop: Stop, _ scan: ScanContext) {
        let subject = Subject(
            kind: .certificate, name: "\(server.host)", address: "\(server.address)")
        scan.state(LeafCertificate.self, stop.outcome(), about: subject)
        scan.state(CertificateChain.self, stop.outcome(), about: subject)
    }
}
