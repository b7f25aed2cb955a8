import COpenSSL
import Foundation
import Synchronization

/// An OpenSSL context, or key, that threads share; never changed after it was made.
struct SharedContext: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// Plays one script with one client. Notes MAIL, RCPT and DATA, which nobody may send here.
struct SMTPServer: Sendable {
    let name: String
    let script: Script
    /// One for each handshake, in turn.
    let contexts: [SharedContext]
    let log: MailLog
    /// For those that play TLS octet by octet.
    let leaf: [UInt8]
    /// Where the TLS behind STARTTLS is done: a port of the loopback address.
    let backend: UInt16?
    /// For those that decrypt octet by octet.
    let key: SharedContext?
    private let visits = Turns()
    private let handshakes = Turns()

    init(
        name: String, script: Script, contexts: [SharedContext], log: MailLog, leaf: [UInt8] = [],
        backend: UInt16? = nil,
        key: SharedContext? = nil
    ) {
        self.leaf = leaf
        self.backend = backend
        self.key = key
        self.name = name
        self.script = script
        self.contexts = contexts
        self.log = log
    }

    func serve(_ connection: Connection) {
        let visit = visits.next()
        let isKeptFromTLS = visit % 2 == 0 && script.isSelective
        for case .tires(let limit) in script.tls.tricks where visit >= limit {
            return say("421 4.7.0 too many connections", connection)
        }
        if script.greetingDelay > 0 { Thread.sleep(forTimeInterval: script.greetingDelay) }
        if let raw = script.rawGreeting {
            connection.send(raw)
            return connection.drain()
        }
        say(script.greeting, connection)
        if script.closesAfterGreeting { return }
        var isTLS = false
        while let line = connection.line() {
            let command = line.prefix { $0 != " " }.uppercased()
            switch command {
            case "EHLO":
                if let reply = script.ehlo { say(reply, connection) } else { sayEHLO(isTLS, isKeptFromTLS, connection) }
            case "HELO": say("250 \(name)", connection)
            case "STARTTLS" where script.offersSTARTTLS && !isTLS:
                guard startTLS(connection) else { return }
                isTLS = script.starttls.hasPrefix("220")
            case "NOOP": say("250 2.0.0 ok", connection)
            case "VRFY": say(script.vrfy, connection)
            case "EXPN": say(script.expn, connection)
            case "QUIT": return say("221 2.0.0 bye", connection)
            case "MAIL", "RCPT", "DATA":
                log.note("\(name): \(line)")
                say("554 5.7.1 not here", connection)
            default: say("500 5.5.2 what?", connection)
            }
        }
    }

    private func startTLS(_ connection: Connection) -> Bool {
        switch script.afterSTARTTLS {
        case .handshake:
            say(script.starttls, connection)
            guard script.starttls.hasPrefix("220") else { return true }
            if let backend {
                connection.handOn(to: backend)
                return false
            }
            guard !contexts.isEmpty else { return false }
            let remembers = script.tls.tricks.contains(.remembersClear)
            if !script.tls.tricks.isEmpty, !remembers, playsTrick(connection) { return false }
            return connection.startTLS(
                contexts[handshakes.next() % contexts.count].pointer, keepsClear: remembers)
        case .close:
            say(script.starttls, connection)
            return false
        case .silence:
            say(script.starttls, connection)
            connection.drain()
            return false
        case .octets(let octets):
            connection.send(Array((script.starttls + script.lineEnd).utf8) + octets)
            connection.drain()
            return false
        }
    }

    /// True where a trick answered the hello.
    private func playsTrick(_ connection: Connection) -> Bool {
        let (player, record) = (TrickPlayer(tricks: script.tls.tricks, leaf: leaf), connection.peekRecord())
        if let flight = player.bleedingFlight(to: record) {
            connection.dropRecord(record)
            connection.send(flight)
            connection.bleed()
            return true
        }
        if let key, let flight = player.carelessFlight(to: record) {
            connection.dropRecord(record)
            connection.send(flight)
            connection.decryptCarelessly(with: key.pointer)
            return true
        }
        switch player.reply(to: record) {
        case nil: return false
        case .close?: return true
        case .octets(let octets)?: connection.send(octets)
        case .dripped(let octets)?: for octet in octets { connection.send([octet]) }
        }
        connection.drain()
        return true
    }

    private func sayEHLO(_ isTLS: Bool, _ isKeptFromTLS: Bool, _ connection: Connection) {
        var lines = [name] + script.keywords
        if isTLS {
            lines += script.keywordsAfterTLS
        } else if script.offersSTARTTLS, !isKeptFromTLS {
            lines.append("STARTTLS")
        }
        let reply = lines.enumerated().map { "250\($0 < lines.count - 1 ? "-" : " ")\($1)" }
        // At once, as servers do: some scanners read once.
        say(reply.joined(separator: script.lineEnd), connection)
    }

    private func say(_ line: String, _ connection: Connection) {
        connection.send(line.replacingOccurrences(of: "{name}", with: name) + script.lineEnd)
    }
}

/// Counts from 0.
final class Turns: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}

/// What nobody may have said.
final class MailLog: @unchecked Sendable {
    // Unchecked: guarded by the lock.
    private let lock = NSLock()
    private var lines: [String] = []

    func note(_ line: String) {
        lock.lock()
        lines.append(line)
        lock.unlock()
    }

    var all: [String] {
        lock.lock()
        defer { lock.unlock() }
        return lines
    }
}

/// Answers every GET with the policy.
struct PolicyServer: Sendable {
    let host: PolicyHost
    let context: SharedContext?

    func serve(_ connection: Connection) {
        if let garbage = host.garbage {
            connection.send(garbage)
            return connection.drain()
        }
        guard let context, connection.startTLS(context.pointer) else { return }
        while let line = connection.line(), !line.isEmpty {}
        if host.delay > 0 { Thread.sleep(forTimeInterval: host.delay) }
        let body = host.body ?? Array(host.lines.map { $0 + host.lineEnd }.joined().utf8)
        var head = "HTTP/1.1 \(host.status)\r\n"
        for header in host.headers { head += "\(header)\r\n" }
        head += "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        connection.send(Array(head.utf8) + body)
    }
}
