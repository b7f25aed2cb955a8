import CZlib

/// One layer of gzip (RFC 1952), bounded in what comes out and in how much for each octet that goes in.
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

    package static func isGzip(_ octets: [UInt8]) -> Bool { octets.starts(with: [0x1F, 0x8B]) }

    package static func inflated(_ octets: [UInt8], limit: Int = SVGLimits.inflatedOctets) throws(Fault) -> [UInt8] {
        var stream = z_stream()
        guard czlib_inflate_gzip(&stream) == Z_OK else { throw .corrupt }
        defer { inflateEnd(&stream) }
        // Small files compress well: the ratio counts from where it could hurt.
        let ceiling = min(limit, max(octets.count * SVGLimits.inflateRatio, SVGLimits.logoOctets))
        var output = [UInt8](repeating: 0, count: ceiling + 1)
        let (status, written, left) = octets.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                // zlib does not write to its input; the cast is what its header asks for.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                let status = inflate(&stream, Z_FINISH)
                return (status, output.count - Int(stream.avail_out), Int(stream.avail_in))
            }
        }
        if written > ceiling { throw ceiling == limit ? .limit : .ratio }
        switch status {
        case Z_STREAM_END: break
        case Z_BUF_ERROR: throw .truncated
        default: throw .corrupt
        }
        guard left == 0 else { throw .trailing }
        return Array(output[..<written])
    }
}
