import CZlib

/// One layer of gzip (RFC 1952), or of bare DEFLATE (RFC 1951) as in zip archives: what comes out is bounded, in all and for each octet that goes in.
package enum Gzip {
    package enum Fault: String, Error, Sendable {
        case corrupt, truncated
        /// Something follows the compressed data.
        case trailing
        /// More than `Bounds.octets`.
        case limit
        /// More than `Bounds.ratio` octets for one.
        case ratio
    }

    /// How much may come out.
    package struct Bounds: Sendable {
        let octets: Int
        let ratio: Int
        let free: Int

        /// Small files compress well: the ratio counts beyond `free` octets, where it could hurt.
        package init(octets: Int, ratio: Int, free: Int) {
            self.octets = octets
            self.ratio = ratio
            self.free = free
        }
    }

    package enum Form: Sendable { case gzip, deflate }

    package static func isGzip(_ octets: [UInt8]) -> Bool { octets.starts(with: [0x1F, 0x8B]) }

    package static func inflated(
        _ octets: [UInt8], form: Form = .gzip, within bounds: Bounds
    ) throws(Fault) -> [UInt8] {
        var stream = z_stream()
        guard octets.count <= UInt32.max, begin(&stream, form) == Z_OK else { throw .corrupt }
        defer { inflateEnd(&stream) }
        let ceiling = min(bounds.octets, max(octets.count * bounds.ratio, bounds.free))
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(chunkOctets, ceiling + 1))
        let (status, left) = octets.withUnsafeBufferPointer { input -> (Int32, UInt32) in
            // zlib does not write to its input; the cast is what its header asks for.
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(input.count)
            var status = Z_OK
            while status == Z_OK, output.count <= ceiling {
                let written = chunk.withUnsafeMutableBufferPointer { chunk in
                    stream.next_out = chunk.baseAddress
                    stream.avail_out = UInt32(chunk.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    return chunk.count - Int(stream.avail_out)
                }
                output += chunk[..<written]
            }
            return (status, stream.avail_in)
        }
        if output.count > ceiling { throw ceiling == bounds.octets ? .limit : .ratio }
        switch status {
        case Z_STREAM_END: break
        case Z_BUF_ERROR: throw .truncated
        default: throw .corrupt
        }
        guard left == 0 else { throw .trailing }
        return output
    }

    /// The same octets give the same file: no time and no name is in it.
    package static func compressed(_ octets: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        guard octets.count <= UInt32.max, czlib_deflate_gzip(&stream, level) == Z_OK else { return [] }
        defer { deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(octets.count))))
        let written = octets.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                deflate(&stream, Z_FINISH)
                return output.count - Int(stream.avail_out)
            }
        }
        return Array(output[..<written])
    }

    /// The checksum of zip archives.
    package static func checksum(_ octets: [UInt8]) -> UInt32 {
        octets.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
    }

    private static func begin(_ stream: inout z_stream, _ form: Form) -> Int32 {
        switch form {
        case .gzip: czlib_inflate_gzip(&stream)
        case .deflate: czlib_inflate_raw(&stream)
        }
    }

    private static let level: Int32 = 6
    private static let chunkOctets = 65_536
}
