import AssayModel

/// What ends when: certificates and signatures on one axis, a bar for each beside its date.
struct TimelineSection {
    let words: Wording

    func write(_ report: Report, _ html: inout HTML) {
        let expiries = Expiry.all(report).prefix(ReportLimits.expiries)
        guard let last = expiries.last else { return }
        let span = max(1, last.at.seconds(since: report.startedAt))
        html.element("section", [("id", "\(report.domain)-ends")]) { html in
            html.element("h2", words("title.ends"))
            html.table(words("title.ends"), class: "timeline", columns: []) { html in
                for expiry in expiries {
                    let left = expiry.at.seconds(since: report.startedAt)
                    let tone = severity(of: expiry, in: report)?.rawValue ?? "pass"
                    html.element("tr") { html in
                        html.element("th", [("scope", "row")]) { html in
                            html.text(expiry.name)
                            html.element("span", class: "pref", " " + words("timeline.kind.\(expiry.kind.rawValue)"))
                        }
                        html.element("td", class: "mono", expiry.at.dayText)
                        html.element("td", class: tone, words.count(left / 86_400, "day"))
                        html.element("td", class: "bar \(tone)") { html in
                            bar(permille: max(4, min(1000, left / max(1, span / 1000))), &html)
                        }
                    }
                }
            }
        }
    }

    private func bar(permille: Int, _ html: inout HTML) {
        html.element(
            "svg",
            [("viewBox", "0 0 1000 10"), ("preserveAspectRatio", "none"), ("height", "10"), ("aria-hidden", "true")]
        ) { html in
            html.raw("<rect width=\"1000\" height=\"10\" class=\"track\"></rect>")
            html.element("rect", class: "arc", [("width", "\(permille)"), ("height", "10")]) { _ in }
        }
    }

    /// That a day is near is for the rules to say: the worst finding of the same host that speaks of an end.
    private func severity(of expiry: Expiry, in report: Report) -> Severity? {
        let ids: [Expiry.Kind: [String]] = [
            .certificate: ["email.cert_expired", "email.cert_expires_soon"],
            .signature: ["email.dnssec_sig_expiring", "email.dnssec_sig_expired"],
            .markCertificate: ["email.vmc_expired", "email.vmc_expires_soon"],
        ]
        return report.findings.filter { $0.subject.name == expiry.name && ids[expiry.kind]?.contains($0.id) == true }
            .map(\.severity).max()
    }
}
