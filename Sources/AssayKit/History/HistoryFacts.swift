package import AssayModel
package import AssayStore

/// What only several scans together tell. A pure function: observations now, sightings from before, the moment of the scan.
///
/// Without a store none of these facts is stated, and the rules over them have no row in the report.
package enum HistoryFacts {
    /// Every fact that may be stated.
    package static let all: [any Fact.Type] = [
        STSHistory.self, DANEHistory.self, DKIMHistory.self, CertificateHistory.self, DNSSECHistory.self,
    ]

    /// The observations with those from history among them, sorted and numbered.
    package static func adding(
        to observations: [Observation], from earlier: [Sighting], keyTwins: [String: [DomainName]] = [:],
        domain: DomainName, at moment: Timestamp
    ) -> [Observation] {
        let past = Past(
            sightings: earlier.filter { $0.firstSeen < moment }, observations: observations, keyTwins: keyTwins,
            moment: moment)
        let new =
            STSHistory.observations(past, domain: domain) + DANEHistory.observations(past)
            + DKIMHistory.observations(past) + CertificateHistory.observations(past)
            + DNSSECHistory.observations(past)
        return Self.numbered(observations + new)
    }

    private static func numbered(_ observations: [Observation]) -> [Observation] {
        observations.sorted { ($0.checker, $0.fact, $0.subject) < ($1.checker, $1.fact, $1.subject) }
            .enumerated().map { index, observation in
                var numbered = observation
                numbered.id = "o\(index + 1)"
                return numbered
            }
    }
}

/// The past of a domain beside its present.
struct Past {
    private let runs: [String: [Sighting]]
    let observations: [Observation]
    /// Unrelated domains that have the same DKIM key, by its fingerprint.
    let keyTwins: [String: [DomainName]]
    let moment: Timestamp

    init(sightings: [Sighting], observations: [Observation], keyTwins: [String: [DomainName]], moment: Timestamp) {
        self.keyTwins = keyTwins
        runs = Dictionary(grouping: sightings.suffix(HistoryLimits.sightings), by: \.fact)
        self.observations = observations
        self.moment = moment
    }

    /// Runs of a fact in order of time.
    func runs(of fact: String) -> [Sighting] { runs[fact] ?? [] }

    /// Runs of a fact about a subject, in order of time.
    func runs(of fact: String, about subject: Subject) -> [Sighting] {
        runs(of: fact).filter { $0.subject == subject }
    }

    /// What is seen now of a fact.
    func now(_ fact: String) -> [Observation] { observations.filter { $0.fact == fact } }

    func observation<F: Fact>(_ fact: F, about subject: Subject, like source: Observation) -> Observation {
        Observation(
            fact: F.id, checker: source.checker, subject: subject, outcome: .observed(fact.factValue),
            evidence: source.evidence)
    }
}
