import AssayModel
import AssaySenders

/// All senders under all attacks against one domain of twenty hosts with eight addresses each.
enum Senders {
    static func isMet() -> Bool {
        let endpoints = (0..<8).map { number in
            Scene.Endpoint(
                address: "192.0.2.\(number)", isReachable: true, completesTLS: true, isPKIXValid: true,
                isDANEValid: number != 7, offersREQUIRETLS: true)
        }
        let hosts = (0..<20).map { number in
            Scene.Host(
                name: "mx\(number).example.com", preference: number / 2, endpoints: endpoints, isInPolicy: true,
                dane: .usable, isAddressSecure: true, trustsPublicAuthority: false)
        }
        let simulator = Simulator(Scene(mail: .hosts, isMXSecure: true, policy: .enforce, hosts: hosts))
        var cells = 0
        let rounds = 100
        let clock = ContinuousClock()
        let spent = clock.measure { for _ in 0..<rounds { cells += simulator.run().count } }
        return Bench.report(
            "\(cells / rounds) cells of senders and attacks", Double(spent / .microseconds(rounds)) / 1000, "ms",
            atMost: 1)
    }
}
