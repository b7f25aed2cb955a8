import AssayFacts
import AssayModel
import FoundationEssentials

/// The logo that a report may show: one that passed, as the program wrote it anew, in a `data:` URI for an `<img>`, where nothing
/// in it can run or load.
struct Logo {
    let source: String
    let title: String

    /// nil where none passed.
    init?(_ report: Report) {
        let pictures = report.observations.lazy.filter { $0.fact == LogoPicture.id }
        guard let value = pictures.compactMap(\.outcome.value).first, let svg = value[path: "svg"]?.stringValue,
            svg.utf8.count <= Self.octets, svg.utf8.starts(with: "<svg xmlns=\"http://www.w3.org/2000/svg\"".utf8)
        else { return nil }
        source = "data:image/svg+xml;base64," + Data(svg.utf8).base64EncodedString()
        title = value[path: "title"]?.stringValue ?? ""
    }

    /// What escaping can make of a logo of 32,768 octets.
    private static let octets = 262_144
}
