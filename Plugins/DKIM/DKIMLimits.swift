/// How much of records, zones, messages and reports is looked at. A test holds each of them.
enum DKIMLimits {
    /// Octets of a record that are shown.
    static let shownOctets = 1024
    /// TXT records at one selector that are read.
    static let recordsPerSelector = 16
    /// Selectors given by the operator, a message or reports that are asked for.
    static let givenSelectors = 200
    /// Names that are guessed for one domain.
    static let candidates = 400
    /// Questions at a time.
    static let width = 20
    /// Of told selectors, where the answer to one may deny others.
    static let toldWidth = 4
    /// Keys that get a fact of their own; more are counted.
    static let keys = 100
    /// Denials of existence kept of a zone.
    static let denials = 2000
    /// NSEC3 iterations that are computed (RFC 9276 section 3.2 lets validators stop far below).
    static let hashIterations = 150
    /// Steps of a walk along NSEC records.
    static let walkSteps = 200

    /// Signatures of a message that are judged; more are counted (RFC 6376 section 8.4 asks for a limit).
    static let judgedSignatures = 10
    /// Header fields and octets of a message's header section.
    static let headerFields = 10_000
    static let headerOctets = 1 << 20
    /// Octets of one signature field.
    static let signatureOctets = 16_384
    /// Names in `h=`.
    static let signedHeaders = 500
}
