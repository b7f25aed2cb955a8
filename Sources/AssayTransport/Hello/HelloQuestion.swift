package import AssayModel

/// What one server would answer to one ClientHello behind STARTTLS.
package struct HelloQuestion: Hashable, Codable, Sendable {
    package let address: IPAddress
    package let port: UInt16
    package let ehloName: String
    package let hello: ClientHello
    /// What is sent behind the server's first flight; only with `--active`.
    package let followUp: FollowUp?

    package init(
        address: IPAddress, port: UInt16 = 25, ehloName: String, hello: ClientHello, followUp: FollowUp? = nil
    ) {
        self.address = address
        self.port = port
        self.ehloName = ehloName
        self.hello = hello
        self.followUp = followUp
    }
}

/// Octets that a sound server drops or refuses, and a broken one shows itself by. None reads more than one octet of its memory
/// or leaves it in a state that outlives the connection.
package enum FollowUp: String, Hashable, Codable, Sendable {
    /// A heartbeat that claims one octet of payload and has none (CVE-2014-0160): RFC 6520 section 4 has it dropped.
    case heartbeat
    /// ChangeCipherSpec before any key is there, twice (CVE-2014-0224): a sound server says unexpected_message at once.
    case earlyChange = "early_change"

    func octets(_ version: TLSVersion) -> [UInt8] {
        let minor = UInt8(version.rawValue & 0xFF)
        return switch self {
        case .heartbeat: [24, 3, minor, 0, 3, 1, 0, 1]
        case .earlyChange: [20, 3, minor, 0, 1, 1]
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
