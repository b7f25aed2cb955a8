import AssayDNS
import AssayModel
import Foundation
import Synchronization

/// Another name server of a zone, which answers as the good one does, but for one fault.
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
        /// NXDOMAIN for `_domainkey`, whatever is below it.
        case withoutKeyParent = "nokeyparent"
        /// No fault: a zone that is not also at its parent's servers.
        case apart
        /// Port 53 is open for UDP alone.
        case withoutTCP = "notcp"
        /// FORMERR for questions with EDNS.
        case withoutEDNS = "noedns"
        /// FORMERR for an EDNS option or version that it does not know.
        case strictEDNS = "options"
        /// The question comes back in small letters.
        case smallLetters = "letters"
        /// A CNAME record beside what else there is at `_mta-sts`.
        case aliasBeside = "alias"
        /// One TXT record more at every name that has some.
        case otherTexts = "texts"
        /// The zone above, which refers to other servers than the zone itself lists.
        case referring = "parent"

        var hostName: String { "ns-\(rawValue).lab." }

        /// It alone has its zones: the good server keeps them under a name that nobody asks for.
        var isAlone: Bool { [.withoutCAA, .silentCAA, .withoutKeyParent, .apart].contains(self) }
    }

    private let fault: Fault
    private let upstream: String
    private let descriptor: Int32
    /// nil where nobody listens for TCP.
    private let listener: Int32?
    private let remembered = Mutex<[[UInt8]: [UInt8]]>([:])

    init(_ fault: Fault, at address: String, upstream: String) throws {
        self.fault = fault
        self.upstream = upstream
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard Socket.with(address, 53, { bind(descriptor, $0, $1) }) == 0 else {
            throw LabError("port 53 of \(address): \(String(cString: strerror(errno)))")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
        listener = fault == .withoutTCP ? nil : Socket.listen(address, 53)
    }

    /// Answers until the lab ends.
    func run() {
        if let listener {
            detach { [self] in
                while true {
                    let connection = accept(listener, nil, nil)
                    guard connection >= 0 else { continue }
                    detach { [self] in serve(connection) }
                }
            }
        }
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

    /// One message behind its length (RFC 1035 section 4.2.2), as often as the client asks.
    private func serve(_ connection: Int32) {
        defer { close(connection) }
        func take(_ count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            return recv(connection, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
        }
        while let length = take(2), let query = take(Int(length[0]) << 8 | Int(length[1])), query.count > 12 {
            let answer = answer(to: query)
            guard !answer.isEmpty else { continue }
            let framed = [UInt8(answer.count >> 8), UInt8(answer.count & 255)] + answer
            guard send(connection, framed, framed.count, Int32(MSG_NOSIGNAL)) == framed.count else { return }
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
        // Questions in a form that nobody asked before are the good server's to answer.
        let isPlain = query.count < Self.questionEnd(query) + 7 || query[Self.questionEnd(query) + 6] == 0
        if fault == .lagging, isPlain, let known = remembered.withLock({ $0[key] }) {
            return Array(query[..<2]) + known.dropFirst(2)
        }
        guard let question = DNSMessage(parsing: query) else { return [] }
        switch fault {
        case .withoutEDNS where question.hasOption: return refuse(query)
        // Anything but the OPT record as resolvers send it.
        case .strictEDNS where question.hasOption && !query.suffix(11).elementsEqual(Self.option): return refuse(query)
        case .referring:
            if let referral = refer(query, question) { return referral }
        case .silentCAA where question.question?.type == RecordType.caa.rawValue: return []
        default: break
        }
        guard let answer = forward(query), let message = DNSMessage(parsing: answer) else { return [] }
        if fault == .lagging, isPlain { remembered.withLock { $0[key] = answer } }
        // BADVERS and the like are no matter of the zone's.
        guard message.rcode < 16 else { return answer }
        let type = message.question?.type ?? 0
        let name = "\(message.question?.name ?? .root)"
        func write(_ rcode: Int, _ answers: [DNSMessage.Record], _ authority: [DNSMessage.Record]) -> [UInt8] {
            self.write(message, to: query, rcode: rcode, answers, authority)
        }
        switch fault {
        case .withoutTLSA where type == RecordType.tlsa.rawValue: return write(2, [], [])
        case .withoutCAA where type == RecordType.caa.rawValue: return write(2, [], [])
        case .unsigned:
            func bare(_ records: [DNSMessage.Record]) -> [DNSMessage.Record] {
                records.filter { ![46, 47, 50].contains($0.type) }
            }
            return write(message.rcode, bare(message.answers), bare(message.authority))
        case .withoutDenial where message.answers.isEmpty && type != RecordType.soa.rawValue:
            return write(message.rcode, [], message.authority.filter { $0.type == RecordType.soa.rawValue })
        case .withoutNonTerminals where message.answers.isEmpty && name.hasPrefix("_tcp."):
            return write(3, [], message.authority)
        case .withoutKeyParent where message.answers.isEmpty && name.lowercased().hasPrefix("_domainkey."):
            return write(3, [], message.authority)
        case .smallLetters:
            return write(message.rcode, message.answers, message.authority).enumerated().map { index, octet in
                (12..<Self.questionEnd(query)).contains(index) && (0x41...0x5A).contains(octet) ? octet + 0x20 : octet
            }
        case .aliasBeside where type == RecordType.cname.rawValue && name.hasPrefix("_mta-sts."):
            let target = DomainName("_mta-sts.exemplary.lab") ?? .root
            return write(0, [.init(name: message.question?.name ?? .root, target)], [])
        case .otherTexts where type == RecordType.txt.rawValue && !message.answers.isEmpty:
            let more = DNSMessage.Record(name: message.question?.name ?? .root, text: "only-at-one-server")
            return write(0, message.answers + [more], [])
        default: return answer
        }
    }

    /// What `dnsparent.lab` says of the zone below it: an NS record that is not in the zone, and an old address.
    private func refer(_ query: [UInt8], _ question: DNSMessage) -> [UInt8]? {
        guard let zone = DomainName("zone.dnsparent.lab"), let old = DomainName("ns1.zone.dnsparent.lab"),
            let name = question.question?.name, name.isEqualOrBelow(zone),
            question.question?.type != RecordType.ds.rawValue, let good = DomainName("ns.lab"),
            let address = IPAddress(upstream)
        else { return nil }
        let glue = DNSMessage.Record(
            owner: old, type: RecordType.a.rawValue, ttl: 300, content: .address(address), data: address.octets)
        let servers = [old, good].map { DNSMessage.Record(name: zone, $0, type: .ns) }
        return write(question, to: query, rcode: 0, [], servers, [glue], isAuthoritative: false)
    }

    /// FORMERR: the header alone.
    private func refuse(_ query: [UInt8]) -> [UInt8] {
        Array(query[..<2]) + [0x80 | query[2] & 0x79, 1] + [UInt8](repeating: 0, count: 8)
    }

    private static func questionEnd(_ query: [UInt8]) -> Int {
        var end = 12
        while end < query.count, query[end] != 0 { end += Int(query[end]) + 1 }
        return min(end + 5, query.count)
    }

    private static let option: [UInt8] = [0, 0, 41, 0x04, 0xD0, 0, 0, 0x80, 0, 0, 0]

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
        guard fault.isAlone else { return answer }
        // The question comes back in the letters that it was asked in.
        let end = Self.questionEnd(query)
        let open = Self.replaced(answer, Self.hiddenName, by: "lab")
        return Array(open[..<12] + query[12..<end] + open[min(end, open.count)...])
    }

    /// In place of `lab`, of the same length.
    static let hiddenName = "lax"

    /// The last label of every name.
    private static func replaced(_ message: [UInt8], _ old: String, by new: String) -> [UInt8] {
        let (label, other) = ([3] + Array(old.utf8) + [0], [3] + Array(new.utf8) + [0])
        var result = message
        for start in 12..<max(12, message.count - label.count + 1)
        where message[start..<start + label.count].map({ $0 | 0x20 }).elementsEqual(label.map { $0 | 0x20 }) {
            result.replaceSubrange(start..<start + label.count, with: other)
        }
        return result
    }

    /// The message with these records instead, nothing compressed, and the question as it came.
    private func write(
        _ message: DNSMessage, to query: [UInt8], rcode: Int, _ answers: [DNSMessage.Record],
        _ authority: [DNSMessage.Record], _ additional: [DNSMessage.Record] = [], isAuthoritative: Bool = true
    ) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
        let option = message.hasOption ? Self.option : []
        var result = Array(query[..<2]) + [0x80 | (isAuthoritative ? 4 : 0) | query[2] & 1, UInt8(rcode & 15), 0, 1]
        result += number(answers.count) + number(authority.count) + number(additional.count + (option.isEmpty ? 0 : 1))
        result += query[12..<Self.questionEnd(query)]
        for record in answers + authority + additional {
            let data = record.canonicalData
            result += record.owner.wireFormat + number(Int(record.type)) + [0, 1]
            result += number(record.ttl >> 16) + number(record.ttl & 0xFFFF) + number(data.count) + data
        }
        return result + option
    }
}

extension DNSMessage.Record {
    /// A record whose content is a name.
    fileprivate init(name: DomainName, _ target: DomainName, type: RecordType = .cname) {
        self.init(owner: name, type: type.rawValue, ttl: 300, content: .name(target), data: target.wireFormat)
    }

    fileprivate init(name: DomainName, text: String) {
        let strings = [Array(text.utf8)]
        self.init(
            owner: name, type: RecordType.txt.rawValue, ttl: 300, content: .txt(strings),
            data: strings.flatMap { [UInt8($0.count)] + $0 })
    }
}
