import AssayModel

/// `tls.heartbleed`, about an address, with `--active`: whether it answers a heartbeat that claims more than it has.
struct Heartbleed: Fact {
    static let id = "tls.heartbleed"

    let isAnswered: Bool

    static let examples = [Heartbleed(isAnswered: false)]
}

/// `tls.early_change`, about an address, with `--active`: whether it takes ChangeCipherSpec before there is a key.
struct EarlyChange: Fact {
    static let id = "tls.early_change"

    let isTaken: Bool

    static let examples = [EarlyChange(isTaken: false)]
}

/// `tls.robot`, about an address, with `--active`: whether the server treats ill-formed premaster secrets unlike sound ones.
struct Robot: Fact {
    static let id = "tls.robot"

    let isOracle: Bool
    /// To a sound secret, a wrong start, no zero, a late zero, a wrong version: `alert 20`, `closed`, `silence`.
    let reactions: [String]

    static let examples = [
        Robot(isOracle: true, reactions: ["alert 20", "alert 51", "alert 51", "alert 51", "alert 20"]),
        Robot(isOracle: false, reactions: [String](repeating: "alert 20", count: 5)),
    ]
}

/// `tls.command_injection`, about an address, with `--active`: whether a command that came in clear is carried out inside TLS.
struct CommandInjection: Fact {
    static let id = "tls.command_injection"

    let isCarriedOut: Bool
    /// The reply to it.
    let reply: String?

    static let examples = [
        CommandInjection(isCarriedOut: true, reply: "250 ok"), CommandInjection(isCarriedOut: false, reply: nil),
    ]
}
