/// How much of a certificate or a chain is read. The numbers are those of reliability.md section 3 and its cases CRT.
package enum CryptoLimits {
    /// Octets of a Certificate message; OpenSSL refuses more.
    package static let chainOctets = 102_400
    /// Certificates kept of a chain; all are counted.
    package static let storedCertificates = 16
    /// Certificates between leaf and root that path building follows.
    package static let chainDepth = 10
    /// Alternative names kept; all are searched for a match and counted.
    package static let storedNames = 500
    /// Octets of a distinguished name that are shown.
    package static let nameOctets = 1024
    /// Seconds that a session may be resumed.
    package static let sessionSeconds = 300
    /// Endpoints whose sessions are kept.
    package static let cachedSessions = 4096
    /// Of the file of a mark certificate.
    package static let markFileBlocks = 16
    package static let logotypeImages = 8
    package static let revocationURLs = 8
    /// Keys of transparency logs that are read from a file.
    package static let logKeys = 200
    /// Attributes of a subject that are kept.
    package static let markAttributes = 32
}
