import AssayDNS
import AssayModel
import Foundation
import Synchronization

/// Another name server of a zone, which answers as the good one does, but for one fault. UDP alone.
final class FaultyNameServer: Sendable {
    enum Fault: String, CaseIterable, Sendable {
        /// Signatures and denials are left out.
        case unsigned
        /// What it answered at the start is what it goes on with.
        case lagging
        /// It denies without proof.
        case withoutDenial = "nodenial"
        /// SERVFAIL for TLSA.
        case withoutTLSA = "notlsa"
        /// SERVFAIL for CAA.
        case withoutCAA = "nocaa"
        /// Not a word for CAA.
        case silentCAA = "silentcaa"
        /// NXDOMAIN for names with nothing but names below them.
        case withoutNonTerminals = "noent"

        var hostName: String { "ns-\(rawValue).lab." }

        /// It alone has its zones: the good server keeps them under a name that nobody asks for.
        var isAlone: Bool { [.withoutCAA, .silentCAA].contains(self) }
    }

    private let fault: Fault
    private let upstream: String
    private let descriptor: Int32
    private let remembered = Mutex<[[UInt8]: [UInt8]]>([:])

    init(_ fault: Fault, at address: String, upstream: String) throws {
        self.fault = fault
        self.upstream = upstream
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard Socket.with(address, 53, { bind(descriptor, $0, $1) }) == 0 else {
            throw LabError("port 53 of \(address): \(String(cString: strerror(errno)))")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// Answers until the lab ends.
    func run() {
        detach { [self] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                var client = sockaddr_storage()
                var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
                let count = withUnsafeMutablePointer(to: &client) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
                    }
                }
                guard count > 12 else { continue }
                let answer = answer(to: Array(buffer[..<count]))
                guard !answer.isEmpty else { continue }
                _ = withUnsafePointer(to: &client) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        sendto(descriptor, answer, answer.count, 0, $0, length)
                    }
                }
            }
        }
    }

    /// Asks ahead, so that later changes are not seen.
    func remember(_ zone: String, _ names: [(String, RecordType)]) {
        guard fault == .lagging else { return }
        for (name, type) in [(zone, RecordType.soa), (zone, .dnskey), (zone, .mx), (zone, .tlsa)] + names {
            guard let name = DomainName(name) else { continue }
            let query =
                [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1] + name.wireFormat
                + [UInt8(type.rawValue >> 8), UInt8(truncatingIfNeeded: type.rawValue), 0, 1]
                + [0, 0, 41, 0x04, 0xD0, 0, 0, 0x80, 0, 0, 0]
            _ = answer(to: query)
        }
    }

    private func answer(to query: [UInt8]) -> [UInt8] {
        let key = Array(query.dropFirst(12).prefix { $0 != 41 })
        if fault == .lagging, let known = remembered.withLock({ $0[key] }) {
            return Array(query[..<2]) + known.dropFirst(2)
        }
        guard let answer = forward(query), let message = DNSMessage(parsing: answer) else { return [] }
        if fault == .lagging { remembered.withLock { $0[key] = answer } }
        let type = message.question?.type ?? 0
        switch fault {
        case .lagging: return answer
        case .withoutTLSA where type == RecordType.tlsa.rawValue: return write(message, rcode: 2, [], [])
        case .withoutCAA where type == RecordType.caa.rawValue: return write(message, rcode: 2, [], [])
        case .silentCAA where type == RecordType.caa.rawValue: return []
        case .unsigned:
            func bare(_ records: [DNSMessage.Record]) -> [DNSMessage.Record] {
                records.filter { ![46, 47, 50].contains($0.type) }
            }
            return write(message, rcode: message.rcode, bare(message.answers), bare(message.authority))
        case .withoutDenial where message.answers.isEmpty && type != RecordType.soa.rawValue:
            let soa = message.authority.filter { $0.type == RecordType.soa.rawValue }
            return write(message, rcode: message.rcode, [], soa)
        case .withoutNonTerminals
        where message.answers.isEmpty && "\(message.question?.name ?? .root)".hasPrefix("_tcp."):
            return write(message, rcode: 3, [], message.authority)
        default: return answer
        }
    }

    private func forward(_ query: [UInt8]) -> [UInt8]? {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(socket) }
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let asked = fault.isAlone ? Self.replaced(query, "lab", by: Self.hiddenName) : query
        guard Socket.with(upstream, 53, { connect(socket, $0, $1) }) == 0, send(socket, asked, asked.count, 0) > 0
        else {
            return nil
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 12 else { return nil }
        let answer = Array(buffer[..<count])
        return fault.isAlone ? Self.replaced(answer, Self.hiddenName, by: "lab") : answer
    }

    /// In place of `lab`, of the same length.
    static let hiddenName = "lax"

    /// The last label of every name.
    private static func replaced(_ message: [UInt8], _ old: String, by new: String) -> [UInt8] {
        let (label, other) = ([3] + Array(old.utf8) + [0], [3] + Array(new.utf8) + [0])
        var result = message
        for start in 12..<max(12, message.count - label.count + 1)
        where message[start..<start + label.count].elementsEqual(label) {
            result.replaceSubrange(start..<start + label.count, with: other)
        }
        return result
    }

    /// The message with these records instead, nothing compressed.
    private func write(
        _ message: DNSMessage, rcode: Int, _ answers: [DNSMessage.Record], _ authority: [DNSMessage.Record]
    ) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
        var result = Array(message.octets[..<2]) + [message.octets[2], UInt8(rcode & 15), 0, 1]
        result += number(answers.count) + number(authority.count) + [0, 1]
        if let question = message.question {
            result += question.name.wireFormat + number(Int(question.type)) + [0, 1]
        }
        for record in answers + authority {
            let data = record.canonicalData
            result += record.owner.wireFormat + number(Int(record.type)) + [0, 1]
            result += number(record.ttl >> 16) + number(record.ttl & 0xFFFF) + number(data.count) + data
        }
        return result + [0, 0, 41, 0x04, 0xD0, 0, 0, 0x80, 0, 0, 0]
    }
}
