/// The two forms that header and body are brought into before they are hashed (RFC 6376 section 3.4).
enum Canonicalization: String {
    case simple, relaxed

    /// RFC 6376 sections 3.4.3 and 3.4.4.
    func body(_ body: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        switch self {
        case .simple: result = body
        case .relaxed:
            result.reserveCapacity(body.count)
            var hasSpace = false
            for octet in body {
                if octet == 0x20 || octet == 0x09 {
                    hasSpace = true
                    continue
                }
                // White space before the line end goes; a CR alone is text.
                if hasSpace {
                    if octet != 0x0D { result.append(0x20) }
                    hasSpace = false
                }
                if octet == 0x0A, result.last != 0x0D { result.append(0x0D) }
                result.append(octet)
            }
            if hasSpace { result.append(0x20) }
            // The last line may have no end.
            if result.last == 0x20 { result.removeLast() }
        }
        let isEmptyLine = { (end: Int) in end >= 4 && result[end - 4..<end].elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) }
        var end = result.count
        if end > 0, !result.suffix(2).elementsEqual([0x0D, 0x0A]) {
            result += [0x0D, 0x0A]
            end += 2
        }
        while isEmptyLine(end) { end -= 2 }
        result.removeLast(result.count - end)
        if result == [0x0D, 0x0A] || result.isEmpty { return self == .simple ? [0x0D, 0x0A] : [] }
        return result
    }

    /// RFC 6376 sections 3.4.1 and 3.4.2, with the last CRLF.
    func header(_ field: MailMessage.Field) -> [UInt8] {
        switch self {
        case .simple: return field.octets
        case .relaxed:
            var result = Array(field.name.utf8) + [UInt8(ascii: ":")]
            var hasSpace = false
            var isStart = true
            for octet in field.value where octet != 0x0D && octet != 0x0A {
                if octet == 0x20 || octet == 0x09 {
                    hasSpace = true
                    continue
                }
                if hasSpace, !isStart { result.append(0x20) }
                (hasSpace, isStart) = (false, false)
                result.append(octet)
            }
            return result + [0x0D, 0x0A]
        }
    }
}
