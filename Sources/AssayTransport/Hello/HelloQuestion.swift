import AssayCrypto
package import AssayModel

/// What one server would answer to one ClientHello behind STARTTLS.
package struct HelloQuestion: Hashable, Codable, Sendable {
    package let address: IPAddress
    package let port: UInt16
    package let ehloName: String
    package let hello: ClientHello
    /// What is sent behind the server's first flight; only with `--active`.
    package let followUp: FollowUp?
    /// The same question may be asked again.
    package let visit: Int

    package init(
        address: IPAddress, port: UInt16 = 25, ehloName: String, hello: ClientHello, followUp: FollowUp? = nil,
        visit: Int = 1
    ) {
        self.address = address
        self.port = port
        self.ehloName = ehloName
        self.hello = hello
        self.followUp = followUp
        self.visit = visit
    }
}

/// Octets that a sound server drops or refuses, and a broken one shows itself by. None reads more than one octet of its memory
/// or leaves it in a state that outlives the connection.
package enum FollowUp: String, Hashable, Codable, Sendable {
    /// A heartbeat that claims one octet of payload and has none (CVE-2014-0160): RFC 6520 section 4 has it dropped.
    case heartbeat
    /// ChangeCipherSpec before any key is there, twice (CVE-2014-0224): a sound server says unexpected_message at once.
    case earlyChange = "early_change"
    /// A premaster secret as RFC 5246 section 7.4.7.1 has it, and four that are not, each with ChangeCipherSpec and a Finished
    /// that cannot be right. A sound server treats all alike; one that does not is an oracle (ROBOT, CVE-2017-13099).
    case robotSound = "robot_sound"
    case robotWrongStart = "robot_wrong_start"
    case robotWithoutZero = "robot_without_zero"
    case robotLateZero = "robot_late_zero"
    case robotWrongVersion = "robot_wrong_version"

    package static let robot: [FollowUp] = [
        .robotSound, .robotWrongStart, .robotWithoutZero, .robotLateZero, .robotWrongVersion,
    ]

    /// nil where the certificate has no RSA key and one is needed.
    func octets(_ version: TLSVersion, leaf: [UInt8]) -> [UInt8]? {
        let minor = UInt8(version.rawValue & 0xFF)
        switch self {
        case .heartbeat: return [24, 3, minor, 0, 3, 1, 0, 1]
        case .earlyChange: return [20, 3, minor, 0, 1, 1]
        default: break
        }
        guard let key = RSAEncryption(certificate: leaf), key.length >= 128,
            let secret = key.encrypt(block(of: key.length, minor))
        else { return nil }
        var body = OctetWriter()
        body.vector16(secret)
        var message = OctetWriter()
        message.put(UInt8(16))
        message.vector24(body.octets)
        var records = OctetWriter()
        for (kind, content) in [(UInt8(22), message.octets), (20, [1]), (22, [UInt8](repeating: 0x5A, count: 64))] {
            records.put([kind, 3, minor])
            records.vector16(content)
        }
        return records.octets
    }

    /// PKCS #1 version 1.5 (RFC 8017 section 7.2.1): 0, 2, octets that are not 0, 0, and 48 octets that begin with the version.
    private func block(of length: Int, _ minor: UInt8) -> [UInt8] {
        let padding = [UInt8](repeating: 0xAB, count: length - 51)
        let secret = [UInt8](repeating: 0x33, count: 46)
        switch self {
        case .robotWrongStart: return [0x41, 0x17] + padding + [0, 3, minor] + secret
        case .robotWithoutZero: return [0, 2] + padding + [0x11, 3, minor] + secret
        case .robotLateZero: return [0, 2] + padding + [0x11, 3, minor] + secret.dropLast(2) + [0, 0x11]
        case .robotWrongVersion: return [0, 2] + padding + [0, 2, 2] + secret
        default: return [0, 2] + padding + [0, 3, minor] + secret
        }
    }
}

/// What the server did with a `FollowUp`.
package enum Reaction: Hashable, Codable, Sendable {
    case silence, closed
    case alert(Int)
    /// A record of another kind.
    case record(Int)
    /// The server did not come so far, or does not know the extension.
    case notSent

    package var words: String {
        switch self {
        case .silence: "silence"
        case .closed: "closed"
        case .alert(let number): "alert \(number)"
        case .record(let kind): "record \(kind)"
        case .notSent: "not sent"
        }
    }
}

/// The question with its answer.
package struct HelloExchange: Hashable, Codable, Sendable {
    package let question: HelloQuestion
    package let answer: HelloAnswer
    /// To each octet string sent behind the first flight, in order.
    package let reactions: [Reaction]
    package let transcript: [EvidenceRecord.Line]
    package let startedAt: Timestamp

    package init(
        question: HelloQuestion, answer: HelloAnswer, reactions: [Reaction] = [], transcript: [EvidenceRecord.Line],
        startedAt: Timestamp
    ) {
        self.question = question
        self.answer = answer
        self.reactions = reactions
        self.transcript = transcript
        self.startedAt = startedAt
    }
}
