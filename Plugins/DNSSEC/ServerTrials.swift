import AssayDNS
import AssayEngine
import AssayModel
import AssayProbes

/// What one authoritative server does with questions that are put in other forms: over TCP, with EDNS as it may come, in
/// letters of both cases. A sound server answers all of them alike.
struct ServerTrials: Sendable {
    let overTCP: ServerReply?
    let withoutEDNS: ServerReply?
    let unknownOption: ServerReply?
    let unknownVersion: ServerReply?
    let mixedCase: ServerReply?

    /// `standard`: what it said to the plain question for the zone's SOA record.
    static func run(
        _ server: IPAddress, apex: DomainName, standard: ServerReply, in scan: ScanContext
    ) async -> ServerTrials {
        func ask(_ form: QueryForm) async -> ServerReply {
            await scan.evidence(for: ServerTrial(server, apex, .soa, form))
        }
        guard standard.status == .answered, let message = standard.message else {
            // Only of a server that answers without EDNS can it be said that EDNS is what it fails on.
            let plain = standard.status == .notAsked ? nil : await ask(.withoutEDNS)
            return ServerTrials(
                overTCP: nil, withoutEDNS: plain, unknownOption: nil, unknownVersion: nil, mixedCase: nil)
        }
        async let tcp = ask(.overTCP)
        async let letters = ask(.mixedCase)
        guard message.hasOption else {
            return await ServerTrials(
                overTCP: tcp, withoutEDNS: nil, unknownOption: nil, unknownVersion: nil, mixedCase: letters)
        }
        async let option = ask(.unknownOption)
        async let version = ask(.unknownVersion)
        return await ServerTrials(
            overTCP: tcp, withoutEDNS: nil, unknownOption: option, unknownVersion: version, mixedCase: letters)
    }

    // MARK: Facts

    /// `isTCPOpen`: some server was reached over TCP, so that silence is no block on our side.
    func state(
        about subject: Subject, apex: DomainName, standard: ServerReply, isSecure: Bool, isTCPOpen: Bool,
        in scan: ScanContext
    ) {
        state(extensionFaults(standard), DNSExtensions.self, subject, scan) {
            DNSExtensions(zone: "\(apex)", isZoneSecure: isSecure, faults: $0)
        }
        state(overTCP.flatMap { isKnown($0, isTCPOpen) ? $0 : nil }, DNSOverTCP.self, subject, scan) {
            DNSOverTCP(
                zone: "\(apex)", isZoneSecure: isSecure, isAnswered: $0.status == .answered,
                status: $0.status.rawValue)
        }
        state(mixedCase.flatMap { $0.status == .notAsked ? nil : $0 }, DNSLetterCase.self, subject, scan) {
            DNSLetterCase(
                zone: "\(apex)", isAnswered: $0.status == .answered,
                isKept: $0.octets.dropFirst(Self.headerOctets).starts(with: QueryForm.mixedCase.question(apex, .soa)))
        }
    }

    private func state<Value, F: Fact>(
        _ value: Value?, _ type: F.Type, _ subject: Subject, _ scan: ScanContext, _ fact: (Value) -> F
    ) {
        guard let value else {
            return scan.state(type, .undetermined(Cause(.noAnswerFromServers)), about: subject)
        }
        scan.state(fact(value), about: subject)
    }

    private func isKnown(_ reply: ServerReply, _ isTCPOpen: Bool) -> Bool {
        reply.status != .notAsked && (reply.status != .silent || isTCPOpen)
    }

    /// nil where it cannot be told.
    func extensionFaults(_ standard: ServerReply) -> [DNSExtensions.Fault]? {
        guard standard.status == .answered, let message = standard.message else {
            return withoutEDNS?.status == .answered ? [.fails] : nil
        }
        guard message.hasOption else { return [.ignored] }
        var faults: [DNSExtensions.Fault] = []
        if let unknownOption, unknownOption.status != .notAsked, unknownOption.status != .answered {
            faults.append(.unknownOption)
        }
        if let unknownVersion, unknownVersion.status != .notAsked, unknownVersion.message?.rcode != Self.badVersion {
            faults.append(.unknownVersion)
        }
        return faults
    }

    /// BADVERS (RFC 6891 section 9).
    private static let badVersion = 16
    private static let headerOctets = 12
}
