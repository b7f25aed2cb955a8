import AssayGzip

/// A logo out of a gzip file, within the limits of logos.
package enum Gunzip {
    package enum Fault: String, Error, Sendable {
        case corrupt, truncated
        /// Something follows the compressed data.
        case trailing
        /// More than `SVGLimits.inflatedOctets`.
        case limit
        /// More than `SVGLimits.inflateRatio` octets for one.
        case ratio
    }

    package static func isGzip(_ octets: [UInt8]) -> Bool { Gzip.isGzip(octets) }

    package static func inflated(_ octets: [UInt8], limit: Int = SVGLimits.inflatedOctets) throws(Fault) -> [UInt8] {
        do {
            return try Gzip.inflated(
                octets, within: .init(octets: limit, ratio: SVGLimits.inflateRatio, free: SVGLimits.logoOctets))
        } catch {
            // The same names.
            throw Fault(rawValue: error.rawValue) ?? .corrupt
        }
    }
}
