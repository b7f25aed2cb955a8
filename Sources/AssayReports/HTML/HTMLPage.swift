import AssayModel
import ReportFiles

/// The frame of every page: one file that asks for nothing from outside; without script all of it is there.
struct HTMLPage {
    let words: Wording
    let title: String

    /// `body` writes what stands in `main`; `data` what follows it.
    func render(_ body: (inout HTML) -> Void, data: (inout HTML) -> Void = { _ in }) -> [UInt8] {
        var html = HTML()
        html.raw("<!DOCTYPE html>\n")
        html.open("html", [("lang", words.language)])
        html.raw("\n<head>\n<meta charset=\"utf-8\">\n")
        html.open("meta", [("http-equiv", "Content-Security-Policy"), ("content", Self.policy)])
        html.raw("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
        html.element("title", title)
        html.raw("\n<style>")
        html.ours(EmbeddedFile.style.text)
        html.raw("</style>\n</head>\n<body>\n<main>\n")
        body(&html)
        html.raw("</main>\n")
        data(&html)
        html.open("script", scriptWords)
        html.ours(EmbeddedFile.script.text)
        html.raw("</script>\n</body>\n</html>\n")
        return html.octets
    }

    private var scriptWords: [(StaticString, String)] {
        let severities = Severity.allCases.map { "\($0.rawValue)=\(words.name(of: $0))" }.joined(separator: ",")
        return [
            ("data-all", words("script.all")), ("data-open", words("script.open")),
            ("data-close", words("script.close")), ("data-copy", words("script.copy")),
            ("data-copied", words("script.copied")), ("data-filter", words("script.filter")),
            ("data-severities", severities),
        ]
    }

    /// Nothing from anywhere but the style, the script and pictures that stand in the file itself.
    private static let policy =
        "default-src 'none'; style-src 'sha256-\(EmbeddedFile.style.hash)'; script-src 'sha256-\(EmbeddedFile.script.hash)'; "
        + "img-src data:; base-uri 'none'; form-action 'none'"
}

/// A file of `reports/` that stands in the page, with the hash that the page's policy names.
struct EmbeddedFile {
    let text: String
    /// SHA-256, base64.
    let hash: String

    static let style = EmbeddedFile(text: octets(report_style()), hash: octets(report_style_hash()))
    static let script = EmbeddedFile(text: octets(report_script()), hash: octets(report_script_hash()))

    private static func octets(_ file: report_file) -> String {
        let bytes = UnsafeBufferPointer(start: file.bytes, count: file.length)
        return String(decoding: bytes, as: UTF8.self)
    }
}
