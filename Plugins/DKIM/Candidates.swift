import AssayModel

/// Selectors worth asking for, the most likely first, each with the method that suggests it.
struct Candidates {
    let list: [(selector: String, method: String)]

    init(_ use: ProviderUse, now: Timestamp) {
        var seen: Set<String> = []
        var list: [(String, String)] = []
        func add(_ selectors: some Sequence<String>, _ method: String) {
            for selector in selectors where seen.insert(selector).inserted { list.append((selector, method)) }
        }
        for (provider, _) in use.providers { add(provider.selectors, "provider") }
        // What most domains have, before the long tail.
        add(use.directory.generic.prefix(12), "dictionary")
        for provider in use.directory.providers { add(provider.selectors, "dictionary") }
        add(use.directory.generic, "dictionary")
        add(SelectorDate.candidates(now: now), "date")
        self.list = list
    }
}
