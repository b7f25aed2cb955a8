import AssayModel
import AssayReports
import Foundation
import LabKit
import Testing

/// Whoever publishes the record that a remedy names is rid of the finding.
@Suite struct RemedyTests {
    /// A finding whose remedy holds complete records of one owner, without a word in capitals that stands for something to
    /// fill in.
    struct Promise {
        let amendments: [Amendment]
        let finding: String
        let subject: Subject

        var domain: String { amendments[0].domain }
        var owner: String { amendments[0].owner }
    }

    static func promise(of finding: Finding, in domain: String) -> Promise? {
        var amendments: [Amendment] = []
        for match in finding.remedy.matches(of: /`([a-z0-9._-]+)\. ((TXT|MX|CAA) [^`]+)`/) {
            let (owner, record) = (String(match.output.1), String(match.output.2))
            if record.contains(/\b(HOST|ADDRESS|NEWID|PATH|NEWNAME|NEWKEY|ISSUER)/) { continue }
            guard owner == domain || owner.hasSuffix("." + domain) else { continue }
            let label = owner == domain ? "@" : String(owner.dropLast(domain.count + 1))
            // CAA records come as a set; of others the first counts.
            if let first = amendments.first {
                guard first.owner == label, first.record.hasPrefix("CAA "), record.hasPrefix("CAA ") else { break }
            }
            amendments.append(Amendment(domain: domain, owner: label, record: record))
        }
        return amendments.isEmpty
            ? nil : Promise(amendments: amendments, finding: finding.id, subject: finding.subject)
    }

    @Test func thePublishedRemedyEndsTheFinding() async throws {
        let first = await LabRun.result.value
        if let obstacle = first.obstacle { return print("skipped: the lab cannot run: \(obstacle)") }
        var promises: [Promise] = []
        for (domain, data) in first.reports.sorted(by: { $0.key < $1.key }) {
            let report = try #require(JSONReport.read(Array(data)).first)
            // Nobody can publish anything in a zone whose servers fail.
            if report.findings.contains(where: { $0.id == "email.mx_lookup_error" }) { continue }
            var owners: Set<String> = []
            for finding in report.findings where finding.severity != .info {
                guard let promise = Self.promise(of: finding, in: domain) else { continue }
                // One remedy for each owner and type of a domain; another finding there is another remedy's.
                let type = promise.amendments[0].record.prefix { $0 != " " }
                if owners.insert("\(promise.owner) \(type)").inserted { promises.append(promise) }
            }
        }
        let ids = Set(promises.map(\.finding))
        for id in [
            "email.mta_sts_txt_id_charset", "email.tlsrpt_absent", "email.mx_none_no_address",
            "email.tlsrpt_rua_separator",
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
            #expect(left == [], "\(promise.amendments.map(\.line).joined(separator: "; "))")
        }
    }
}
