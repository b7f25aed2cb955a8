@testable import AssayDNS
import AssayModel
@testable import DNSSEC
import Testing

@Suite struct AnswerComparisonTests {
    @Test func whoAnswersOtherwiseThanMostIsNamed() {
        var comparison = AnswerComparison()
        comparison.add("MX a", [("ns1", [[1]]), ("ns2", [[1]]), ("ns3", [[2]])])
        comparison.add("TXT a", [("ns1", [[1], [2]]), ("ns2", [[2], [1]])])
        // Nobody is right among two; the first is taken for the measure.
        comparison.add("DS a", [("ns1", []), ("ns2", [[1]])])
        comparison.add("TLSA a", [("ns1", [[1]])])
        #expect(comparison.compared == 3)
        #expect(comparison.lines == ["DS a: ns2", "MX a: ns3"])
    }
}

@Suite struct QueryFormTests {
    private static let name = DomainName("ab.mail-1.example") ?? .root

    @Test(arguments: QueryForm.allCases)
    func everyFormIsAMessage(_ form: QueryForm) throws {
        let query = PlainDNSClient.query(id: 7, name: Self.name, type: .soa, recursion: false, form: form)
        let message = try #require(DNSMessage(parsing: query))
        #expect(message.question?.name == Self.name)
        #expect(message.question?.type == RecordType.soa.rawValue)
        #expect(message.hasOption == (form != .withoutEDNS))
    }

    @Test func lettersAreMixedAndNothingElse() {
        let plain = QueryForm.standard.question(Self.name, .soa)
        let mixed = QueryForm.mixedCase.question(Self.name, .soa)
        #expect(mixed != plain)
        #expect(mixed.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 } == plain)
        #expect(mixed.contains { (0x61...0x7A).contains($0) }, "both cases are there")
    }
}

@Suite struct ServerTrialsTests {
    private func reply(_ rcode: UInt8, hasOption: Bool = true, upper: UInt8 = 0) -> ServerReply {
        let option: [UInt8] = hasOption ? [0, 0, 41, 4, 0xD0, upper, 0, 0x80, 0, 0, 0] : []
        let octets: [UInt8] = [0, 1, 0x84, rcode, 0, 0, 0, 0, 0, 0, 0, hasOption ? 1 : 0] + option
        return ServerReply(status: rcode == 0 && upper == 0 ? .answered : .otherCode, octets: octets)
    }

    private func trials(
        withoutEDNS: ServerReply? = nil, option: ServerReply? = nil, version: ServerReply? = nil
    ) -> ServerTrials {
        ServerTrials(
            overTCP: nil, withoutEDNS: withoutEDNS, unknownOption: option, unknownVersion: version, mixedCase: nil)
    }

    @Test func faultsOfEDNSAreToldApart() {
        let silent = ServerReply(status: .silent, octets: [])
        let badVersion = reply(0, upper: 1)
        #expect(badVersion.message?.rcode == 16)
        #expect(trials(option: reply(0), version: badVersion).extensionFaults(reply(0)) == [])
        #expect(trials(option: reply(1), version: badVersion).extensionFaults(reply(0)) == [.unknownOption])
        #expect(trials(option: silent, version: silent).extensionFaults(reply(0)) == [.unknownOption, .unknownVersion])
        #expect(trials(option: reply(0), version: reply(0)).extensionFaults(reply(0)) == [.unknownVersion])
        #expect(trials().extensionFaults(reply(0, hasOption: false)) == [.ignored])
        #expect(trials(withoutEDNS: reply(0)).extensionFaults(reply(1)) == [.fails])
        // A server that answers neither way says nothing about EDNS.
        #expect(trials(withoutEDNS: reply(5)).extensionFaults(reply(5)) == nil)
        #expect(trials(withoutEDNS: silent).extensionFaults(silent) == nil)
    }
}
