import AssayModel

/// The step down of standards.md section 0.2: a fault that another mail host of the same or better preference is free of
/// counts one step less, and one that a better host hides today is marked so.
struct Preference {
    private let preferences: [String: Int]

    init(_ facts: ObservationIndex) {
        var preferences: [String: Int] = [:]
        for host in facts.all("mx.hosts").first?.observation.outcome.value?[path: "hosts"]?.listValue ?? [] {
            guard let name = host[path: "name"]?.stringValue, let preference = host[path: "preference"]?.intValue else {
                continue
            }
            preferences[name] = preference
        }
        self.preferences = preferences
    }

    func adjusted(_ verdicts: [Verdict]) -> [Verdict] {
        guard preferences.count > 1 else { return verdicts }
        var results: [String: [String: Set<Check.Result>]] = [:]
        for verdict in verdicts where isAboutHost(verdict.check.subject) {
            results[verdict.check.id, default: [:]][verdict.check.subject.name, default: []].insert(
                verdict.check.result)
        }
        return verdicts.map { verdict in
            guard var finding = verdict.finding, finding.severity != .info, isAboutHost(finding.subject),
                let own = preferences[finding.subject.name]
            else {
                return verdict
            }
            // Free of it is who passed everywhere; who was not asked, or could not be judged, proves nothing.
            let free = (results[finding.id] ?? [:]).filter { host, results in
                host != finding.subject.name && results.contains(.pass)
                    && results.isDisjoint(with: [.finding, .undetermined])
            }.keys.compactMap { preferences[$0] }.filter { $0 <= own }
            guard let best = free.min() else { return verdict }
            finding.severity = finding.severity.stepDown
            if best < own { finding.masked = true }
            var adjusted = verdict
            adjusted.finding = finding
            return adjusted
        }
    }

    private func isAboutHost(_ subject: Subject) -> Bool {
        [.mx, .address, .certificate].contains(subject.kind)
    }
}
