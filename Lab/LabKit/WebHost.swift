/// A web server beside the mail: logos, mark certificates.
struct WebHost: Sendable {
    /// `bimi`, below the domain.
    var label = "bimi"
    /// By path.
    var files: [String: WebFile] = [:]
    var certificate: CertificateSpec? = CertificateSpec()
    var hasAddress = true
    /// An address in place of the one the lab gives.
    var fixedAddress: String?
    var isListening = true
    var maximumTLS: Int32?
    /// On port 80, without TLS.
    var isPlain = false
}

/// What is served at one path.
struct WebFile: Sendable {
    enum Body: Sendable {
        case octets([UInt8])
        /// The PEM file of a mark certificate.
        case mark(MarkSpec)
        /// The mark authority's revocation list.
        case revocations
    }

    var status = "200 OK"
    var headers: [String]
    var body: Body

    static func svg(_ text: String) -> WebFile {
        WebFile(headers: ["Content-Type: image/svg+xml"], body: .octets(Array(text.utf8)))
    }

    static func pem(_ mark: MarkSpec) -> WebFile {
        WebFile(headers: ["Content-Type: application/x-pem-file"], body: .mark(mark))
    }

    static func redirect(to location: String) -> WebFile {
        WebFile(status: "302 Found", headers: ["Location: \(location)"], body: .octets([]))
    }
}

/// Answers every GET with the file at its path.
struct WebServer: Sendable {
    let files: [String: (status: String, headers: [String], body: [UInt8])]
    let context: SharedContext?
    var isPlain = false

    func serve(_ connection: Connection) {
        if !isPlain {
            guard let context, connection.startTLS(context.pointer) else { return }
        }
        guard let request = connection.line() else { return }
        while let line = connection.line(), !line.isEmpty {}
        let path = request.split(separator: " ").dropFirst().first.map(String.init) ?? "/"
        let file = files[path] ?? ("404 Not Found", ["Content-Type: text/plain"], Array("nothing here\n".utf8))
        var head = "HTTP/1.1 \(file.status)\r\n"
        for header in file.headers { head += "\(header)\r\n" }
        head += "Content-Length: \(file.body.count)\r\nConnection: close\r\n\r\n"
        connection.send(Array(head.utf8) + file.body)
    }
}
