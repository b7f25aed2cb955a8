import AssayEngine
import AssayFacts
import AssayModel
import AssaySVG

/// Holds a logo against SVG Tiny P/S, in a process that may die.
struct LogoCheck {
    let subject: Subject
    let evidence: [EvidenceRecord]

    func state(_ octets: [UInt8], isPublished: Bool, _ scan: ScanContext) async {
        switch await scan.services.require(LogoInspector.self).inspect(octets) {
        case .none(let reason):
            let cause =
                reason == "no_program"
                ? Cause(.notSupportedHere, detail: "svg-check: no program was given") : Cause(.limit, detail: reason)
            scan.state(SVGDocumentFact.self, .undetermined(cause), about: subject, from: evidence)
        case .verdict(let verdict):
            if let limit = verdict.limit {
                scan.state(
                    SVGDocumentFact.self, .undetermined(Cause(.limit, detail: limit)), about: subject, from: evidence)
                return
            }
            scan.state(SVGDocumentFact(verdict), about: subject, from: evidence)
            guard isPublished, let picture = verdict.picture, octets.count <= BIMILimits.logoOctets else { return }
            scan.state(
                LogoPicture(svg: picture, host: subject.name, title: verdict.title ?? ""), about: subject,
                from: evidence)
        }
    }
}
