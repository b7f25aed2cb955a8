import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// Whoever publishes the record that a remedy names is rid of the finding.
@Suite struct RemedyTests {
    /// A finding whose remedy holds complete records, without a word in capitals that stands for something to fill in.
    struct Promise {
        let amendments: [Amendment]
        let finding: String
        let subject: Subject

        var domain: String { amendments[0].domain }
        var places: Set<String> { Set(amendments.map { "\($0.owner) \($0.record.prefix { $0 != " " })" }) }
    }

    static func promise(of finding: Finding, in domain: String) -> Promise? {
        var amendments: [Amendment] = []
        for match in finding.remedy.matches(of: /`([a-z0-9._-]+)\. ((TXT|MX|CAA) [^`]+)`/) {
            let (owner, record, type) = (String(match.output.1), String(match.output.2), String(match.output.3))
            if record.contains(/\b(HOST|ADDRESS|NEWID|PATH|NEWNAME|NEWKEY|ISSUER)/) { continue }
            guard owner == domain || owner.hasSuffix("." + domain) else { continue }
            let label = owner == domain ? "@" : String(owner.dropLast(domain.count + 1))
            // CAA records come as a set; a second record of another kind at the same owner is a choice.
            let isChoice = amendments.contains { $0.owner == label && $0.record.hasPrefix(type) }
            if isChoice, type != "CAA" { continue }
            amendments.append(Amendment(domain: domain, owner: label, record: record))
        }
        return amendments.isEmpty
            ? nil : Promise(amendments: amendments, finding: finding.id, subject: finding.subject)
    }

    @Test func thePublishedRemedyEndsTheFinding() async throws {
        let first = await LabRun.result.value
        if let obstacle = first.obstacle { return print("skipped: the lab cannot run: \(obstacle)") }
        var promises: [Promise] = []
        for (domain, report) in try await LabRun.reports.value.sorted(by: { $0.key < $1.key }) {
            // Nobody can publish anything in a zone whose servers fail.
            if report.findings.contains(where: { $0.id == "email.mx_lookup_error" }) { continue }
            var places: Set<String> = []
            for finding in report.findings where finding.severity != .info {
                guard let promise = Self.promise(of: finding, in: domain) else { continue }
                // One remedy for each owner and type of a domain; another finding there is another remedy's.
                guard places.isDisjoint(with: promise.places) else { continue }
                places.formUnion(promise.places)
                promises.append(promise)
            }
        }
        let ids = Set(promises.map(\.finding))
        for id in [
            "email.mta_sts_txt_id_charset", "email.tlsrpt_absent", "email.mx_none_no_address",
            "email.tlsrpt_rua_separator", "email.dmarc_absent", "email.dmarc_nonsending", "email.dmarc_multiple",
            "email.dmarc_v", "email.dmarc_p_invalid", "email.dmarc_sp_weaker", "email.dmarc_rua_syntax",
        ] {
            #expect(ids.contains(id), "\(id) promises no record")
        }
        let amendments = promises.flatMap(\.amendments)
        let second = await LabRun.offPool {
            LabRun.run(domains: Set(amendments.map(\.domain)).sorted(), amendments: amendments)
        }
        #expect(second.obstacle == nil)
        for promise in promises {
            let data = try #require(second.reports[promise.domain], "\(promise.domain)")
            let report = try #require(JSONReport.read(Array(data)).first)
            let left = report.findings.filter {
                $0.id == promise.finding && $0.subject == promise.subject && $0.severity != .info
            }
            #expect(left == [], "\(promise.finding): \(promise.amendments.map(\.line).joined(separator: "; "))")
        }
    }
}
