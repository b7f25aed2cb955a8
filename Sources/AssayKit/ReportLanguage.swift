package import AssayModel
import AssayRules

/// The language of a report: what was asked for, and what there is.
package struct ReportLanguage: Sendable {
    package let catalogue: Catalogue
    /// The language that was asked for and is not there.
    package let missing: String?

    /// English where the language is not there.
    package init(_ language: String = "en") throws(AuditError) {
        do {
            if let catalogue = try Languages.catalogue(language) {
                self.catalogue = catalogue
                missing = nil
            } else {
                catalogue = Languages.standard
                missing = language
            }
        } catch {
            throw AuditError(error.description)
        }
    }

    package static var all: [String] { Languages.all }
}
