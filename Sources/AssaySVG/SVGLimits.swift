/// How much of a logo is read (reliability.md section 3 and its cases XML and HTP-04).
package enum SVGLimits {
    /// Octets that are parsed at all.
    package static let fileOctets = 262_144
    /// Octets that a logo may have (draft-svg-tiny-ps-abrotman section 2.4).
    package static let logoOctets = 32_768
    package static let depth = 64
    /// Elements, comments, CDATA sections and processing instructions.
    package static let nodes = 20_000
    package static let attributes = 256
    /// Faults that are kept; all are counted.
    package static let faults = 100
    /// `use` within `use`.
    package static let useDepth = 8
    /// Elements drawn once every `use` stands for its target.
    package static let drawnElements = 10_000
    /// Octets that come out of a compressed file, and for each octet in it.
    package static let inflatedOctets = 1_048_576
    package static let inflateRatio = 50
    /// Octets of a name or value that are shown.
    package static let shownOctets = 80
    /// RFC 5280 has none; the draft: a title SHOULD be short.
    package static let titleCharacters = 64

    // The child process.
    package static let childSeconds = 5
    package static let childCPUSeconds = 2
    package static let childMemoryOctets = 268_435_456
    package static let childAnswerOctets = 1_048_576
}
