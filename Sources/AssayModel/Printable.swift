/// Octets as printable ASCII, everything else as `\xNN`; at most `limit` octets are shown.
package func printable(_ bytes: some Collection<UInt8>, limit: Int = 2048) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var result: [UInt8] = []
    for byte in bytes.prefix(limit) {
        if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") {
            result.append(byte)
        } else {
            result += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    if bytes.count > limit { result += Array("...".utf8) }
    return String(decoding: result, as: UTF8.self)
}
