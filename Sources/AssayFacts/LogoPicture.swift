import AssayModel

/// `bimi.picture`, about the logo: the logo as this program wrote it anew, from elements and attributes of SVG Tiny P/S alone.
/// Stated only where the published logo passed.
package struct LogoPicture: Fact {
    package static let id = "bimi.picture"

    /// The whole document; nothing in it runs, loads or refers elsewhere.
    package let svg: String
    /// The host that it came from.
    package let host: String
    package let title: String

    package init(svg: String, host: String, title: String) {
        self.svg = svg
        self.host = host
        self.title = title
    }

    package static let examples = [
        LogoPicture(
            svg: "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny-ps\"></svg>",
            host: "www.example.com", title: "Example")
    ]
}
