import COpenSSL
import Glibc

/// Blocking sockets, a thread for each connection: enough for a lab.
struct Socket: Sendable {
    let descriptor: Int32

    static func listen(_ address: String, _ port: UInt16, backlog: Int32 = 64) -> Int32? {
        let isIPv6 = address.contains(":")
        let descriptor = Glibc.socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        if isIPv6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, 4) }
        let bound = with(address, port) { bind(descriptor, $0, $1) }
        guard bound == 0, Glibc.listen(descriptor, backlog) == 0 else {
            close(descriptor)
            return nil
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    static func with<T>(_ address: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        if address.contains(":") {
            var storage = sockaddr_in6()
            storage.sin6_family = sa_family_t(AF_INET6)
            storage.sin6_port = port.bigEndian
            inet_pton(AF_INET6, address, &storage.sin6_addr)
            return withUnsafePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
        var storage = sockaddr_in()
        storage.sin_family = sa_family_t(AF_INET)
        storage.sin_port = port.bigEndian
        inet_pton(AF_INET, address, &storage.sin_addr)
        return withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}

/// One connection, in clear or over TLS.
final class Connection {
    private let descriptor: Int32
    private var ssl: OpaquePointer?
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    }

    func finish() {
        if let ssl {
            SSL_shutdown(ssl)
            SSL_free(ssl)
        }
        close(descriptor)
    }

    /// Answers every heartbeat with one octet, and the second ChangeCipherSpec with bad_record_mac.
    func bleed() {
        var changes = 0
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &chunk, chunk.count, 0), count > 0 {
            switch chunk[0] {
            case 24: send([24, 3, 3, 0, 4, 2, 0, 1, 0x41])
            case 20:
                changes += 1
                if changes > 1 { send([21, 3, 3, 0, 2, 2, 20]) }
            default: return
            }
        }
    }

    func startTLS(_ context: OpaquePointer, keepsClear: Bool = false) -> Bool {
        guard let ssl = SSL_new(context) else { return false }
        SSL_set_fd(ssl, descriptor)
        guard SSL_accept(ssl) == 1 else {
            SSL_free(ssl)
            return false
        }
        self.ssl = ssl
        if !keepsClear { buffer = [] }
        return true
    }

    /// The first record of a hello, left where it lies; short where no more came.
    func peekRecord() -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 17_000)
        for _ in 0..<200 {
            let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_PEEK))
            guard count > 0 else { return [] }
            let isSSL2 = chunk[0] & 0x80 != 0
            let wanted = isSSL2 ? 2 + Int(chunk[0] & 0x7F) << 8 + Int(chunk[1]) : 5 + Int(chunk[3]) << 8 + Int(chunk[4])
            if count >= 5, count >= min(wanted, chunk.count) { return Array(chunk[..<count]) }
            usleep(5000)
        }
        return []
    }

    /// Takes what was looked at.
    func dropRecord(_ record: [UInt8]) {
        var chunk = record
        _ = recv(descriptor, &chunk, chunk.count, 0)
    }

    func send(_ bytes: [UInt8]) {
        if let ssl {
            _ = SSL_write(ssl, bytes, Int32(bytes.count))
        } else {
            _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// A line without its end; nil at the end of the connection.
    func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end].filter { $0 != 0x0D }
                buffer.removeSubrange(...end)
                return String(decoding: line, as: UTF8.self)
            }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = ssl.map { Int(SSL_read($0, &chunk, 4096)) } ?? recv(descriptor, &chunk, 4096, 0)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }

    /// Reads ClientKeyExchange, ChangeCipherSpec and Finished: bad_record_mac where the secret was well padded, and decrypt_error
    /// where it was not, which nobody may tell apart (RFC 5246 section 7.4.7.1).
    func decryptCarelessly(with key: OpaquePointer) {
        var octets: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while octets.count < 9 || octets.count < 9 + Int(octets[3]) << 8 + Int(octets[4]) + 66 {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return }
            octets += chunk[..<count]
        }
        let secret = Array(octets[11..<(5 + Int(octets[3]) << 8 + Int(octets[4]))])
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return }
        defer { EVP_PKEY_CTX_free(context) }
        var block = [UInt8](repeating: 0, count: secret.count)
        var length = block.count
        guard EVP_PKEY_decrypt_init(context) == 1, EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1,
            EVP_PKEY_decrypt(context, &block, &length, secret, secret.count) == 1
        else { return }
        let isPadded = block.starts(with: [0, 2]) && block[block.count - 49] == 0
        send([21, 3, 3, 0, 2, 2, isPadded ? 20 : 51])
    }

    /// Everything from now on goes to this port of the loopback address, and back.
    func handOn(to port: UInt16) {
        let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(other) }
        guard Socket.with("127.0.0.1", port, { connect(other, $0, $1) }) == 0 else { return }
        var one: Int32 = 1
        setsockopt(other, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        var chunk = [UInt8](repeating: 0, count: 16_384)
        var ends = [descriptor, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&ends, 2, 60_000) > 0 {
            for index in 0..<2 where ends[index].revents != 0 {
                let count = recv(ends[index].fd, &chunk, chunk.count, 0)
                guard count > 0 else { return }
                _ = Glibc.send(ends[1 - index].fd, chunk, count, Int32(MSG_NOSIGNAL))
            }
        }
    }

    /// Waits until the other side hangs up.
    func drain() { while line() != nil {} }
}

/// A TLS context of a server.
func serverContext(
    _ identities: [CertificateMaker.Identity], minimum: Int32 = TLS1_VERSION, maximum: Int32? = nil,
    ciphers: String = "ALL:@SECLEVEL=0"
) -> OpaquePointer {
    let context = made(SSL_CTX_new(TLS_server_method()))
    SSL_CTX_set_security_level(context, 0)
    _ = copenssl_set_min_version(context, minimum)
    if let maximum { _ = copenssl_set_max_version(context, maximum) }
    _ = SSL_CTX_set_cipher_list(context, ciphers)
    for identity in identities {
        precondition(SSL_CTX_use_certificate(context, identity.certificate) == 1)
        precondition(SSL_CTX_use_PrivateKey(context, identity.key) == 1)
        for certificate in identity.chain { precondition(copenssl_add_chain(context, certificate) == 1) }
    }
    return context
}

/// Accepts on many sockets in one thread; each connection gets its own.
final class Listeners: @unchecked Sendable {
    // Unchecked: filled before `run`, read after.
    private var handlers: [(descriptor: Int32, handle: @Sendable (Connection) -> Void)] = []

    func add(_ descriptor: Int32, _ handle: @escaping @Sendable (Connection) -> Void) {
        handlers.append((descriptor, handle))
    }

    func run() {
        detach { [self] in
            var set = handlers.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            while poll(&set, nfds_t(set.count), -1) > 0 || errno == EINTR {
                for index in set.indices where set[index].revents != 0 {
                    let accepted = accept(set[index].fd, nil, nil)
                    guard accepted >= 0 else { continue }
                    _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
                    let handle = handlers[index].handle
                    detach {
                        let connection = Connection(accepted)
                        handle(connection)
                        connection.finish()
                    }
                }
            }
        }
    }
}

/// Runs in a thread of its own.
func detach(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void; init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 262_144)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_create(
        &thread, &attributes,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_attr_destroy(&attributes)
}
