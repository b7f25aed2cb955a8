import AssayEngine
import AssayModel

/// Selectors that somebody saw in use: the operator, the message at hand, the receivers of DMARC reports.
struct GivenSelectors {
    /// Selector to who told, in the order told.
    private(set) var methods: [(selector: String, by: [String])] = []

    init(_ scan: ScanContext) {
        for selector in scan.options.selectors { add(selector, "operator") }
        for reported in scan.options.reportedSelectors where reported.domain == scan.domain {
            add(reported.selector, "dmarc_report")
        }
        guard let octets = scan.options.message else { return }
        let message = MailMessage(octets)
        for field in message.signatureFields.prefix(DKIMLimits.judgedSignatures) {
            let signature = DKIMSignature(parsing: field.value)
            guard signature.domain == scan.domain, let selector = signature.selector else { continue }
            add("\(selector)", "message")
        }
    }

    private mutating func add(_ selector: String, _ by: String) {
        if let index = methods.firstIndex(where: { $0.selector == selector }) {
            if !methods[index].by.contains(by) { methods[index].by.append(by) }
        } else if methods.count < DKIMLimits.givenSelectors {
            methods.append((selector, [by]))
        }
    }
}
