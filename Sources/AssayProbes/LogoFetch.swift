/// What a BIMI record points to, asked for in one way by everybody who wants to know, so that it is asked once.
extension HTTPSFetch {
    /// `l=`.
    package static func logo(_ url: HTTPSURL) -> HTTPSFetch { HTTPSFetch(url, accept: "image/svg+xml") }

    /// `a=`.
    package static func markCertificate(_ url: HTTPSURL) -> HTTPSFetch {
        HTTPSFetch(url, accept: "application/pem-certificate-chain")
    }
}
