import AssaySenders
import Testing

/// The outcomes that RFC 5321, RFC 7672, RFC 8461 and RFC 8689 give, case by case.
@Suite struct SimulatorTests {
    typealias Host = Scene.Host

    private func host(
        _ name: String = "mx1", preference: Int = 10, reachable: Bool = true, tls: Bool = true, pkix: Bool = true,
        daneOK: Bool? = true, listed: Bool = true, dane: Host.DANE? = .usable, addressSecure: Bool? = true,
        publicTA: Bool = false, requireTLS: Bool = true
    ) -> Host {
        Host(
            name: name, preference: preference,
            endpoints: [
                Scene.Endpoint(
                    address: "192.0.2.1", isReachable: reachable, completesTLS: tls, isPKIXValid: pkix,
                    isDANEValid: daneOK, offersREQUIRETLS: requireTLS)
            ],
            isInPolicy: listed, dane: dane, isAddressSecure: addressSecure, trustsPublicAuthority: publicTA)
    }

    private func scene(
        _ hosts: [Host], secure: Bool = true, policy: Scene.Policy = .enforce, mail: Scene.Mail = .hosts
    ) -> Scene {
        Scene(mail: mail, isMXSecure: secure, policy: policy, hosts: hosts)
    }

    /// `auth`, `clear!` where the attacker reads, in the order of `attacks`.
    private func row(_ scene: Scene, _ sender: SenderModel) -> [String] {
        Simulator(scene).run().filter { $0.sender == sender }.map { "\($0.outcome.rawValue)\($0.isRead ? "!" : "")" }
    }

    private func now(_ scene: Scene, _ sender: SenderModel) -> String {
        row(scene, sender).first ?? "untold"
    }

    // none P S C1 C2 C3 M M+C2 B B' D K

    @Test func aCorrectTargetUnderEveryAttack() {
        let all = scene([host("mx1"), host("mx2", preference: 20)])
        #expect(
            row(all, .opportunistic) == [
                "unauth", "unauth", "clear!", "unauth!", "unauth!", "unauth!", "unauth!", "unauth!", "clear!", "clear!",
                "unauth", "unauth!",
            ])
        let sts = scene([host(dane: Host.DANE.none)])
        #expect(
            row(sts, .mtaSTS) == [
                "auth", "auth", "defer", "defer", "defer", "auth!", "defer", "defer", "clear!", "defer", "auth",
                "auth!",
            ])
        let testing = scene([host(dane: Host.DANE.none)], policy: .testing)
        #expect(row(testing, .mtaSTS) == row(all, .opportunistic))
        let dane = ["auth", "auth"] + Array(repeating: "defer", count: 8) + ["auth", "auth!"]
        for sender in [SenderModel.postfixDANE, .daneOnly, .exim, .exchangeOnline, .daneAndSTS] {
            #expect(row(all, sender) == dane, "\(sender)")
        }
    }

    @Test func aTrustAnchorOfAPublicAuthorityFallsWithIt() {
        #expect(row(scene([host(publicTA: true)]), .postfixDANE)[5] == "auth!")
        #expect(row(scene([host(publicTA: false)]), .postfixDANE)[5] == "defer")
    }

    @Test func insecureMXRecordsLeadToTheAttacker() {
        let weak = scene([host()], secure: false, policy: .none)
        #expect(
            row(weak, .postfixDANE) == [
                "auth", "auth", "defer", "defer", "defer", "defer", "unauth!", "unauth!", "unauth!", "unauth!", "auth",
                "auth!",
            ])
        #expect(now(weak, .exim) == "unauth")
        #expect(now(weak, .exchangeOnline) == "unauth")
        #expect(now(weak, .daneOnly) == "defer")
    }

    @Test func partialCoverageIsAWayRound() {
        let partial = scene([host("mx1"), host("mx2", preference: 20, dane: Host.DANE.none)], policy: .none)
        #expect(now(partial, .postfixDANE) == "auth")
        let cells = Simulator(partial).run().filter { $0.sender == .postfixDANE && $0.attack == .drop }
        #expect(cells.map(\.isRead) == [true])
        #expect(cells.first?.host == "mx2")
        #expect(cells.first?.reason == .partialDANE)
    }

    /// Among equals chance decides, and whoever drops packets decides in its place.
    @Test func partialCoverageAmongEqualsIsAWayRound() {
        let equal = scene([host("mx1"), host("mx2", dane: Host.DANE.none)], policy: .none)
        #expect(now(equal, .postfixDANE) == "unauth")
        let cells = Simulator(equal).run().filter { $0.attack == .drop }
        #expect(cells.filter { $0.sender == .postfixDANE }.map(\.isRead) == [true])
        #expect(cells.filter { $0.sender == .opportunistic }.map(\.isRead) == [false])
    }

    /// Where DANE decides, no policy is asked for, so nothing hangs on its cache.
    @Test func onlyWhatHangsOnAPolicyDependsOnTheCache() {
        let all = Simulator(scene([host()])).run().filter { $0.sender == .daneAndSTS }
        #expect(all.filter(\.dependsOnCache).map(\.attack) == [])
        let unsigned = Simulator(scene([host(dane: Host.DANE.none, addressSecure: false)], secure: false)).run()
        let cells = unsigned.filter { $0.sender == .mtaSTS && [.forgeDNS, .hideCachedPolicy].contains($0.attack) }
        #expect(cells.map(\.outcome) == [.defer, .defer])
        #expect(cells.map(\.dependsOnCache) == [true, true])
    }

    @Test(
        arguments: [
            ("STARTTLS absent", ["clear", "defer", "defer", "defer", "defer"]),
            ("expired, DANE-EE matches", ["unauth", "defer", "auth", "auth", "auth"]),
            ("valid, TLSA mismatch", ["unauth", "auth", "defer", "defer", "defer"]),
            ("TLSA SERVFAIL, address secure", ["unauth", "auth", "defer", "defer", "defer"]),
            ("TLSA SERVFAIL, address insecure", ["unauth", "auth", "unauth", "defer", "auth"]),
            ("PKIX usages alone", ["unauth", "auth", "unauth", "defer", "auth"]),
            ("MX not in the policy", ["unauth", "defer", "auth", "auth", "auth"]),
            ("MX not in the policy, no DANE", ["unauth", "defer", "unauth", "defer", "defer"]),
            ("policy host down, no cache", ["unauth", "unauth", "auth", "auth", "auth"]),
            ("null MX", ["bounce", "bounce", "bounce", "bounce", "bounce"]),
            ("MX bogus", ["defer", "defer", "defer", "defer", "defer"]),
            ("backup broken", ["unauth", "auth", "auth", "auth", "auth"]),
            ("nobody answers", ["defer", "defer", "defer", "defer", "defer"]),
        ])
    func aFaultyTargetWithoutAttack(fault: String, outcomes: [String]) throws {
        let scenes: [String: Scene] = [
            "STARTTLS absent": scene([host(tls: false)]),
            "expired, DANE-EE matches": scene([host(pkix: false)]),
            "valid, TLSA mismatch": scene([host(daneOK: false)]),
            "TLSA SERVFAIL, address secure": scene([host(daneOK: nil, dane: .error)]),
            "TLSA SERVFAIL, address insecure": scene([host(daneOK: nil, dane: Host.DANE.none, addressSecure: false)]),
            "PKIX usages alone": scene([host(daneOK: nil, dane: .unusable)]),
            "MX not in the policy": scene([host(listed: false)]),
            "MX not in the policy, no DANE": scene([host(daneOK: nil, listed: false, dane: Host.DANE.none)]),
            "policy host down, no cache": scene([host()], policy: .none),
            "null MX": scene([], mail: .nullMX),
            "MX bogus": scene([], mail: .lookupError),
            "backup broken": scene([host(), host("mx2", preference: 20, tls: false, daneOK: false)]),
            "nobody answers": scene([host(reachable: false)]),
        ]
        let target = try #require(scenes[fault])
        let senders: [SenderModel] = [.opportunistic, .mtaSTS, .postfixDANE, .daneOnly, .daneAndSTS]
        #expect(senders.map { now(target, $0) } == outcomes)
    }

    @Test func aMessageWithREQUIRETLSComesBack() {
        #expect(now(scene([host()]), .requireTLS) == "auth")
        #expect(now(scene([host(requireTLS: false)]), .requireTLS) == "bounce")
        #expect(now(scene([host(dane: Host.DANE.none)], secure: false, policy: .none), .requireTLS) == "bounce")
    }

    @Test func whatWasNotObservedIsNotTold() {
        let basic = scene([host(daneOK: nil, dane: nil, addressSecure: nil)])
        #expect(now(basic, .opportunistic) == "unauth")
        #expect(now(basic, .mtaSTS) == "auth")
        #expect(now(basic, .postfixDANE) == "untold")
        #expect(Scene([]) == nil)
    }
}
