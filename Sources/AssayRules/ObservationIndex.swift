import AssayModel

/// An observation that is passed around by reference: it is large, and rules look at it often.
final class Seen: Sendable {
    let observation: Observation

    init(_ observation: Observation) { self.observation = observation }
}

/// Observations by fact, and the way from a subject to what is known about it.
struct ObservationIndex: Sendable {
    private let numbers: [String: Int]
    private let byNumber: [[Seen]]
    /// Of facts that no rule is about.
    private let others: [String: [Seen]]

    /// `numbers`: of the facts that rules are about.
    init(_ observations: [Observation], _ numbers: [String: Int] = [:]) {
        var byNumber = [[Seen]](repeating: [], count: numbers.count)
        var others: [String: [Seen]] = [:]
        for observation in observations {
            if let number = numbers[observation.fact] {
                byNumber[number].append(Seen(observation))
            } else {
                others[observation.fact, default: []].append(Seen(observation))
            }
        }
        self.numbers = numbers
        self.byNumber = byNumber
        self.others = others
    }

    func all(_ number: Int) -> [Seen] { byNumber[number] }

    func all(_ fact: String) -> [Seen] { numbers[fact].map { byNumber[$0] } ?? others[fact] ?? [] }

    func find(_ fact: String, about subject: Subject, domain: DomainName) -> Observation? {
        Self.find(in: all(fact), about: subject, domain: domain)?.observation
    }

    /// The subject's own, else its address's, else its host's, else the domain's, else the only one there is.
    static func find(in all: [Seen], about subject: Subject, domain: DomainName) -> Seen? {
        // The only one there is, whoever it is about.
        if all.count <= 1 { return all.first }
        if let own = all.first(where: { $0.observation.subject == subject }) { return own }
        if let address = subject.address {
            // What is known about the certificate at an address belongs to the address.
            let here = all.filter {
                $0.observation.subject.name == subject.name && $0.observation.subject.address == address
            }
            if here.count == 1 { return here.first }
            if let found = here.first(where: {
                $0.observation.subject.kind == .address && $0.observation.subject.object == nil
            }) {
                return found
            }
        }
        return all.first { isPlain($0.observation.subject, .mx) && $0.observation.subject.name == subject.name }
            ?? all.first {
                isPlain($0.observation.subject, .domain) && $0.observation.subject.name == domain.description
            }
    }

    private static func isPlain(_ subject: Subject, _ kind: Subject.Kind) -> Bool {
        subject.kind == kind && subject.address == nil && subject.object == nil
    }
}
