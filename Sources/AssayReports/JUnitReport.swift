import AssayModel

/// JUnit's XML, for the test views of CI systems: a suite per domain, a case per rule and subject.
///
/// A finding that is only worth knowing passes; what could not be decided, does not apply or was accepted is skipped.
enum JUnitReport {
    static func write(_ reports: [Report]) -> [UInt8] {
        var xml = HTML()
        xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        xml.element("testsuites", []) { xml in
            xml.raw("\n")
            for report in reports { suite(of: report, &xml) }
        }
        xml.raw("\n")
        return xml.octets
    }

    private enum Verdict {
        case pass, fail(Finding), skip(String)
    }

    private static func suite(of report: Report, _ xml: inout HTML) {
        var findings: [Check: Finding] = [:]
        for finding in report.findings {
            findings[Check(id: finding.id, subject: finding.subject, result: .finding)] = finding
        }
        let rows = report.checks.map { check in (check: check, verdict: verdict(check, findings)) }
        let failed = rows.count { if case .fail = $0.verdict { true } else { false } }
        let skipped = rows.count { if case .skip = $0.verdict { true } else { false } }
        xml.element(
            "testsuite",
            [
                ("name", "\(report.domain)"), ("tests", "\(rows.count)"), ("failures", "\(failed)"), ("errors", "0"),
                ("skipped", "\(skipped)"), ("timestamp", String("\(report.startedAt)".dropLast())),
                ("hostname", "\(report.domain)"),
            ]
        ) { xml in
            xml.raw("\n")
            for row in rows { testCase(row.check, row.verdict, &xml) }
        }
        xml.raw("\n")
    }

    private static func testCase(_ check: Check, _ verdict: Verdict, _ xml: inout HTML) {
        xml.element("testcase", [("classname", check.id), ("name", "\(check.subject)"), ("time", "0")]) {
            xml in
            switch verdict {
            case .pass: break
            case .fail(let finding):
                xml.open(
                    "failure", [("type", finding.severity.rawValue), ("message", finding.title)])
                xml.text("\(finding.text) \(finding.remedy)")
                xml.close("failure")
            case .skip(let why):
                xml.open("skipped", [("message", why)])
                xml.close("skipped")
            }
        }
        xml.raw("\n")
    }

    private static func verdict(_ check: Check, _ findings: [Check: Finding]) -> Verdict {
        switch check.result {
        case .pass: return .pass
        case .undetermined: return .skip("undetermined: \((check.lacking ?? []).joined(separator: ", "))")
        case .notApplicable: return .skip("not applicable")
        case .finding:
            let key = Check(id: check.id, subject: check.subject, result: .finding)
            guard let finding = findings[key], finding.severity != .info else { return .pass }
            return finding.accepted.map { .skip("accepted until \($0.until): \($0.reason)") } ?? .fail(finding)
        }
    }
}
