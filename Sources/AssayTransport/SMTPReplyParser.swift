import AssayModel

/// Cuts octets into SMTP replies (RFC 5321 section 4.2). Total: whatever comes, a reply, a fault or a wish for more.
struct SMTPReplyParser {
    enum Event: Equatable {
        case reply(SMTPReply)
        /// Something that is no reply; its first octets, escaped.
        case notSMTP(String)
        /// One of our limits, by name.
        case limit(String)
    }

    private var buffer: [UInt8] = []
    /// Where the search for the next LF goes on, so that dripped octets are looked at once.
    private var searched = 0
    private var lines: [[UInt8]] = []
    private var replyOctets = 0
    private var connectionOctets = 0
    private(set) var sawBareLF = false
    private(set) var sawControlOctets = false
    /// Every complete line of the last event, for the transcript.
    private(set) var rawLines: [[UInt8]] = []

    /// Octets behind the last reply.
    var remainder: [UInt8] { buffer }

    mutating func receive(_ bytes: some Collection<UInt8>) -> Event? {
        connectionOctets += bytes.count
        buffer += bytes
        guard connectionOctets <= TransportLimits.smtpConnection else { return .limit("smtp.connection") }
        return next()
    }

    /// The next reply out of what is there.
    mutating func next() -> Event? {
        while let end = buffer[searched...].firstIndex(of: 0x0A) {
            var line = Array(buffer[..<end])
            buffer.removeSubrange(...end)
            searched = 0
            if line.count > TransportLimits.smtpLine { return .limit("smtp.line") }
            if line.last == 0x0D { line.removeLast() } else { sawBareLF = true }
            if line.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) { sawControlOctets = true }
            replyOctets += line.count
            rawLines.append(line)
            guard let (code, isLast) = Self.head(of: line) else { return .notSMTP(Self.shown(line)) }
            lines.append(Array(line.dropFirst(4)))
            if isLast {
                defer { startReply() }
                return .reply(SMTPReply(code: code, lines: lines))
            }
            if lines.count >= TransportLimits.smtpLines { return .limit("smtp.lines") }
            if replyOctets > TransportLimits.smtpReply { return .limit("smtp.reply") }
        }
        searched = buffer.count
        if buffer.count > TransportLimits.smtpLine { return .limit("smtp.line") }
        return nil
    }

    /// The lines since the last call.
    mutating func takeLines() -> [[UInt8]] {
        defer { rawLines = [] }
        return rawLines
    }

    /// What lies behind the last reply, taken out; nothing that came in clear may be read as if it came over TLS.
    mutating func takeRemainder() -> [UInt8] {
        defer {
            buffer = []
            searched = 0
        }
        return buffer
    }

    /// Octets of an unfinished line, for a peer that hung up in the middle.
    var unfinished: String? { buffer.isEmpty ? nil : Self.shown(buffer) }

    private mutating func startReply() {
        lines = []
        replyOctets = 0
    }

    /// Three digits from 200 to 599, then a space, a hyphen or nothing (RFC 5321 section 4.2.1).
    private static func head(of line: [UInt8]) -> (code: Int, isLast: Bool)? {
        guard line.count >= 3, (0x32...0x35).contains(line[0]), (0x30...0x39).contains(line[1]),
            (0x30...0x39).contains(line[2])
        else { return nil }
        let code = line[..<3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        if line.count == 3 { return (code, true) }
        switch line[3] {
        case UInt8(ascii: " "): return (code, true)
        case UInt8(ascii: "-"): return (code, false)
        default: return nil
        }
    }

    static func shown(_ bytes: [UInt8]) -> String { printable(bytes, limit: 64) }
}

extension SMTPReply {
    /// The text of all lines, escaped, at most 200 octets.
    package var words: String { printable(Array(lines.joined(separator: [0x20])), limit: 200) }
}
