import Foundation
import Synchronization

/// A pair of TUN devices with a round-trip time between them: the lab stays behind one, the calling thread moves to a network
/// namespace behind the other. For what takes round trips and not CPU; the kernel's own netem is not everywhere.
public final class DelayedLink: Sendable {
    private static let lab = (name: "lab0", ipv4: "10.99.0.1", ipv6: "fd99::1")
    private static let scanner = (name: "scan0", ipv4: "10.99.0.2", ipv6: "fd99::2")
    private let ends: (lab: Int32, scanner: Int32)

    /// Whatever the calling thread starts or opens from here on is `roundTrip` milliseconds away from the lab.
    public init(roundTrip: Int, folder: String) throws {
        let near = try Self.open(Self.lab.name)
        try Self.configure(
            """
            addr add \(Self.lab.ipv4)/32 dev \(Self.lab.name)
            addr add \(Self.lab.ipv6)/128 dev \(Self.lab.name) nodad
            link set \(Self.lab.name) up
            route add \(Self.scanner.ipv4)/32 dev \(Self.lab.name) src \(Self.lab.ipv4)
            route add \(Self.scanner.ipv6)/128 dev \(Self.lab.name) src \(Self.lab.ipv6)
            """, folder)
        try Self.leaveNamespace()
        let far = try Self.open(Self.scanner.name)
        try Self.configure(
            """
            link set lo up
            addr add \(Self.scanner.ipv4)/32 dev \(Self.scanner.name)
            addr add \(Self.scanner.ipv6)/128 dev \(Self.scanner.name) nodad
            link set \(Self.scanner.name) up
            route add default dev \(Self.scanner.name) src \(Self.scanner.ipv4)
            route add ::/0 dev \(Self.scanner.name) src \(Self.scanner.ipv6)
            """, folder)
        ends = (near, far)
        let oneWay = UInt64(roundTrip) * 1_000_000 / 2
        Self.relay(from: near, to: far, nanoseconds: oneWay)
        Self.relay(from: far, to: near, nanoseconds: oneWay)
    }

    private static func open(_ name: String) throws -> Int32 {
        let descriptor = Glibc.open("/dev/net/tun", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw LabError("/dev/net/tun: \(String(cString: strerror(errno)))") }
        // struct ifreq of if_tun.h: 16 octets of name, then the flags IFF_TUN and IFF_NO_PI.
        var request = [UInt8](repeating: 0, count: 40)
        request.replaceSubrange(0..<name.utf8.count, with: Array(name.utf8))
        (request[16], request[17]) = (0x01, 0x10)
        let setInterface: UInt = 0x4004_54CA
        guard ioctl(descriptor, setInterface, &request) == 0 else {
            throw LabError("\(name): \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// unshare(2) is not in Swift's Glibc. It concerns the calling thread alone: the lab's threads stay.
    private static func leaveNamespace() throws {
        typealias Unshare = @convention(c) (Int32) -> Int32
        let newNetwork: Int32 = 0x4000_0000
        guard let symbol = dlsym(nil, "unshare"), unsafeBitCast(symbol, to: Unshare.self)(newNetwork) == 0 else {
            throw LabError("unshare: \(String(cString: strerror(errno)))")
        }
    }

    private static func configure(_ batch: String, _ folder: String) throws {
        let file = "\(folder)/link"
        try (batch + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        _ = try LabProcess.output("ip", ["-batch", file])
    }

    /// Carries packets for ever, each `nanoseconds` late: one thread notes when they came, another sends them when they are due.
    private static func relay(from source: Int32, to target: Int32, nanoseconds: UInt64) {
        let line = Line()
        detach {
            while true {
                line.arrivals.wait()
                let (due, packet) = line.queue.withLock { $0.removeFirst() }
                let now = DispatchTime.now().uptimeNanoseconds
                if due > now {
                    let left = due - now
                    var patience = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
                    nanosleep(&patience, nil)
                }
                _ = write(target, packet, packet.count)
            }
        }
        detach {
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while case let count = read(source, &chunk, chunk.count), count > 0 {
                let packet = (DispatchTime.now().uptimeNanoseconds + nanoseconds, Array(chunk[..<count]))
                line.queue.withLock { $0.append(packet) }
                line.arrivals.signal()
            }
        }
    }
}

private final class Line: Sendable {
    let queue = Mutex<[(due: UInt64, packet: [UInt8])]>([])
    let arrivals = DispatchSemaphore(value: 0)
}
