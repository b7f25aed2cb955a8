import AssayDNS
package import AssayEngine
import AssayModel
import AssayProbes

/// DKIM: the domain's keys, as far as they can be found, and the signatures of a message where one is given.
///
/// The DNS cannot list selectors. What was told (by the operator, a message, reports) is asked for in any case; then whether
/// anything exists at `_domainkey` at all; only where it does, what providers and dictionaries suggest, as far as NSEC and
/// NSEC3 records have not denied it already.
package struct DKIMChecker: Checker {
    package static let manifest = CheckerManifest(
        name: "DKIM", title: "DKIM", tier: .extended,
        facts: [
            DKIMKeyFact.self, DKIMLookup.self, DKIMSelectors.self, DKIMPresence.self, DKIMDenial.self,
            DKIMProvider.self,
            DKIMLegacy.self, DKIMSignatureFact.self, DKIMMessageFact.self,
        ],
        references: ["RFC 6376", "RFC 8301", "RFC 8463", "RFC 8616"])

    package init() {}

    package func check(_ scan: ScanContext) async {
        async let message: Void = checkMessage(scan)
        await checkKeys(scan)
        await message
    }

    private func checkMessage(_ scan: ScanContext) async {
        guard let octets = scan.options.message else { return }
        await MessageCheck(MailMessage(octets)).state(scan)
    }

    private func checkKeys(_ scan: ScanContext) async {
        guard let base = scan.domain.prepending("_domainkey") else {
            scan.state(DKIMSelectors.self, .notApplicable("name_too_long"), about: .domain(scan.domain))
            return
        }
        // Once the zone's servers are known, a question about a selector goes to them alone.
        _ = await scan.resolve(scan.domain, .mx)
        let given = GivenSelectors(scan).methods.compactMap { item in
            base.prepending(item.selector).map { (name: $0, selector: item.selector, methods: item.by) }
        }
        async let first = ask(given.first?.name, scan)
        let use = await ProviderUse(scan.services.require(LazyTable<SelectorDirectory>.self).value, in: scan)
        let proof = await SubtreeProof(
            base, domain: scan.domain,
            hint: {
                given.first?.selector ?? use.providers.lazy.compactMap(\.provider.selectors.first).first ?? "default"
            }, in: scan)
        var search = SelectorSearch(proof)
        if let answer = await first { search.learn(answer) }
        let told = await search.tell(given, in: scan)
        // A key below a name that does not exist: the name server errs, and the dictionary is wanted after all.
        let firstHit = told.contains { $0.answer.texts.contains(where: DKIMKey.isKey) }
        let confirmed = proof.existence == .absent && (proof.control.map { $0.status == .records } ?? false)
        let isFaulty = (proof.existence == .absent || proof.existence == .provenAbsent) && (firstHit || confirmed)

        if proof.existence == .exists || proof.existence == .ambiguous || proof.existence == .wildcard || isFaulty,
            proof.wildcard != "key"
        {
            await search.run(Candidates(use, now: scan.startedAt).list, in: scan)
            await search.runDisclosed(in: scan)
        }
        if scan.options.walksNSEC, proof.existence == .exists {
            await search.walk(in: scan)
            await search.runDisclosed(in: scan)
        }
        let statement = KeyStatement(
            use: use, proof: proof, told: told, search: search, isFaulty: isFaulty, scan: scan)
        await statement.state()
        await stateLegacy(search, proof, scan)
    }

    private func ask(_ name: DomainName?, _ scan: ScanContext) async -> DNSAnswer? {
        guard let name else { return nil }
        return await scan.resolve(name, .txt)
    }

    private func stateLegacy(_ search: SelectorSearch, _ proof: SubtreeProof, _ scan: ScanContext) async {
        let domain = Subject.domain(scan.domain)
        let policies = proof.answer.texts.filter { text in
            let tags = TagList(parsing: text)
            return !DKIMKey.isKey(text) && (tags["o"] != nil || tags["t"] != nil)
        }
        var adsp: [UInt8]?
        if proof.existence == .exists, let name = search.base.prepending("_adsp"), !search.isDenied(name) {
            // A wildcard's text is no policy.
            adsp = await scan.resolve(name, .txt).texts.first { TagList(parsing: $0)["dkim"] != nil }
        }
        scan.state(
            DKIMLegacy(
                adsp: adsp.map { printable($0, limit: DKIMLimits.shownOctets) },
                policy: policies.first.map { printable($0, limit: DKIMLimits.shownOctets) }),
            about: domain, from: proof.answer.evidence)
    }
}
