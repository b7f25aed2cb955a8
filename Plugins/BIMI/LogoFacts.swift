import AssayModel
import AssaySVG

/// `svg.document`, about the logo (published) or the certificate (the one embedded): what SVG Tiny P/S says of it.
/// Undetermined where a limit ended the reading; the detail names it.
struct SVGDocumentFact: Fact {
    static let id = "svg.document"

    /// One place in the file.
    struct Place: Codable, Equatable {
        /// `line 3 column 14`.
        let at: String
        let code: String
        let line: Int
        let column: Int
        /// The element or attribute.
        let name: String?
        let parent: String?
        let value: String?
        let expected: String?
    }

    let octets: Int
    let elementCount: Int
    let title: String?
    let viewBox: String?
    /// The schema of the profile accepts it.
    let conforms: Bool
    /// It conforms, and nothing in it runs, loads or multiplies.
    let isSafe: Bool
    let faultCount: Int
    /// In the order of the file, at most 100.
    let faults: [Place]
    static let examples = [
        SVGDocumentFact(
            octets: 900, elementCount: 4, title: "Example", viewBox: "0 0 64 64", conforms: false, isSafe: false,
            faultCount: 1,
            faults: [
                Place(
                    at: "line 3 column 14", code: "element_forbidden", line: 3, column: 14, name: "script",
                    parent: "svg", value: "x", expected: "y")
            ]),
        SVGDocumentFact(
            octets: 900, elementCount: 4, title: nil, viewBox: nil, conforms: true, isSafe: true, faultCount: 0,
            faults: [
                Place(
                    at: "line 1 column 1", code: "title_missing", line: 1, column: 1, name: nil, parent: nil,
                    value: nil, expected: nil)
            ]),
    ]

    init(
        octets: Int, elementCount: Int, title: String?, viewBox: String?, conforms: Bool, isSafe: Bool, faultCount: Int,
        faults: [Place]
    ) {
        self.octets = octets
        self.elementCount = elementCount
        self.title = title
        self.viewBox = viewBox
        self.conforms = conforms
        self.isSafe = isSafe
        self.faultCount = faultCount
        self.faults = faults
    }

    init(_ verdict: SVGVerdict) {
        // One finding for a code and a place.
        var seen: Set<String> = []
        self.init(
            octets: verdict.octets, elementCount: verdict.elementCount, title: verdict.title, viewBox: verdict.viewBox,
            conforms: verdict.conforms, isSafe: verdict.isSafe, faultCount: verdict.faultCount,
            faults: verdict.faults.filter { seen.insert("\($0.code) \($0.line) \($0.column)").inserted }.map { fault in
                Place(
                    at: "line \(fault.line) column \(fault.column)", code: fault.code.rawValue, line: fault.line,
                    column: fault.column, name: fault.name, parent: fault.parent, value: fault.value,
                    expected: fault.expected)
            })
    }
}
