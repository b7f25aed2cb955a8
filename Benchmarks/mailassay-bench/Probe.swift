import AssayCrypto
import AssayModel
import AssayTransport
import COpenSSL
import Glibc
import NIOCore
import NIOPosix

/// The product's probe beside the least that OpenSSL needs for the same: one dialogue, one handshake, one verification.
struct Probe {
    let store: TrustStore
    let file: String
    private let address = "193.18.0.1"
    private let name = "mx1.exemplary.lab"

    init(store: TrustStore, file: String) {
        self.store = store
        self.file = file
    }

    func ratio() async throws -> Double {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let context = bareContext()
        var (ours, bare) = (0.0, 0.0)
        // Interleaved, so that what else the machine does hits both; the first round warms up.
        for round in 0..<6 {
            let start = rusage.own
            // As a scan does: on the loop's own thread.
            try await withTaskExecutorPreference(LoopExecutor(group.next())) {
                for _ in 0..<50 { try await product(group) }
            }
            let middle = rusage.own
            for _ in 0..<50 { bareProbe(context) }
            if round > 0 {
                ours += middle - start
                bare += rusage.own - middle
            }
        }
        try await group.shutdownGracefully()
        return ours / bare
    }

    private func product(_ group: MultiThreadedEventLoopGroup) async throws {
        guard let ip = IPAddress(address), let host = DomainName(name) else { return }
        // A cache of its own each time, so that nothing is resumed.
        let transport = Transport(
            group: group, options: TransportOptions(allowPrivate: false, pace: .zero, context: Self.context))
        let question = SMTPQuestion(address: ip, port: 25, serverName: host, ehloName: "bench.lab")
        let conversation = await transport.converse(question, deadline: .now + .seconds(20))
        guard case .completed(let session) = conversation.handshake else {
            fatalError("no handshake: \(conversation.ending)")
        }
        let now = Timestamp(secondsSince1970: Int64(time(nil)))
        guard ChainVerifier().verify(session.chain, name: host, at: now, store: store).isValid else {
            fatalError("not valid")
        }
    }

    private static let context = TLSContext()

    private func bareContext() -> OpaquePointer {
        guard let context = SSL_CTX_new(TLS_client_method()) else { fatalError("OpenSSL gave nothing") }
        guard SSL_CTX_load_verify_locations(context, file, nil) == 1 else { fatalError("no roots") }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        return context
    }

    private func bareProbe(_ context: OpaquePointer) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = UInt16(25).bigEndian
        inet_pton(AF_INET, address, &target.sin_addr)
        let isConnected = withUnsafePointer(to: &target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected, let ssl = SSL_new(context) else { fatalError("no connection") }
        defer { SSL_free(ssl) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        _ = recv(descriptor, &buffer, buffer.count, 0)
        for command in ["EHLO bench.lab\r\n", "STARTTLS\r\n"] {
            _ = send(descriptor, command, command.utf8.count, 0)
            // The lab sends a line at a time; a reply ends with a line that has a space behind its code.
            var seen: [UInt8] = []
            repeat {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { fatalError("no reply") }
                seen += buffer[..<count]
            } while !Self.isWhole(seen)
        }
        SSL_set_fd(ssl, descriptor)
        _ = copenssl_set_sni(ssl, name)
        SSL_set1_host(ssl, name)
        guard SSL_connect(ssl) == 1 else { fatalError("no handshake") }
        for command in ["EHLO bench.lab\r\n", "VRFY postmaster\r\n", "QUIT\r\n"] {
            _ = SSL_write(ssl, command, Int32(command.utf8.count))
            var seen: [UInt8] = []
            repeat {
                let count = SSL_read(ssl, &buffer, Int32(buffer.count))
                guard count > 0 else { fatalError("no reply") }
                seen += buffer[..<Int(count)]
            } while !Self.isWhole(seen)
        }
        SSL_shutdown(ssl)
    }

    private static func isWhole(_ octets: [UInt8]) -> Bool {
        guard octets.last == 0x0A, let line = octets.split(separator: 0x0A).last, line.count > 3 else { return false }
        return line[line.startIndex + 3] == 0x20
    }
}
